/** Reasons by field: several paragraphs or entries of one field are told under its name once. */
import type { MergeReason, Provenance } from "$lib/backend/generated/ipc";

/** Parts of a field that came about in the same way. */
export interface Way {
  from: Provenance;
  words: string;
  count: number;
}

export interface FieldReasons {
  label: string;
  /** Parts in all. */
  count: number;
  ways: Way[];
}

export function fieldReasons(rows: readonly MergeReason[]): FieldReasons[] {
  const fields = new Map<string, FieldReasons>();
  for (const { label, from, words } of rows) {
    const field = fields.get(label) ?? { label, count: 0, ways: [] };
    fields.set(label, field);
    field.count += 1;
    const same = field.ways.find((way) => way.from === from && way.words === words);
    if (same) same.count += 1;
    else field.ways.push({ from, words, count: 1 });
  }
  return [...fields.values()];
}
