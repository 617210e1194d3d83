/** The words used on more than one screen. Every feature has its own words.ts beside it. */

/** "1 field", "3 fields": a number always with its noun. */
export function counted(count: number, one: string, many = plural(one)): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

export function plural(noun: string): string {
  if (/(s|x|ch|sh)$/.test(noun)) return `${noun}es`;
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return `${noun}s`;
}

/** `"Try again."`: somebody's own words in quotation marks at the end of a sentence, with one full stop in all. */
export function quotedAtEnd(said: string): string {
  return /[.!?]$/.test(said.trim()) ? `"${said.trim()}"` : `"${said.trim()}".`;
}

/** 12345 -> "12,345". */
export function grouped(count: number): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "Deposit", "Deposit and Notes", "Deposit, Notes and Tags". */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? "";
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

export const words = {
  app: "Matchbook",
  states: {
    synced: "Synced", edited: "Edited", sending: "Sending", checking: "Checking", uncertain: "Uncertain",
    needsYou: "Needs you", rejected: "Rejected", held: "Held", queued: "Queued",
  },
  grades: {
    protected: "Protected", partly: "Partly", unprotected: "Unprotected", unknown: "Not known", notChecked: "Not checked",
  },
  gradeMeans: {
    protected: "Nothing can be overwritten unseen.",
    partly: "Protected, with care that Matchbook takes by itself.",
    unprotected: "It reads, compares, then writes, and says so each time.",
  },
  provenance: { mine: "mine", server: "server", both: "both", edited: "edited", combined: "combined" },
  values: {
    missing: "(not there)", null: "(no value)", empty: "(empty)", emptyList: "(empty list)", removed: "(removed)",
    yes: "yes", no: "no",
  },
  places: {
    all: "All records", needsYou: "Needs you", outbox: "Outbox", activity: "Activity", settings: "Settings",
    addSource: "Add a source", nav: "Places",
  },
  status: {
    label: "Status", online: "Online", noConnection: "No connection", workingOffline: "Working offline",
    workOffline: "Work offline",
    lastSynced: (when: string) => `Last synced ${when}`,
    neverSynced: "Not synced yet",
    saved: (when: string) => `Saved on this computer ${when}`,
    draftSaved: (when: string) => `Draft saved ${when}`,
    sending: (done: number, all: number) => `Sending ${done} of ${all}`,
    reading: (collection: string, records: number) => `Reading ${collection}, ${counted(records, "record")}`,
    outbox: (count: number) => `${grouped(count)} in Outbox`,
    needs: (count: number) => `${grouped(count)} ${count === 1 ? "needs" : "need"} you`,
    sent: (count: number) => `${grouped(count)} sent`,
    halfSent: "Half sent",
    backOnline: "Back online",
    needsYou: (count: number) => `Needs you ${grouped(count)}`,
    syncNow: "Sync now",
  },
  actions: {
    close: "Close", cancel: "Cancel", undo: "Undo", back: "Back", tryAgain: "Try again", show: "Show",
  },
  marks: { added: "added: ", removed: "removed: ", moved: "moved" },
  unused: (program: string) => `A text came back from ${program} and was not used. It is kept.`,
  showAll: (letters: string) => `Show all ${letters} letters`,
  commands: "Commands",
  notStarted: "Your records cannot be opened",
  dividerName: "Width of the list",
};
