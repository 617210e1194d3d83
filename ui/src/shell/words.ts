/** Words of the palette and the keys overlay. */
export const shellWords = {
  goOffline: "Work offline",
  goOnline: "Stop working offline",
  keys: "Keys",
  keysNote: "Single letters work only while a row has the focus. Change or switch off in ",
  keysSettings: "Settings, Keys",
  keysNoteEnd: ".",
  findKey: "Find a key",
  noKey: (text: string) => `No key for "${text}"`,
  palette: {
    label: "Command or record",
    results: "Results",
    groups: { record: "For this record", records: "Records", go: "Go to", do: "Commands" },
    nothing: (text: string) => `Nothing found for "${text}"`,
    choose: "choose",
    doIt: "do it",
    commandsOnly: "commands only",
    allKeys: "all keys",
  },
  keyGroups: [
    {
      id: "everywhere",
      title: "Everywhere",
      lines: [
        { words: "Commands", keys: [["palette", "Ctrl+K"]] }, { words: "All records", keys: [["go-all", "Ctrl+1"]] },
        { words: "Needs you", keys: [["go-needs", "Ctrl+2"]] }, { words: "Outbox", keys: [["go-outbox", "Ctrl+3"]] },
        { words: "Activity", keys: [["go-activity", "Ctrl+4"]] }, { words: "Next pane", fixed: "F6" }, { words: "Previous pane", fixed: "Shift+F6" },
        { words: "Sync now", keys: [["sync", "F5"]] }, { words: "Work offline on or off", keys: [["offline", "Ctrl+Shift+O"]] },
        { words: "New record", keys: [["new", "Ctrl+N"]] }, { words: "Settings", keys: [["settings", "Ctrl+,"]] },
        { words: "This list", keys: [["keys", "F1"]] },
      ],
    },
    {
      id: "lists",
      title: "Lists",
      lines: [
        { words: "Previous, next row", fixed: "\u2191+\u2193" }, { words: "First, last row", fixed: "Home+End" }, { words: "Open", fixed: "Enter" },
        { words: "Filter", fixed: "/" }, { words: "Select", fixed: "Space" }, { words: "Select more", fixed: "Shift+\u2193" },
        { words: "Delete (undo works)", fixed: "Del" },
      ],
    },
    {
      id: "record",
      title: "Record",
      lines: [
        { words: "Save now", keys: [["save", "Ctrl+S"]] }, { words: "Undo", fixed: "Ctrl+Z" }, { words: "Redo", fixed: "Ctrl+Shift+Z" },
        { words: "What will be sent", keys: [["will-be-sent", "Ctrl+P"]] }, { words: "History", keys: [["tab-history", "Ctrl+H"]] },
        { words: "Source", keys: [["tab-source", "Ctrl+U"]] }, { words: "Back to the list", fixed: "Esc" },
      ],
    },
    {
      id: "merge",
      title: "Merge screen",
      lines: [
        { words: "Next, previous row", keys: [["merge_next", "J", "Next row"], ["merge_previous", "K", "Previous row"]] }, { words: "The same", fixed: "\u2193+\u2191" },
        { words: "Use server's", keys: [["merge_theirs", "1"]] }, { words: "Use mine", keys: [["merge_mine", "2"]] },
        { words: "Use both", keys: [["merge_both", "3"]] }, { words: "Order of both", keys: [["merge_order", "O"]] },
        { words: "Write my own", keys: [["merge_edit", "E"]] }, { words: "Decide later", keys: [["merge_later", "L"]] },
        { words: "Confirm what is suggested", keys: [["merge_confirm", "C"]] }, { words: "Confirm all suggested", keys: [["merge_confirm_all", "Shift+C"]] },
        { words: "Show Before", keys: [["merge_before", "B"]] }, { words: "Compare sides", keys: [["merge_sides", "X"]] },
        { words: "Undo", keys: [["merge_undo", "U"]] }, { words: "Redo", keys: [["merge_redo", "Shift+U"]] },
        { words: "Go to next open row", fixed: "Enter" }, { words: "Preview, then send", keys: [["merge-send", "Ctrl+Enter"]] },
        { words: "Back, draft kept", fixed: "Esc" },
      ],
    },
  ] as KeyGroup[],
  keySettings: {
    letters: "Single letters on the merge screen",
    lettersNote: "They work only while a row has the focus, never in a text. Ctrl keys and the menus do the same.",
    change: "Change",
    changeOf: (what: string) => ` the key of ${what}`,
    press: "Press the new key. Esc keeps the old one, Del takes it away.",
    none: "no key",
    standard: "Put back",
    standardOf: (what: string, keys: string) => ` ${what} to ${keys}`,
    all: "Put all keys back",
    allDone: "Every key is as at first",
    taken: (keys: string, what: string) => `${keys} already means "${what}". Choose another, or change that one first.`,
    fixed: (keys: string) => `${keys} is used by every list and field. Choose another.`,
    alone: (keys: string) => `${keys} alone would act while you type. Hold Ctrl with it.`,
    done: (what: string, keys: string) => `${what}: ${keys}`,
    gone: (what: string) => `${what}: no key`,
    table: ["What", "Key", "Change"],
  },
};

/** One line of the key sheet. */
export interface KeyLine {
  words: string;
  /** Names with their standard keys; the person may change them. */
  keys?: [name: string, standard: string, words?: string][];
  /** Keys of every list and field: as they are. */
  fixed?: string;
}

export interface KeyGroup {
  id: "everywhere" | "lists" | "record" | "merge";
  title: string;
  lines: KeyLine[];
}
