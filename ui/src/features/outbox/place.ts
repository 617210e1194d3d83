import { registerPlace } from "$lib/places";
import { words } from "$lib/words";
import OutboxPlace from "./OutboxPlace.svelte";

registerPlace({ id: "outbox", title: words.places.outbox, component: OutboxPlace });
