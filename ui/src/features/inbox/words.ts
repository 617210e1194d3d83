/** Words of "Needs you". */
import type { BatchField, BatchHead, BatchItem, BatchView, ConflictKind, GroupRule, NeedsYouGroup, NeedsYouRecord } from "$lib/backend/generated/ipc";
import { daysBetween, longDay } from "$lib/format";
import { counted, grouped, listed, plural } from "$lib/words";

const KINDS: Record<ConflictKind, string> = {
  edit_edit: "changed in two places",
  edit_delete: "edited here, deleted on the server",
  delete_edit: "deleted here, edited on the server",
  create_create: "created in both places",
};

const RULES: Record<GroupRule, string> = {
  theirs: "Use server's", mine: "Use mine", both: "Use both", newest: "The newest", higher: "Higher of the two", sum: "Both changes added up",
  union: "All of both lists", later: "Decide later",
};

/** Where one side deleted the record, the choice has a name of its own. */
const WHOLE: Partial<Record<ConflictKind, Partial<Record<GroupRule, string>>>> = {
  edit_delete: { theirs: "Let them be deleted", mine: "Bring them back with my changes" },
  delete_edit: { theirs: "Keep the server's", mine: "Delete anyway" },
};

/** What you and the server did, where it is not "changed". */
const WHOLE_ACTS: Partial<Record<ConflictKind, readonly [string, string]>> = {
  edit_delete: ["edited", "deleted"], delete_edit: ["deleted", "edited"], create_create: ["created", "created"],
};

const DATES = "The later of the two";

function rule(rule: GroupRule, kind: ConflictKind, numeric: boolean): string {
  return WHOLE[kind]?.[rule] ?? (rule === "higher" && !numeric ? DATES : RULES[rule]);
}

const RESULTS: Record<BatchItem["state"], string> = {
  waiting: "Waiting", decided: "Still open", queued: "Waiting", sending: "Sending", sent: "Sent", settled: "Nothing to send", changed_again: "Changed again",
  refused: "Refused", left_out: "Left out", taken_back: "Taken back",
};

/** In the middle of a sentence: "Deposit, use server's". */
const SAID: Record<GroupRule, string> = {
  theirs: "use server's", mine: "use mine", both: "use both", newest: "the newest", higher: "the higher", sum: "added up", union: "all of both", later: "later",
};
const SAID_WHOLE: Partial<Record<ConflictKind, Partial<Record<GroupRule, string>>>> = {
  edit_delete: { theirs: "let them be deleted", mine: "bring them back" },
  delete_edit: { theirs: "keep the server's", mine: "delete anyway" },
};

function said(field: BatchField, kind: ConflictKind | undefined): string {
  const rule = (kind && SAID_WHOLE[kind]?.[field.rule]) ?? SAID[field.rule];
  return field.label ? `${field.label}, ${rule}` : rule;
}

function decision(fields: readonly BatchField[], kind?: ConflictKind): string {
  if (fields.length === 0) return "Put together, no choice needed";
  const text = fields.map((field) => said(field, kind)).join("; ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const words = {
  title: "Needs you",
  find: "Find a record",
  moreMenu: "More",
  tree: "Changed in two places, by shape",
  grouping: {
    label: "order of the list",
    shape: "By shape",
    collection: "By collection",
    time: "By time",
    mixed: "These records differ in what clashes. One rule for many is made for records of one shape:",
  },
  shapesIn: (count: number) => counted(count, "shape"),
  /** What clashes in one record among others. */
  inShort: (group: NeedsYouGroup) => (group.kind === "edit_edit" && group.fields.length > 0 ? listed(group.fields) : words.kindOf(group)),
  filters: { collection: "Collection", field: "Field", kind: "Kind", person: "Person", all: "All" },
  kind: (kind: ConflictKind) => KINDS[kind],
  kindOf: (group: NeedsYouGroup) => (group.kind === "edit_edit" && group.fields.length === 0 ? "put together, nothing clashes" : KINDS[group.kind]),
  onServer: "On the server",
  yours: "Yours",
  more: (count: number) => `${grouped(count)} more`,
  ready: (count: number) => (count === 1 ? "1 record needs no choice" : `${grouped(count)} records need no choice`),
  sendReady: (count: number) => (count === 1 ? "Send it" : `Send ${grouped(count)} that need no choice`),
  nothing: "Nothing needs you",
  nothingText: "When a record changes in two places, it waits here.",
  noHit: (text: string) => (text ? `No record matches "${text}"` : "No record matches the filter"),
  clear: "Clear filter",
  cannotRead: "The list cannot be read",
  readAgain: "Read again",
  groupPane: "Group",
  look: "please look",
  noneOpen: "no choice needed",
  back: "Back to the list",
  /** "64 tools, only Deposit" comes in pieces: names of fields are strong. */
  only: "only",
  and: "and",
  /** Who and when, as far as it is known; of records created or deleted on a side, what was done there. */
  about: (group: NeedsYouGroup, records: readonly NeedsYouRecord[]) => {
    const who = [...new Set(records.flatMap((record) => record.who ?? []))];
    const there = days(records.map((record) => record.theirs_at ?? record.seen_at));
    const seen = records.some((record) => record.theirs_at === undefined) ? "seen " : "";
    const when = there && `, ${seen}${there}`;
    const mine = days(records.map((record) => record.mine_at));
    const here = mine && ` ${mine}`;
    const acts = WHOLE_ACTS[group.kind];
    if (acts) {
      const [you, they] = acts;
      return `${who.length > 0 && who.length <= 3 ? `${listed(who)} (server)` : "On the server"}: ${they}${when}. You: ${you}${here}.`;
    }
    const [it, It] = records.length === 1 ? ["it", "It"] : ["them", "They"];
    const names = who.length > 3 ? `${who.slice(0, 3).join(", ")} and others` : listed(who);
    return `${names ? `${names} changed ${it}` : `${It} changed`} on the server${when}; you changed ${it} on this computer${here}.`;
  },
  filteredOf: (shown: number, all: number) => `Only ${grouped(shown)} of ${grouped(all)}: those the filter shows.`,
  /** "1 tool", "64 tools"; without a noun by the title of the collection. */
  count: (count: number, collection: string, noun: string | undefined) =>
    noun ? counted(count, noun) : count === 1 ? `1 record of ${collection}` : `${grouped(count)} ${collection.toLowerCase()}`,

  // The group.
  oneRule: (fields: number) => (fields > 1 ? "One rule per field for this group" : "One rule for this group"),
  ruleOf: (field: string, count: number) => `${field || "Whole record"}, rule for ${counted(count, "record")}`,
  rule,
  wholeField: "Whole record",
  reading: "Comparing",
  noRule: "This field is decided one by one: its texts were put together, or the values do not go together.",
  keep: "Use this for similar ones from now on",
  keepText: (collection: string, fields: readonly string[]) =>
    `Makes ${fields.length > 1 ? "rules" : "a rule"} for ${collection}, ${listed(fields)}. You can switch ${fields.length > 1 ? "them" : "it"} off in Settings, Rules.`,
  keepNotYet: "Choose a rule first",
  made: (rule: GroupRule, enabled: boolean, numeric: boolean) =>
    `There is a rule for this field: ${rule === "higher" && !numeric ? DATES : RULES[rule]}, ${enabled ? "switched on" : "switched off"}.`,
  madeOn: (field: string) => `Rule for ${field}`,
  removeRule: "Remove rule",
  does: "What it does",
  show: "Show",
  sample: (count: number) => `Sample of ${grouped(count)}`,
  allOf: (count: number) => `All ${grouped(count)}`,
  table: "What will be sent for each record",
  columns: { field: "Field", before: "Before", server: "On the server", yours: "Yours", sent: "Will be sent", from: "From" },
  waits: "open",
  deleted: "(deleted)",
  deletedThere: "(deleted there)",
  changedThere: "(changed there)",
  changedHere: "(changed here)",
  byHand: "chosen by you before",
  moreEntries: (count: number) => `and ${grouped(count)} more`,
  leftOut: (count: number, all: number) =>
    all === count ? `${count === 1 ? "It is" : `All ${grouped(count)} are`} left out and ${count === 1 ? "stays" : "stay"} open` : `${grouped(count)} of the ${grouped(all)} ${count === 1 ? "is left out and stays" : "are left out and stay"} open`,
  /** "Leaf blower, Rotary hammer and Wet vacuum": the first few by name. */
  names: (titles: readonly string[]) => (titles.length > 4 ? `${titles.slice(0, 3).join(", ")} and ${grouped(titles.length - 3)} more` : listed(titles)),
  showLeft: "Show",
  hideLeft: "Hide",
  writes: (writes: number) =>
    writes === 1 ? "1 write, only if the server still has the version shown here. If it changed again, it stays open." : `${grouped(writes)} writes, each only if the server still has the version shown here. One that changed again stays open.`,
  noWrites: (count: number) => (count === 1 ? "1 needs no write: the server has it already." : `${grouped(count)} need no write: the server has them already.`),
  partly: (fields: readonly string[]) => `Nothing is sent yet: ${listed(fields)} ${fields.length === 1 ? "stays" : "stay"} open.`,
  kept: (count: number, noun: string | undefined) =>
    count === 1 ? `Your version stays in the history. One undo brings it back.` : `Your ${grouped(count)} versions of ${noun ? `these ${plural(noun)}` : "them"} stay in the history. One undo brings them all back.`,
  readyCount: (ready: number, all: number) => `${grouped(ready)} of ${grouped(all)} ready`,
  oneByOne: "Decide one by one",
  lookOneByOne: "Look one by one",
  go: (only: GroupRule | undefined, kind: ConflictKind, count: number, numeric: boolean) => {
    const whole = only && WHOLE[kind]?.[only];
    if (whole) return whole.includes("them") ? whole.replace("them", grouped(count)) : `${whole}, ${grouped(count)}`;
    return only && only !== "later" ? `${rule(only, kind, numeric)} for ${grouped(count)}` : `Decide ${grouped(count)}`;
  },
  goReady: (count: number) => `Send ${grouped(count)}`,
  goPartly: (fields: readonly string[], count: number) => `Decide ${listed(fields)} for ${grouped(count)}`,
  chooseFirst: (field: string) => `Choose a rule for ${field || "the records"} first.`,
  nobodyLeft: "No record of this group can be decided this way.",

  // The batch.
  decision,
  batchTitle: (view: BatchView, noun: string | undefined) => `${decision(view.fields, view.kind)}, ${noun ? counted(view.all, noun) : counted(view.all, "record")}`,
  /** `waiting`: records an undo takes back that are still in the Outbox. */
  state: (view: BatchView, waiting?: number) => {
    switch (view.state) {
      case "running": return view.waits ?? "You can go on working. This runs in the background.";
      case "stopping": return "Stopping. What is on its way is waited for.";
      case "stopped": return view.interrupted ? "Matchbook was closed in the middle. Nothing more is sent until you say so." : "Stopped. Nothing more is sent until you say so.";
      case "done": return view.sent > 0 ? "Done. Your versions stay in the history." : "Done. Nothing had to be sent.";
      case "undoing": return "Being undone.";
      case "undone": {
        const back = view.items.filter((item) => item.undone === "written_back").length;
        const open = view.items.filter((item) => item.undone === "open_again").length;
        if (back === 0) return open > 0 ? `Undone. ${open === 1 ? "1 needs" : `${grouped(open)} need`} you again.` : "Undone. Nothing had to be changed.";
        const then = back === 1 ? "It needs you again after that." : "Each needs you again after that.";
        const where = waiting ? `: ${grouped(waiting)} ${waiting === 1 ? "waits" : "wait"} in the Outbox` : "";
        return `Undone. What had been sent is being taken back${where}. ${then}`;
      }
    }
  },
  stop: "Stop after this one",
  goOn: (left: number) => `Go on with ${grouped(left)}`,
  done: (done: number, all: number) => `${grouped(done)} of ${grouped(all)} done`,
  results: (view: BatchView) => {
    const parts = [
      view.sent > 0 && `${grouped(view.sent)} sent`, view.settled > 0 && `${grouped(view.settled)} with nothing to send`,
      view.changed_again > 0 && `${grouped(view.changed_again)} changed again`, view.refused > 0 && `${grouped(view.refused)} refused`, view.other > 0 && `${grouped(view.other)} left open`,
    ];
    return parts.filter((part) => part !== false).join(", ");
  },
  onlyProblems: "Only problems",
  noProblems: "No problems",
  noProblemsText: "Every record so far did as decided.",
  resultColumns: { result: "Result", record: "Record", sent: "Sent", happened: "What happened" },
  result: (item: BatchItem) => {
    if (item.undone === "open_again") return "Open again";
    if (item.undone === "written_back") return "Being taken back";
    if (item.undone === "kept") return "Not undone";
    return RESULTS[item.state];
  },
  happened: (item: BatchItem) => {
    if (item.undone === "open_again") return "it is as it was, and needs you";
    if (item.undone === "written_back") return "what the server had before is written again; then it needs you";
    if (item.state === "refused" && !item.undone) return item.words ? `"${item.words}", in Outbox` : "in Outbox";
    if (item.state === "settled" && !item.words) return "the server has it already";
    return item.words ?? "";
  },
  undoText: (view: BatchView) =>
    view.undo_writes > 0 ? "One undo takes back what was sent, by new writes that check first. Then each needs you again." : "One undo opens them again as they were. Nothing was sent.",
  undoAll: (count: number) => (count === 1 ? "Undo it" : `Undo all ${grouped(count)}`),
  latest: (head: BatchHead) => `${decision(head.fields)}: ${grouped(head.done)} of ${grouped(head.all)}`,
  latestShow: "Show",
  closeBatch: "Close",
  announceStart: (count: number) => `${counted(count, "record")} decided. They are sent in the background.`,
  announceHalf: "Half of them are done.",
  announceEnd: (view: BatchView) => `${words.state(view)} ${words.results(view)}.`,
};

/** "today", "on 12 June", "between 10 June and 12 June"; "" without one. */
function days(times: readonly number[]): string {
  if (times.length === 0) return "";
  const [first, last] = [day(Math.min(...times)), day(Math.max(...times))];
  if (first !== last) return `between ${first} and ${last}`;
  return first === "today" || first === "yesterday" ? first : `on ${first}`;
}

function day(at: number): string {
  const ago = daysBetween(at, Date.now());
  if (ago <= 0) return "today";
  return ago === 1 ? "yesterday" : longDay(at);
}
