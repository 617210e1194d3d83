/**
 * Reading the JSON text of a value without re-spelling it: lists and objects are cut into the JSON texts of
 * their parts, so numbers keep every digit (a JavaScript number would not).
 */
import type { Value, ValueType } from "../backend/generated/ipc";

/** JSON texts of the elements of a list; `undefined` when the text is no list. */
export function listItems(json: string): string[] | undefined {
  return cut(json, "[", "]");
}

/** Names and JSON texts of the members of an object; `undefined` when the text is no object. */
export function objectMembers(json: string): [name: string, json: string][] | undefined {
  const parts = cut(json, "{", "}");
  return parts?.map((part) => {
    const end = stringEnd(part, 0);
    const colon = part.indexOf(":", end);
    return [unquote(part.slice(0, end)), part.slice(colon + 1).trim()];
  });
}

/** The text of a scalar for people: a string unescaped, everything else as it is spelled. */
export function scalarText(json: string): string {
  return json.startsWith('"') ? unquote(json) : json;
}

/** JSON text as a value; absent = not there. */
export function valueOf(json: string | undefined): Value {
  if (json === undefined) return { type: "missing", text: "", json: "" };
  return { type: typeOf(json), text: scalarText(json), json };
}

function typeOf(json: string): ValueType {
  if (json.startsWith('"')) return "text";
  if (json.startsWith("[")) return "list";
  if (json.startsWith("{")) return "object";
  if (json === "true" || json === "false") return "boolean";
  return json === "null" ? "null" : "number";
}

export function isComposite(json: string): boolean {
  return json.startsWith("[") || json.startsWith("{");
}

function unquote(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json;
  }
}

/** Index just behind the string that starts at `from`. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function cut(json: string, open: string, close: string): string[] | undefined {
  const text = json.trim();
  if (!text.startsWith(open) || !text.endsWith(close)) return undefined;
  const inner = text.slice(1, -1);
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < inner.length; at += 1) {
    const char = inner[at];
    if (char === '"') at = stringEnd(inner, at) - 1;
    else if (char === "[" || char === "{") depth += 1;
    else if (char === "]" || char === "}") depth -= 1;
    else if (char === "," && depth === 0) {
      parts.push(inner.slice(start, at).trim());
      start = at + 1;
    }
  }
  const last = inner.slice(start).trim();
  if (last !== "") parts.push(last);
  return parts;
}
