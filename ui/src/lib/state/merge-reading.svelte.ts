/**
 * What the merge screen shows: the view, a newer one that waits until the person asks for it, and the bar that says
 * so. Nothing moves under the hands (M46).
 */
import { asErrorReply, hasCode, type Backend } from "../backend/backend";
import type { MergeRow, MergeView } from "../backend/generated/ipc";
import { countChanges, countShown } from "./merge-again";
import { keepPlaces, shareRows } from "./merge-share";
import { changedAgain, mergeWords, nowAgainst } from "./merge-words";
import { Refresh } from "./refresh";

/** The bar at the bottom edge: news of the server, what `Show` did, or trouble. */
export type MergeBar =
  | { what: "again"; bold: string; words: string }
  | { what: "shown"; words: string }
  | { what: "trouble"; words: string };

/** Where the focus belongs after an action. */
export type MergeFocus = { to: "row"; row: number } | { to: "send" } | { to: "none" };

export interface MergeVoice {
  say(words: string): void;
  interrupt(words: string): void;
}

export interface ReadingOwner {
  readonly key: string;
  readonly openRows: MergeRow[];
  /** Counts the choices sent and answered: one made during a reading has a newer answer. */
  readonly epoch: number;
  now(): number;
  isOpen(row: MergeRow): boolean;
  settled(): Promise<void>;
  /** The rows as people read them. */
  learned(rows: readonly MergeRow[]): MergeRow[];
  /** The first view is there. */
  entered(view: MergeView): void;
  /** The same versions, answered again. */
  renewed(): void;
  /** A newer view takes the place of this one: as it is shown. */
  replaced(before: MergeView, view: MergeView): MergeView;
}

export class MergeReading {
  view = $state.raw<MergeView | undefined>();
  /** Newer than the view; waits for `show`. */
  newer = $state.raw<MergeView | undefined>();
  bar = $state.raw<MergeBar | undefined>();
  /** The news of a newer version was put off: it is no bar any more, and still within reach. */
  putOff = $state(false);
  #news: Extract<MergeBar, { what: "again" }> | undefined;
  /** The record could not be read at all. */
  error = $state<string | undefined>();
  /** The conflict is over without this screen. */
  over = $state(false);
  /** This screen ends the conflict itself: its own news is no news. */
  leaving = false;
  #backend: Pick<Backend, "call">;
  #owner: ReadingOwner;
  #voice: MergeVoice;
  #refresh = new Refresh(() => this.#readAgain());

  constructor(backend: Pick<Backend, "call">, owner: ReadingOwner, voice: MergeVoice) {
    this.#backend = backend;
    this.#owner = owner;
    this.#voice = voice;
  }

  /** Reads for the first time, or again because something changed or the person asked; one reading at a time. */
  reread(): Promise<void> {
    return this.#refresh.run();
  }

  async #readAgain(): Promise<void> {
    if (this.leaving) return;
    try {
      let epoch: number;
      let view: MergeView;
      do {
        await this.#owner.settled();
        epoch = this.#owner.epoch;
        view = await this.#backend.call("merge", { key: this.#owner.key });
        // A choice was made during the reading: its own answer is newer.
      } while (epoch !== this.#owner.epoch);
      this.take(view);
      this.error = undefined;
    } catch (error) {
      if (this.leaving) return;
      if (!this.view) this.error = asErrorReply(error).words;
      else if (noMerge(error)) this.#isOver();
      else this.trouble(asErrorReply(error).words);
    }
  }

  trouble(words: string): void {
    this.bar = { what: "trouble", words };
  }

  #isOver(): void {
    this.over = true;
    this.trouble(mergeWords.over);
  }

  take(answer: MergeView): void {
    this.over = false;
    const read = { ...answer, rows: this.#owner.learned(answer.rows) };
    const view = shareRows(this.view, this.view?.seen === read.seen ? keepPlaces(this.view, read) : read);
    if (!this.view) {
      this.view = view;
      this.#owner.entered(view);
    } else if (view.seen === this.view.seen) {
      this.view = view;
      this.newer = undefined;
      this.putOff = false;
      if (this.bar?.what === "again") this.bar = undefined;
      this.#owner.renewed();
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
    this.#news = { what: "again", bold: said.bold, words: "Your choices are kept. Nothing moves until you say so." };
    // What was not saved is not covered; closed, the news is there.
    if (this.bar?.what !== "trouble") this.bar = this.#news;
    this.putOff = false;
    this.#voice.interrupt(said.spoken);
  }

  /** Closes the bar. News that another bar had covered is there again; news closed by itself is put off. */
  hideBar(): void {
    if (this.bar?.what === "again") this.putOff = true;
    this.bar = this.newer && !this.putOff ? this.#news : undefined;
  }

  /** The screen is gone: choices that were too late are carried to the newest version. Nobody looks, so nothing moves. */
  async carry(): Promise<void> {
    const before = this.view;
    if (!before) return;
    try {
      const answer = await this.#backend.call("merge", { key: this.#owner.key });
      // Choices said again are about this version.
      this.view = { ...answer, rows: this.#owner.learned(answer.rows) };
      this.view = this.#owner.replaced(before, this.view);
      this.newer = undefined;
    } catch (error) {
      if (!noMerge(error)) this.trouble(asErrorReply(error).words);
    }
  }

  /** Takes the newer view in, because the person asked for it. */
  async show(): Promise<MergeFocus> {
    const owner = this.#owner;
    const was = this.bar;
    await owner.settled();
    // A choice that was on its way was not saved: that is said, too.
    const trouble = this.bar !== was && this.bar?.what === "trouble" ? this.bar : undefined;
    const before = this.view;
    const { newer } = this;
    if (!before || !newer) return { to: "none" };
    // Choices said again are about this version.
    this.view = newer;
    const view = (this.view = owner.replaced(before, newer));
    this.newer = undefined;
    this.putOff = false;
    const count = countShown(before, view, (row) => !owner.isOpen(row));
    const words = nowAgainst(view.theirs_at ?? view.seen_at, owner.now(), count.reopened.length, count.fresh.length, count.follows, count.kept);
    this.bar = trouble ?? { what: "shown", words };
    this.#voice.say(words);
    const first = count.reopened[0] ?? count.fresh[0] ?? owner.openRows[0];
    return first ? { to: "row", row: first.row } : { to: "none" };
  }
}

/** The record needs no person any more, or is gone. */
export function noMerge(error: unknown): boolean {
  return hasCode(error, "not_now") || hasCode(error, "not_found");
}
