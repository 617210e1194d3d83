/** Words of Activity. */
import type { ActivityEntry, DeletedRow, HistoryMerge } from "$lib/backend/generated/ipc";
import { counted, listed, words as common } from "$lib/words";

export const words = {
  title: common.places.activity,
  views: "What is listed",
  happened: "What happened",
  deleted: "Deleted records",
  empty: "Nothing has happened yet",
  emptyText: "What you, other people and the server did is listed here.",
  failed: "The list could not be read",
  today: "Today",
  yesterday: "Yesterday",
  record: "a record",
  undo: "Undo",
  undoOf: (title: string) => `: put together, ${title}`,
  filter: "Filter by name",
  noneDeleted: "No deleted records",
  noneDeletedText: "Records that were deleted here or on the server can be found here and brought back, as long as their versions are kept.",
  noMatch: (text: string) => `No deleted record matches "${text}"`,
  versions: (row: DeletedRow) => counted(row.versions, "version"),
  bringBack: "Bring back",
  bringBackOf: (title: string) => `: ${title}`,
  history: "History",
  historyOf: (title: string) => ` of ${title}`,
  brought: (title: string) => `${title} is back as a new edit. It waits in the Outbox.`,
  broughtSent: (title: string) => `${title} is back on the server.`,
  show: "Show",
  more: (count: number) => `${count} more`,
  count: (shown: number, total: number) => `${shown} of ${counted(total, "deleted record")}`,
};

/** Who deleted it, and where. */
export function deletedWords(row: DeletedRow): string {
  return `${row.by_you ? "Deleted by you" : "Deleted on the server"}, ${row.source}, ${row.collection}`;
}

/** "3 fields from server, 2 from you". */
export function fromWords(merge: HistoryMerge): string {
  const parts = [
    merge.from_server > 0 ? `${counted(merge.from_server, "field")} from server` : "",
    merge.from_you > 0 ? (merge.from_server > 0 ? `${merge.from_you} from you` : `${counted(merge.from_you, "field")} from you`) : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** "You changed Deposit and Notes", in front of the title of the record. */
export function sentence(entry: ActivityEntry): string {
  const who = entry.by === "you" ? "You" : entry.by === "server" ? "The server" : entry.by;
  const fields = listed(entry.changed);
  const from = entry.merge ? fromWords(entry.merge) : "";
  switch (entry.what) {
    case "edited":
      return fields ? `${who} changed ${fields} of` : `${who} changed`;
    case "sent":
      return fields ? `Sent: ${fields} of` : "Sent:";
    case "set_aside":
      return "Edited here, not used, kept in the history:";
    case "merged":
      return from ? `Put together: ${from}, of` : "Put together:";
    case "merged_by_itself":
      return from ? `Put together by itself: ${from}, of` : "Put together by itself:";
    case "taken_in":
      return from ? `Taken in: ${from}, of` : "Taken in:";
    case "brought_back":
      return "You brought back a version of";
    case "undone":
      return "You undid what was put together, of";
    case "rejected":
      return entry.words ? `The server refused: "${entry.words}" for` : "The server refused an edit of";
    case "recognised":
      return "Sent, and found on the server:";
    case "gone":
      return entry.by === "server" ? "Deleted on the server:" : `${entry.by} deleted on the server:`;
    case "deleted":
      return `${who} deleted`;
    case "discarded":
      return `${who} took back an edit of`;
    case "server":
      return fields ? `${who} changed ${fields} on the server, of` : `${who} changed on the server`;
    default:
      return entry.by === "server" ? "Read from the server:" : `${entry.by} changed on the server:`;
  }
}
