/** The ways to keep both sides of a row: one after the other, in either order, or their words put together (M13, 2.9). */
import type { MergeRow, Provenance, ReadyKind, Value } from "../backend/generated/ipc";
import { compareDates, writtenDate } from "../written-dates";
import type { Said } from "./merge-undo";
import { mergeWords } from "./merge-words";

export type Way = "server_first" | ReadyKind;

export interface BothWay {
  way: Way;
  said: Said;
  /** What would be sent, where it is one value. */
  value?: Value | undefined;
  /** Both sides begin with a date, and this is the order of time. */
  byDate: boolean;
}

/** The ways of a row that needs a choice, the one "Use both" takes first: in order of date, else word by word, else the server's first. */
export function bothWays(row: MergeRow): BothWay[] {
  const earlier = earlierSide(row);
  const ready = row.ready.map((one): BothWay => ({
    way: one.kind, said: { choice: "edit", ready: one.kind, json: one.value.json }, value: one.value, byDate: one.by_date || (one.kind === "mine_first" && earlier === "mine"),
  }));
  const server: BothWay[] = row.choices.includes("both") ? [{ way: "server_first", said: { choice: "both" }, value: row.both, byDate: earlier === "theirs" }] : [];
  const rank = (one: BothWay) => (one.byDate ? 0 : one.way === "combined" ? 1 : one.way === "server_first" ? 2 : 3);
  return [...ready, ...server].sort((a, b) => rank(a) - rank(b));
}

/**
 * The side whose entry has the earlier date, where both only put one in. The back end reads dates by number and says so
 * (`by_date`); names of months are known here, by the person's language.
 */
function earlierSide(row: MergeRow): "theirs" | "mine" | undefined {
  const onlyAdded = row.before.type === "missing" || row.before.text === "";
  if (!onlyAdded || row.theirs.type !== "text" || row.mine.type !== "text" || row.ready.some((one) => one.by_date)) return undefined;
  const [theirs, mine] = [writtenDate(row.theirs.text), writtenDate(row.mine.text)];
  const order = theirs && mine && compareDates(theirs, mine);
  return order === undefined ? undefined : order < 0 ? "theirs" : "mine";
}

/** The way a row is decided, as the back end tells it. */
export function chosenWay(row: MergeRow): Way | undefined {
  const ready = row.ready.find((one) => one.chosen);
  return ready?.kind ?? (row.open && row.choice === "both" ? "server_first" : undefined);
}

export function wayFrom(way: Way): Provenance {
  return way === "combined" ? "combined" : "both";
}

/** "In order of date.": which way it is. */
export function wayWords(one: BothWay): string {
  return one.byDate ? mergeWords.ways.byDate : mergeWords.ways[one.way];
}

/** "Server's first": the link to another way. */
export function wayLink(one: BothWay): string {
  return wayWords(one).replace(/\.$/, "");
}
