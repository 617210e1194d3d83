/** Choices of the person: one row, several at once, the earlier ones confirmed; each a step of undo. */
import type { Choice, MergeRow } from "../backend/generated/ipc";
import { bothWays, wayWords, type BothWay } from "./merge-both";
import type { MergeFocus } from "./merge-reading.svelte";
import { rowName } from "./merge-rows";
import type { RowSaid } from "./merge-saving.svelte";
import type { Overlay, RowLook } from "./merge-standing";
import { earlierSaid } from "./merge-suggest.svelte";
import { sameSaid, UndoStack, type RowChange, type Said } from "./merge-undo";
import { RowSet } from "./row-map.svelte";
import { mergeWords, resultWords } from "./merge-words";

export interface DecidingOwner {
  readonly rows: readonly MergeRow[];
  readonly openRows: readonly MergeRow[];
  row(number: number): MergeRow | undefined;
  look(row: MergeRow): RowLook;
  overlaid(row: number): Overlay | undefined;
  /** "3 of 5 decided." */
  counts(): string;
  say(words: string): void;
  /** Text typed into this row gives way to another choice. */
  setAside(row: number): void;
  send(changes: readonly RowSaid[]): void;
}

export class MergeDeciding {
  /** "Decide later" was pressed here. */
  later = new RowSet();
  /** Rows that only need a yes to what is suggested. */
  suggestedRows: MergeRow[] = $derived.by(() => this.#owner.rows.filter((row) => this.#owner.look(row).suggested !== undefined));
  #owner: DecidingOwner;
  #undo = new UndoStack();

  constructor(owner: DecidingOwner) {
    this.#owner = owner;
  }

  decide(rows: readonly number[], said: Said, told?: string): void {
    const changes = rows
      .map((row): RowChange | undefined => {
        const from = this.#said(row);
        return from && { row, from, to: said };
      })
      .filter((change): change is RowChange => change !== undefined);
    this.#step(changes);
    if (told === undefined) this.announce(rows);
    else this.#owner.say(`${told}. ${this.#owner.counts()}`);
  }

  /** `said`: what is told instead of the value (the whole record has none to read out). */
  choose(row: MergeRow, choice: Exclude<Choice, "edit">, said?: string): void {
    this.#owner.setAside(row.row);
    if (choice === "later") this.later.add(row.row);
    const [best] = choice === "both" && row.open ? bothWays(row) : [];
    this.decide([row.row], best?.said ?? { choice }, said);
  }

  /** Keeps both sides this way; without one, the next way after the present one (one key, M13). */
  keepBoth(row: MergeRow, way?: BothWay): void {
    const ways = bothWays(row);
    const at = ways.findIndex((one) => one.way === this.#owner.look(row).way);
    const next = way ?? ways[(at + 1) % ways.length];
    if (!next || (!way && at >= 0 && ways.length < 2)) return this.#owner.say(mergeWords.noOrder);
    this.#owner.setAside(row.row);
    this.decide([row.row], next.said);
    if (at >= 0) this.#owner.say(mergeWords.way(wayWords(next), this.#owner.counts()));
  }

  /** A yes to what is suggested for this row (M12). */
  confirm(row: MergeRow): void {
    const said = this.#suggestedSaid(row);
    if (!said) return this.#owner.say(mergeWords.noneSuggested);
    this.decide([row.row], said);
  }

  /** A yes to everything that is suggested, in one step (M12). */
  confirmSuggested(): void {
    const changes = this.suggestedRows.flatMap((row): RowChange[] => {
      const to = this.#suggestedSaid(row);
      return to ? [{ row: row.row, from: { choice: "later" }, to }] : [];
    });
    if (changes.length === 0) return this.#owner.say(mergeWords.noneSuggested);
    this.#step(changes);
    this.#owner.say(`${mergeWords.confirmed(changes.length)} ${this.#owner.counts()}`);
  }

  #suggestedSaid(row: MergeRow): Said | undefined {
    const look = this.#owner.look(row);
    return look.suggestion ?? earlierSaid(row, look);
  }

  /** One side for every open row (M16). */
  allSide(side: "theirs" | "mine"): void {
    const rows = this.#owner.openRows.filter((row) => row.open && row.choices.includes(side)).map((row) => row.row);
    if (rows.length === 0) return this.#owner.say(mergeWords.noneOpen);
    for (const row of rows) this.#owner.setAside(row);
    this.decide(rows, { choice: side });
    this.#owner.say(`${mergeWords.allSide(rows.length, side)} ${this.#owner.counts()}`);
  }

  /** Typed text is the decision "edited"; a run of typing is one step of undo. `parts` need no choice any more. */
  written(row: MergeRow, json: string, parts: readonly MergeRow[]): void {
    const from = this.#said(row.row);
    const to: Said = { choice: "edit", json };
    if (!from || sameSaid(from, to)) return;
    const changes: RowChange[] = [{ row: row.row, from, to }];
    for (const part of parts) {
      if (!this.#owner.look(part).decided) changes.push({ row: part.row, from: { choice: "later" }, to: { choice: "mine" } });
    }
    this.#step(changes, true);
  }

  /** Ends a run of typing. */
  seal(): void {
    this.#undo.seal();
  }

  announce(rows: readonly number[]): void {
    const row = rows.length === 1 ? this.#owner.row(rows[0] ?? -1) : undefined;
    if (!row) return;
    const look = this.#owner.look(row);
    this.#owner.say(resultWords(look.result, row, look.provenance, this.#owner.counts()));
  }

  undo(): MergeFocus {
    const step = this.#undo.undo();
    return this.#replay(step?.changes.map((change) => ({ row: change.row, said: change.from })), mergeWords.nothingToUndo);
  }

  redo(): MergeFocus {
    const step = this.#undo.redo();
    return this.#replay(step?.changes.map((change) => ({ row: change.row, said: change.to })), mergeWords.nothingToRedo, true);
  }

  #replay(changes: RowSaid[] | undefined, none: string, again = false): MergeFocus {
    const owner = this.#owner;
    const first = changes?.[0];
    if (!changes || !first) {
      owner.say(none);
      return { to: "none" };
    }
    for (const { row } of changes) {
      owner.setAside(row);
      this.later.delete(row);
    }
    this.#apply(changes);
    const row = owner.row(first.row);
    if (changes.length > 1) owner.say(again ? owner.counts() : mergeWords.undoneRows(changes.length));
    else if (again) this.announce([first.row]);
    else if (row) owner.say(first.said.choice === "later" ? mergeWords.undone(rowName(row)) : mergeWords.undoneTo(rowName(row), first.said.choice));
    return { to: "row", row: first.row };
  }

  #step(changes: RowChange[], typing = false): void {
    this.#undo.push(typing ? { changes, typing } : { changes });
    this.#apply(changes.map((change) => ({ row: change.row, said: change.to })));
  }

  #apply(changes: RowSaid[]): void {
    for (const { row, said } of changes) {
      if (said.choice !== "later") this.later.delete(row);
    }
    this.#owner.send(changes);
  }

  /** What is said about a row now, so that undo can say it again. */
  #said(number: number): Said | undefined {
    const row = this.#owner.row(number);
    if (!row) return undefined;
    const over = this.#owner.overlaid(number);
    if (over) return over.said;
    const look = this.#owner.look(row);
    const own = look.decided && row.standing !== "automatic" && look.choice !== undefined;
    if (!own || !look.choice) return { choice: "later" };
    if (look.way) return bothWays(row).find((one) => one.way === look.way)?.said ?? { choice: "both" };
    if (look.choice !== "edit") return { choice: look.choice };
    return look.result && look.result.type !== "missing" ? { choice: "edit", json: look.result.json } : { choice: "edit" };
  }
}
