/**
 * Rows as the screen groups them. Rows of one field (the paragraphs of a text, the items of a list, the members of
 * an object) stand in one card, in document order; automatic rows of such a field stand in it too, the others in the
 * folded group.
 */
import type { MergeList, MergeRow, Paragraph, Provenance } from "../backend/generated/ipc";
import { counted } from "../words";
import { paragraphsOf } from "./merge-paragraphs";

/** One line of a card of a long text, in reading order. */
export type TextLine =
  | { kind: "row"; row: MergeRow }
  | { kind: "equal"; words: string; text: string }
  | { kind: "taken"; paragraph: Paragraph; name: string };

export interface MergeCard {
  /** Stable for the life of the conflict. */
  id: string;
  title: string;
  /** What its parts are called when it has several. */
  parts?: "paragraph" | "item" | "part";
  open: MergeRow[];
  automatic: MergeRow[];
  /** The row of the whole text, beside those of its parts. */
  whole?: MergeRow;
  /** Paragraphs of the text: those with a row, those taken from one side, the equal ones folded. */
  lines?: TextLine[];
  list?: MergeList;
}

export interface MergeGroups {
  cards: MergeCard[];
  automatic: MergeRow[];
}

export function groupRows(rows: readonly MergeRow[], lists: readonly MergeList[] = []): MergeGroups {
  const cards = new Map<string, MergeCard>();
  for (const row of rows.filter((one) => one.open)) {
    const id = cardId(row);
    const list = lists.find((one) => one.pointer === id);
    const card = cards.get(id) ?? { id, title: list?.label ?? fieldName(row), open: [], automatic: [], list };
    card.open.push(row);
    cards.set(id, card);
  }
  const automatic: MergeRow[] = [];
  for (const row of rows.filter((one) => !one.open)) {
    const text = cards.get(row.field.pointer);
    const card = cards.get(cardId(row));
    if (text && isWholeText(row, text)) text.whole = row;
    // Only parts of a list or text join a card; a whole field is a line of its own.
    else if (card && (row.breadcrumbs.length > 0 || row.list !== undefined) && hasParts(card)) card.automatic.push(row);
    else automatic.push(row);
  }
  for (const card of cards.values()) {
    if (!hasParts(card)) continue;
    card.parts = partNoun(card);
    const paragraphs = card.whole && card.parts === "paragraph" ? paragraphsOf(card.whole, card.open) : [];
    if (paragraphs.length > 0) card.lines = textLines(paragraphs, card.open);
  }
  return { cards: [...cards.values()], automatic };
}

/** The text (or list) itself, when its clashing parts are rows of their own. */
function isWholeText(row: MergeRow, card: MergeCard): boolean {
  return row.part === undefined && card.open.some((one) => one.part !== undefined && one.field.pointer === row.field.pointer);
}

function cardId(row: MergeRow): string {
  if (row.list !== undefined) return row.list;
  if (row.part !== undefined || row.breadcrumbs.length === 0) return row.field.pointer;
  const token = row.field.pointer.split("/")[1];
  return token === undefined ? "" : `/${token}`;
}

function fieldName(row: MergeRow): string {
  return row.part === undefined ? (row.breadcrumbs[0] ?? row.field.label) : rowName(row);
}

function hasParts(card: MergeCard): boolean {
  return card.open.length > 1 || card.whole !== undefined || card.open.some((row) => row.part !== undefined || row.breadcrumbs.length > 0);
}

function partNoun(card: MergeCard): MergeCard["parts"] {
  const rows = card.open;
  if (rows.every((row) => row.field.kind === "long_text" && row.field.pointer === rows[0]?.field.pointer)) return "paragraph";
  return card.list || rows.some((row) => /\/\d+(\/|$)/.test(row.field.pointer) || row.breadcrumbs.length > 1) ? "item" : "part";
}

function textLines(paragraphs: readonly Paragraph[], rows: readonly MergeRow[]): TextLine[] {
  const shown = new Set<number>();
  let number = 0;
  const lines = paragraphs.flatMap((one): TextLine[] => {
    number += one.count;
    const row = rows.find((row) => row.row === one.row);
    if (row) {
      shown.add(row.row);
      return [{ kind: "row", row }];
    }
    if (one.kind === "equal") return [{ kind: "equal", words: counted(one.count, "equal paragraph"), text: one.before ?? one.theirs ?? one.mine ?? "" }];
    return [{ kind: "taken", paragraph: one, name: `Paragraph ${number}` }];
  });
  // Never lose a row, whatever the paragraphs say.
  return [...lines, ...rows.filter((row) => !shown.has(row.row)).map((row): TextLine => ({ kind: "row", row }))];
}

/** "Battery 2.0 Ah, condition": the name of a part inside its card. Parts of a text are counted. */
export function partName(row: MergeRow, index: number, of: number): string {
  if (row.part_name !== undefined && row.part_name !== "") return row.part_name;
  if (row.part !== undefined || row.breadcrumbs.length === 0) {
    const noun = row.field.kind === "long_text" ? "Paragraph" : "Part";
    const place = of > 1 && index === of - 1 ? `Last ${noun.toLowerCase()}` : `${noun} ${index + 1} of ${of}`;
    return `${place}${row.before.type === "missing" ? ", added by both" : ""}`;
  }
  return named(row, row.breadcrumbs.slice(1));
}

/** The whole name of a row outside its card: "Accessories, Battery 2.0 Ah, condition". */
export function rowName(row: MergeRow): string {
  return named(row, row.breadcrumbs);
}

/** What is around it and its own name. Only names of fields are written small: entries of lists are called as they are. */
function named(row: MergeRow, around: readonly string[]): string {
  const own = around.length > 0 && row.entry === undefined ? lower(row.field.label) : row.field.label;
  return [...around, own].filter((name) => name !== "").join(", ");
}

/** "Serial number" as "serial number"; "URL" and "Battery 2.0 Ah" stay. */
export function lower(name: string): string {
  return /^\p{Lu}[\p{Ll}\s]+$/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

/** Counts by where a value comes from, for "4 from the server, 2 from you, 1 combined". */
export function countFrom(rows: readonly MergeRow[]): [from: Provenance, count: number][] {
  const order: Provenance[] = ["server", "mine", "both", "combined", "edited"];
  return order
    .map((from): [Provenance, number] => [from, rows.filter((row) => row.provenance === from).length])
    .filter(([, count]) => count > 0);
}
