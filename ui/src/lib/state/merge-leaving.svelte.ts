/**
 * The screen goes, or the window: what can be saved is saved, what cannot be is put on the shelf, is told, and is there
 * again when the record is opened. Nothing typed depends on how long an answer takes.
 */
import type { MergeRow } from "../backend/generated/ipc";
import type { MergeShelf, ShelfText } from "./merge-shelf";
import type { MergeText } from "./merge-source.svelte";
import type { RowLook } from "./merge-standing";
import { mergeWords } from "./merge-words";
import type { Writing } from "./merge-writing.svelte";

export interface LeavingOwner {
  readonly key: string;
  readonly writing: Writing;
  readonly view: { title: string } | undefined;
  row(number: number): MergeRow | undefined;
  look(row: MergeRow): RowLook;
  isKept(row: MergeRow): boolean;
  /** Rows whose own text was too late for the server's version. */
  readonly lateTexts: number[];
  /** The source, if anyone wrote in it. */
  readonly written: MergeText | undefined;
  sourceText(): MergeText;
  flush(): Promise<string | undefined>;
  /** Says choices again that were too late for the server's version. */
  sayAgain(): Promise<void>;
}

export class MergeLeaving {
  /** The screen is gone: trouble has no bar any more. */
  gone = false;
  /** The merge ended here: nothing of it is kept. */
  ended = false;
  #owner: LeavingOwner;
  #shelf: MergeShelf | undefined;
  #told: ((words: string) => void) | undefined;

  constructor(owner: LeavingOwner, shelf: MergeShelf | undefined, told: ((words: string) => void) | undefined) {
    this.#owner = owner;
    this.#shelf = shelf;
    this.#told = told;
  }

  /** Resolves when all is on the disk that can be. */
  async keep(): Promise<void> {
    // At once, should there be no time for the rest.
    this.shelve();
    await this.#owner.flush();
    if (this.gone) await this.#owner.sayAgain();
    this.shelve();
  }

  /** Puts what is on no other disk on the shelf. */
  shelve(): void {
    const texts = this.ended ? [] : this.#unsaved();
    try {
      this.#shelf?.put(this.#owner.key, texts);
    } catch {
      // No room there either: the bar and the notice say that it is not saved.
    }
  }

  #unsaved(): ShelfText[] {
    const owner = this.#owner;
    const rows = owner.writing.unsaved((number) => this.#saved(number));
    for (const { row, text } of owner.lateTexts.map((row) => ({ row, text: owner.writing.earlierText(row) }))) {
      if (text !== undefined && !rows.has(row)) rows.set(row, text);
    }
    const texts: ShelfText[] = [...rows].map(([row, text]) => ({ row, pointer: owner.row(row)?.field.pointer, text }));
    const source = owner.written?.unkept;
    return source === undefined ? texts : [...texts, source];
  }

  /** The result of a row that is on the disk. */
  #saved(number: number): { row: MergeRow; value: RowLook["result"] } | undefined {
    const row = this.#owner.row(number);
    if (!row || !this.#owner.isKept(row)) return undefined;
    const look = this.#owner.look(row);
    return look.decided ? { row, value: look.result } : undefined;
  }

  /** What was kept the last time is there again; what is the decision by now needs nobody. */
  restore(): void {
    const owner = this.#owner;
    for (const { row: number, pointer, text, shown } of this.#shelf?.take(owner.key) ?? []) {
      if (number === undefined) owner.sourceText().restore(text, shown);
      const row = number === undefined ? undefined : owner.row(number);
      if (!row || row.field.pointer !== pointer || owner.writing.isSaved(number ?? 0, text, this.#saved(number ?? 0))) continue;
      owner.writing.restore(row, text, mergeWords.notSavedText);
    }
  }

  /** Something could not be saved when the screen was gone already. */
  tell(words: string): void {
    this.#told?.(mergeWords.notSavedLeft(this.#owner.view?.title ?? "", words));
  }
}
