/** What the palette lists for a text. */
import type { RecordRow } from "$lib/backend/generated/ipc";
import type { Command } from "$lib/places";

export interface PaletteEntry {
  id: string;
  /** Position in the whole list, for the arrow keys. */
  index: number;
  command?: Command;
  row?: RecordRow;
}

export interface PaletteGroup {
  id: string;
  title: string;
  entries: PaletteEntry[];
}

interface Asked {
  commands: readonly Command[];
  rows: readonly RecordRow[];
  needle: string;
  groups: Record<"record" | "records" | "go" | "do", string>;
}

/**
 * Commands of the record shown always come first: they are what one most often wants. Places and other
 * commands must match the text; those that begin with it are what one means and come before the records.
 */
export function paletteEntries({ commands, rows, needle, groups }: Asked): PaletteGroup[] {
  const matches = (command: Command) =>
    needle === "" || `${command.title} ${command.detail ?? ""}`.toLowerCase().includes(needle.toLowerCase());
  const begins = (command: Command) => needle !== "" && command.title.toLowerCase().startsWith(needle.toLowerCase());
  const of = (group: Command["group"], wanted = (_: Command) => true) =>
    commands.filter((command) => command.group === group && matches(command) && wanted(command)).map((command) => ({ id: command.id, command }));
  // Places where something waits stay in reach, whatever is looked for.
  const found = of("go");
  const waiting = found.length > 0 || needle === "" ? [] :
    commands.filter((command) => command.group === "go" && command.waiting).map((command) => ({ id: command.id, command }));
  const lists: [keyof Asked["groups"], Omit<PaletteEntry, "index">[]][] = [
    ["record", of("record")],
    ["go", of("go", begins)],
    ["do", of("do", begins)],
    ["records", rows.map((row) => ({ id: `row-${row.key}`, row }))],
    ["go", of("go", (command) => !begins(command))],
    ["do", of("do", (command) => !begins(command))],
    ["go", waiting],
  ];
  let index = 0;
  return lists
    .filter(([, entries]) => entries.length > 0)
    .map(([id, entries]) => ({ id: `${id}-${entries[0]?.id}`, title: groups[id], entries: entries.map((entry) => ({ ...entry, index: index++ })) }));
}

/** The title cut where the text was found. */
export function pieces(title: string, needle: string): { text: string; hit: boolean }[] {
  const found = needle === "" ? -1 : title.toLowerCase().indexOf(needle.toLowerCase());
  if (found < 0) return [{ text: title, hit: false }];
  const parts = [
    { text: title.slice(0, found), hit: false },
    { text: title.slice(found, found + needle.length), hit: true },
    { text: title.slice(found + needle.length), hit: false },
  ];
  return parts.filter((part) => part.text !== "");
}
