/**
 * Choices on their way to the disk, one after the other. Each lies over the view until its own answer is there; one
 * that was not taken says so, or waits for `Show`.
 */
import { asErrorReply, type Backend } from "../backend/backend";
import type { MergeRow, MergeView } from "../backend/generated/ipc";
import { unwrapped, wrapOf, wrapped, type Wrap } from "./merge-parts";
import { noMerge } from "./merge-reading.svelte";
import { rowLook, type Overlay } from "./merge-standing";
import { groupSaid, type Said } from "./merge-undo";
import { RowMap } from "./row-map.svelte";

/** A row and what is said about it. */
export interface RowSaid {
  row: number;
  said: Said;
}

export interface SavingOwner {
  readonly key: string;
  readonly view: MergeView | undefined;
  /** The answer to a choice: durable, and what it comes to. */
  saved(reply: MergeView, rows: readonly number[]): void;
  /** A choice was not taken: why, in words. */
  refused(said: RowSaid, words: string): void;
  /** The choice could not be saved at all. */
  trouble(words: string): void;
  /** What is shown is not what the back end has. */
  stale(): void;
}

export class MergeSaving {
  /** Choices on their way, or not taken by the back end, laid over the view. */
  overlay = new RowMap<Overlay>();
  /** Why the last choice could not be saved; gone once one is. */
  failed: string | undefined;
  /** Changes with every choice sent and answered. */
  epoch = 0;
  #backend: Pick<Backend, "call">;
  #owner: SavingOwner;
  #chain: Promise<void> = Promise.resolve();
  #waiting = 0;
  #asked = 0;
  /** Line breaks around the parts of texts. */
  #wraps = new Map<number, Wrap>();

  constructor(backend: Pick<Backend, "call">, owner: SavingOwner) {
    this.#backend = backend;
    this.#owner = owner;
  }

  /** The rows of an answer as people read them; what was around a part is put back when it is written. */
  learned(rows: readonly MergeRow[]): MergeRow[] {
    this.overlay.know(rows.map((row) => row.row));
    for (const row of rows) {
      const wrap = wrapOf(row);
      if (wrap) this.#wraps.set(row.row, wrap);
      else this.#wraps.delete(row.row);
    }
    return rows.map(unwrapped);
  }

  /** The choice of this row is on the disk, or it has none of its own. */
  isKept(row: MergeRow): boolean {
    const over = this.overlay.get(row.row);
    return over?.asked === undefined || over.kept === true || rowLook(row, undefined, undefined).decided;
  }

  /** A choice was not taken because the server had changed. */
  get late(): boolean {
    return [...this.overlay].some(([, over]) => over.failed === true);
  }

  /** Rows whose own text was too late. */
  get lateTexts(): number[] {
    return [...this.overlay].filter(([, over]) => over.suggested === "edit" || (over.failed === true && over.said.choice === "edit")).map(([row]) => row);
  }

  /** A choice that was too late is only proposed. */
  get proposes(): boolean {
    return [...this.overlay].some(([, over]) => over.suggested !== undefined);
  }

  /** Resolves when no choice is on its way. */
  async settled(): Promise<void> {
    while (this.#waiting > 0) await this.#chain;
  }

  /**
   * Choices the back end did not take because the server had changed: said again where nothing changed here, else proposed.
   * Answers the view with what is proposed as a question, also where the row would be put together by itself.
   */
  carryOver(before: MergeView, view: MergeView): MergeView {
    const proposed = new Set<number>();
    for (const [number, over] of [...this.overlay]) {
      const old = before.rows.find((row) => row.row === number);
      const row = view.rows.find((one) => one.row === number);
      this.overlay.delete(number);
      if (!over.failed || !row || !old) continue;
      if (row.theirs.json === old.theirs.json && row.theirs.type === old.theirs.type) this.send([{ row: number, said: over.said }]);
      else {
        this.overlay.set(number, { said: { choice: "later" }, suggested: over.said.choice, then: old.theirs });
        proposed.add(number);
      }
    }
    return { ...view, rows: view.rows.map((row) => (proposed.has(row.row) && !row.open ? { ...row, open: true } : row)) };
  }

  send(changes: readonly RowSaid[]): void {
    const asked = ++this.#asked;
    const { key } = this.#owner;
    const seen = this.#owner.view?.seen ?? "";
    for (const { row, said } of changes) this.overlay.set(row, { said, asked });
    const groups = groupSaid(changes.map(({ row, said }) => ({ row, said: this.#wrapped(row, said) })));
    const decide = (rows: number[], said: Said) => this.#backend.call("decide", { key, rows, ...said, json: said.json, seen });
    const [one, ...others] = groups;
    if (!one) return;
    if (others.length === 0) this.#queue(() => this.#ask(changes, asked, () => decide(one.rows, one.said)));
    else if (groups.some((group) => group.said.ready !== undefined)) {
      // Values made ready are named one by one; the rest goes in one transaction.
      for (const { rows, said } of groups) this.#queue(() => this.#ask(rows.map((row) => ({ row, said })), asked, () => decide(rows, said)));
    } else {
      const rows = groups.flatMap((group) => group.rows.map((row) => ({ row, choice: group.said.choice, json: group.said.json })));
      this.#queue(() => this.#ask(changes, asked, () => this.#backend.call("decide_many", { key, seen, rows })));
    }
  }

  /** As it is sent: text written into a part has its line breaks again. */
  #wrapped(row: number, said: Said): Said {
    return said.choice === "edit" && said.json !== undefined && said.ready === undefined ? { ...said, json: wrapped(said.json, this.#wraps.get(row)) } : said;
  }

  #queue(run: () => Promise<void>): void {
    this.#waiting += 1;
    this.epoch += 1;
    this.#chain = this.#chain.then(run).finally(() => {
      this.#waiting -= 1;
      this.epoch += 1;
    });
  }

  async #ask(changes: readonly RowSaid[], asked: number, call: () => Promise<MergeView>): Promise<void> {
    const rows = changes.map((change) => change.row);
    try {
      const reply = await call();
      this.failed = undefined;
      const same = reply.seen === this.#owner.view?.seen;
      this.#owner.saved(reply, rows);
      // Under an older view the choice stays laid over it: nothing moves.
      for (const row of rows) {
        const over = this.overlay.get(row);
        if (over?.asked !== asked) continue;
        if (same) this.overlay.delete(row);
        else this.overlay.set(row, { ...over, kept: true });
      }
    } catch (error) {
      this.#refused(rows, asked, error);
    }
  }

  #refused(rows: readonly number[], asked: number, error: unknown): void {
    const reply = asErrorReply(error);
    for (const row of rows) {
      const over = this.overlay.get(row);
      if (over?.asked !== asked) continue;
      if (reply.code === "changed_on_server") {
        this.overlay.set(row, { ...over, failed: true });
        continue;
      }
      this.overlay.delete(row);
      this.#owner.refused({ row, said: over.said }, reply.words);
    }
    // Not within the queue that the reading waits for.
    if (reply.code === "changed_on_server" || noMerge(error)) queueMicrotask(() => this.#owner.stale());
    else {
      this.failed = reply.words;
      this.#owner.trouble(reply.words);
    }
  }
}
