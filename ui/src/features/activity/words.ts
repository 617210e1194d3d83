/** Words of Activity. */
import type { ActivityEntry } from "$lib/backend/generated/ipc";
import { listed, words as common } from "$lib/words";

export const words = {
  title: common.places.activity,
  empty: "Nothing has happened yet",
  emptyText: "What you, other people and the server did is listed here.",
  failed: "The list could not be read",
  today: "Today",
  yesterday: "Yesterday",
  record: "a record",
};

/** "You changed Deposit and Notes", in front of the title of the record. */
export function sentence(entry: ActivityEntry): string {
  const who = entry.by === "you" ? "You" : entry.by === "server" ? "The server" : entry.by;
  const fields = listed(entry.changed);
  switch (entry.what) {
    case "edited":
      return fields ? `${who} changed ${fields} of` : `${who} changed`;
    case "sent":
      return fields ? `Sent: ${fields} of` : "Sent:";
    case "set_aside":
      return "Set aside, kept in the history:";
    case "merged":
      return fields ? `Put together: ${fields} of` : "Put together:";
    case "merged_by_itself":
      return "Put together by itself:";
    case "recognised":
      return "Sent, and found on the server:";
    case "gone":
      return "Deleted on the server:";
    case "deleted":
      return `${who} deleted`;
    case "discarded":
      return `${who} took back an edit of`;
    case "server":
      return fields ? `${who} changed ${fields} on the server, of` : `${who} changed on the server`;
    default:
      return fields ? `Read from the server: ${fields} of` : "Read from the server:";
  }
}
