/**
 * One merge screen: the view shown, a newer one that waits until the person asks for it, choices on their way to
 * the disk, typed text that no answer may touch, undo. Every decision is durable in the back end; nothing here
 * is needed after a restart.
 */
import { SvelteMap, SvelteSet } from "svelte/reactivity";
import { asErrorReply, hasCode, type Backend } from "../backend/backend";
import type { Choice, MergeRow, MergeView } from "../backend/generated/ipc";
import { countChanges, countShown } from "./merge-again";
import { bothWays, wayWords, type BothWay } from "./merge-both";
import { groupRows, rowName, type MergeCard, type MergeGroups } from "./merge-rows";
import { shareCards, shareRows } from "./merge-share";
import { rowLook, type Overlay, type RowLook } from "./merge-standing";
import type { MergeShelf } from "./merge-shelf";
import { unwrapped, wrapOf, wrapped, type Wrap } from "./merge-parts";
import { MergeText } from "./merge-source.svelte";
import { groupSaid, sameSaid, UndoStack, type RowChange, type Said } from "./merge-undo";
import { Writing } from "./merge-writing.svelte";
import { Refresh } from "./refresh";
import { changedAgain, decidedWords, entryWords, mergeWords, nowAgainst, resultWords } from "./merge-words";

export interface MergeVoice {
  say(words: string): void;
  interrupt(words: string): void;
}

export interface MergeOptions {
  /** Words for this device: "this laptop". */
  device?: string;
  now?: () => number;
  /** Keeps text that could not be saved. */
  shelf?: MergeShelf;
}

/** The bar at the bottom edge: news of the server, what `Show` did, or trouble. */
export type MergeBar =
  | { what: "again"; bold: string; words: string }
  | { what: "shown"; words: string }
  | { what: "trouble"; words: string };

/** Where the focus belongs after an action. */
export type MergeFocus = { to: "row"; row: number } | { to: "send" } | { to: "none" };

export class MergeState {
  readonly key: string;
  view = $state.raw<MergeView | undefined>();
  /** Newer than the view; waits for `show`. */
  newer = $state.raw<MergeView | undefined>();
  bar = $state.raw<MergeBar | undefined>();
  /** The record could not be read at all. */
  error = $state<string | undefined>();
  /** The conflict is over without this screen. */
  over = $state(false);
  savedAt = $state<number | undefined>();
  /** Choices on their way, or not taken by the back end, laid over the view. */
  overlay = new SvelteMap<number, Overlay>();
  /** "Decide later" was pressed here. */
  later = new SvelteSet<number>();
  canUndo = $state(false);
  canRedo = $state(false);
  readonly device: string;
  readonly writing: Writing = new Writing((row, json) => this.#written(row, json), (row, text) => this.#keepTyped(row, text));

  #backend: Pick<Backend, "call">;
  #voice: MergeVoice;
  #now: () => number;
  #undo = new UndoStack();
  #chain: Promise<void> = Promise.resolve();
  #waiting = 0;
  #epoch = 0;
  #asked = 0;
  #leaving = false;
  #source: MergeText | undefined;
  #saidSaved = 0;
  /** Line breaks around the parts of texts. */
  #wraps = new Map<number, Wrap>();
  #shelf: MergeShelf | undefined;
  #refresh = new Refresh(() => this.#readAgain());

  #cards = new Map<string, MergeCard>();
  groups: MergeGroups = $derived.by(() => {
    const { cards, automatic } = groupRows(this.view?.rows ?? [], this.view?.lists);
    const shared = shareCards(this.#cards, cards);
    this.#cards = new Map(shared.map((card) => [card.id, card]));
    return { cards: shared, automatic };
  });
  /** Who changed it on the server, and when: of their own, so that a decision does not touch every row. */
  who = $derived(this.view?.who);
  theirsAt = $derived(this.view?.theirs_at);
  openRows: MergeRow[] = $derived((this.view?.rows ?? []).filter((row) => this.isOpen(row)));
  choices = $derived((this.view?.rows ?? []).filter((row) => row.open).length);
  decided = $derived(this.choices - this.openRows.filter((row) => row.open).length);
  /** Choices that are on the disk: what the foot counts, so that a count that was read survives everything. */
  kept = $derived((this.view?.rows ?? []).filter((row) => row.open && !this.isOpen(row) && this.#isKept(row)).length);

  constructor(backend: Pick<Backend, "call">, key: string, voice: MergeVoice, options: MergeOptions = {}) {
    this.#backend = backend;
    this.key = key;
    this.#voice = voice;
    this.device = options.device ?? mergeWords.device;
    this.#now = options.now ?? Date.now;
    this.#shelf = options.shelf;
  }

  now(): number {
    return this.#now();
  }

  /** How a row stands, with the choices that are still on their way. */
  look(row: MergeRow): RowLook {
    return rowLook(row, this.overlay.get(row.row), this.newer?.rows.find((one) => one.row === row.row));
  }

  /** Needs the person: undecided, typed wrongly, or refused by the schema. */
  isOpen(row: MergeRow): boolean {
    if (this.writing.wrong.has(row.row)) return true;
    const look = this.look(row);
    return (row.open && !look.decided) || look.error !== undefined;
  }

  #isKept(row: MergeRow): boolean {
    const over = this.overlay.get(row.row);
    return over?.asked === undefined || over.kept === true || rowLook(row, undefined, undefined).decided;
  }

  counts(): string {
    return `${decidedWords(this.decided, this.choices)}.`;
  }

  // Reading

  async load(): Promise<void> {
    try {
      this.#take(await this.#backend.call("merge", { key: this.key }));
      for (const [number, text] of this.#shelf?.take(this.key) ?? []) {
        const row = this.#row(number);
        if (row) this.writing.restore(row, text);
      }
      for (const row of this.view?.rows ?? []) if (row.typed) this.writing.restore(row, row.typed.text);
    } catch (error) {
      if (this.view && noMerge(error)) this.#isOver();
      else if (this.view) this.bar = { what: "trouble", words: asErrorReply(error).words };
      else this.error = asErrorReply(error).words;
    }
  }

  /** Something changed about this record: read again, one reading at a time. */
  reread(): Promise<void> {
    return this.#refresh.run();
  }

  async #readAgain(): Promise<void> {
    if (this.#leaving) return;
    try {
      let epoch: number;
      let view: MergeView;
      do {
        await this.settled();
        epoch = this.#epoch;
        view = await this.#backend.call("merge", { key: this.key });
        // A choice was made during the reading: its own answer is newer.
      } while (epoch !== this.#epoch);
      this.#take(view);
    } catch (error) {
      if (this.#leaving) return;
      if (noMerge(error)) this.#isOver();
      else this.bar = { what: "trouble", words: asErrorReply(error).words };
    }
  }

  /** Resolves when no choice is on its way to the disk. */
  async settled(): Promise<void> {
    while (this.#waiting > 0) await this.#chain;
  }

  #isOver(): void {
    this.over = true;
    this.bar = { what: "trouble", words: mergeWords.over };
  }

  #take(answer: MergeView): void {
    this.over = false;
    for (const row of answer.rows) {
      const wrap = wrapOf(row);
      if (wrap) this.#wraps.set(row.row, wrap);
      else this.#wraps.delete(row.row);
    }
    const view = shareRows(this.view, { ...answer, rows: answer.rows.map(unwrapped) });
    if (!this.view) {
      this.view = view;
      const { cards, automatic } = this.groups;
      this.#voice.say(entryWords(view.kind, cards.length, automatic.length));
    } else if (view.seen === this.view.seen) {
      this.view = view;
      this.newer = undefined;
      if (this.bar?.what === "again") this.bar = undefined;
      this.#forgetSaved();
    } else {
      this.#wait(view);
    }
  }

  /** Holds a newer view back: a bar, nothing moves (M46). */
  #wait(view: MergeView): void {
    const known = this.newer?.seen === view.seen;
    this.newer = view;
    if (known || !this.view) return;
    const gone = view.kind === "edit_delete" && this.view.kind !== "edit_delete";
    const said = changedAgain(countChanges(this.view, view), gone, view.noun);
    this.bar = { what: "again", bold: said.bold, words: "Your choices are kept. Nothing moves until you say so." };
    this.#voice.interrupt(said.spoken);
  }

  /** Takes the newer view in, because the person asked for it. */
  async show(): Promise<MergeFocus> {
    await this.settled();
    const before = this.view;
    const view = this.newer;
    if (!before || !view) return { to: "none" };
    this.view = view;
    this.newer = undefined;
    this.#carryOver(before, view);
    const count = countShown(before, view, (row) => !this.isOpen(row));
    this.bar = {
      what: "shown",
      words: nowAgainst(view.theirs_at ?? view.seen_at, this.#now(), count.reopened.length, count.fresh.length, count.follows, count.kept),
    };
    this.#voice.say(this.bar.words);
    const first = count.reopened[0] ?? count.fresh[0] ?? this.openRows[0];
    return first ? { to: "row", row: first.row } : { to: "none" };
  }

  /** Choices the back end did not take because the server had changed: said again where nothing changed here. */
  #carryOver(before: MergeView, view: MergeView): void {
    for (const [number, over] of [...this.overlay]) {
      const old = before.rows.find((row) => row.row === number);
      const row = view.rows.find((one) => one.row === number);
      this.overlay.delete(number);
      if (!over.failed || !row || !old) continue;
      if (row.theirs.json === old.theirs.json && row.theirs.type === old.theirs.type) this.#send([{ row: number, said: over.said }]);
      else this.overlay.set(number, { said: { choice: "later" }, suggested: over.said.choice, then: old.theirs });
    }
  }

  hideBar(): void {
    this.bar = undefined;
  }

  // Deciding

  decide(rows: number[], said: Said, told?: string): void {
    const changes = rows
      .map((row): RowChange | undefined => {
        const from = this.#said(row);
        return from && { row, from, to: said };
      })
      .filter((change): change is RowChange => change !== undefined);
    this.#undo.push({ changes });
    this.#apply(changes.map((change) => ({ row: change.row, said: change.to })));
    if (told === undefined) this.#announce(rows);
    else this.#voice.say(`${told}. ${this.counts()}`);
  }

  /** `said`: what is told instead of the value (the whole record has none to read out). */
  choose(row: MergeRow, choice: Choice, said?: string): void {
    if (choice === "edit") return this.write(row);
    this.writing.setAside(row.row);
    if (choice === "later") this.later.add(row.row);
    const [best] = choice === "both" && row.open ? bothWays(row) : [];
    this.decide([row.row], best?.said ?? { choice }, said);
  }

  /** Keeps both sides this way; without one, the next way after the present one (one key, M13). */
  keepBoth(row: MergeRow, way?: BothWay): void {
    const ways = bothWays(row);
    const at = ways.findIndex((one) => one.way === this.look(row).way);
    const next = way ?? ways[(at + 1) % ways.length];
    if (!next || (!way && at >= 0 && ways.length < 2)) return this.#voice.say(mergeWords.noOrder);
    this.writing.setAside(row.row);
    this.decide([row.row], next.said);
    if (at >= 0) this.#voice.say(mergeWords.way(wayWords(next), this.counts()));
  }

  /** Rows that only need a yes to the earlier choice. */
  suggestedRows: MergeRow[] = $derived((this.view?.rows ?? []).filter((row) => this.look(row).suggested !== undefined));

  /** Confirms every earlier choice at once (M12). */
  confirmSuggested(): void {
    const changes = this.suggestedRows.flatMap((row): RowChange[] => {
      const to = suggestedSaid(row, this.look(row));
      return to ? [{ row: row.row, from: { choice: "later" }, to }] : [];
    });
    if (changes.length === 0) return this.#voice.say(mergeWords.noneSuggested);
    this.#undo.push({ changes });
    this.#apply(changes.map((change) => ({ row: change.row, said: change.to })));
    this.#voice.say(`${mergeWords.confirmed(changes.length)} ${this.counts()}`);
  }

  /** One side for every open row (M16). */
  allSide(side: "theirs" | "mine"): void {
    const rows = this.openRows.filter((row) => row.open && row.choices.includes(side)).map((row) => row.row);
    if (rows.length === 0) return this.#voice.say(mergeWords.noneOpen);
    for (const row of rows) this.writing.setAside(row);
    this.decide(rows, { choice: side });
    this.#voice.say(`${mergeWords.allSide(rows.length, side)} ${this.counts()}`);
  }

  /** What is said about a row now, so that undo can say it again. */
  #said(number: number): Said | undefined {
    const row = this.#row(number);
    if (!row) return undefined;
    const over = this.overlay.get(number);
    if (over) return over.said;
    const look = this.look(row);
    const own = look.decided && row.standing !== "automatic" && look.choice !== undefined;
    if (!own || !look.choice) return { choice: "later" };
    if (look.way) return bothWays(row).find((one) => one.way === look.way)?.said ?? { choice: "both" };
    if (look.choice !== "edit") return { choice: look.choice };
    return look.result && look.result.type !== "missing" ? { choice: "edit", json: look.result.json } : { choice: "edit" };
  }

  #row(number: number): MergeRow | undefined {
    return this.view?.rows.find((row) => row.row === number);
  }

  #apply(changes: { row: number; said: Said }[]): void {
    this.canUndo = this.#undo.canUndo;
    this.canRedo = this.#undo.canRedo;
    for (const { row, said } of changes) {
      if (said.choice !== "later") this.later.delete(row);
    }
    this.#send(changes);
  }

  #send(changes: { row: number; said: Said }[]): void {
    const asked = ++this.#asked;
    const seen = this.view?.seen ?? "";
    for (const { row, said } of changes) this.overlay.set(row, { said, asked });
    const groups = groupSaid(changes.map(({ row, said }) => ({ row, said: this.#wrapped(row, said) })));
    const one = groups[0];
    const ready = groups.some((group) => group.said.ready !== undefined);
    // Values made ready are named one by one; the rest goes in one transaction.
    if (groups.length > 1 && ready) {
      for (const group of groups) {
        const part = group.rows.map((row) => ({ row, said: group.said }));
        this.#queue(() => this.#ask(part, asked, () => this.#backend.call("decide", { key: this.key, rows: group.rows, ...group.said, json: group.said.json, seen })));
      }
    } else if (groups.length > 1) this.#queue(() => this.#ask(changes, asked, () => this.#backend.call("decide_many", { key: this.key, seen, rows: groups.flatMap((group) => group.rows.map((row) => ({ row, choice: group.said.choice, json: group.said.json }))) })));
    else if (one) this.#queue(() => this.#ask(changes, asked, () => this.#backend.call("decide", { key: this.key, rows: one.rows, ...one.said, json: one.said.json, seen })));
  }

  /** As it is sent: text written into a part has its line breaks again. */
  #wrapped(row: number, said: Said): Said {
    return said.choice === "edit" && said.json !== undefined && said.ready === undefined ? { ...said, json: wrapped(said.json, this.#wraps.get(row)) } : said;
  }

  #queue(run: () => Promise<void>): void {
    this.#waiting += 1;
    this.#epoch += 1;
    this.#chain = this.#chain.then(run).finally(() => {
      this.#waiting -= 1;
      this.#epoch += 1;
    });
  }

  async #ask(changes: { row: number; said: Said }[], asked: number, call: () => Promise<MergeView>): Promise<void> {
    const rows = changes.map((change) => change.row);
    try {
      const reply = await call();
      this.savedAt = this.#now();
      if (rows.some((row) => this.writing.typed.has(row))) this.#saySaved();
      const same = reply.seen === this.view?.seen;
      this.#take(reply);
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

  #refused(rows: number[], asked: number, error: unknown): void {
    const reply = asErrorReply(error);
    for (const row of rows) {
      const over = this.overlay.get(row);
      if (over?.asked !== asked) continue;
      if (reply.code === "changed_on_server") {
        this.overlay.set(row, { ...over, failed: true });
        continue;
      }
      this.overlay.delete(row);
      // Text that was not taken stays in its field with the reason.
      if (over.said.choice === "edit" && this.writing.typed.has(row)) this.writing.wrong.set(row, reply.words);
    }
    // Not within the queue that the reading waits for.
    if (reply.code === "changed_on_server" || noMerge(error)) queueMicrotask(() => void this.reread());
    else this.bar = { what: "trouble", words: `${mergeWords.notSaved} ${reply.words}` };
  }

  #announce(rows: number[]): void {
    const row = rows.length === 1 ? this.#row(rows[0] ?? -1) : undefined;
    if (!row) return;
    const look = this.look(row);
    this.#voice.say(resultWords(look.result, row, look.provenance, this.counts()));
  }

  // Typing

  /** "Write my own": opens the field with the text so far; it is a decision once something is typed or confirmed. */
  write(row: MergeRow): void {
    const look = this.look(row);
    const value = look.result ?? (row.mine.type === "missing" ? row.theirs : row.mine);
    this.later.delete(row.row);
    this.writing.start(row, value, look.choice === "edit");
  }

  /** Typed text is the decision "edited"; a run of typing is one step of undo. */
  #written(row: MergeRow, json: string): void {
    const from = this.#said(row.row);
    const to: Said = { choice: "edit", json };
    if (!from || sameSaid(from, to)) return;
    const changes: RowChange[] = [{ row: row.row, from, to }];
    // The whole text was written anew: its paragraphs need no choice any more.
    for (const part of this.#partsOf(row)) {
      if (!this.look(part).decided) changes.push({ row: part.row, from: { choice: "later" }, to: { choice: "mine" } });
    }
    this.#undo.push({ changes, typing: true });
    this.#apply(changes.map((change) => ({ row: change.row, said: change.to })));
  }

  #partsOf(row: MergeRow): MergeRow[] {
    return this.groups.cards.find((card) => card.whole?.row === row.row)?.open ?? [];
  }

  /** The text is put together from its paragraphs again, each open. */
  backToParagraphs(whole: MergeRow): void {
    this.writing.setAside(whole.row);
    this.decide([whole.row, ...this.#partsOf(whole).map((part) => part.row)], { choice: "later" });
    this.#voice.say(this.counts());
  }

  /** While typing, at most once a minute. */
  #saySaved(): void {
    const now = this.#now();
    if (now - this.#saidSaved < 60_000) return;
    this.#saidSaved = now;
    this.#voice.say(mergeWords.savedHere);
  }

  /** Text that cannot be a decision yet is kept all the same; the shelf of this window is the second line. */
  #keepTyped(row: number, text: string | undefined): void {
    void this.#backend.call("save_typed", { key: this.key, row, text }).then(
      () => (this.savedAt = this.#now()),
      () => this.#shelf?.put(this.key, this.writing.unsaved()),
    );
  }

  leaveField(row: MergeRow): void {
    const typed = this.writing.leave(row);
    this.#undo.seal();
    this.#forgetSaved();
    if (typed && !this.writing.wrong.has(row.row)) this.#announce([row.row]);
  }

  #forgetSaved(): void {
    this.writing.forgetSaved((number) => {
      const row = this.#row(number);
      return row && { row, value: this.look(row).result };
    });
  }

  // Undo

  undo(): MergeFocus {
    const step = this.#undo.undo();
    return this.#replay(step?.changes.map((change) => ({ row: change.row, said: change.from })), mergeWords.nothingToUndo);
  }

  redo(): MergeFocus {
    const step = this.#undo.redo();
    return this.#replay(step?.changes.map((change) => ({ row: change.row, said: change.to })), mergeWords.nothingToRedo, true);
  }

  #replay(changes: { row: number; said: Said }[] | undefined, none: string, again = false): MergeFocus {
    const first = changes?.[0];
    if (!changes || !first) {
      this.#voice.say(none);
      return { to: "none" };
    }
    for (const { row } of changes) {
      this.writing.setAside(row);
      this.later.delete(row);
    }
    this.#apply(changes);
    const row = this.#row(first.row);
    if (changes.length > 1) this.#voice.say(again ? this.counts() : mergeWords.undoneRows(changes.length));
    else if (again) this.#announce([first.row]);
    else if (row) this.#voice.say(first.said.choice === "later" ? mergeWords.undone(rowName(row)) : mergeWords.undoneTo(rowName(row), first.said.choice));
    return { to: "row", row: first.row };
  }

  // Source, and another program

  /** The result as text, one for the life of the screen. */
  sourceText(): MergeText {
    return (this.#source ??= new MergeText(this.#backend, this));
  }

  /** An answer with decisions made elsewhere: as source, or in another program. Undo begins anew. */
  answered(view: MergeView): void {
    this.savedAt = this.#now();
    this.#take(view);
    this.#voice.say(this.counts());
  }

  // Before sending

  /** The first open row, and what is said about it ("not yet"). */
  missing(): MergeFocus {
    const row = this.openRows[0];
    if (!row) return { to: "none" };
    this.#voice.say(this.writing.wrong.get(row.row) ?? this.look(row).error ?? mergeWords.stillOpen(rowName(row), this.openRows.length));
    return { to: "row", row: row.row };
  }

  /** Everything typed is a saved decision, or is known to be wrong. */
  async flush(): Promise<void> {
    for (const number of this.writing.pending()) {
      const row = this.#row(number);
      if (row) this.writing.confirm(row);
    }
    await this.settled();
  }

  /** This screen ends the conflict itself: its own news is no news. */
  leaving(on: boolean): void {
    this.#leaving = on;
  }

  /** Before the screen or the window goes: what can be saved is, the rest is kept. */
  keep(): void {
    void this.flush();
    this.#shelf?.put(this.key, this.writing.unsaved());
  }

  close(): void {
    this.#leaving = true;
    this.keep();
  }
}

/** The earlier choice of a row that is open again, as it is said once more. */
function suggestedSaid(row: MergeRow, look: RowLook): Said | undefined {
  if (look.suggested === undefined) return undefined;
  if (look.suggested === "both") return bothWays(row)[0]?.said ?? { choice: "both" };
  if (look.suggested !== "edit") return { choice: look.suggested };
  return row.wrote && { choice: "edit", json: row.wrote.type === "missing" ? undefined : row.wrote.json };
}

/** The record needs no person any more, or is gone. */
function noMerge(error: unknown): boolean {
  return hasCode(error, "not_now") || hasCode(error, "not_found");
}
