/** Columns of the list: state, name, what the collection adds, changed. */
import type { Column } from "$lib/backend/generated/ipc";
import { words } from "./words";

export interface ListColumn {
  /** What `sort` of the query takes. */
  sort: string;
  label: string;
  numeric: boolean;
  /** Left out in a narrow pane. */
  optional: boolean;
  /** Cell of the row, for the columns of the collection. */
  cell?: number;
  kind: "state" | "title" | "cell" | "collection" | "changed";
}

export function columnsOf(columns: readonly Column[], inCollection: boolean): ListColumn[] {
  return [
    { kind: "state", sort: "state", label: words.state, numeric: false, optional: false },
    { kind: "title", sort: "title", label: words.name, numeric: false, optional: false },
    ...(inCollection
      ? columns.map((column, cell) => ({
          kind: "cell" as const, sort: column.pointer, label: column.label, numeric: column.numeric, optional: !column.numeric, cell,
        }))
      : [{ kind: "collection" as const, sort: "", label: words.collection, numeric: false, optional: true }]),
    { kind: "changed", sort: "changed", label: words.changed, numeric: true, optional: false },
  ];
}

/** Widest text column in rem: words of a state fit, a note does not push the name away. */
const WIDEST = 6;

/**
 * Widths: fixed, so that rows line up; the name takes what is left. Text columns are as wide as the longest text
 * seen there (`lengths`, in characters by cell), half a rem for each character.
 */
export function gridColumns(columns: readonly ListColumn[], lengths: readonly number[] = []): string {
  return columns
    .map((column) => {
      switch (column.kind) {
        case "state":
          return "5.625rem";
        case "title":
          return "minmax(0, 1fr)";
        case "collection":
          return "minmax(0, 0.45fr)";
        case "changed":
          return "4rem";
        case "cell":
          return column.numeric ? "3.25rem" : `${Math.min(WIDEST, Math.max(2.625, (lengths[column.cell ?? -1] ?? 0) * 0.5))}rem`;
      }
    })
    .join(" ");
}
