import { registerBar, registerPlace, registerSettings } from "$lib/places";
import { words } from "$lib/words";
import AddSource from "./AddSource.svelte";
import GuardBar from "./GuardBar.svelte";
import PausedBar from "./PausedBar.svelte";
import Rules from "./Rules.svelte";
import Settings from "./Settings.svelte";
import { applyLook } from "./look";
import { guardOf, pausedOf } from "./standing";
import { words as own } from "./words";

registerPlace({ id: "add-source", title: words.places.addSource, component: AddSource });
registerPlace({ id: "settings", title: words.places.settings, component: Settings });
registerSettings({ id: "rules", order: 3, title: own.rules.title, component: Rules });
registerBar({ id: "guard", order: 1, component: GuardBar, shows: (app) => guardOf(app) !== undefined });
registerBar({ id: "paused", order: 2, component: PausedBar, shows: (app) => pausedOf(app) !== undefined });
applyLook();
