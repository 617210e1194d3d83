/** The merge screen on a page of a test, with the back end of the gallery. */
import { fireEvent, render } from "@testing-library/svelte";
import { tick } from "svelte";
import { MergeDialogs } from "../src/features/merge/dialogs.svelte";
import { MergeDisplay } from "../src/features/merge/display.svelte";
import MergeScreen from "../src/features/merge/MergeScreen.svelte";
import type { MergeView, Saved } from "../src/lib/backend/generated/ipc";
import { MergeState } from "../src/lib/state/merge.svelte";
import { MergeSending } from "../src/lib/state/merge-sending.svelte";
import { MergeBackend } from "./merge-backend";
import { at, drillLists } from "./merge-data";

export async function settle(merge: MergeState): Promise<void> {
  await merge.settled();
  for (let turn = 0; turn < 4; turn += 1) await tick();
}

export async function openPage(view: MergeView) {
  const backend = new MergeBackend(structuredClone(view), view.key === "drill" ? drillLists : undefined);
  /** Everything a screen reader hears of the live regions, in order; the assertive ones begin with "!". */
  const heard: string[] = [];
  const say = (words: string) => void heard.push(words);
  const merge = new MergeState(backend, view.key, { say, interrupt: (words) => void heard.push(`!${words}`) }, { now: () => at(10, 46) });
  const sending = new MergeSending(backend, merge);
  const dialogs = new MergeDialogs(backend, merge, (answer) => merge.answered(answer));
  const left: string[] = [];
  const { container: root } = render(MergeScreen, {
    merge, sending, dialogs, say, display: new MergeDisplay(undefined), letters: true,
    onback: () => void left.push("back"), onsent: (saved: Saved, edit: boolean) => void left.push(`sent ${saved.key}${edit ? " edit" : ""}`),
  });
  await merge.load();
  await settle(merge);
  return {
    backend, merge, sending, dialogs, heard, left, root,
    key: async (name: string, more: KeyboardEventInit = {}) => {
      await fireEvent.keyDown(document.activeElement ?? root, { key: name, bubbles: true, cancelable: true, ...more });
      await settle(merge);
    },
    /** The number of the row with the focus. */
    focused: () => (document.activeElement as HTMLElement | null)?.dataset["row"],
    press: async (label: string, within: Element = root) => {
      const wanted = [...within.querySelectorAll("button")].find((one) => one.textContent?.replace(/\s+/g, " ").trim().startsWith(label));
      if (!wanted) throw new Error(`no button ${label}`);
      wanted.click();
      await settle(merge);
    },
    at: (row: number): HTMLElement => {
      const found = root.querySelector<HTMLElement>(`[data-row="${row}"]`);
      if (!found) throw new Error(`no row ${row}`);
      return found;
    },
  };
}

export const words = (root: Element): string => (root.textContent ?? "").replace(/\s+/g, " ").trim();
