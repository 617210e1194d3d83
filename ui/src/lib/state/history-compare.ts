/** Two forms of one record side by side: fields by pointer, parts under the name of their field. */
import type { FieldMeta, FieldView, FormView, Value } from "../backend/generated/ipc";
import { sameValue } from "./merge-values";

export interface ComparedField {
  pointer: string;
  label: string;
  /** Which part of the field: "Charger, serial number". */
  part?: string;
  meta: FieldMeta;
  then: Value;
  now: Value;
  same: boolean;
}

const MISSING: Value = { type: "missing", text: "", json: "" };

interface Leaf {
  pointer: string;
  path: string[];
  meta: FieldMeta;
  value: Value;
}

export function compareForms(then: FormView, now: FormView): ComparedField[] {
  const before = then.fields.flatMap((field) => leaves(field, []));
  const after = new Map(now.fields.flatMap((field) => leaves(field, [])).map((leaf) => [leaf.pointer, leaf]));
  const known = new Set(before.map((leaf) => leaf.pointer));
  const pairs: [Leaf, Value, Value][] = before.map((leaf) => [leaf, leaf.value, after.get(leaf.pointer)?.value ?? MISSING]);
  for (const leaf of after.values()) if (!known.has(leaf.pointer)) pairs.push([leaf, MISSING, leaf.value]);
  return pairs.map(([leaf, one, other]) => ({
    pointer: leaf.pointer,
    label: leaf.path[0] ?? leaf.meta.label,
    part: leaf.path.length > 1 ? leaf.path.slice(1).join(", ") : undefined,
    meta: leaf.meta,
    then: one,
    now: other,
    same: sameValue(one, other),
  }));
}

function leaves(field: FieldView, above: string[]): Leaf[] {
  const path = [...above, field.meta.label];
  if (field.fields.length > 0) return field.fields.flatMap((inner) => leaves(inner, path));
  if (field.rows.length > 0) {
    return field.rows.flatMap((cells, at) => cells.flatMap((cell) => leaves(cell, [...path, rowName(cells, at)])));
  }
  return [{ pointer: field.meta.pointer, path, meta: field.meta, value: field.value }];
}

/** A row of a table by its first text. */
function rowName(cells: FieldView[], at: number): string {
  return cells.find((cell) => cell.value.type === "text" && cell.value.text !== "")?.value.text ?? `row ${at + 1}`;
}
