/** Words of the merge screen, built from what the view says. */
import type { Choice, ConflictKind, MergeRow, MergeView, Provenance, Value } from "../backend/generated/ipc";
import { clock, dayTime } from "../format";
import { counted, words } from "../words";
import { noValueWord, plainText, rowText, textWithUnit } from "./merge-values";

/** "server", "the server": the person's name wherever it is known. */
export function whoOnServer(view: Pick<MergeView, "who">): string {
  return view.who ? `${view.who} (server)` : "Someone else (server)";
}

/** The one plain sentence over the rows (M1). */
export function sentence(view: MergeView): string {
  const who = whoOnServer(view);
  switch (view.kind) {
    case "edit_delete":
      return `${who} deleted this ${view.noun}; you edited it.`;
    case "delete_edit":
      return `${who} changed this ${view.noun}; you deleted it.`;
    case "create_create":
      return `${who} and you both created this ${view.noun}.`;
    default:
      return `${who} and you both changed this ${view.noun}.`;
  }
}

/** Who and when, each side in its own words; never a date of one side on the other. */
export function whenSentence(view: MergeView, device: string, now: number): string {
  const mine = view.mine_at === undefined ? `Yours: ${device}.` : `Yours: ${view.kind === "delete_edit" ? "deleted on " : ""}${device}, ${dayTime(view.mine_at, now)}.`;
  const seen = `seen ${seenTime(view, now)}`;
  const made = view.theirs_at === undefined ? "" : `${dayTime(view.theirs_at, now)}, `;
  const gone = view.kind !== "edit_delete" ? "" : made === "" ? "deleted, " : "deleted ";
  return `${mine} On the server: ${gone}${made}${seen}.`;
}

/** "10:42" when the day is plain, else with the day. */
function seenTime(view: MergeView, now: number): string {
  const words = dayTime(view.seen_at, now);
  return view.theirs_at !== undefined && words.startsWith("today ") ? clock(view.seen_at) : words;
}

/** Under the column heads. */
export function columnWords(view: MergeView, device: string, now: number): { theirs: string; mine: string } {
  const at = view.theirs_at ?? view.seen_at;
  const when = view.theirs_at === undefined ? `seen ${dayTime(at, now)}` : dayTime(at, now);
  return {
    theirs: view.who ? `${view.who}, ${when}` : when,
    mine: view.mine_at === undefined ? device : `${device}, ${dayTime(view.mine_at, now)}`,
  };
}

const KINDS: Record<ConflictKind, string> = {
  edit_edit: "Changed in two places",
  edit_delete: "Edited here, deleted on the server",
  delete_edit: "Deleted here, edited on the server",
  create_create: "Created in both places",
};

/** Said once on entry. */
export function entryWords(kind: ConflictKind, fields: number, automatic: number): string {
  const need = fields === 0 ? "Nothing needs your choice" : `${counted(fields, "field")} ${fields === 1 ? "needs" : "need"} your choice`;
  if (kind === "edit_delete" || kind === "delete_edit") return `${KINDS[kind]}. The whole record needs your choice.`;
  return `${KINDS[kind]}. ${need}, ${automatic} put together automatically.`;
}

/** "Deposit. Needs your choice, 1 of 3. Before: 20.00 EUR. Server: 25.00 EUR. Yours: 30.00 EUR." */
export function rowGroupName(name: string, row: MergeRow, standing: string, at: number, all: number): string {
  return `${name}. ${standing}${all > 0 ? `, ${at} of ${all}` : ""}. Before: ${spoken(rowText(row, row.before, false))}. ` +
    `Server: ${spoken(rowText(row, row.theirs))}. Yours: ${spoken(rowText(row, row.mine))}.`;
}

/** A long text as it is read out: its beginning and how long it is. */
const LONG_SPOKEN = 200;
export function spoken(text: string): string {
  if (text.length <= LONG_SPOKEN) return text;
  const words = text.split(/\s+/).filter(Boolean);
  return `${text.slice(0, LONG_SPOKEN).replace(/\s+\S*$/, "")} ... (${counted(words.length, "word")})`;
}

export function choiceWords(choice: Choice): string {
  return CHOICES[choice];
}

const CHOICES: Record<Choice, string> = {
  theirs: "Use server's",
  mine: "Use mine",
  both: "Use both",
  edit: "Write my own",
  later: "Decide later",
};

/** Hidden behind the radio: ": 30.00 EUR". */
export function choiceValue(choice: Choice, row: MergeRow): string {
  if (choice !== "theirs" && choice !== "mine") return "";
  return `: ${spoken(rowText(row, choice === "theirs" ? row.theirs : row.mine))}`;
}

/** After a choice: "Will be sent: 30.00 EUR, mine. 3 of 5 decided." */
export function resultWords(result: Value | undefined, row: MergeRow, from: Provenance | undefined, counts: string): string {
  if (!result) return counts;
  const where = from ? `, ${words.provenance[from]}` : "";
  return `Will be sent: ${spoken(rowText(row, result))}${where}. ${counts}`;
}

export function decidedWords(decided: number, choices: number): string {
  return choices === 0 ? "No choice needed" : `${decided} of ${choices} decided`;
}

/** "Server changed 20.00 to 25.00.": marks as a sentence (M32). */
export function changeSentence(who: string, row: MergeRow, value: Value): string {
  const was = plainText(row.before, row.field);
  if (row.before.type === "missing") return `${who} added ${textWithUnit(value, row.field)}.`;
  if (value.type === "missing") return `${who} removed ${was}.`;
  return `${who} changed ${was} to ${plainText(value, row.field)}.`;
}

/** When one side removed a thing the other changed: who did what. */
export function removalSentence(row: MergeRow, who: string | undefined): string | undefined {
  const thing = row.breadcrumbs.length > 0 ? "this item" : "this field";
  const server = who ?? "The server";
  if (row.before.type === "missing") return undefined;
  if (row.theirs.type === "missing" && row.mine.type !== "missing") {
    return `${server} removed ${thing}; you changed it to ${quoted(row.mine, row)}.`;
  }
  if (row.mine.type === "missing" && row.theirs.type !== "missing") {
    return `You removed ${thing}; ${server === "The server" ? "the server" : server} changed it to ${quoted(row.theirs, row)}.`;
  }
  return undefined;
}

/** A value in quotation marks; a word for no value in brackets, as it stands in its cell. */
function quoted(value: Value, row: MergeRow): string {
  const text = textWithUnit(value, row.field);
  return noValueWord(value) === undefined ? `"${text}"` : `(${text})`;
}

/** What happened to a reopened row. */
export function reopenedWords(choice: Choice | undefined): string {
  const chose = choice === "mine" ? "You chose yours." : choice === "edit" ? "You wrote your own." : choice === "both" ? "You chose both." : "You had chosen.";
  return `${chose} The server changed it again since.`;
}

/** The bar "The server changed again (2 fields)". */
export function changedAgain(fields: number, gone: boolean, noun: string): { bold: string; spoken: string } {
  if (gone) return { bold: `This ${noun} was deleted on the server meanwhile.`, spoken: `The server changed again. This ${noun} was deleted there. Your choices are kept.` };
  const count = counted(fields, "field");
  return fields === 0
    ? { bold: "The server changed again.", spoken: "The server changed again. Your choices are kept." }
    : { bold: `The server changed again (${count}).`, spoken: `The server changed again. ${count}. Your choices are kept.` };
}

export function nowAgainst(at: number, now: number, reopened: number, fresh: number, follows: number, kept: number): string {
  const day = dayTime(at, now, "");
  const parts = [
    reopened > 0 ? `${counted(reopened, "choice")} reopened` : "",
    fresh > 0 ? `${counted(fresh, "new choice")}` : "",
    follows > 0 ? `${follows} ${follows === 1 ? "follows" : "follow"} the server` : "",
    kept > 0 ? `${kept} kept` : "",
  ].filter((part) => part !== "");
  return `Now against the server version of ${day}.${parts.length > 0 ? ` ${parts.join(", ")}.` : ""}`;
}

/** "4 from the server, 2 from you, 1 combined". */
export function fromWords(counts: [from: Provenance, count: number][]): string {
  const names: Record<Provenance, string> = { server: "from the server", mine: "from you", both: "both", combined: "combined", edited: "written by you" };
  return counts.map(([from, count]) => `${count} ${names[from]}`).join(", ");
}

export const mergeWords = {
  ways: { byDate: "In order of date.", server_first: "Server's first.", mine_first: "Mine first.", combined: "The words of both." },
  /** Said after another order was chosen. */
  way: (words: string, counts: string) => `${words} ${counts}`,
  savedHere: "Saved on this computer",
  noOrder: "Only one order here",
  noneSuggested: "Nothing is suggested",
  confirmed: (rows: number) => `${counted(rows, "suggestion")} confirmed.`,
  atLine: (error: string, line: number, column: number) => `Line ${line}, column ${column}: ${error}`,
  number: "A number, for example 12.50",
  date: "A date, for example 14 Sep 2026",
  dateTime: "A date and time, for example 2026-09-14T10:30:00Z",
  chooseOne: "Choose one",
  json: "Not complete yet: brackets, quotation marks or commas do not match",
  device: "this computer",
  over: "This record needs no choice any more. It was settled in another window or by the server.",
  lookAgain: "Your choices changed since they were shown. Nothing was sent: look at them once more.",
  notSaved: "This choice is not saved yet.",
  notSavedText: "Not saved yet. Go on writing, or leave the field to save it",
  changedMeanwhile: "The server changed it again meanwhile.",
  notSavedLeft: (title: string, why: string) => `${title}: what you decided last is not saved. ${why}`,
  undone: (name: string) => `Undone. ${name} is open again.`,
  undoneTo: (name: string, choice: Choice) => `Undone. ${name}: ${CHOICES[choice]}.`,
  undoneRows: (rows: number) => `Undone for ${counted(rows, "row")}.`,
  nothingToUndo: "Nothing to undo",
  nothingToRedo: "Nothing to redo",
  allSide: (rows: number, side: "theirs" | "mine") => `${counted(rows, "row")} ${rows === 1 ? "uses" : "use"} ${side === "theirs" ? "server's" : "mine"}.`,
  noneOpen: "No row is open",
  stillOpen: (name: string, open: number) => `${name} still needs your choice. ${counted(open, "choice")} open.`,
};
