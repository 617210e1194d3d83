/**
 * One merge screen: what is shown (`MergeReading`), choices on their way to the disk (`MergeSaving`), the choices
 * themselves with undo (`MergeDeciding`), and typed text that no answer may touch (`Writing`). Every decision is
 * durable in the back end; nothing here is needed after a restart.
 */
import type { Backend } from "../backend/backend";
import type { Sound } from "../sounds.svelte";
import type { Choice, MergeRow, MergeView } from "../backend/generated/ipc";
import type { BothWay } from "./merge-both";
import { MergeDeciding, type DecidingOwner } from "./merge-deciding.svelte";
import { MergeLeaving, type LeavingOwner } from "./merge-leaving.svelte";
import { MergeReading, type MergeBar, type MergeFocus, type MergeVoice, type ReadingOwner } from "./merge-reading.svelte";
import { groupRows, rowName, type MergeCard, type MergeGroups } from "./merge-rows";
import { MergeSaving, type RowSaid, type SavingOwner } from "./merge-saving.svelte";
import { shareCards } from "./merge-share";
import type { MergeShelf } from "./merge-shelf";
import { MergeText } from "./merge-source.svelte";
import { rowLook, type Overlay, type RowLook } from "./merge-standing";
import { suggestionFor, type SuggestSettings } from "./merge-suggest.svelte";
import { TypedKeeping } from "./merge-typed";
import type { RowMap, RowSet } from "./row-map.svelte";
import type { Said } from "./merge-undo";
import { decidedWords, entryWords, mergeWords } from "./merge-words";
import { Writing } from "./merge-writing.svelte";

export type { MergeBar, MergeFocus, MergeVoice } from "./merge-reading.svelte";

export interface MergeOptions {
  /** Words for this device: "this laptop". */
  device?: string;
  now?: () => number;
  /** Keeps text that could not be saved. */
  shelf?: MergeShelf;
  /** Hears what could not be saved when the screen was gone already. */
  left?: (words: string) => void;
  /** Plays a sound, for those who want them (M35). */
  sound?: (what: Sound) => void;
  /** What the person wants suggested. */
  suggest?: Pick<SuggestSettings, "setting" | "rules">;
}

export class MergeState implements ReadingOwner, SavingOwner, DecidingOwner, LeavingOwner {
  readonly key: string;
  readonly device: string;
  readonly writing: Writing = new Writing((row, json) => this.#deciding.written(row, json, this.#partsOf(row)), (row, text) => this.#typed.keep(row, text));
  savedAt = $state<number | undefined>();

  #backend: Pick<Backend, "call">;
  #voice: MergeVoice;
  #now: () => number;
  #reading: MergeReading;
  #saving: MergeSaving;
  #deciding: MergeDeciding;
  #source: MergeText | undefined;
  #saidSaved = 0;
  #typed: TypedKeeping;
  #leaving: MergeLeaving;
  #suggest: MergeOptions["suggest"];
  #sound: (what: Sound) => void;

  #cards = new Map<string, MergeCard>();
  groups: MergeGroups = $derived.by(() => {
    const { cards, automatic } = groupRows(this.rows, this.view?.lists);
    const shared = shareCards(this.#cards, cards);
    this.#cards = new Map(shared.map((card) => [card.id, card]));
    return { cards: shared, automatic };
  });
  /** Who changed it on the server, and when: of their own, so that a decision does not touch every row. */
  who = $derived.by(() => this.view?.who);
  theirsAt = $derived.by(() => this.view?.theirs_at);
  mineAt = $derived.by(() => this.view?.mine_at);
  source = $derived.by(() => this.view?.breadcrumbs[0]);
  collection = $derived.by(() => this.view?.breadcrumbs[1]);
  openRows: MergeRow[] = $derived.by(() => this.rows.filter((row) => this.isOpen(row)));
  choices = $derived.by(() => this.rows.filter((row) => row.open).length);
  decided = $derived(this.choices - this.openRows.filter((row) => row.open).length);
  /** Choices that are on the disk: what the foot counts, so that a count that was read survives everything. */
  kept = $derived.by(() => this.rows.filter((row) => row.open && !this.isOpen(row) && this.#saving.isKept(row)).length);

  constructor(backend: Pick<Backend, "call">, key: string, voice: MergeVoice, options: MergeOptions = {}) {
    this.#backend = backend;
    this.key = key;
    this.#voice = voice;
    this.device = options.device ?? mergeWords.device;
    this.#now = options.now ?? Date.now;
    this.#leaving = new MergeLeaving(this, options.shelf, options.left);
    this.#suggest = options.suggest;
    this.#sound = options.sound ?? (() => undefined);
    this.#reading = new MergeReading(backend, this, { say: (words) => voice.say(words), interrupt: (words) => this.#interrupt(words) });
    this.#saving = new MergeSaving(backend, this);
    this.#deciding = new MergeDeciding(this);
    this.#typed = new TypedKeeping(backend, key, (kept) => {
      if (kept) this.savedAt = this.#now();
      // The shelf of this window is the second line.
      else this.#leaving.shelve();
    });
  }

  now(): number {
    return this.#now();
  }

  say(words: string): void {
    this.#voice.say(words);
  }

  #interrupt(words: string): void {
    this.#sound("changed_again");
    this.#voice.interrupt(words);
  }

  // What is shown

  get view(): MergeView | undefined {
    return this.#reading.view;
  }
  get rows(): readonly MergeRow[] {
    return this.#reading.view?.rows ?? [];
  }
  /** Newer than the view; waits for `show`. */
  get newer(): MergeView | undefined {
    return this.#reading.newer;
  }
  get bar(): MergeBar | undefined {
    return this.#reading.bar;
  }
  set bar(bar: MergeBar | undefined) {
    this.#reading.bar = bar;
  }
  /** The record could not be read at all. */
  get error(): string | undefined {
    return this.#reading.error;
  }
  /** The conflict is over without this screen. */
  get over(): boolean {
    return this.#reading.over;
  }

  async load(): Promise<void> {
    await this.reread();
    if (!this.view) return;
    this.#leaving.restore();
    for (const row of this.rows) if (row.typed) this.writing.restore(row, row.typed.text, mergeWords.notSavedText);
  }

  reread(): Promise<void> {
    return this.#reading.reread();
  }

  show(): Promise<MergeFocus> {
    return this.#reading.show();
  }

  hideBar(): void {
    this.#reading.hideBar();
  }
  /** There is a newer version, and its bar was closed. */
  get newsWaits(): boolean {
    return this.newer !== undefined && this.#reading.putOff;
  }

  learned(rows: readonly MergeRow[]): MergeRow[] {
    const numbers = rows.map((row) => row.row);
    this.writing.know(numbers);
    this.later.know(numbers);
    return this.#saving.learned(rows);
  }

  entered(view: MergeView): void {
    const { cards, automatic } = this.groups;
    this.say(entryWords(view.kind, cards.length, automatic.length));
  }

  renewed(): void {
    this.writing.forgetSaved((number) => {
      const row = this.row(number);
      return row && { row, value: this.look(row).result };
    });
  }

  replaced(before: MergeView, view: MergeView): MergeView {
    return this.#saving.carryOver(before, view);
  }

  row(number: number): MergeRow | undefined {
    return this.rows.find((row) => row.row === number);
  }

  /** How a row stands, with the choices that are still on their way and what is suggested. */
  look(row: MergeRow): RowLook {
    const look = rowLook(row, this.overlaid(row.row), this.newer?.rows.find((one) => one.row === row.row));
    // Text being typed, or "Decide later", is an answer to the suggestion.
    if (look.decided || look.suggested !== undefined || this.later.has(row.row) || this.writing.typed.has(row.row)) return look;
    const offered = suggestionFor(row, this, this.#suggest);
    return offered ? { ...look, suggested: offered.choice, suggestedBy: offered.by, suggestion: offered.said } : look;
  }

  /** Needs the person: undecided, typed wrongly, or refused by the schema. */
  isOpen(row: MergeRow): boolean {
    if (this.writing.wrong.has(row.row)) return true;
    const look = this.look(row);
    return (row.open && !look.decided) || look.error !== undefined;
  }

  counts(): string {
    return `${decidedWords(this.decided, this.choices)}.`;
  }

  // Choices on their way to the disk

  get overlay(): RowMap<Overlay> {
    return this.#saving.overlay;
  }
  get epoch(): number {
    return this.#saving.epoch;
  }

  overlaid(row: number): Overlay | undefined {
    return this.#saving.overlay.get(row);
  }

  send(changes: readonly RowSaid[]): void {
    this.#saving.send(changes);
    if (changes.some(({ said }) => said.choice !== "later")) this.#sound(this.openRows.length === 0 ? "all_decided" : "decided");
  }

  settled(): Promise<void> {
    return this.#saving.settled();
  }
  isKept(row: MergeRow): boolean {
    return this.#saving.isKept(row);
  }

  get lateTexts(): number[] {
    return this.#saving.lateTexts;
  }

  async sayAgain(): Promise<void> {
    if (!this.#saving.late) return;
    await this.#reading.carry();
    await this.settled();
    if (this.#saving.proposes) this.#leaving.tell(mergeWords.changedMeanwhile);
  }

  saved(reply: MergeView, rows: readonly number[]): void {
    this.savedAt = this.#now();
    if (rows.some((row) => this.writing.typed.has(row))) this.#saySaved();
    this.#reading.take(reply);
  }

  refused({ row, said }: RowSaid, words: string): void {
    // Text that was not taken stays in its field with the reason.
    if (said.choice === "edit") this.writing.refuse(row, words);
  }

  trouble(words: string): void {
    this.#sound("trouble");
    if (this.#leaving.gone) this.#leaving.tell(words);
    else this.#reading.trouble(`${mergeWords.notSaved} ${words}`);
  }

  stale(): void {
    void this.reread();
  }

  // Deciding

  /** "Decide later" was pressed here. */
  get later(): RowSet {
    return this.#deciding.later;
  }
  /** Rows that only need a yes to what is suggested. */
  get suggestedRows(): MergeRow[] {
    return this.#deciding.suggestedRows;
  }

  decide(rows: readonly number[], said: Said, told?: string): void {
    this.#deciding.decide(rows, said, told);
  }

  choose(row: MergeRow, choice: Choice, said?: string): void {
    if (choice === "edit") this.write(row);
    else this.#deciding.choose(row, choice, said);
  }

  keepBoth(row: MergeRow, way?: BothWay): void {
    this.#deciding.keepBoth(row, way);
  }

  confirm(row: MergeRow): void {
    this.#deciding.confirm(row);
  }

  confirmSuggested(): void {
    this.#deciding.confirmSuggested();
  }

  allSide(side: "theirs" | "mine"): void {
    this.#deciding.allSide(side);
  }

  undo(): MergeFocus {
    return this.#deciding.undo();
  }

  redo(): MergeFocus {
    return this.#deciding.redo();
  }

  // Typing

  setAside(row: number): void {
    this.writing.setAside(row);
  }

  /** "Write my own": opens the field with the text so far; it is a decision once something is typed or confirmed. */
  write(row: MergeRow): void {
    const look = this.look(row);
    const value = look.result ?? (row.mine.type === "missing" ? row.theirs : row.mine);
    this.later.delete(row.row);
    this.writing.start(row, value, look.choice === "edit");
  }

  /** The rows of the paragraphs of this text: written anew as a whole, they need no choice any more. */
  #partsOf(row: MergeRow): MergeRow[] {
    return this.groups.cards.find((card) => card.whole?.row === row.row)?.open ?? [];
  }

  /** The text is put together from its paragraphs again, each open. */
  backToParagraphs(whole: MergeRow): void {
    this.writing.setAside(whole.row);
    this.decide([whole.row, ...this.#partsOf(whole).map((part) => part.row)], { choice: "later" });
    this.say(this.counts());
  }

  /** While typing, at most once a minute. */
  #saySaved(): void {
    const now = this.#now();
    if (now - this.#saidSaved < 60_000) return;
    this.#saidSaved = now;
    this.say(mergeWords.savedHere);
  }

  leaveField(row: MergeRow): void {
    const typed = this.writing.leave(row);
    this.#deciding.seal();
    this.renewed();
    if (typed && !this.writing.wrong.has(row.row)) this.#deciding.announce([row.row]);
  }

  // Source, and another program

  /** The result as text, one for the life of the screen. */
  sourceText(): MergeText {
    return (this.#source ??= new MergeText(this.#backend, this));
  }
  get written(): MergeText | undefined {
    return this.#source;
  }

  /** An answer with decisions made elsewhere: as source, or in another program. Undo begins anew. */
  answered(view: MergeView): void {
    this.savedAt = this.#now();
    this.#reading.take(view);
    this.say(this.counts());
  }

  // Before sending

  /** The first open row, and what is said about it ("not yet"). */
  missing(): MergeFocus {
    const row = this.openRows[0];
    if (!row) return { to: "none" };
    const wrong = this.writing.wrong.get(row.row) ?? this.look(row).error;
    this.say(wrong === undefined ? mergeWords.stillOpen(rowName(row), this.openRows.length) : `${rowName(row)}: ${wrong}`);
    return { to: "row", row: row.row };
  }

  /** Everything typed is a saved decision, or is known to be wrong and kept. Answers why not, if something is not. */
  async flush(): Promise<string | undefined> {
    for (const number of this.writing.pending()) {
      const row = this.row(number);
      if (row) this.writing.confirm(row);
    }
    this.writing.keepAll();
    await this.settled();
    await this.#typed.settled();
    const source = this.#source?.unkept && (await this.#source.leave());
    return this.#saving.failed ?? this.#typed.failed ?? source;
  }

  /** This screen ends the conflict itself: its own news is no news. */
  leaving(on: boolean): void {
    this.#reading.leaving = this.#leaving.ended = on;
  }

  /** Before the screen or the window goes. Resolves when all is on the disk that can be. */
  keep(): Promise<void> {
    return this.#leaving.keep();
  }

  close(): void {
    this.#reading.leaving = this.#leaving.gone = true;
    void this.keep();
  }
}
