// Random hands on a merge screen whose disk fails, whose server changes and whose answers are slow: what is shown is what is
// kept, and nothing typed or chosen goes without a word.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { MergeBackend } from "../../../dev/merge-backend";
import { automatic, meta, num, row, text, view } from "../../../dev/merge-build";
import type { Choice, MergeRow } from "../backend/generated/ipc";
import { MergeShelf } from "./merge-shelf";
import { readTyped } from "./merge-typing";
import { MergeState } from "./merge.svelte";

/** The same numbers for the same seed (mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296 * sides);
  };
}

const start = () =>
  view({
    key: "k1", title: "Drill", source: { result: '{"name":"C"}' },
    rows: [
      row(1, meta("/name", "Name"), text("A"), text("B"), text("C"), { choices: ["theirs", "mine", "both", "edit", "later"], both: text("B\nC") }),
      row(2, meta("/deposit", "Deposit", { kind: "number" }), num("20"), num("25"), num("30")),
      row(3, meta("/notes", "Notes", { kind: "long_text" }), text("a\nb"), text("a\nc"), text("d\nb")),
      automatic(4, meta("/shelf", "Shelf"), text("A1"), text("A2"), text("A1"), { choices: ["theirs", "mine", "edit"] }),
    ],
  });

const words: Record<number, readonly string[]> = {
  1: ["own", "other", "", "C"], 2: ["27", "about 30", "27.50", ""], 3: ["x\ny", "z", "a\nb\nc"], 4: ["B7", "B8"],
};

/** What the person did last with a row. */
type Meant = { typed: string } | { choice: Choice };

class Hands {
  backend = new MergeBackend(start());
  kept = new Map<string, string>();
  told = 0;
  merge = this.#screen();
  meant = new Map<number, Meant>();
  source: string | undefined;
  log: string[] = [];
  #roll: (sides: number) => number;

  constructor(roll: (sides: number) => number) {
    this.#roll = roll;
    this.backend.remembers = roll(2) === 0;
  }

  #screen(): MergeState {
    const shelf = new MergeShelf({ getItem: (name) => this.kept.get(name) ?? null, setItem: (name, value) => void this.kept.set(name, value), removeItem: (name) => void this.kept.delete(name) });
    return new MergeState(this.backend, "k1", { say: () => undefined, interrupt: () => undefined }, { shelf, left: () => this.forget() });
  }

  /** A failure was told: what was meant may be open again. */
  forget(): void {
    this.told += 1;
    for (const [number, meant] of [...this.meant]) if ("choice" in meant) this.meant.delete(number);
  }

  #pick<T>(from: readonly T[]): T {
    const one = from[this.#roll(from.length)];
    if (one === undefined) throw new Error("nothing to pick from");
    return one;
  }

  async act(): Promise<void> {
    const { merge } = this;
    const row = this.#pick(merge.rows);
    const what = this.#roll(14);
    this.log.push(`${what} on ${row.row}`);
    if (what <= 2) return this.#choose(row);
    if (what <= 6) return this.#type(row);
    switch (what) {
      case 7:
        return merge.leaveField(row);
      case 8:
        this.meant.clear();
        return void (this.#roll(2) === 0 ? merge.undo() : merge.redo());
      case 9:
        await merge.show();
        // A choice that is only proposed now is a question that was seen.
        for (const one of merge.rows) {
          const meant = this.meant.get(one.row);
          if (meant && "choice" in meant && merge.look(one).suggested === meant.choice) this.meant.delete(one.row);
        }
        return;
      case 10:
        return this.#again();
      case 11:
        // The server's value of one row is another now: choices about it may only be suggested.
        this.backend.serverChanges({ [row.row]: row.field.kind === "number" ? num(`${40 + this.#roll(9)}`) : text(`S${this.#roll(9)}`) }, `s${this.log.length}`);
        for (const [number, meant] of [...this.meant]) if (number === row.row && "choice" in meant) this.meant.delete(number);
        return void merge.reread();
      case 12:
        this.backend.fails.set(this.#pick(["decide", "decide_many", "save_typed"]), { code: "disk", words: "No room on this disk." });
        return;
      default:
        return void vi.advanceTimersByTimeAsync(this.#roll(700));
    }
  }

  #choose(row: MergeRow): void {
    const choice = this.#pick(row.choices.filter((one) => one !== "edit"));
    this.merge.choose(row, choice);
    this.meant.set(row.row, { choice });
  }

  #type(row: MergeRow): void {
    const typed = this.#pick(words[row.row] ?? ["own"]);
    this.merge.write(row);
    this.merge.writing.enter(row);
    this.merge.writing.type(row, typed);
    this.meant.set(row.row, { typed });
  }

  /** Leaves the screen and comes back; the answers of the old one may come late. */
  async #again(): Promise<void> {
    this.merge.close();
    await vi.advanceTimersByTimeAsync(this.#roll(2) * 100);
    this.merge = this.#screen();
    await this.merge.load();
  }
}

/** What of a row is not as it was meant. */
function amiss(hands: Hands, number: number, meant: Meant): string | undefined {
  const { merge } = hands;
  const row = merge.row(number);
  if (!row) return "the row is gone";
  const look = merge.look(row);
  if ("choice" in meant) {
    if (meant.choice === "later") return look.decided && row.open ? "it is decided" : undefined;
    if (meant.choice === look.choice) return undefined;
    return look.suggested === meant.choice ? undefined : `chosen ${meant.choice}, shown ${look.choice ?? "open"}`;
  }
  if (merge.writing.typed.get(number) === meant.typed && (merge.isOpen(row) || look.choice === "edit")) return undefined;
  const read = readTyped(meant.typed, merge.writing.editor(row), row.theirs.text);
  if ("json" in read && look.choice === "edit" && look.result?.json === read.json) return undefined;
  const proposed = look.suggested === "edit" ? [merge.writing.earlier(row), row.wrote?.text] : [];
  return proposed.includes(meant.typed) ? undefined : `typed ${JSON.stringify(meant.typed)}, shown ${look.choice ?? "open"} ${look.result?.json ?? ""}, field ${merge.writing.typed.get(number) ?? "closed"}`;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const RUNS = Number(process.env.MERGE_RUNS ?? 300);
const SEED = Number(process.env.MERGE_SEED ?? 1);

it("keeps everything typed and chosen, whatever happens in between", async () => {
  for (let run = 0; run < RUNS; run++) {
    const roll = dice(SEED * 100_000 + run);
    const hands = new Hands(roll);
    await hands.merge.load();
    for (let step = 0; step < 3 + roll(12); step++) {
      const { bar } = hands.merge;
      await hands.act();
      if (roll(2) === 0) await vi.advanceTimersByTimeAsync(roll(800));
      // Said in the bar: the person sees which row is open again.
      if (hands.merge.bar?.what === "trouble" && hands.merge.bar !== bar) hands.forget();
    }
    hands.backend.fails.clear();
    await vi.advanceTimersByTimeAsync(1000);
    if (hands.merge.bar?.what === "trouble") hands.forget();
    await hands.merge.flush();
    for (const [number, meant] of hands.meant) {
      const wrong = amiss(hands, number, meant);
      if (wrong !== undefined) throw new Error(`run ${run}, row ${number}: ${wrong} after ${hands.log.join(", ")}`);
    }
    // What is shown is what the disk has.
    if (hands.merge.newer) continue;
    for (const kept of hands.backend.view.rows) {
      const row = hands.merge.row(kept.row);
      const look = row && hands.merge.look(row);
      const over = hands.merge.overlaid(kept.row);
      if (over?.failed || over?.suggested) continue;
      // A row that was reopened here goes on asking, although the server's value would be taken by itself.
      if (row?.open && !look?.decided && kept.standing === "automatic") continue;
      const decided = kept.standing !== "undecided" && kept.standing !== "suggested";
      expect({ run, row: kept.row, decided: look?.decided, result: look?.result?.json, log: hands.log }).toMatchObject({ decided, result: decided ? kept.result?.json : undefined });
    }
    hands.merge.close();
  }
}, 60_000);

it("undo goes back through every step, redo forward again", async () => {
  for (let run = 0; run < RUNS; run++) {
    const roll = dice(SEED * 100_000 + 50_000 + run);
    const backend = new MergeBackend(start());
    const merge = new MergeState(backend, "k1", { say: () => undefined, interrupt: () => undefined });
    await merge.load();
    // Before it: open. A run of typing is one step, and typing what is there already is none.
    const shown = () => JSON.stringify(merge.rows.map((row) => {
      const look = merge.look(row);
      return [row.row, look.decided ? [look.choice, look.result?.json, look.way] : "open"];
    }));
    const states = [shown()];
    const log: string[] = [];
    for (let step = 0; step < 1 + roll(8); step++) {
      const row = merge.rows[roll(merge.rows.length)];
      if (!row) throw new Error("no row");
      const texts = (words[row.row] ?? []).filter((text) => "json" in readTyped(text, merge.writing.editor(row)));
      const typed = roll(2) === 0 ? texts[roll(texts.length)] : undefined;
      const choices = row.choices.filter((one) => one !== "edit");
      const choice = choices[roll(choices.length)];
      if (typed !== undefined) {
        merge.write(row);
        merge.writing.type(row, typed);
        merge.leaveField(row);
      } else if (choice) merge.choose(row, choice);
      log.push(`${row.row} ${typed ?? choice ?? ""}`);
      // An automatic row that goes back to what was put together has its value with the answer.
      await merge.settled();
      if (shown() !== states.at(-1)) states.push(shown());
    }
    await merge.settled();
    const steps = states.length;
    const seen: string[] = [shown()];
    for (let back = 0; back < 2 * steps; back++) {
      merge.undo();
      await merge.settled();
      if (shown() !== seen.at(-1)) seen.push(shown());
    }
    expect({ run, log, seen: seen.reverse() }).toEqual({ run, log, seen: states });
    const again: string[] = [shown()];
    for (let forth = 0; forth < 2 * steps; forth++) {
      merge.redo();
      await merge.settled();
      if (shown() !== again.at(-1)) again.push(shown());
    }
    expect({ run, log, again }).toEqual({ run, log, again: states });
    await merge.settled();
    expect({ run, log, now: shown() }).toEqual({ run, log, now: states.at(-1) });
  }
}, 60_000);
