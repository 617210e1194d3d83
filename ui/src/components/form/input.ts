/** What each kind of field makes of typed text. */
import type { BodyOperation, FieldMeta, Value } from "$lib/backend/generated/ipc";
import { dateInWords } from "$lib/format";
import { numberJson, textJson } from "$lib/values";
import { formWords } from "./words";

export interface Reading {
  operation?: BodyOperation;
  error?: string;
}

/** The text an input shows for a value. */
export function shownText(meta: FieldMeta, value: Value): string {
  if (value.type === "missing" || value.type === "null") return "";
  if (meta.kind === "json") return value.json;
  return meta.kind === "date" ? dateInWords(value.text) : value.text.replaceAll("\r\n", "\n");
}

/** A text box knows only "\n": a text whose lines all ended the Windows way keeps them. */
export function withLineEnds(typed: string, before: string): string {
  const windows = before.includes("\r\n") && !/(^|[^\r])\n/.test(before);
  return windows ? typed.replaceAll(/\r?\n/g, "\r\n") : typed;
}

/** Typed text as an operation, or why it is none. An emptied field becomes what "nothing" was before, else is left out. */
export function readTyped(meta: FieldMeta, typed: string, value: Value): Reading {
  const pointer = meta.pointer;
  const set = (json: string): Reading => ({ operation: { op: "set", pointer, json } });
  switch (meta.kind) {
    case "number": {
      if (typed.trim() === "") return meta.required ? { error: formWords.neededNumber } : nothing(pointer, value);
      const json = numberJson(typed);
      return json === undefined ? { error: formWords.badNumber } : set(json);
    }
    case "date": {
      if (typed.trim() === "") return nothing(pointer, value);
      const iso = parseDate(typed);
      return iso === undefined ? { error: formWords.badDate } : set(textJson(iso));
    }
    case "date_time":
      if (typed.trim() === "") return nothing(pointer, value);
      if (isLocal(value.text) && !isLocal(typed.trim())) return { error: formWords.badLocalTime };
      // Not every engine reads a space between date and time.
      return Number.isNaN(Date.parse(typed.trim().replace(" ", "T"))) ? { error: formWords.badDateTime } : set(textJson(typed.trim()));
    case "json":
      if (typed.trim() === "") return nothing(pointer, value);
      return isJson(typed) ? set(typed.trim()) : { error: formWords.badJson };
    default:
      return set(textJson(withLineEnds(typed, value.text)));
  }
}

/** A time of an event: its zone stands beside it. */
function isLocal(text: string): boolean {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?$/.test(text);
}

/** An emptied number or date: null stays null, otherwise the member goes. */
function nothing(pointer: string, value: Value): Reading {
  return { operation: value.type === "null" ? { op: "set", pointer, json: "null" } : { op: "unset", pointer } };
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** "2026-09-14", "14 Sep 2026", "14 September 2026" or "14.9.2026" as `2026-09-14`. */
export function parseDate(typed: string): string | undefined {
  const text = typed.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  const dotted = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/.exec(text);
  const named = /^(\d{1,2})\.?\s+([A-Za-z]{3,})\.?\s+(\d{4})$/.exec(text);
  const [year, month, day] =
    iso ? [iso[1], Number(iso[2]), Number(iso[3])] :
    dotted ? [dotted[3], Number(dotted[2]), Number(dotted[1])] :
    named ? [named[3], MONTHS.indexOf((named[2] ?? "").slice(0, 3).toLowerCase()) + 1, Number(named[1])] : [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const date = new Date(Date.UTC(Number(year), month - 1, day));
  // 31 February would become March.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

export function wordCount(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

/** Texts cut into what both begin with, what differs, what both end with, at word ends. */
export function changeOf(before: string, after: string): { start: string; removed: string; added: string; end: string } {
  const a = before.split(/(\s+)/);
  const b = after.split(/(\s+)/);
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const cut = (words: string[], from: number, to: number) => words.slice(from, to).join("");
  return {
    start: cut(a, 0, start),
    removed: cut(a, start, a.length - end),
    added: cut(b, start, b.length - end),
    end: cut(a, a.length - end, a.length),
  };
}
