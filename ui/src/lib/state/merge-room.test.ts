// The room of a result before it is chosen: nothing for short values, a few lines for what is longer than the cells.
import { describe, expect, it } from "vitest";
import { list, meta, num, ready, row, text } from "../../../dev/merge-build";
import { roomsOf } from "./merge-room";

const words = (count: number) => Array.from({ length: count }, () => "word").join(" ");
const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at}`).join("\n");
const both = ["theirs", "mine", "both", "edit", "later"] as const;
const rooms = (one: Parameters<typeof roomsOf>[0], editor: Parameters<typeof roomsOf>[1] = "line", first?: ReturnType<typeof text>, wrote?: string) =>
  roomsOf(one, editor, "Waiting", first, wrote).map(({ text: said, from, lines: most, list: isList }) => [said.length > 40 ? said.length : said, from, most, ...(isList ? ["list"] : [])]);

describe("the room of a result", () => {
  it("is the one line of its cell for short values, with their unit", () => {
    expect(rooms(row(1, meta("/deposit", "Deposit", { kind: "number", unit: "EUR" }), num("20.00"), num("25.00"), num("30.00")), "number")).toEqual([]);
    expect(rooms(row(1, meta("/state", "State"), text("a"), text(""), text("b")))).toEqual([]);
  });

  it("holds each side, what both would be, and the field", () => {
    const one = row(1, meta("/notes", "Notes", { kind: "long_text" }), text("old"), text("theirs, and a little more"), text("mine, and somewhat more"), { choices: [...both], both: text("theirs\nmine"), ready: [ready("mine_first", text("mine\ntheirs"))] });
    expect(rooms(one, "text")).toEqual([
      ["theirs, and a little more", "server", 12], ["mine, and somewhat more", "mine", 12], ["theirs\nmine", "both", 4], ["mine\ntheirs", "both", 4], ["mine, and somewhat more", "edited", 4],
    ]);
  });

  it("is a few lines for what the cells fold, and never more text than they take", () => {
    const long = row(1, meta("/notes", "Notes", { kind: "long_text" }), text("old"), text(lines(30)), text(words(4000)), { choices: ["theirs", "mine", "later"] });
    const found = roomsOf(long, "text", "Waiting");
    expect(found.map((room) => room.lines)).toEqual([4, 12]);
    expect(found[0]?.text).toBe(lines(5));
    expect(found[1]?.text.length).toBe(2400);
  });

  it("has a line for each entry of a list, and the words an earlier text is told with", () => {
    const one = row(1, meta("/steps", "Steps", { kind: "tags" }), list("a"), list("Take the bench away", "Sweep the yard", "Fill the kettle"), list("b"), { choices: ["theirs", "mine", "later"] });
    expect(rooms(one, "lines", undefined, "You wrote: nothing")).toEqual([[50, "server", 4, "list"], ["Waiting\nYou wrote: nothing", "edited", 4]]);
  });

  it("holds what stood there when the row was drawn", () => {
    const one = row(1, meta("/shelf", "Shelf"), text("a"), text("b"), text("c"), { choices: ["theirs", "mine", "later"] });
    expect(rooms(one, "line", text("written by hand, before"))).toEqual([["written by hand, before", "combined", 12]]);
  });
});
