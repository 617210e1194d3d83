import { describe, expect, it } from "vitest";
import { marks, meta, missing, ready, row, text } from "../../../dev/merge-build";
import { unwrapped, wrapOf, wrapped } from "./merge-parts";

const note = meta("/notes", "Notes", { kind: "long_text" });
const part = (before: string, theirs: string, mine: string, more = {}) => row(1, note, text(before), text(theirs), text(mine), { part: 1, ...more });

describe("a part of a text", () => {
  it("is read without the breaks around it, and nothing is not there", () => {
    const one = unwrapped(part("", "\n\n12 June: chuck.", "\n\n11 June: strap.", {
      theirs_marks: marks("+\n\n12 June: chuck."), mine_marks: marks("+\n\n11 June: strap."), result: text("\n\n11 June: strap."), ready: [ready("mine_first", text("\n\n11\n12\n"))], both: text("\n\n12\n11\n"),
    }));
    expect([one.before, one.theirs.text, one.mine.json, one.result?.text, one.ready[0]?.value.text, one.both?.text]).toEqual([missing, "12 June: chuck.", '"11 June: strap."', "11 June: strap.", "11\n12", "12\n11"]);
    expect(one.theirs_marks).toEqual([{ kind: "added", text: "12 June: chuck." }]);
  });

  it("loses the break behind it on both sides of a mark", () => {
    const one = unwrapped(part("a b\n", "a c\n", "a\n", { theirs_marks: marks("=a ", "-b\n", "+c\n"), mine_marks: marks("=a", "- b", "=\n") }));
    expect([one.theirs_marks, one.mine_marks]).toEqual([marks("=a ", "-b", "+c"), marks("=a", "- b")]);
  });

  it("gets its breaks back when it is written", () => {
    const wrap = wrapOf(part("", "\n\nb", "\n\na\n"));
    expect(wrap).toEqual({ lead: "\n\n", tail: "\n" });
    expect([wrapped('"new"', wrap), wrapped('"\\n\\nnew\\n"', wrap), wrapped('""', wrap), wrapped("[1]", wrap)]).toEqual(['"\\n\\nnew\\n"', '"\\n\\nnew\\n"', '""', "[1]"]);
  });

  it("a row that is no part stays as it is, also a text that is only breaks", () => {
    const whole = row(1, note, text("\n"), text("\n\n"), text("a\n"));
    expect([unwrapped(whole), wrapOf(whole)]).toEqual([whole, undefined]);
    expect(wrapped('"a"', undefined)).toBe('"a"');
  });
});
