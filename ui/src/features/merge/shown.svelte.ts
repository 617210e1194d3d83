/** The merge screen shown now, for the commands of the palette. */
import type { MergeState } from "$lib/state/merge.svelte";
import type { MergeSending } from "$lib/state/merge-sending.svelte";

export interface ShownMerge {
  merge: MergeState;
  sending: MergeSending;
}

let shown = $state.raw<ShownMerge | undefined>();

/** Sets the screen shown; a screen that goes clears only itself. */
export function setShown(next: ShownMerge | undefined, only?: ShownMerge): void {
  if (only === undefined || shown === only) shown = next;
}

export function shownMerge(): ShownMerge | undefined {
  return shown;
}
