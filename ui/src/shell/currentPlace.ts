/** Which place is shown: the one gone to, or the first run while there is no source. */
import type { App } from "$lib/state/app.svelte";

const WITHOUT_SOURCE = new Set(["add-source", "settings", "first-run", "practice"]);

export function currentPlace(app: App): string {
  const wanted = app.nav.at.place;
  if (!app.sources.ready) return wanted;
  if (app.sources.all.length === 0 && !WITHOUT_SOURCE.has(wanted)) return "first-run";
  return wanted;
}
