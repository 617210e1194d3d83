/** Words of adding and keeping sources. */
import type { CheckReport, FieldHow, Grade, GroupRule, MergeRuleView, SourceView } from "$lib/backend/generated/ipc";
import { dayTime, duration } from "$lib/format";
import { counted, grouped, listed, plural, words as common } from "$lib/words";

const NUMBERS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];

export const words = {
  title: common.places.addSource,
  intro: "A source is an address on the web that keeps records. Matchbook first tests how safely it can write there.",
  stepsLabel: "Steps",
  steps: { address: "Address", signIn: "Sign-in", check: "Check-up", keep: "What to keep here" },
  address: "Address",
  addressHint: "The address of the list, for example https://tools.example.org/api/tools",
  looking: "Looking at this address",
  name: "Name",
  lists: "Lists",
  listsHint: "Their names as they stand in the address, with commas between, for example tools, contacts",
  nameHint: "Shown in the sidebar. It must differ from your other sources.",
  nameTaken: (name: string) => `There is a source called "${name}" already.`,
  kind: "Kind",
  foundByItself: "Found by itself.",
  records: (count: number) => counted(count, "record"),
  cancel: "Cancel",
  back: "Back",
  goSignIn: "Go on: sign-in",
  goCheck: "Go on: check-up",
  goKeep: "Go on: what to keep here",
  finish: "Keep these here",
  needAddress: "Type the address first.",
  needName: "Give it a name first.",
  needOne: "Choose at least one list.",
  user: "User name",
  secret: "Password or token",
  secretHint: "Goes into the keyring of this computer, never into a file.",
  signInAsked: "This server asks for a sign-in.",
  signInFree: "This server can be read without a sign-in. Leave both empty, or sign in to write.",
  withoutSignIn: "Without a sign-in",
  passwordOf: (user: string) => `Password of "${user}", kept in the keyring of this computer`,
  token: "A token, kept in the keyring of this computer",
  change: "Change",
  checking: "The server is tested with scratch records, which are removed again.",
  notChecked: "The check-up could not be done",
  testAgain: "Test again",
  copyReport: "Copy report",
  copied: "Copied",
  results: { head: ["Result", "Test", "What it means"], pass: "Passed", fail: "Failed", care: "Care", unknown: "Not tested" },
  tests: (count: number, millis: number) => `${counted(count, "test")}, ${duration(millis)}`,
  scratch: (count: number) => `${counted(count, "scratch record")} made and removed`,
  keepTitle: "Lists to keep on this computer",
  keepHint: "What is kept here can be read and edited offline.",
  policyTitle: "When somebody else changed another part of the same record",
  review: "Show it to me first",
  reviewText: "It waits in Needs you with everything filled in; one key sends it.",
  auto: "Send it by itself when nothing overlaps",
  autoText: "Each one is listed in Activity and can be undone.",
  allow: "Allow sending",
  allowText: "This server does not refuse a write based on an old version. Matchbook reads, compares, then writes. Between the two somebody else's change could be overwritten.",
  guard: (listed: number, kept: number, noun: string) => `The server now lists ${grouped(listed)} of ${counted(kept, noun)}. Keep them here?`,
  guardKeep: "Keep them here",
  guardGone: "They were deleted",
  asksSignIn: (name: string) => `${name} asks you to sign in again.`,
  waits: (count: number) => (count === 0 ? " Nothing is lost." : ` ${counted(count, "edit")} ${count === 1 ? "waits" : "wait"}, nothing is lost.`),
  signIn: "Sign in",
  signInTo: (name: string) => `Sign in to ${name}`,
  syncNow: "Try now",
  settings: {
    title: common.places.settings,
    sources: "Sources",
    none: "No source yet.",
    look: "Look",
    theme: "Light, dark and more contrast follow the system.",
    textSize: "Text size",
    density: "Rows of lists",
    densities: { compact: "Compact", normal: "Normal", roomy: "Roomy" },
    percent: (size: number) => `${size} %`,
    demo: "Lives on this computer only.",
    checkUp: "Check-up",
    changeSignIn: "Sign in",
    remove: "Remove",
    removeTitle: (name: string) => `Remove ${name} from this computer`,
    removeText: "Its records and their history are taken off this computer. Nothing changes on the server.",
    removeButton: "Remove the source",
    removeUnsent: "Remove, and give up what was not sent",
    keep: "Keep it",
    removed: (name: string) => `${name} is removed from this computer.`,
    policyOf: (name: string) => `${name}: when nothing overlaps`,
  },
  rules: {
    title: "Rules",
    text: "What you said about one field of one collection, here or in Needs you. A rule holds at once, also for what waits in Needs you; the record still waits for your look.",
    none: "No rules. You make one here, or in Needs you when you decide a group.",
    name: (rule: MergeRuleView) => `${rule.collection}, ${rule.field}`,
    says: (rule: MergeRuleView) => (rule.how === "together" ? `Goes together with ${listed(rule.with)}: one choice for all of them.` : rule.how ? HOW[rule.how] : RULES[rule.rule]),
    add: {
      open: "Add a rule",
      where: "Collection",
      place: (source: string, title: string) => `${title} (${source})`,
      field: "Field",
      what: "What it says",
      choose: "Choose",
      others: (field: string) => `Goes together with ${field}`,
      add: "Add the rule",
      added: (field: string) => `The rule for ${field} is made and holds from now on.`,
      needField: "Choose a field first.",
      needWhat: "Choose what the rule says first.",
      needOthers: "Choose at least one other field first.",
      noPlace: "Add a source first.",
      rules: {
        theirs: "When both changed it: the server's", mine: "When both changed it: mine", both: "When both changed it: both",
        newest: "When both changed it: the newest", higher: "When both changed it: the higher number or the later date",
        sum: "When both changed it: add up both changes", union: "When both changed it: all of both lists", later: "Ask each time",
      } satisfies Record<GroupRule, string>,
      how: {
        follow: "Always follow the server, never ask", atomic: "It is one value, in one piece",
        set: "The list has no order", together: "Goes together with other fields",
      } satisfies Record<FieldHow, string>,
    },
    where: (source: string, at: number) => `${source}, made ${dayTime(at)}`,
    isOn: "On",
    isOff: "Off",
    on: (field: string) => `The rule for ${field} is switched on.`,
    off: (field: string) => `The rule for ${field} is switched off.`,
    remove: "Remove",
    removed: (collection: string, field: string) => `The rule for ${collection}, ${field} is removed. This field is asked again.`,
  },
};

const RULES: Record<GroupRule, string> = {
  theirs: "When both changed it, use the server's.", mine: "When both changed it, use mine.", both: "When both changed it, use both.",
  newest: "When both changed it, use the newest.", higher: "When both changed it, use the higher number or the later date.",
  sum: "When both changed it, add up both changes.", union: "When both changed the list, use all of both.", later: "Asked each time.",
};

const HOW: Record<Exclude<FieldHow, "together">, string> = {
  follow: "Follows the server: you are never asked, and the server's value counts.",
  atomic: "It is one value, in one piece.",
  set: "The list has no order, and each entry is there once.",
};

/** What a grade means for the person, with what needs care counted. */
export function gradeSentence(report: CheckReport): string {
  const care = report.tests.filter((test) => test.result === "care").length;
  const things = care === 1 ? "One thing needs care." : `${NUMBERS[care] ?? grouped(care)} things need care.`;
  const sentences: Record<Grade, string> = {
    protected: "Nothing can be overwritten unseen.",
    partly: `Your edits are safe from overwriting others. ${care > 0 ? things : ""}`.trim(),
    unprotected: "You can read here. Sending stays off until you allow it.",
    unknown: "It could not be found out. You can read here; sending waits.",
    not_checked: "It was not tested yet. You can read here; sending waits.",
  };
  return sentences[report.grade];
}

export function reportText(reports: readonly CheckReport[], url: string): string {
  return reports
    .map((report) => [
      `${url} ${report.collection}: ${report.grade}`,
      ...report.tests.map((test) => `  ${test.result}: ${test.title} (${test.detail})`),
    ].join("\n"))
    .join("\n");
}

/** "Cases and Parts". */
export function collectionNames(source: SourceView): string {
  return listed(source.collections.map((collection) => collection.title));
}

export { plural };
