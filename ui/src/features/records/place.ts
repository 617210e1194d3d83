import { registerPlace } from "$lib/places";
import { words } from "$lib/words";
import RecordsPlace from "./RecordsPlace.svelte";

registerPlace({ id: "records", title: words.places.all, component: RecordsPlace });
