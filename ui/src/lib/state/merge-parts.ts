/**
 * Parts of a text come with the line breaks around them. People see and write the paragraph; the breaks go back to
 * where they were.
 */
import type { Mark, MergeRow, Value } from "../backend/generated/ipc";

/** Line breaks before and behind the paragraph. */
export interface Wrap {
  lead: string;
  tail: string;
}

const MISSING: Value = { type: "missing", text: "", json: "" };

/** The breaks that belong to a part; `undefined` for a row that is no part of a text. */
export function wrapOf(row: MergeRow): Wrap | undefined {
  if (row.part === undefined) return undefined;
  const sides = [row.mine, row.theirs, row.before].filter((value) => value.type === "text" && value.text.trim() !== "");
  const side = sides[0];
  if (!side) return undefined;
  return { lead: /^[\r\n]*/.exec(side.text)?.[0] ?? "", tail: /[\r\n]*$/.exec(side.text)?.[0] ?? "" };
}

/** The row as people read it: without the breaks, and nothing at all as "not there". */
export function unwrapped(row: MergeRow): MergeRow {
  if (!wrapOf(row)) return row;
  const { theirs_then, wrote, result, both } = row;
  return {
    ...row,
    before: inner(row.before, true), theirs: inner(row.theirs, true), mine: inner(row.mine, true),
    ...(result ? { result: inner(result, false) } : {}), ...(both ? { both: inner(both, false) } : {}), ...(theirs_then ? { theirs_then: inner(theirs_then, true) } : {}), ...(wrote ? { wrote: inner(wrote, false) } : {}),
    theirs_marks: trimmed(row.theirs_marks), mine_marks: trimmed(row.mine_marks), sides_marks: trimmed(row.sides_marks), then_marks: trimmed(row.then_marks),
    ready: row.ready.map((one) => ({ ...one, value: inner(one.value, false), marks: trimmed(one.marks) })),
  };
}

/** What is sent for text written into a part: the breaks are put back around it. */
export function wrapped(json: string, wrap: Wrap | undefined): string {
  if (!wrap || !json.startsWith('"')) return json;
  try {
    const text: unknown = JSON.parse(json);
    return typeof text !== "string" || text === "" ? json : JSON.stringify(`${wrap.lead}${text.replace(/^[\r\n]+|[\r\n]+$/g, "")}${wrap.tail}`);
  } catch {
    return json;
  }
}

function inner(value: Value, orMissing: boolean): Value {
  if (value.type !== "text") return value;
  const text = value.text.replace(/^[\r\n]+|[\r\n]+$/g, "");
  if (text === "" && orMissing) return MISSING;
  return { type: "text", text, json: JSON.stringify(text) };
}

function trimmed(marks: readonly Mark[]): Mark[] {
  const list = marks.map((mark) => ({ ...mark }));
  for (const kind of ["equal", "removed", "added"] as const) {
    const first = list.find((mark) => mark.kind === kind || mark.kind === "equal");
    if (first && list.slice(0, list.indexOf(first)).every((mark) => mark.kind !== "equal")) first.text = first.text.replace(/^[\r\n]+/, "");
    const last = list.findLast((mark) => mark.kind === kind || mark.kind === "equal");
    if (last && list.slice(list.indexOf(last) + 1).every((mark) => mark.kind !== "equal")) last.text = last.text.replace(/[\r\n]+$/, "");
  }
  return list.filter((mark) => mark.text !== "");
}
