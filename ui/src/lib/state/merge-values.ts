/** How values are shown: words for what is not there, dates and choices by name, pieces with marks. */
import type { FieldMeta, Mark, MergeRow, Value } from "../backend/generated/ipc";
import { dateTimeInWords } from "../format";
import { words } from "../words";
import { wordMarks } from "./merge-diff";
import { listText, objectText, scalarWord, type Titles } from "./merge-items";
import { isComposite, listItems, objectMembers, valueOf } from "./merge-json";
import { listLines, objectLines, type Line } from "./merge-lists";
import { mediaOf, mediaWords } from "./merge-media";

/** What is known about a field, as far as showing a value needs it. */
export type Shape = Pick<FieldMeta, "kind" | "options" | "unit" | "titles">;

/** One piece of a cell. `word` is a word for no value; `only` is on this side only (sides compared). */
export interface Piece {
  kind: "equal" | "removed" | "added" | "only" | "word";
  text: string;
}

/** A cell: signs in the gutter, pieces, and the unit behind them; for lists and objects one line an entry. */
export interface Shown {
  gutter: "" | "-" | "+" | "-+";
  pieces: Piece[];
  unit?: string;
  lines?: Line[];
}

/** Words for no value, all different (M14). `removed` = it was there before and this side took it away. */
export function noValueWord(value: Value, removed = false): string | undefined {
  if (value.type === "missing") return removed ? "removed" : "not there";
  if (value.type === "null") return "no value";
  if (value.type === "text" && value.text === "") return "empty";
  if (value.type === "list" && listItems(value.json)?.length === 0) return "empty list";
  if (value.type === "object" && objectMembers(value.json)?.length === 0) return "empty group";
  return undefined;
}

export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  return a?.type === b?.type && a?.json === b?.json;
}

/** A value as people read it, without unit; no-value words without brackets. */
export function plainText(value: Value, shape?: Shape, removed = false): string {
  return noValueWord(value, removed) ?? visibleText(value, shape);
}

/** The same with its unit: "25.00 EUR". */
export function textWithUnit(value: Value, shape?: Shape, removed = false): string {
  const word = noValueWord(value, removed);
  if (word !== undefined) return word;
  const text = visibleText(value, shape);
  return shape?.unit ? `${text} ${shape.unit}` : text;
}

function visibleText(value: Value, shape?: Shape): string {
  const option = shape?.options.find((one) => one.json === value.json);
  if (option) return option.title;
  switch (value.type) {
    case "boolean":
      return value.json === "true" ? words.values.yes : words.values.no;
    case "list":
      return listText(value.json);
    case "object":
      return objectText(value.json, shape?.titles);
    case "text":
      return textOf(value, shape);
    default:
      return value.text;
  }
}

function textOf(value: Value, shape?: Shape): string {
  // Where nothing is known about the field, what is written as a date is shown as one.
  if (shape === undefined || shape.kind === "date" || shape.kind === "date_time") {
    const date = dateTimeInWords(value.text);
    if (shape !== undefined || date !== value.text) return date;
  }
  const media = mediaOf(value);
  return media ? mediaWords(media) : value.text;
}

/** One side of a row against Before (M5), with word marks from the back end where they fit the text shown. */
export function sideShown(row: MergeRow, side: "theirs" | "mine"): Shown {
  const value = side === "theirs" ? row.theirs : row.mine;
  const then = side === "theirs" ? row.theirs_then : undefined;
  if (then && !sameValue(then, value)) return changeShown(then, value, row.field, row.then_marks);
  return changeShown(row.before, value, row.field, side === "theirs" ? row.theirs_marks : row.mine_marks);
}

/** Server's against yours (key X): what stands on one side only, in both cells. */
export function sidesShown(row: Pick<MergeRow, "before" | "theirs" | "mine" | "field" | "sides_marks">, side: "theirs" | "mine"): Shown {
  const value = side === "theirs" ? row.theirs : row.mine;
  const word = noValueWord(value, row.before.type !== "missing");
  if (word !== undefined) return { gutter: "", pieces: [{ kind: "word", text: word }] };
  const lines = linesOf(side === "theirs" ? row.mine : row.theirs, value, row.field.titles);
  if (lines) return { gutter: "", pieces: [], lines: lines.flatMap(onlyHere) };
  const marks = row.sides_marks.length > 0 && rawShown(row.theirs, row.field) && rawShown(row.mine, row.field)
    ? row.sides_marks
    : wordMarks(plainText(row.theirs, row.field), plainText(row.mine, row.field));
  const own = side === "theirs" ? "removed" : "added";
  const pieces = marks
    .filter((mark) => mark.kind === "equal" || mark.kind === own)
    .map((mark): Piece => ({ kind: mark.kind === "equal" ? "equal" : "only", text: mark.text }));
  return { gutter: "", pieces, unit: row.field.unit };
}

/** A line of this side beside the other side: what stands only here, without signs. */
function onlyHere(line: Line): Line[] {
  if (line.sign === "-") return [];
  const pieces = line.pieces.filter((piece) => piece.kind !== "removed").map((piece): Piece => (piece.kind === "added" ? { kind: "only", text: piece.text } : piece));
  return [{ ...line, sign: "", pieces }];
}

/** The text shown is the value's own text, so marks over that text fit. */
function rawShown(value: Value, shape: Shape): boolean {
  return (value.type === "text" || value.type === "number") && visibleText(value, shape) === value.text;
}

/** A value against an earlier one. */
export function changeShown(before: Value, value: Value, shape: Shape, marks: Mark[] = []): Shown {
  const unit = shape.unit;
  const hadWord = noValueWord(before);
  const word = noValueWord(value, before.type !== "missing");
  if (word !== undefined) {
    const pieces: Piece[] = [{ kind: "word", text: word }];
    if (sameValue(before, value)) return { gutter: "", pieces };
    if (value.type !== "missing" && hadWord === undefined) {
      pieces.unshift({ kind: "removed", text: visibleText(before, shape) });
    }
    return { gutter: before.type === "missing" ? "+" : "-", pieces };
  }
  const lines = linesOf(before, value, shape.titles);
  if (lines) return { gutter: signOf(lines), pieces: [{ kind: "equal", text: visibleText(value, shape) }], lines };
  const text = visibleText(value, shape);
  if (sameValue(before, value)) return { gutter: "", pieces: [{ kind: "equal", text }], unit };
  if (hadWord !== undefined) return { gutter: "+", pieces: [{ kind: "added", text }], unit };
  const pieces = rawShown(before, shape) && rawShown(value, shape) && marks.length > 0
    ? marks.map((mark): Piece => ({ kind: mark.kind, text: mark.text }))
    : ownMarks(before, value, shape);
  return { gutter: gutterOf(pieces), pieces, unit };
}

/** Short lists of plain values stay in one line. */
const SHORT_LIST = 48;

/** Lists and objects as lines. */
function linesOf(before: Value, value: Value, titles: Titles): Line[] | undefined {
  const was = before.type === value.type ? before.json : "";
  if (value.type === "object") return objectLines(was, value.json, titles);
  if (value.type !== "list") return undefined;
  const items = [...(listItems(value.json) ?? []), ...(listItems(was) ?? [])];
  if (!items.some(isComposite) && items.join("").length <= SHORT_LIST) return undefined;
  return listLines(was, value.json, titles);
}

function signOf(lines: readonly Line[]): Shown["gutter"] {
  const plus = lines.some((line) => line.sign.includes("+") || line.moved);
  const minus = lines.some((line) => line.sign.includes("-") || line.moved);
  return minus ? (plus ? "-+" : "-") : plus ? "+" : "";
}

/** Marks made here: item by item for plain lists, whole value for dates, choices and yes/no, words otherwise. */
function ownMarks(before: Value, value: Value, shape: Shape): Piece[] {
  const from = visibleText(before, shape);
  const to = visibleText(value, shape);
  // Two values that read the same are shown as they are spelled, so that the difference is seen.
  if (from === to) return [{ kind: "removed", text: before.text }, { kind: "added", text: value.text }];
  if (shape.kind === "date_time") return partMarks(from, to);
  const items = listItems(value.json);
  const were = listItems(before.json);
  if (items && were && ![...items, ...were].some(isComposite)) return itemMarks(were, items);
  if (rawShown(value, shape) && rawShown(before, shape) && value.type === "text" && before.type === "text") return wordMarks(from, to);
  return [{ kind: "removed", text: from }, { kind: "added", text: to }];
}

/** Day, time and zone each as one piece. */
function partMarks(from: string, to: string): Piece[] {
  const parts = (text: string) => /^(.*?)(, )?(\d\d:\d\d)?( UTC| [+-]\d\d:?\d\d)?$/.exec(text)?.slice(1).map((part) => part ?? "") ?? [text];
  const was = parts(from);
  const now = parts(to);
  if (was.length !== now.length) return [{ kind: "removed", text: from }, { kind: "added", text: to }];
  const pieces = now.flatMap((part, at): Piece[] => (part === was[at] ? [{ kind: "equal", text: part }] : [{ kind: "removed", text: was[at] ?? "" }, { kind: "added", text: part }]));
  return pieces.filter((piece) => piece.text !== "");
}

function itemMarks(were: string[], items: string[]): Piece[] {
  const gone = were.filter((item) => !items.includes(item));
  const list: Piece[] = [
    ...gone.map((item): Piece => ({ kind: "removed", text: scalarWord(item) })),
    ...items.map((item): Piece => ({ kind: were.includes(item) ? "equal" : "added", text: scalarWord(item) })),
  ];
  return list.flatMap((piece, index) => (index === 0 ? [piece] : [{ kind: "equal" as const, text: ", " }, piece]));
}

function gutterOf(pieces: Piece[]): Shown["gutter"] {
  const removed = pieces.some((piece) => piece.kind === "removed");
  const added = pieces.some((piece) => piece.kind === "added");
  return removed ? (added ? "-+" : "-") : added ? "+" : "";
}

/** A value as it is, without marks: a word, text with its unit, or lines. */
export function textShown(value: Value, shape: Shape, removed = false): Shown {
  const word = noValueWord(value, removed);
  if (word !== undefined) return { gutter: "", pieces: [{ kind: "word", text: word }] };
  return { gutter: "", pieces: [{ kind: "equal", text: visibleText(value, shape) }], unit: shape.unit, lines: linesOf(value, value, shape.titles) };
}

/** A value of a row in words; of a row that holds several fields, each by its name: "Start 14:00, End 16:00". */
export function rowText(row: MergeRow, value: Value, removed = row.before.type !== "missing"): string {
  if (row.members.length === 0 || value.type !== "object") return textWithUnit(value, row.field, removed);
  const parts = new Map(objectMembers(value.json));
  return row.members.map(({ name, field }) => {
    return `${field.label} ${textWithUnit(valueOf(parts.get(name)), field)}`;
  }).join(", ");
}
