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

/** Writes the location with every move, so that a crash loses nothing; never while typing. */
export function keepLocation(nav: Navigation): void {
  $effect.root(() => {
    $effect(() => localStorage.setItem(KEY, JSON.stringify(nav.at)));
  });
}
