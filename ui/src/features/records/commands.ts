/** Commands of the record shown, for the palette and the keys. The list and the pane offer them while they are there. */
import { registerCommands, type Command } from "$lib/places";
import { words } from "./words";

export interface RecordCommands {
  create?: () => void;
  pane?: () => Command[];
}

const offered = new Set<RecordCommands>();

export function offerRecordCommands(commands: RecordCommands): () => void {
  offered.add(commands);
  return () => void offered.delete(commands);
}

registerCommands(() => {
  const commands: Command[] = [];
  for (const { create, pane } of offered) {
    if (pane) commands.push(...pane());
    if (create) commands.push({ id: "new", group: "do", title: words.newTitle("record"), icon: "plus", keys: "Ctrl+N", run: create });
  }
  return commands;
});
