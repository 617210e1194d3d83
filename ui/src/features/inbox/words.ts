/** Words of "Needs you". */
import type { ConflictKind, NeedsYouGroup } from "$lib/backend/generated/ipc";
import { counted, grouped } from "$lib/words";

const KINDS: Record<ConflictKind, string> = {
  edit_edit: "changed in two places",
  edit_delete: "edited here, deleted on the server",
  delete_edit: "deleted here, edited on the server",
  create_create: "created in both places",
};

export const words = {
  title: "Needs you",
  find: "Find a record",
  tree: "Changed in two places, by shape",
  filters: { collection: "Collection", field: "Field", kind: "Kind", person: "Person", all: "All" },
  kind: (kind: ConflictKind) => KINDS[kind],
  kindOf: (group: NeedsYouGroup) => (group.kind === "edit_edit" && group.fields.length === 0 ? "put together, nothing clashes" : KINDS[group.kind]),
  onServer: "On the server",
  yours: "Yours",
  /** With several clashing fields the list shows the first: its name says which. */
  onServerOf: (field: string) => `${field}, on the server`,
  yoursOf: (field: string) => `${field}, yours`,
  more: (count: number) => `${grouped(count)} more`,
  ready: (count: number) => (count === 1 ? "1 record needs no choice" : `${grouped(count)} records need no choice`),
  sendReady: "Send all that need no choice",
  sent: (count: number) => `${counted(count, "record")} ${count === 1 ? "waits" : "wait"} in the Outbox and ${count === 1 ? "is" : "are"} sent now.`,
  leftOut: (count: number) => (count === 1 ? "1 is left out and stays open" : `${grouped(count)} are left out and stay open`),
  nothing: "Nothing needs you",
  nothingText: "When a record changes in two places, it waits here.",
  noHit: (text: string) => (text ? `No record matches "${text}"` : "No record matches the filter"),
  clear: "Clear filter",
  cannotRead: "The list cannot be read",
  readAgain: "Read again",
  reading: "Reading",
  groupPane: "Group",
  differs: "What differs",
  record: "Record",
  state: "Choices",
  oneByOne: "Decide one by one",
  lookOneByOne: "Look one by one",
  open: (count: number) => `${grouped(count)} open`,
  noneOpen: "no choice needed",
  stillOpen: (open: number, all: number) => `${grouped(open)} of ${grouped(all)} need your choice`,
  back: "Back to the list",
  /** "64 tools, only Deposit" comes in pieces: names of fields are strong. */
  only: "only",
  and: "and",
  who: (who: string[]) => {
    if (who.length === 0) return "They changed on the server and on this computer.";
    const names = who.length > 3 ? `${who.slice(0, 3).join(", ")} and others` : who.length === 1 ? (who[0] ?? "") : `${who.slice(0, -1).join(", ")} and ${who.at(-1)}`;
    return `Changed on the server by ${names}, and by you on this computer.`;
  },
  /** "1 tool", "64 tools"; without a noun by the title of the collection. */
  count: (count: number, collection: string, noun: string | undefined) =>
    noun ? counted(count, noun) : count === 1 ? `1 record of ${collection}` : `${grouped(count)} ${collection.toLowerCase()}`,
};
