/**
 * Answers of the back end are new objects throughout. What did not change keeps its old object, so that one decision
 * in a record of a thousand rows draws one row anew.
 */
import type { MergeRow, MergeView } from "../backend/generated/ipc";
import type { MergeCard } from "./merge-rows";

/** The newer view, with the rows of the older where they say the same. */
export function shareRows(before: MergeView | undefined, after: MergeView): MergeView {
  if (!before) return after;
  const old = new Map(before.rows.map((row) => [row.row, row]));
  const rows = after.rows.map((row): MergeRow => {
    const was = old.get(row.row);
    return was && same(was, row) ? was : row;
  });
  const lists = same(before.lists, after.lists) ? before.lists : after.lists;
  const unchanged = same(before.unchanged, after.unchanged) ? before.unchanged : after.unchanged;
  return { ...after, rows, lists, unchanged };
}

/**
 * An answer about the same versions. A row that asked goes on asking in its place, also where the choice made it one that was
 * put together by itself (M47: taken otherwise, and changed again by the server): nothing moves, nothing is settled unasked.
 */
export function keepPlaces(before: MergeView, after: MergeView): MergeView {
  const old = new Map(before.rows.map((row, at) => [row.row, { row, at }]));
  const asked = (row: MergeRow) => !row.open && old.get(row.row)?.row.open === true;
  if (!after.rows.some(asked)) return after;
  let last = -1;
  const placed = after.rows.map((row) => {
    // A new row comes behind the one it follows in the answer.
    last = old.get(row.row)?.at ?? last + 0.5;
    return { row: asked(row) ? asking(row) : row, at: last };
  });
  return { ...after, rows: placed.sort((a, b) => a.at - b.at).map(({ row }) => row) };
}

function asking(row: MergeRow): MergeRow {
  if (row.standing !== "automatic") return { ...row, open: true, standing: row.standing === "overridden" ? "decided" : row.standing };
  return { ...row, open: true, standing: "undecided", choice: undefined, result: undefined, provenance: undefined };
}

/** The older cards where they hold the same rows. */
export function shareCards(before: ReadonlyMap<string, MergeCard>, cards: readonly MergeCard[]): MergeCard[] {
  return cards.map((card) => {
    const was = before.get(card.id);
    return was && was.title === card.title && was.parts === card.parts && was.list === card.list && was.whole === card.whole &&
      sameRows(was.open, card.open) && sameRows(was.automatic, card.automatic) ? was : card;
  });
}

function sameRows(a: readonly MergeRow[], b: readonly MergeRow[]): boolean {
  return a.length === b.length && a.every((row, at) => row === b[at]);
}

/** Plain data from the back end: members come in one order. */
function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
