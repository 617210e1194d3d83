import { describe, expect, it } from "vitest";
import type { ReadyValue } from "../backend/generated/ipc";
import { meta, missing, ready, row, text } from "../../../dev/merge-build";
import { bothWays, wayWords } from "./merge-both";

const notes = meta("/notes", "Notes", { kind: "long_text" });
const added = (theirs: string, mine: string, more: Partial<ReadyValue> = {}, before = missing) =>
  row(1, notes, before, text(theirs), text(mine), { choices: ["theirs", "mine", "both", "edit", "later"], ready: [ready("mine_first", text(`${mine}\n${theirs}`), more)] });
const ways = (...said: Parameters<typeof added>) => bothWays(added(...said)).map((one) => [one.way, wayWords(one)]);

describe("both, one after the other", () => {
  it("stand in order of date, however the date is written", () => {
    expect(ways("12 June: chuck tightened.", "11 June: strap fitted.")).toEqual([["mine_first", "In order of date."], ["server_first", "Server's first."]]);
    expect(ways("June 11, 2026: chuck", "2026-06-12: strap")).toEqual([["server_first", "In order of date."], ["mine_first", "Mine first."]]);
    expect(ways("2026-06-12 t", "2026-06-11 m", { by_date: true })[0]).toEqual(["mine_first", "In order of date."]);
  });

  it("stand server's first where no date says otherwise", () => {
    const usual = [["server_first", "Server's first."], ["mine_first", "Mine first."]];
    expect(ways("12 June: chuck", "11.6. strap")).toEqual(usual);
    expect(ways("12 June: chuck", "12 June: strap")).toEqual(usual);
    // Not only put in: the dates say when a paragraph was begun, not how the two belong together.
    expect(ways("12 June: chuck", "11 June: strap", {}, text("10 June: belt"))).toEqual(usual);
  });
});
