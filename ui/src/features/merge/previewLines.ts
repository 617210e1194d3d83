/**
 * The lines of the three lists before sending: a changed list item by item, a long text part by part and cut to what
 * differs, everything else as the back end tells it.
 */
import type { FieldChange, Mark, MergePreview, MergeRow, MergeView, Value } from "$lib/backend/generated/ipc";
import { dateTimeInWords } from "$lib/format";
import { bothWays, chosenWay, wayFrom } from "$lib/state/merge-both";
import { wordMarks } from "$lib/state/merge-diff";
import { itemKey, memberName, memberWords, scalarWord } from "$lib/state/merge-items";
import { isComposite, listItems, objectMembers, valueOf } from "$lib/state/merge-json";
import { groupRows, lower, partName, rowName, type MergeCard } from "$lib/state/merge-rows";
import { sameValue, type Shape } from "$lib/state/merge-values";
import { previewWords as words } from "./words";

/** One line; `said` are words instead of a value ("added", "brought back, condition one new"). */
export interface PreviewLine extends FieldChange {
  fromSaid?: string;
  toSaid?: string;
  /** Both, in order of date. */
  byDate?: boolean;
  shape: Shape;
}

export interface PreviewLists {
  change: PreviewLine[];
  take: PreviewLine[];
}

export function previewLists(view: MergeView, preview: MergePreview): PreviewLists {
  const kinds = new Map(view.rows.map((row) => [nameOf(row), row.field.kind]));
  const { cards } = groupRows(view.rows, view.lists);
  const lines = (changes: readonly FieldChange[], take: boolean) => changes.flatMap((change): PreviewLine[] => {
    const shape: Shape = { kind: kinds.get(change.label.toLowerCase()) ?? guess(change), options: [] };
    return byPart(change, cards, take) ?? byItem(change, view) ?? [excerpt({ ...change, label: shortLabel(change, view), shape })];
  });
  return { change: lines(preview.change, false), take: lines(preview.take, true) };
}

/** A field without a row of its own, such as the start of an event: what is written as a date is shown as one. */
function guess({ from, to }: FieldChange): Shape["kind"] {
  return [from, to].some((value) => value.type === "text" && dateTimeInWords(value.text) !== value.text) ? "date_time" : "text";
}

function nameOf(row: MergeRow): string {
  return [...row.breadcrumbs, row.field.label].join(", ").toLowerCase();
}

/** "Accessories, Charger, Serial number" as "Charger, serial number" where the card says the rest. */
function shortLabel(change: FieldChange, view: MergeView): string {
  const row = view.rows.find((one) => nameOf(one) === change.label.toLowerCase());
  if (!row) return change.label;
  return row.list !== undefined && row.breadcrumbs.length > 1 ? partName(row, 0, 1) : rowName(row);
}

/** A text whose paragraphs were decided one by one. */
function byPart(change: FieldChange, cards: readonly MergeCard[], take: boolean): PreviewLine[] | undefined {
  const card = cards.find((one) => one.parts === "paragraph" && one.title.toLowerCase() === change.label.toLowerCase());
  // Written as a whole, or with paragraphs of one side beside: one line says it.
  const taken = (card?.lines ?? []).some((line) => line.kind === "taken");
  if (!card || taken || card.whole?.choice === "edit" || card.open.some((row) => !row.result)) return undefined;
  const rows = card.open.filter((row) => row.result && sameValue(row.result, row.theirs) === take);
  if (rows.length === 0) return undefined;
  return rows.map((row): PreviewLine => {
    const way = chosenWay(row);
    return excerpt({
      label: `${card.title}, ${lower(partName(row, card.open.indexOf(row), card.open.length)).replace(/,.*$/, "").toLowerCase()}`,
      from: take ? row.mine : row.theirs, to: row.result ?? row.theirs, shape: row.field,
      provenance: way ? wayFrom(way) : row.provenance, byDate: bothWays(row).some((one) => one.way === way && one.byDate),
    });
  });
}

/** A list of objects: one line for every entry that differs. */
function byItem(change: FieldChange, view: MergeView): PreviewLine[] | undefined {
  const was = change.from.type === "missing" ? [] : listItems(change.from.json);
  const now = change.to.type === "missing" ? [] : listItems(change.to.json);
  if (!was || !now || ![...was, ...now].every((item) => item.startsWith("{")) || was.length + now.length === 0) return undefined;
  const old = new Map(was.map((item) => [itemKey(item), item]));
  const keys = new Set(now.map(itemKey));
  if (old.size !== was.length || keys.size !== now.length) return undefined;
  const from = (key: string) => view.rows.find((row) => row.list !== undefined && (row.breadcrumbs[1] === key || row.field.label === key))?.provenance ?? change.provenance;
  const line = (key: string, more: Partial<PreviewLine>): PreviewLine => ({ ...change, shape: { kind: "text", options: [] }, label: `${change.label}, ${key}`, provenance: from(key), ...more });
  const lines = now.flatMap((item): PreviewLine[] => {
    const key = itemKey(item);
    const then = old.get(key);
    if (then === item) return [];
    if (then === undefined) return [line(key, cameBack(key, item, view) ?? { fromSaid: words.notThere, toSaid: words.added })];
    const names = differing(then, item);
    const only = names.length === 1 ? names[0] : undefined;
    const member = only === undefined ? undefined : memberRow(view, key, only);
    if (only !== undefined && member) return [line(key, { label: partName(member, 0, 1), from: valueIn(then, only), to: valueIn(item, only), shape: member.field })];
    return [line(key, { fromSaid: said(then, names), toSaid: said(item, names) })];
  });
  const gone = was.filter((item) => !keys.has(itemKey(item))).map((item) => line(itemKey(item), { fromSaid: memberWords(item), toSaid: words.removed }));
  const order = lines.length + gone.length === 0 ? [line(words.order, { fromSaid: was.map(itemKey).join(", "), toSaid: now.map(itemKey).join(", ") })] : [];
  return [...lines, ...gone, ...order];
}

/** An entry the server removed and the person keeps: what is new in it. */
function cameBack(key: string, item: string, view: MergeView): Partial<PreviewLine> | undefined {
  const row = view.rows.find((one) => one.list !== undefined && one.theirs.type === "missing" && one.before.type !== "missing" && (one.breadcrumbs[1] === key || one.field.label === key));
  if (!row) return undefined;
  if (row.breadcrumbs[1] !== key) {
    const changed = row.before.type === "object" ? said(item, differing(row.before.json, item)) : "";
    return { fromSaid: words.removed, toSaid: [words.broughtBack, changed].filter(Boolean).join(words.and) };
  }
  const name = row.field.pointer.split("/").at(-1) ?? "";
  const part = new Map(objectMembers(item)).get(name);
  return { fromSaid: words.removed, toSaid: [words.broughtBack, part === undefined ? "" : `${lower(row.field.label)} ${memberWords(part)}`].filter(Boolean).join(words.and) };
}

function memberRow(view: MergeView, key: string, member: string): MergeRow | undefined {
  return view.rows.find((row) => row.list !== undefined && row.breadcrumbs[1] === key && row.field.pointer.endsWith(`/${member}`));
}

const valueIn = (item: string, name: string): Value => valueOf(new Map(objectMembers(item)).get(name));

/** The members that differ. */
function differing(was: string, now: string): string[] {
  const old = new Map(objectMembers(was));
  const fresh = new Map(objectMembers(now));
  return [...new Set([...fresh.keys(), ...old.keys()])].filter((name) => old.get(name) !== fresh.get(name));
}

function said(item: string, names: readonly string[]): string {
  const members = new Map(objectMembers(item));
  return names.map((name) => {
    const part = members.get(name);
    return `${memberName(name)} ${part === undefined ? words.notThere : isComposite(part) ? memberWords(part) : scalarWord(part)}`;
  }).join(", ");
}

/** Longer texts are cut around what differs. */
const LONG = 48;
const AROUND = 18;

function excerpt(line: PreviewLine): PreviewLine {
  const { from, to } = line;
  if (line.provenance === "combined" || from.type !== "text" || to.type !== "text" || Math.max(from.text.length, to.text.length) <= LONG) return line;
  const lines = (value: Value) => value.text.split("\n").filter((one) => one.trim() !== "").length;
  if (lines(from) !== lines(to) && to.text.includes("\n")) return { ...line, fromSaid: words.lines(lines(from)), toSaid: `${words.lines(lines(to))}${line.byDate ? words.byDate : ""}` };
  return { ...line, ...around(wordMarks(from.text, to.text)) };
}

/** The greatest change with a few words around it. */
function around(marks: readonly Mark[]): Pick<PreviewLine, "from" | "to"> {
  const groups: { start: number; end: number; weight: number }[] = [];
  marks.forEach((mark, at) => {
    if (mark.kind === "equal") return;
    const last = groups.at(-1);
    if (last?.end === at) Object.assign(last, { end: at + 1, weight: last.weight + mark.text.length });
    else groups.push({ start: at, end: at + 1, weight: mark.text.length });
  });
  const best = groups.reduce<(typeof groups)[number] | undefined>((top, one) => (top && top.weight >= one.weight ? top : one), undefined);
  if (!best) return { from: textOf(""), to: textOf("") };
  const before = marks[best.start - 1]?.text ?? "";
  const after = marks[best.end]?.text ?? "";
  const head = best.start > 1 || before.length > AROUND ? `... ${lastWords(before)}` : before;
  const tail = best.end < marks.length - 1 || after.length > AROUND ? `${firstWords(after)} ...` : after;
  const part = (kind: Mark["kind"]) => marks.slice(best.start, best.end).filter((mark) => mark.kind === kind).map((mark) => mark.text).join("");
  const cut = (kind: Mark["kind"]) => textOf(`${head}${part(kind)}${tail}`.replace(/\s+/g, " ").trim());
  return { from: cut("removed"), to: cut("added") };
}

const textOf = (text: string): Value => ({ type: "text", text, json: JSON.stringify(text) });
const lastWords = (text: string) => (text.length > AROUND ? text.slice(-AROUND).replace(/^\S*\s/, "") : text);
const firstWords = (text: string) => (text.length > AROUND ? text.slice(0, AROUND).replace(/\s\S*$/, "") : text);
