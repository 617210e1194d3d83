/** "Needs you": records that wait for a person. */
import { registerPlace } from "$lib/places";
import InboxPlace from "./InboxPlace.svelte";
import { words } from "./words";

registerPlace({ id: "needs-you", title: words.title, component: InboxPlace });
