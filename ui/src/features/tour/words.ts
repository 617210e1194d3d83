/** Words of the first run and the tour. */
export const words = {
  firstTitle: "Welcome to Matchbook",
  firstText: "Edit records that live on a server, also offline. No edit of yours is lost, and nobody's edit is overwritten unseen.",
  add: "Add a source",
  addText: "An address on the web that keeps records: a web API, an address book, a folder of files.",
  sample: "Try it with a sample",
  sampleText: "A demo garden on this computer, with a tour of four steps. Nothing is sent anywhere.",
  label: (step: number) => `Guided tour, step ${step} of 4`,
  steps: ["Go offline", "Edit a tool", "A colleague edits", "Reconnect and merge"],
  note: "The demo garden lives on this computer only. Nothing is sent anywhere. You can come back with Commands, Try it with a sample.",
  leave: "Leave the tour",
  doIt: "Do it for me",
  cards: [
    {
      title: "Go offline",
      text: "Switch on Work offline, at the bottom left. What you change then is kept on this computer and waits.",
      next: "Next: edit a tool",
    },
    {
      title: "Change the deposit of the wheelbarrow",
      text: "Any number you like. You are offline, so it is saved on this computer at once and waits in the Outbox. Try Notes too.",
      next: "Next: a colleague edits",
    },
    {
      title: "A colleague changes the same wheelbarrow",
      text: "She does it on the server while you are offline, so you see nothing of it yet.",
      next: "Next: reconnect",
    },
    {
      title: "Go online, and decide",
      text: "Switch Work offline off. Matchbook sees that the wheelbarrow changed in two places: open it in Needs you, choose, and send.",
      next: "Finish the tour",
    },
  ],
  done: {
    title: "That was all of it",
    text: "Both edits are there, and every version is in the history. The demo garden stays until you remove it in Settings.",
    add: "Add a source",
    close: "Close the tour",
  },
};
