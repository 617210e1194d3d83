/** Words of the Outbox, of what will be sent, and of the repair of a refused edit. */
import type { OutboxEntry } from "$lib/backend/generated/ipc";
import { clock, dayTime, size } from "$lib/format";
import { counted, quotedAtEnd, words as common } from "$lib/words";

export const words = {
  title: common.places.outbox,
  rescue: "Save a rescue file",
  holdAll: "Hold all",
  releaseAll: "Release all",
  columns: { state: "State", record: "Record", change: "Change", next: "Next step" },
  groups: {
    look: { title: "Look at these", note: "the rest keeps going" },
    on_the_way: { title: "On the way", note: "" },
    waiting: { title: "Waiting", note: "one at a time per record, in order" },
    held: { title: "Held by you", note: "not sent until you release it" },
  },
  empty: "Everything is sent",
  emptyText: "What you change waits here until the server has it.",
  choose: "Choose an entry",
  chooseText: "Its request is shown here, exactly as it will be sent.",
  failed: "The Outbox could not be read",
  lost: (at: string) => `answer lost at ${at}. It is read again before anything is sent.`,
  pane: "What will be sent",
  edited: (title: string, at: number) => `${title}, edited ${dayTime(at, Date.now(), "")}`,
  hold: "Hold",
  release: "Release",
  sendOne: "Send this one now",
  checkThenSend: "Check, then send",
  readNow: "Read again now",
  openRecord: "Open the record",
  method: "Method",
  address: "Address",
  sizeName: "Size",
  onlyIfSame: "only if the server still has the version you edited",
  onlyIfNew: "only if there is no such record yet",
  bodySize: (bytes: number, change: number, create: boolean) =>
    create || change === 0 ? size(bytes) : `${size(bytes)}, ${size(Math.abs(change))} ${change > 0 ? "more" : "less"} than now`,
  noBody: "none",
  body: "Body, compared with the last synced version",
  newBody: "Body",
  show: "Show",
  changes: "Changes",
  whole: "Whole body",
  bodyChanges: "Body changes",
  equalLines: (count: number) => counted(count, "equal line"),
  checkServer: "Check with the server",
  checkText: "The server can say beforehand whether it would take this edit. Nothing is changed by asking.",
  checking: "The server is asked",
  copyCurl: "Copy as curl",
  copyBody: "Copy body",
  copied: "Copied",
  takeBack: "Take back this edit",
  tookBack: (title: string) => `Your edit of ${title} is taken back. It stays in the history.`,
  untouched: "The sign-in is left out of the copy. Spelling and order of everything you did not touch stay byte for byte.",
  noPreview: "The request cannot be shown now",
  create: (noun: string) => `You add a new ${noun} on the server.`,
  remove: (title: string) => `You delete ${title} on the server.`,
  youChange: (count: number, all: number) => `You change ${count} of ${counted(all, "field")} on the server: `,
  saysField: (label: string, said: string) => `${label}: ${said}`,
  repair: {
    title: "The server refused this edit",
    permission: "The server does not let you change this",
    protocol: "The server could not read this request",
    says: (said: string) => `It says: ${quotedAtEnd(said)}`,
    safe: "Sending it again unchanged will not help. Your edit is safe here, and everything else keeps going.",
    sendAgain: "Change it and send again",
    sendAgainText: "Fix the field above first.",
    sendAgainFree: "Change the record, then send it once more.",
    sendButton: "Send again",
    fixFirst: "Change the field the server named first.",
    asNew: "Save as new record",
    asNewText: "Under its own number, if the server takes it.",
    asNewButton: "Save as new",
    keep: "Keep on this computer only",
    keepText: 'Marked "Held". Nothing is sent until you say so.',
    file: "Save a rescue file",
    fileText: "Your edit, the version before and the answer, in one file.",
    fileButton: "Save file",
    back: "Take back this edit",
    backText: "The record shows the server's version. Your edit stays in the history.",
    backButton: "Take back",
  },
};

/** "3 fields", "new", "deleted". */
export function changeWords(entry: OutboxEntry): string {
  if (entry.kind === "create") return "new";
  if (entry.kind === "delete") return "deleted";
  return counted(entry.fields, "field");
}

/** What happens next with an entry; `refused` is the field the server named. */
export function nextStep(entry: OutboxEntry, now = Date.now(), refused?: string): string {
  const until = entry.not_before ? `, ${clock(entry.not_before)}` : "";
  switch (entry.reason) {
    case "held":
      return entry.kind === "create" && entry.fields === 0 ? "Not filled in yet" : heldSince(entry.saved_at, now);
    case "stays_here":
      return "Stays on this computer";
    case "offline":
      return "When online again";
    case "paused":
      return "When signed in again";
    case "server_busy":
      return `Server busy${until}`;
    case "back_off":
      return `Tried again${until}`;
    case "no_version_mark":
      return "Waits for a version mark";
    case "not_checked":
      return "Waits for the check-up";
    case "unprotected":
      return "Sending is not allowed";
    case "lost_answer":
      return "Reading it again";
    case "refused":
      return refused ? `${refused} refused` : "Refused";
    case "on_the_way":
      return "On the way";
    case "next":
      return "Next";
    default:
      return entry.state === "contested" ? "Reading it again" : "Next";
  }
}

function heldSince(at: number, now: number): string {
  const words = dayTime(at, now, "");
  return words.startsWith("yesterday") ? "Since yesterday" : `Since ${words}`;
}
