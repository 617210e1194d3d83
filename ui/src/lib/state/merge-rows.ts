/**
 * Rows as the screen groups them. Rows of one field (the paragraphs of a text, the items of a list) stand in one
 * card, in document order; automatic rows of such a field stand in it too, the others in the folded group.
 */
import type { MergeRow, Provenance } from "../backend/generated/ipc";

export interface MergeCard {
  /** Stable for the life of the conflict. */
  id: string;
  title: string;
  /** What its parts are called when it has several. */
  parts?: "paragraph" | "item" | "part";
  open: MergeRow[];
  automatic: MergeRow[];
}

export interface MergeGroups {
  cards: MergeCard[];
  automatic: MergeRow[];
}

export function groupRows(rows: readonly MergeRow[]): MergeGroups {
  const cards = new Map<string, MergeCard>();
  for (const row of rows.filter((one) => one.open)) {
    const id = cardId(row);
    const card = cards.get(id) ?? { id, title: fieldName(row), open: [], automatic: [] };
    card.open.push(row);
    cards.set(id, card);
  }
  const automatic: MergeRow[] = [];
  for (const row of rows.filter((one) => !one.open)) {
    // Only parts of a list or text join a card; a whole field is a line of its own.
    const card = row.breadcrumbs.length > 0 ? cards.get(cardId(row)) : undefined;
    if (card && hasParts(card)) card.automatic.push(row);
    else automatic.push(row);
  }
  for (const card of cards.values()) if (hasParts(card)) card.parts = partNoun(card);
  return { cards: [...cards.values()], automatic };
}

function cardId(row: MergeRow): string {
  const token = row.field.pointer.split("/")[1];
  return token === undefined ? "" : `/${token}`;
}

function fieldName(row: MergeRow): string {
  return row.breadcrumbs[0] ?? row.field.label;
}

function hasParts(card: MergeCard): boolean {
  return card.open.length > 1 || card.open.some((row) => row.breadcrumbs.length > 0);
}

function partNoun(card: MergeCard): MergeCard["parts"] {
  const rows = card.open;
  if (rows.every((row) => row.field.kind === "long_text" && row.field.pointer === rows[0]?.field.pointer)) return "paragraph";
  return rows.some((row) => /\/\d+(\/|$)/.test(row.field.pointer) || row.breadcrumbs.length > 1) ? "item" : "part";
}

/** "Battery 2.0 Ah, condition": the name of a part inside its card. Parts of a text are counted. */
export function partName(row: MergeRow, index: number, of: number): string {
  if (row.breadcrumbs.length === 0) {
    const noun = row.field.kind === "long_text" ? "Paragraph" : "Part";
    return `${noun} ${index + 1} of ${of}${row.before.type === "missing" ? ", added by both" : ""}`;
  }
  const inside = [...row.breadcrumbs.slice(1), row.field.label].filter((name) => name !== "");
  return inside.map((name, at) => (at === 0 ? name : lower(name))).join(", ");
}

/** The whole name of a row outside its card: "Accessories, Battery 2.0 Ah, condition". */
export function rowName(row: MergeRow): string {
  return [...row.breadcrumbs, row.field.label].filter((name) => name !== "").map((name, at) => (at === 0 ? name : lower(name))).join(", ");
}

/** "Serial number" as "serial number"; "URL" and "Battery 2.0 Ah" stay. */
function lower(name: string): string {
  return /^\p{Lu}[\p{Ll}\s]+$/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

/** Counts by where a value comes from, for "4 from the server, 2 from you, 1 combined". */
export function countFrom(rows: readonly MergeRow[]): [from: Provenance, count: number][] {
  const order: Provenance[] = ["server", "mine", "both", "combined", "edited"];
  return order
    .map((from): [Provenance, number] => [from, rows.filter((row) => row.provenance === from).length])
    .filter(([, count]) => count > 0);
}
