/** Words of the history. */
import type { HistoryEntry, HistoryMerge, UnusedText } from "$lib/backend/generated/ipc";
import type { IconName } from "$components/icons";
import { clock, shortTime, size } from "$lib/format";
import type { VersionLine } from "$lib/state/history.svelte";
import { counted } from "$lib/words";

const WHAT: Record<string, { title: string; icon: IconName }> = {
  seen: { title: "Changed on the server", icon: "server" },
  server: { title: "Changed on the server", icon: "server" },
  sent: { title: "Sent", icon: "send" },
  set_aside: { title: "Edited here", icon: "pencil" },
  merged: { title: "Put together", icon: "fork" },
  merged_by_itself: { title: "Put together by itself", icon: "fork" },
  taken_in: { title: "Taken in", icon: "fork" },
  brought_back: { title: "Brought back", icon: "undo" },
  undone: { title: "Undone", icon: "undo" },
  rejected: { title: "Rejected by the server", icon: "xcircle" },
  recognised: { title: "Sent, found on the server", icon: "check" },
  gone: { title: "Deleted on the server", icon: "minus" },
  deleted: { title: "Deleted here", icon: "minus" },
  discarded: { title: "Taken back", icon: "undo" },
};

/** Icon and title of a line; `first` = the oldest one. */
export function lookOf(entry: HistoryEntry, first: boolean, sent = false): { title: string; icon: IconName } {
  if (first && entry.what === "seen") return { title: "First seen", icon: "plus" };
  if (entry.program !== undefined) return { title: `Came back from ${entry.program}`, icon: "link" };
  const look = WHAT[entry.what] ?? { title: entry.what.replaceAll("_", " "), icon: "history" };
  return sent && entry.what.startsWith("merged") ? { ...look, title: `${look.title} and sent` } : look;
}

/** "5 choices by you, 7 automatic". */
export function tally(merge: HistoryMerge): string {
  const parts = [merge.by_you > 0 ? `${counted(merge.by_you, "choice")} by you` : "", merge.automatic > 0 ? `${merge.automatic} automatic` : ""];
  return parts.filter((part) => part !== "").join(", ");
}

/** Who and what, behind a line; `of` finds another version. */
export function detailOf(entry: HistoryEntry, now: number, of: (version: number) => HistoryEntry | undefined): string {
  if (entry.words !== undefined) return `"${entry.words}"`;
  const fields = entry.changed.join(", ");
  const told = entry.merge ? tally(entry.merge) : "";
  const from = entry.of_version === undefined ? undefined : of(entry.of_version);
  if (from && entry.what === "brought_back") return `You: ${fields ? `${fields} ` : ""}from ${lineTime(from.at, now)}`;
  if (from && entry.what === "undone") return `You: what was put together ${lineTime(from.at, now)}`;
  if (told) return told;
  if (entry.by === "server") return fields || "from the server";
  const who = entry.by === "you" ? `You, ${entry.device ?? "this computer"}` : entry.by;
  const aside = entry.what === "set_aside" ? ", not used" : "";
  return `${fields ? `${who}: ${fields}` : who}${aside}`;
}

/** When, by whose clock, and when it was seen here: read out and shown on hover. */
export function whenTold(entry: HistoryEntry, now: number): string {
  if (entry.clock !== "server" || entry.seen_at === undefined) return lineTime(entry.at, now);
  return `${lineTime(entry.at, now)} by the server's clock, seen here ${lineTime(entry.seen_at, now)}`;
}

/** "09:58" today, else "9 Jun". */
export function lineTime(at: number, now: number): string {
  return sameDay(at, now) ? clock(at) : shortTime(at, now);
}

export function sameDay(at: number, now: number): boolean {
  return new Date(at).toDateString() === new Date(now).toDateString();
}

/** "14 versions, 62 kB, kept for good". */
export function countOf(lines: readonly VersionLine[], days: number | undefined): string {
  const kept = lines.filter(({ entry }) => entry.version > 0);
  const bytes = kept.reduce((sum, { entry }) => sum + entry.bytes, 0);
  return `${counted(kept.length, "version")}, ${size(bytes)}, ${keptFor(days)}`;
}

export function keptFor(days: number | undefined): string {
  if (days === undefined) return "kept for good";
  return days === 365 ? "kept for 1 year" : `kept for ${counted(days, "day")}`;
}

export const words = {
  unused: {
    /** Calm, and true also much later: nothing is lost, nothing was sent. */
    text: ({ program, file }: UnusedText): string =>
      file === undefined
        ? `The text that came back from ${program} was not used, because this merge is finished. It is kept in the record's history.`
        : `The text that came back from ${program} was not used, because this merge is finished. Its file stays here: ${file}`,
    show: "Show it",
  },
  tab: "History",
  title: "History",
  versions: "Versions",
  comparison: "Comparison",
  show: (side: string) => `Versions shown: ${side}`,
  more: (count: number) => `${count} more`,
  all: "All",
  mine: "Yours",
  server: "On the server",
  today: "Today",
  earlier: "Earlier",
  now: "Now",
  sameAsServer: "Same as the server",
  editedNow: "With your edits on this computer",
  needsNow: "Needs your choice",
  compared: "compared with",
  comparedWith: (other: string) => `Compared with: ${other}`,
  before: "Version before",
  nothingBefore: "Nothing before",
  onlyDifferences: "Only differences",
  field: "Field",
  then: (when: string) => `Then, ${when}`,
  action: "Action",
  bringBack: "Bring back",
  remove: "Remove",
  bringBackOf: (name: string) => `: ${name}`,
  bringBackVersion: "Bring back this version",
  copy: "Copy as new record",
  makesEdit: "Makes a new edit. Can be undone.",
  notKept: "The content of this version is not kept here.",
  inLog: "The server's own log says so. Its content was never on this computer.",
  same: (count: number) => (count === 1 ? "1 other field is the same in both." : `${count} other fields are the same in both.`),
  noDifference: "No difference",
  reading: "Reading the version",
  cannotRead: "The history cannot be read",
  readAgain: "Read again",
  empty: "No versions yet",
  emptyText: "Versions are kept from the first change on.",
  wide: "Show wide",
  brought: (when: string) => `The version of ${when} is back as an edit. It waits in the Outbox.`,
  broughtSent: (when: string) => `The version of ${when} is on the server again.`,
  broughtField: (label: string) => `${label} is back as it was. It waits in the Outbox.`,
  copied: "The copy waits in the Outbox.",
  copySent: "The copy is on the server.",
  openCopy: "Show",
  noRecord: "This record is gone from your lists; its versions are still here.",
  back: "Back to the record",
  undo: "Undo",
  undoThis: "Undo what was put together",
  undoToServer: "Back to the server's version before it",
  undoToMine: "Back to your version before it",
  why: (merge: HistoryMerge) => `Why it is as it is: ${tally(merge)}`,
  partsOf: (count: number) => counted(count, "part"),
  times: (count: number) => `(${count} times)`,
  parts: "Made of",
  partBefore: "Before",
  partServer: "On the server",
  partYours: "Yours",
  export: "Export history",
  exports: {
    recordCsv: "This record, as a table (CSV)",
    recordJson: "This record, as JSON",
    listCsv: (title: string) => `All of ${title}, as a table (CSV)`,
    listJson: (title: string) => `All of ${title}, as JSON`,
    allJson: "All records, as JSON",
  },
  keep: {
    title: "Versions",
    label: "Keep for",
    month: "30 days",
    year: "1 year",
    good: "For good",
    other: (days: number) => counted(days, "day"),
    all: (versions: number, bytes: number) => `${counted(versions, "version")} take ${size(bytes)} on this computer.`,
    of: (source: string, versions: number, bytes: number) => `${source}: ${counted(versions, "version")}, ${size(bytes)}`,
    none: "No versions are kept yet.",
    goes: (versions: number, bytes: number) => `${counted(versions, "older version")} would be removed for good, ${size(bytes)}.`,
    goesNothing: "Nothing is that old: nothing would be removed now.",
    records: (count: number) => ` ${counted(count, "deleted record")} could not be brought back any more.`,
    needed: (count: number) => ` ${counted(count, "version")} as old ${count === 1 ? "stays" : "stay"}: an edit that waits, an open choice or an undo needs ${count === 1 ? "it" : "them"}.`,
    confirm: (versions: number) => `Keep so long and remove ${counted(versions, "version")}`,
    confirmNone: "Keep so long",
    cancel: "Keep as before",
    kept: (days: number | undefined) => `Versions are ${keptFor(days)} from now on.`,
    free: (bytes: number) => `${size(bytes)} of the file are free for new versions.`,
    shrink: "Make the file smaller",
    shrinking: "Making the file smaller. Saving waits for it.",
    shrunk: (bytes: number) => `The file takes ${size(bytes)} now.`,
    cleaning: "Older versions are being removed.",
    failed: "What the versions take could not be read",
  },
};
