/** Words of the history. */
import type { HistoryEntry } from "$lib/backend/generated/ipc";
import type { IconName } from "$components/icons";
import { clock, shortTime } from "$lib/format";
import { counted } from "$lib/words";

const WHAT: Record<string, { title: string; icon: IconName }> = {
  seen: { title: "Changed on the server", icon: "server" },
  server: { title: "Changed on the server", icon: "server" },
  edited: { title: "Edited here", icon: "pencil" },
  sent: { title: "Sent", icon: "send" },
  set_aside: { title: "Set aside", icon: "pause" },
  merged: { title: "Put together and sent", icon: "fork" },
  merged_by_itself: { title: "Put together by itself", icon: "fork" },
  recognised: { title: "Sent, found on the server", icon: "check" },
  gone: { title: "Deleted on the server", icon: "minus" },
  deleted: { title: "Deleted here", icon: "minus" },
  discarded: { title: "Taken back", icon: "undo" },
};

/** Icon and title of a line; `first` = the oldest one. */
export function lookOf(entry: HistoryEntry, first: boolean): { title: string; icon: IconName } {
  if (first && entry.what === "seen") return { title: "First seen", icon: "plus" };
  return WHAT[entry.what] ?? { title: entry.what.replaceAll("_", " "), icon: "history" };
}

export function detailOf(entry: HistoryEntry): string {
  const fields = entry.changed.join(", ");
  if (entry.by === "server") return fields || "from the server";
  const who = entry.by === "you" ? "You, this computer" : entry.by;
  return fields ? `${who}: ${fields}` : who;
}

/** "09:58" today, else "9 Jun". */
export function lineTime(at: number, now: number): string {
  return sameDay(at, now) ? clock(at) : shortTime(at, now);
}

export function sameDay(at: number, now: number): boolean {
  return new Date(at).toDateString() === new Date(now).toDateString();
}

export const words = {
  tab: "History",
  title: "History",
  versions: "Versions",
  comparison: "Comparison",
  count: (count: number) => `${counted(count, "version")}, kept for good`,
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
  comparedWith: "Compared with",
  before: "The version before",
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
  notKept: "The content of this version is not kept.",
  same: (count: number) => (count === 1 ? "1 other field is the same in both." : `${count} other fields are the same in both.`),
  noBefore: "There is no version before this one.",
  noDifference: "No difference",
  asText: "Content",
  reading: "Reading the version",
  cannotRead: "The history cannot be read",
  readAgain: "Read again",
  empty: "No versions yet",
  emptyText: "Versions are kept from the first change on.",
  wide: "Show wide",
  brought: (when: string) => `The version of ${when} is back as an edit. It waits in the Outbox.`,
  broughtField: (label: string) => `${label} is back as it was. It waits in the Outbox.`,
  copied: "The copy waits in the Outbox.",
  openCopy: "Show",
  noRecord: "This record is gone from your lists; its versions are still here.",
  back: "Back to the record",
};
