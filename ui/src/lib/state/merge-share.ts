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
