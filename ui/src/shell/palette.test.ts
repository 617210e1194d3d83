import { describe, expect, it } from "vitest";
import type { RecordRow } from "$lib/backend/generated/ipc";
import type { Command } from "$lib/places";
import { paletteEntries, pieces } from "./palette";
import { shellWords } from "./words";

const command = (id: string, group: Command["group"], title: string, more: Partial<Command> = {}): Command => ({ id, group, title, icon: "check", run: () => undefined, ...more });
const commands = [
  command("will-be-sent", "record", "What will be sent", { detail: "Cordless drill 18 V" }), command("hold", "record", "Hold", { detail: "do not send Cordless drill 18 V yet" }),
  command("copy", "record", "Copy address"), command("go-needs", "go", "Needs you", { detail: "3", waiting: true }), command("go-outbox", "go", "Outbox", { detail: "9", waiting: true }),
  command("go-activity", "go", "Activity"), command("sync", "do", "Sync now"),
];
const row = (title: string): RecordRow => ({ key: title, title, state: "synced", held: false, deleted: false, source: "s", collection: "Tools", cells: [], changed_at: 0 });
const listed = (needle: string, rows: RecordRow[] = []) =>
  paletteEntries({ commands, rows, needle, groups: shellWords.palette.groups }).map((group) => [group.title, ...group.entries.map((entry) => entry.command?.title ?? entry.row?.title)]);

describe("the palette", () => {
  it("has for this record, records, places: as in the picture", () => {
    expect(listed("drill", [row("Cordless drill 18 V"), row("Seed drill")])).toEqual([
      ["For this record", "What will be sent", "Hold"], ["Records", "Cordless drill 18 V", "Seed drill"], ["Go to", "Needs you", "Outbox"],
    ]);
  });

  it("puts what one means before the records", () => {
    expect(listed("out", [row("Outdoor lamp")])).toEqual([["Go to", "Outbox"], ["Records", "Outdoor lamp"]]);
  });

  it("lists everything without a text, each once, counted through", () => {
    expect(listed("").flat()).toHaveLength(commands.length + 3);
    const indices = paletteEntries({ commands, rows: [row("a")], needle: "", groups: shellWords.palette.groups }).flatMap((group) => group.entries.map((entry) => entry.index));
    expect(indices).toEqual(indices.map((_, at) => at));
  });

  it("underlines what was found", () => {
    expect(pieces("Seed Drill", "drill")).toEqual([{ text: "Seed ", hit: false }, { text: "Drill", hit: true }]);
    expect(pieces("Seed", "x")).toEqual([{ text: "Seed", hit: false }]);
  });
});
