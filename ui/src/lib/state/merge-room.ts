/**
 * The room of "Will be sent" before anything is chosen: as high as what a choice may put there, so that nothing below
 * moves under the hand when it is made (UI.md 5: "A decided row keeps its place and size").
 */
import type { MergeRow, Provenance, Value } from "../backend/generated/ipc";
import { bothWays, wayFrom } from "./merge-both";
import { mediaOf } from "./merge-media";
import { editableText, type Editor } from "./merge-typing";
import { textShown, type Shown } from "./merge-values";

/** Something that may stand there. Only its size is used. */
export interface Room {
  text: string;
  /** The source beside it takes some of its width. */
  from: Provenance;
  /** Lines kept free at most; what is longer is cut, and shown on request. */
  lines: number;
  /** One entry a line. */
  list: boolean;
  /** A picture of this address, with a line of words below it. */
  picture?: string | undefined;
}

/** One side: its cell is about as high, so its lines are there anyway. */
const SIDE_LINES = 12;
/** Both sides, a list line by line, a text whose equal lines are folded in the cells: these are longer than the cells. */
const LONG_LINES = 4;
/** The cells fold longer equal stretches. */
const FOLDED_FROM = 8;
/** Fits into the one line that every cell has. */
const SHORT = 22;
/** No line of a screen is longer. */
const LINE = 200;

/** What may stand in "Will be sent" of this row, where it takes more than one line. `first`: what stood there when the row was drawn. */
export function roomsOf(row: MergeRow, editor: Editor, waiting: string, first?: Value, wrote?: string): Room[] {
  const removed = row.before.type !== "missing";
  const rooms: Room[] = [];
  const add = (value: Value | undefined, from: Provenance, most: number) => {
    if (!value) return;
    const shown = textShown(value, row.field, removed);
    const text = row.members.length > 0 ? "" : shownText(shown);
    const long = shown.lines !== undefined || (text.match(/\n/g)?.length ?? 0) > FOLDED_FROM;
    rooms.push({ ...roomFor(text, from, long ? LONG_LINES : most), list: shown.lines !== undefined, picture: mediaOf(value)?.src });
  };
  if (row.choices.includes("theirs")) add(row.theirs, "server", SIDE_LINES);
  if (row.choices.includes("mine")) add(row.mine, "mine", SIDE_LINES);
  for (const way of row.open ? bothWays(row) : []) add(way.value ?? together(row), wayFrom(way.way), LONG_LINES);
  add(first, "combined", SIDE_LINES);
  if (row.choices.includes("edit") && row.members.length === 0 && editor !== "choice" && editor !== "yes_no") {
    // The field is opened with the text of this side; it is written in where it stands.
    rooms.push(roomFor(editableText(row.mine.type === "missing" ? row.theirs : row.mine, editor), "edited", LONG_LINES));
  }
  if (wrote !== undefined) rooms.push(roomFor(`${waiting}\n${wrote}`, "edited", LONG_LINES));
  return rooms.filter((room) => room.picture !== undefined || room.text.length > SHORT || room.text.includes("\n"));
}

function roomFor(text: string, from: Provenance, lines: number): Room {
  // No more of it than can take the lines: a screen may hold a thousand rows.
  const kept = text.split("\n", lines + 1).join("\n").slice(0, lines * LINE);
  return { text: kept, from, lines, list: false };
}

/** Both, where the back end has not made it yet. */
function together({ theirs, mine }: MergeRow): Value | undefined {
  return theirs.type === "text" && mine.type === "text" ? { type: "text", text: `${theirs.text}\n${mine.text}`, json: "" } : undefined;
}

function shownText({ lines, pieces, unit }: Shown): string {
  if (lines) return lines.map((line) => line.pieces.map((piece) => piece.text).join("")).join("\n");
  const text = pieces.map((piece) => (piece.kind === "word" ? `(${piece.text})` : piece.text)).join("");
  return unit && pieces.some((piece) => piece.kind !== "word") ? `${text} ${unit}` : text;
}
