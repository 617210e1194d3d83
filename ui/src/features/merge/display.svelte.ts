/** What is shown beside the values: Before, and the sides against each other. Kept on this computer where it is a setting. */
import { tick } from "svelte";
import { SvelteSet } from "svelte/reactivity";
import type { MergeRow } from "$lib/backend/generated/ipc";
import type { MergeState } from "$lib/state/merge.svelte";
import { sameValue } from "$lib/state/merge-values";

export type BeforeSetting = "always" | "differ" | "never";
type Keep = Pick<Storage, "getItem" | "setItem">;

const BEFORE = "merge-before";
const AUTOMATIC = "merge-automatic-open";
const SENTENCES = "merge-sentences";

export class MergeDisplay {
  before = $state<BeforeSetting>("differ");
  /** Group 2 is open; folded unless the person left it open. */
  automatic = $state(false);
  unchanged = $state(false);
  source = $state(false);
  /** Changes as sentences under the cells (M32). */
  sentences = $state(false);
  /** Rows that show the server's value against yours (key X). */
  sides = new SvelteSet<number>();
  /** Folded bars opened by the person. */
  opened = new SvelteSet<string>();
  /** Key B turned the setting round for this screen. */
  #turned = $state(false);
  #keep: Keep | undefined;

  constructor(keep: Keep | undefined = globalThis.localStorage) {
    this.#keep = keep;
    const before = keep?.getItem(BEFORE);
    if (before === "always" || before === "differ" || before === "never") this.before = before;
    this.sentences = keep?.getItem(SENTENCES) === "yes";
    this.automatic = keep?.getItem(AUTOMATIC) === "yes";
  }

  showsBefore(row: MergeRow): boolean {
    const wanted =
      this.before === "always" ? true :
      this.before === "never" ? false :
      !sameValue(row.before, row.theirs) && !sameValue(row.before, row.mine);
    return wanted !== this.#turned;
  }

  setBefore(before: BeforeSetting): void {
    this.before = before;
    this.#turned = false;
    this.#keep?.setItem(BEFORE, before);
  }

  turnBefore(): void {
    this.#turned = !this.#turned;
  }

  setAutomatic(open: boolean): void {
    this.automatic = open;
    this.#keep?.setItem(AUTOMATIC, open ? "yes" : "no");
  }

  setSentences(on: boolean): void {
    this.sentences = on;
    this.#keep?.setItem(SENTENCES, on ? "yes" : "no");
  }

  turnOpened(id: string): void {
    if (!this.opened.delete(id)) this.opened.add(id);
  }

  /** Opens the whole of a text for writing, with the focus in it. */
  async writeWhole(merge: MergeState, whole: MergeRow): Promise<void> {
    merge.write(whole);
    await tick();
    document.querySelector<HTMLElement>(`.merge [data-field="${whole.row}"]`)?.focus();
  }

  turnSides(row: number): void {
    if (!this.sides.delete(row)) this.sides.add(row);
  }
}
