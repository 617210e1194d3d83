/** The next start opens the same screen: the location is kept on this computer. */
import type { Location, Navigation } from "./navigation.svelte";

const KEY = "location";

export function keptLocation(): Location | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (typeof kept === "object" && kept !== null && typeof (kept as Location).place === "string") return kept as Location;
  } catch {
    // Written by something else: start at the beginning.
  }
  return undefined;
}

/** Writes the location with every move, so that a crash loses nothing, and when the window is hidden or closed; never while typing. */
export function keepLocation(nav: Navigation): () => void {
  const keep = () => localStorage.setItem(KEY, JSON.stringify(nav.at));
  window.addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
  $effect.root(() => {
    $effect(keep);
  });
  return keep;
}
