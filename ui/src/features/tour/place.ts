import { registerBanner, registerCommands, registerPlace } from "$lib/places";
import { words as common } from "$lib/words";
import FirstRun from "./FirstRun.svelte";
import TourBanner from "./TourBanner.svelte";
import { tourOf } from "./tour.svelte";
import { words } from "./words";

registerPlace({ id: "first-run", title: common.app, component: FirstRun });
registerBanner(TourBanner);
registerCommands((app) => [
  { id: "sample", group: "do", title: words.sample, icon: "home", run: () => void tourOf(app).act("start") },
]);
