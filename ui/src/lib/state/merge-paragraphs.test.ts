import { describe, expect, it } from "vitest";
import { automatic, meta, paragraph, row, text } from "../../../dev/merge-build";
import { paragraphsOf } from "./merge-paragraphs";

const long = meta("/t", "Text", { kind: "long_text" });
const whole = (before: string, theirs: string, mine: string) => automatic(9, long, text(before), text(theirs), text(mine));
const part = (number: number, before: string, theirs: string, mine: string) => row(number, long, text(before), text(theirs), text(mine), { part: number - 1 });
const told = (list: ReturnType<typeof paragraphsOf>) => list.map((one) => (one.kind === "clash" ? `row ${one.row}` : one.kind === "equal" ? `${one.count} equal` : `${one.kind}: ${one.before ?? "-"} > ${one.theirs ?? "-"} | ${one.mine ?? "-"}`));

describe("the paragraphs around those that need a choice", () => {
  it("equal ones are counted", () => {
    const rules = Array.from({ length: 12 }, (_, at) => `Rule ${at}`).join("\n\n");
    const parts = [part(1, "a\n", "b\n", "c\n"), part(2, "", "12 June\n", "11 June\n")];
    expect(told(paragraphsOf(whole(`a\n\n${rules}\n`, `b\n\n${rules}\n12 June\n`, `c\n\n${rules}\n11 June\n`), parts))).toEqual(["row 1", "12 equal", "row 2"]);
  });

  it("those of one side are told with their side", () => {
    const parts = [part(1, "x\n", "y\n", "z\n")];
    expect(told(paragraphsOf(whole("one\nx\ntwo\nthree\n", "one\ny\nTWO\nthree\nfour\n", "ONE\nz\ntwo\nthree\n"), parts))).toEqual([
      "mine: one > one | ONE", "row 1", "server: two > TWO | two", "1 equal", "server: - > four | -",
    ]);
  });

  it("what is not found claims nothing; what the back end sends comes first", () => {
    expect(paragraphsOf(whole("a", "b", "c"), [part(1, "a", "not there", "c")])).toEqual([]);
    const sent = { ...whole("a", "b", "c"), paragraphs: [paragraph("clash", "a", { row: 1 })] };
    expect(paragraphsOf(sent, [])).toBe(sent.paragraphs);
  });
});
