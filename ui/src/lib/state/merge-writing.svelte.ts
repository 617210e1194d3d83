/**
 * Text typed into "Will be sent". It belongs to the person: no answer of the back end replaces it, another choice
 * only sets it aside, and what is wrong with it is known before it is sent anywhere.
 */
import type { MergeRow, Value } from "../backend/generated/ipc";
import { RowMap, RowSet } from "./row-map.svelte";
import { editableText, editorOf, readTyped, type Editor, type Typed } from "./merge-typing";

const TYPING_PAUSE = 300;
const KEEPING_PAUSE = 500;

export class Writing {
  /** As typed, by row. */
  typed = new RowMap<string>();
  /** What is wrong with it. */
  wrong = new RowMap<string>();
  /** "Write my own" was chosen and nothing typed yet. */
  untouched = new RowSet();
  #kept = new Map<number, string>();
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #editing: number | undefined;
  #commit: (row: MergeRow, json: string) => void;
  #keep: (number: number, text: string | undefined) => void;
  #keeping = new Map<number, ReturnType<typeof setTimeout>>();

  /** `commit` makes the text a decision; `keep` stores text that cannot be one yet (`undefined` forgets it). */
  constructor(commit: (row: MergeRow, json: string) => void, keep: (number: number, text: string | undefined) => void = () => undefined) {
    this.#commit = commit;
    this.#keep = keep;
  }

  /** Rows that may be written in. */
  know(rows: Iterable<number>): void {
    for (const about of [this.typed, this.wrong, this.untouched]) about.know(rows);
  }

  editor(row: MergeRow): Editor {
    return editorOf(row.field, [row.before, row.theirs, row.mine, ...(row.result ? [row.result] : [])]);
  }

  /** Opens the field with the text so far, or with what was set aside. */
  start(row: MergeRow, value: Value, decidedOwn: boolean): void {
    if (this.typed.has(row.row)) return;
    this.typed.set(row.row, this.#kept.get(row.row) ?? editableText(value, this.editor(row)));
    if (!decidedOwn) this.untouched.add(row.row);
  }

  /** Text set aside or typed before, for a row that is open again. */
  earlier(row: MergeRow): string | undefined {
    return this.earlierText(row.row);
  }
  earlierText(number: number): string | undefined {
    return this.#kept.get(number);
  }

  /** Text kept from before: it is there again, and is no decision by itself. `unsaved` says so of text that could be one. */
  restore(row: MergeRow, text: string, unsaved?: string): void {
    if (this.typed.has(row.row)) return;
    this.typed.set(row.row, text);
    this.#kept.set(row.row, text);
    const read = this.#read(text, row);
    const wrong = "wrong" in read ? read.wrong : unsaved;
    if (wrong !== undefined) this.wrong.set(row.row, wrong);
  }

  /** The back end did not take the text: it stays, with the reason, and is kept as it was typed. */
  refuse(number: number, words: string): void {
    // The field may have closed since, for what it held seemed saved.
    const text = this.typed.get(number) ?? this.#kept.get(number);
    if (text === undefined) return;
    this.typed.set(number, text);
    this.wrong.set(number, words);
    this.#keep(number, text);
  }

  type(row: MergeRow, text: string): void {
    const { row: number } = row;
    this.typed.set(number, text);
    this.#kept.set(number, text);
    this.untouched.delete(number);
    this.#stop(number);
    const read = this.#read(text, row);
    this.#keepNot(number);
    if ("wrong" in read) {
      this.wrong.set(number, read.wrong);
      this.#keeping.set(number, setTimeout(() => this.#keepNow(number), KEEPING_PAUSE));
      return;
    }
    this.wrong.delete(number);
    this.#timers.set(number, setTimeout(() => this.confirm(row), TYPING_PAUSE));
  }

  /** Takes the text as the decision now. */
  confirm(row: MergeRow): void {
    const { row: number } = row;
    this.#stop(number);
    const text = this.typed.get(number);
    if (text === undefined) return;
    const read = this.#read(text, row);
    if ("wrong" in read) {
      this.wrong.set(number, read.wrong);
      return;
    }
    this.wrong.delete(number);
    this.untouched.delete(number);
    this.#kept.set(number, text);
    this.#commit(row, read.json);
  }

  enter(row: MergeRow): void {
    this.#editing = row.row;
  }

  /** The field was left. `true`: something typed is now decided or known to be wrong. */
  leave(row: MergeRow): boolean {
    const { row: number } = row;
    this.#editing = undefined;
    // Text that was not taken is tried once more.
    if (this.#timers.has(number) || this.wrong.has(number)) this.confirm(row);
    if (!this.untouched.has(number)) return this.typed.has(number);
    this.untouched.delete(number);
    this.typed.delete(number);
    return false;
  }

  /** Another choice was made: the text comes back with "Write my own". */
  setAside(number: number): void {
    this.#stop(number);
    const text = this.typed.get(number);
    if (text !== undefined && !this.untouched.has(number)) this.#kept.set(number, text);
    this.#keepNot(number);
    if (this.wrong.has(number)) this.#keep(number, undefined);
    this.typed.delete(number);
    this.wrong.delete(number);
    this.untouched.delete(number);
  }

  /** Text that is saved need not be kept beside the view, except where the person is typing. */
  forgetSaved(result: (number: number) => { row: MergeRow; value?: Value } | undefined): void {
    for (const [number, text] of [...this.typed]) {
      if (number === this.#editing || this.wrong.has(number) || this.untouched.has(number) || this.#timers.has(number)) continue;
      if (this.isSaved(number, text, result(number))) this.typed.delete(number);
    }
  }

  /** The text is this result already. */
  isSaved(number: number, text: string, known: { row: MergeRow; value?: Value } | undefined): boolean {
    if (known?.row.row !== number || !known.value) return false;
    const read = this.#read(text, known.row);
    return "json" in read && read.json === known.value.json;
  }

  /** Text that is in no decision: something is wrong with it, or it is not saved yet. */
  unsaved(result: (number: number) => { row: MergeRow; value?: Value } | undefined): Map<number, string> {
    return new Map([...this.typed].filter(([number, text]) => !this.untouched.has(number) && (this.wrong.has(number) || !this.isSaved(number, text, result(number)))));
  }

  /** Rows with text not handed over yet. */
  pending(): number[] {
    return [...this.#timers.keys()];
  }

  /** Hands over what would be kept a moment later. */
  keepAll(): void {
    for (const number of [...this.#keeping.keys()]) this.#keepNow(number);
  }

  #read(text: string, row: MergeRow): Typed {
    // The result goes into what the server has.
    const like = [row.theirs, row.mine, row.before].find((value) => value.type === "text" && value.text.includes("\n"));
    return readTyped(text, this.editor(row), like?.text);
  }

  #keepNow(number: number): void {
    this.#keepNot(number);
    this.#keep(number, this.typed.get(number));
  }

  #keepNot(number: number): void {
    clearTimeout(this.#keeping.get(number));
    this.#keeping.delete(number);
  }

  #stop(number: number): void {
    clearTimeout(this.#timers.get(number));
    this.#timers.delete(number);
  }
}
