/** The merge screen shown now, for the commands of the palette. */
import type { MergeRow } from "$lib/backend/generated/ipc";
import type { MergeAction } from "$lib/state/merge-keys";
import type { MergeDialogs } from "./dialogs.svelte";
import type { MergeState } from "$lib/state/merge.svelte";
import type { MergeSending } from "$lib/state/merge-sending.svelte";

export interface ShownMerge {
  merge: MergeState;
  sending: MergeSending;
  dialogs: MergeDialogs;
  /** What the keys do, for the row that had the focus last; set by the screen. */
  screen?: ShownScreen;
}

export interface ShownScreen {
  /** The row that had the focus last. */
  row(): MergeRow | undefined;
  act(action: MergeAction): void;
  source(): void;
  second(): void;
  /** Takes the server's newer version in. */
  show(): void;
}

let shown = $state.raw<ShownMerge | undefined>();

/** Sets the screen shown; a screen that goes clears only itself. */
export function setShown(next: ShownMerge | undefined, only?: ShownMerge): void {
  if (only === undefined || shown === only) shown = next;
}

export function shownMerge(): ShownMerge | undefined {
  return shown;
}
