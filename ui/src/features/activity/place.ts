import { registerPlace } from "$lib/places";
import { words } from "$lib/words";
import ActivityPlace from "./ActivityPlace.svelte";

registerPlace({ id: "activity", title: words.places.activity, component: ActivityPlace });
