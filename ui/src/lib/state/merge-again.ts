/** What changed between the view shown and a newer one (M46, M47). */
import type { MergeRow, MergeView } from "../backend/generated/ipc";
import { sameValue } from "./merge-values";

/** Fields the server changed, counted as people see them: parts of one field count once. */
export function countChanges(before: MergeView, after: MergeView): number {
  const fields = new Set<string>();
  const old = byNumber(before);
  const now = byNumber(after);
  for (const row of after.rows) {
    const was = old.get(row.row);
    if (!was || !sameValue(was.theirs, row.theirs)) fields.add(fieldOf(row));
  }
  for (const row of before.rows) if (!now.has(row.row)) fields.add(fieldOf(row));
  return fields.size;
}

export interface ShownCount {
  reopened: MergeRow[];
  fresh: MergeRow[];
  follows: number;
  kept: number;
}

export function countShown(before: MergeView, after: MergeView, decided: (row: MergeRow) => boolean): ShownCount {
  const old = byNumber(before);
  const count: ShownCount = { reopened: [], fresh: [], follows: 0, kept: 0 };
  for (const row of after.rows.filter((one) => one.open)) {
    const was = old.get(row.row);
    if (!decided(row)) {
      if (row.standing === "suggested" || (was?.open && was.standing !== "undecided" && was.standing !== "suggested")) count.reopened.push(row);
      else if (!was?.open) count.fresh.push(row);
    } else if (row.standing === "followed" && !(was?.standing === "followed" && sameValue(was.theirs, row.theirs))) {
      count.follows += 1;
    } else {
      count.kept += 1;
    }
  }
  return count;
}

function byNumber(view: MergeView): Map<number, MergeRow> {
  return new Map(view.rows.map((row) => [row.row, row]));
}

function fieldOf(row: MergeRow): string {
  return row.field.pointer.split("/")[1] ?? "";
}
