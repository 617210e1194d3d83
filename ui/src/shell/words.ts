/** Words of the palette and the keys overlay. */
export const shellWords = {
  goOffline: "Work offline",
  goOnline: "Stop working offline",
  keys: "Keys",
  keysNote: "Single letters work only while a row has the focus.",
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
      title: "Everywhere",
      keys: [
        ["Ctrl+K", "Commands"], ["Ctrl+1", "All records"], ["Ctrl+2", "Needs you"], ["Ctrl+3", "Outbox"], ["Ctrl+4", "Activity"],
        ["F6", "Next pane"], ["Shift+F6", "Previous pane"], ["F5", "Sync now"], ["Ctrl+Shift+O", "Work offline on or off"],
        ["Ctrl+N", "New record"], ["Ctrl+,", "Settings"], ["F1", "This list"],
      ],
    },
    {
      title: "Lists",
      keys: [
        ["\u2191+\u2193", "Previous, next row"], ["Home+End", "First, last row"], ["Enter", "Open"], ["/", "Filter"],
        ["Space", "Select"], ["Shift+\u2193", "Select more"], ["Del", "Delete (undo works)"],
      ],
    },
    {
      title: "Record",
      keys: [
        ["Ctrl+S", "Save now"], ["Ctrl+Z", "Undo"], ["Ctrl+Shift+Z", "Redo"], ["Ctrl+P", "What will be sent"],
        ["Ctrl+H", "History"], ["Ctrl+U", "Source"], ["Esc", "Back to the list"],
      ],
    },
    {
      title: "Merge screen",
      keys: [
        ["J+K", "Next, previous row"], ["\u2193+\u2191", "The same"], ["1", "Use server's"], ["2", "Use mine"], ["3", "Use both"],
        ["E", "Write my own"], ["L", "Decide later"], ["B", "Show Before"], ["X", "Compare sides"], ["U", "Undo"],
        ["Shift+U", "Redo"], ["Enter", "Go to next open row"], ["Ctrl+Enter", "Preview, then send"], ["Esc", "Back, draft kept"],
      ],
    },
  ] as { title: string; keys: [string, string][] }[],
};
