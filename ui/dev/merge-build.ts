/** Short ways to write merge views for the gallery and the tests. */
import type { FieldMeta, Mark, MergeRow, MergeView, Paragraph, ParagraphKind, ReadyKind, ReadyValue, Value } from "../src/lib/backend/generated/ipc";

export const missing: Value = { type: "missing", text: "", json: "" };
export const none: Value = { type: "null", text: "null", json: "null" };
export const text = (value: string): Value => ({ type: "text", text: value, json: JSON.stringify(value) });
export const num = (spelled: string): Value => ({ type: "number", text: spelled, json: spelled });
export const bool = (on: boolean): Value => ({ type: "boolean", text: String(on), json: String(on) });
export const list = (...items: string[]): Value => ({ type: "list", text: JSON.stringify(items), json: JSON.stringify(items) });
export const json = (source: unknown): Value => ({ type: Array.isArray(source) ? "list" : "object", text: JSON.stringify(source), json: JSON.stringify(source) });

export function meta(pointer: string, label: string, more: Partial<FieldMeta> = {}): FieldMeta {
  return { pointer, label, kind: "text", required: false, read_only: false, options: [], ...more };
}

/** "-20.00 +25.00" notation of marks: pieces that start with - are removed, with + added, with = equal. */
export function marks(...pieces: string[]): Mark[] {
  return pieces.map((piece) => ({
    kind: piece.startsWith("-") ? "removed" : piece.startsWith("+") ? "added" : "equal",
    text: piece.slice(1),
  }));
}

export function row(number: number, field: FieldMeta, before: Value, theirs: Value, mine: Value, more: Partial<MergeRow> = {}): MergeRow {
  return {
    row: number, field, breadcrumbs: [], open: true, kind: "edited_differently", before, theirs, mine,
    rule: "", notices: [], sentence: "", absent: {}, then_marks: [], paragraphs: [], members: [], ready: [],
    theirs_marks: [], mine_marks: [], sides_marks: [], standing: "undecided",
    choices: ["theirs", "mine", "edit", "later"], please_look: false, ...more,
  };
}

export function automatic(number: number, field: FieldMeta, before: Value, theirs: Value, mine: Value, more: Partial<MergeRow> = {}): MergeRow {
  const server = more.provenance === undefined || more.provenance === "server";
  return row(number, field, before, theirs, mine, {
    open: false, kind: server ? "theirs_only" : "mine_only", standing: "automatic", choice: server ? "theirs" : "mine",
    provenance: "server", result: server ? theirs : mine, choices: ["theirs", "mine"], ...more,
  });
}

/** A stretch of a long text; `equal` ones are folded. */
export function paragraph(kind: ParagraphKind, before: string | undefined, more: Partial<Paragraph> = {}): Paragraph {
  return { kind, count: 1, before, theirs_marks: [], mine_marks: [], ...more };
}
export const equal = (count: number, text: string): Paragraph => paragraph("equal", text, { count, theirs: text, mine: text });

export function ready(kind: ReadyKind, value: Value, more: Partial<ReadyValue> = {}): ReadyValue {
  return { kind, value, marks: [], chosen: false, by_date: false, ...more };
}

export function view(more: Partial<MergeView>): MergeView {
  const rows = more.rows ?? [];
  const open = rows.filter((one) => one.open);
  return {
    key: "k1", address: "tools/tools/T-118", breadcrumbs: [], title: "", noun: "record", kind: "edit_edit", seen_at: 0,
    seen: "s1", rows, choices: open.length, decided: open.filter((one) => one.standing !== "undecided" && one.standing !== "suggested").length,
    lists: [], orphans: [], unchanged: [], changes: [], can_create: true, source: {}, ...more,
  };
}
