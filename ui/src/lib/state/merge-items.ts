/** Entries of lists and members of objects in words, from their JSON text; numbers keep their spelling. */
import { dateTimeInWords } from "../format";
import { counted, words } from "../words";
import { isComposite, listItems, objectMembers, scalarText } from "./merge-json";

/** Members whose value names an entry for people, the best first. */
const NAMES = [/^(name|title|label|summary|subject|item)$/i, /(name|title)$/i, /^(value|email|code|date|day)$/i];

/** Times of an event, as people call them; in the order in which they are told. */
const TIMES: Readonly<Record<string, string>> = { DTSTART: "start", DTEND: "end", DUE: "due", DURATION: "length", RRULE: "repeats" };

/** Names of members as the schema has them. */
export type Titles = Readonly<Partial<Record<string, string>>> | undefined;

/** The name of a member as people read it, in the middle of a line: "serial number", "start". */
export function memberName(name: string, titles?: Titles): string {
  const title = titles?.[name];
  if (title !== undefined) return /^\p{Lu}[\p{Ll}\s]+$/u.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
  const apart = name.replace(/([\p{Ll}\d])(\p{Lu})(?=\p{Ll})/gu, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
  return TIMES[name] ?? apart.replace(/[_-]+/g, " ").trim();
}

/** Members in the order in which they are told: the start of an event before its end. */
export function inOrder<T>(members: readonly [name: string, part: T][]): [name: string, part: T][] {
  const times = Object.keys(TIMES);
  const rank = (name: string) => times.indexOf(name);
  return [...members].sort(([a], [b]) => (rank(a) < 0 || rank(b) < 0 ? 0 : rank(a) - rank(b)));
}

/** A list in one line: "3 items: Charger, Battery, Bit set" or "a, b, c". */
export function listText(json: string): string {
  const items = listItems(json) ?? [];
  if (items.some(isComposite)) return `${counted(items.length, "item")}: ${items.map(itemKey).join(", ")}`;
  return items.map(scalarWord).join(", ");
}

/** A human key of an entry: its name, number or date, else its first text, else its first single value. */
export function itemKey(json: string): string {
  const members = objectMembers(json);
  if (!members) return isComposite(json) ? listText(json) : scalarWord(json);
  const single = members.filter(([, part]) => !isComposite(part) && part !== "null" && part !== '""');
  const named = NAMES.map((pattern) => single.find(([name]) => pattern.test(name))).find((one) => one !== undefined) ??
    single.find(([, part]) => part.startsWith('"')) ?? single[0];
  return named ? scalarWord(named[1]) : "item";
}

export function objectText(json: string, titles?: Titles): string {
  return inOrder(objectMembers(json) ?? []).map(([name, part]) => `${memberName(name, titles)} ${memberWords(part, titles)}`).join(", ");
}

/** Any value in one line. An entry with a name begins with it. */
export function memberWords(json: string, titles?: Titles): string {
  if (json.startsWith("[")) return listItems(json)?.length === 0 ? words.values.emptyList : listText(json);
  const members = objectMembers(json);
  if (!members) return scalarWord(json);
  const key = itemKey(json);
  const others = members.filter(([, part]) => isComposite(part) || scalarWord(part) !== key);
  const rest = others.map(([name, part]) => `${memberName(name, titles)} ${memberWords(part, titles)}`).join(", ");
  return [key, rest].filter((one) => one !== "").join(", ");
}

export function scalarWord(json: string): string {
  if (json === "true") return words.values.yes;
  if (json === "false") return words.values.no;
  if (json === "null") return "no value";
  if (json === '""') return "empty";
  const text = scalarText(json);
  return /^"\d{4}-\d\d-\d\dT/.test(json) ? dateTimeInWords(text) : text;
}
