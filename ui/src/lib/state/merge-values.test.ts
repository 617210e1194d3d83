import { describe, expect, it } from "vitest";
import { bool, json, list, marks, meta, missing, none, num, row, text } from "../../../dev/merge-build";
import { wordMarks } from "./merge-diff";
import { listItems, objectMembers } from "./merge-json";
import { editableText, editorOf, readTyped } from "./merge-typing";
import { noValueWord, plainText, sideShown, sidesShown, textWithUnit, type Shown } from "./merge-values";

const plain = meta("/x", "X");
const date = meta("/d", "D", { kind: "date" });
const choice = meta("/c", "C", { kind: "choice", options: [{ json: "2", title: "Two" }, { json: '"b"', title: "Bee" }] });

/** "-old +new =same (word)" */
function drawn(shown: Shown): string {
  const sign = { equal: "=", removed: "-", added: "+", only: "*", word: "(" };
  return `${shown.gutter}| ${shown.pieces.map((piece) => sign[piece.kind] + piece.text).join("|")}`;
}

describe("words for no value", () => {
  it("are all different", () => {
    const words = [noValueWord(missing), noValueWord(missing, true), noValueWord(none), noValueWord(text("")), noValueWord(list()), noValueWord(json({}))];
    expect(words).toEqual(["not there", "removed", "no value", "empty", "empty list", "empty group"]);
    expect(new Set(words).size).toBe(words.length);
    for (const value of [text(" "), text("null"), num("0"), bool(false), list("")]) expect(noValueWord(value)).toBeUndefined();
  });
});

describe("values in words", () => {
  it.each([
    [bool(true), plain, "yes"], [bool(false), plain, "no"], [num("20.00"), meta("/x", "X", { unit: "EUR" }), "20.00 EUR"],
    [none, meta("/x", "X", { unit: "EUR" }), "no value"], [text("2026-09-14"), date, "14 Sep 2026"], [text("2026-09-14T10:31:00Z"), date, "14 Sep 2026, 10:31 UTC"],
    [text("some day"), date, "some day"], [num("2"), choice, "Two"], [text("b"), choice, "Bee"], [text("other"), choice, "other"],
    [list("a", "b"), plain, "a, b"], [json([{ id: 12345678901234, name: "Charger" }, { name: "Strap" }]), plain, "2 items: Charger, Strap"],
    [json({ a: 1, b: [true, null] }), plain, "a 1, b yes, no value"],
  ])("%o reads %3$s", (value, shape, words) => expect(textWithUnit(value, shape)).toBe(words));

  it("are dates where nothing is known about the field, and only then", () => {
    expect(plainText(text("2026-09-14"))).toBe("14 Sep 2026");
    expect(plainText(text("2026-06-21T14:00:00+01:00"))).toBe("21 Jun 2026, 14:00 +01:00");
    expect(plainText(text("2026-09-14"), plain)).toBe("2026-09-14");
    expect(plainText(text("2026-09-14 or so"))).toBe("2026-09-14 or so");
  });

  it("keeps every digit of a number inside a list", () => {
    expect(plainText({ type: "list", text: "", json: "[12345678901234567890, 1.10, 1e5]" })).toBe("12345678901234567890, 1.10, 1e5");
  });
});

describe("a side against Before", () => {
  it.each([
    ["replaced, with the marks of the back end", row(1, plain, text("a b"), text("a c"), missing, { theirs_marks: marks("=a ", "-b", "+c") }), "-+| =a |-b|+c"],
    ["replaced, no marks in time: whole values", row(1, meta("/n", "N", { kind: "number" }), num("1"), num("2"), missing), "-+| -1|+2"],
    ["added", row(1, plain, missing, text("new"), missing), "+| +new"],
    ["removed", row(1, plain, text("old"), missing, text("x")), "-| (removed"],
    ["null instead of a value", row(1, plain, num("17"), none, text("x")), "-| -17|(no value"],
    ["emptied", row(1, plain, text("old"), text(""), text("x")), "-| -old|(empty"],
    ["empty, was not there", row(1, plain, missing, text(""), text("x")), "+| (empty"],
    ["still not there", row(1, plain, missing, missing, text("x")), "| (not there"],
    ["a value instead of null", row(1, plain, none, text("a"), text("x")), "+| +a"],
    ["unchanged", row(1, plain, text("a"), text("a"), text("x")), "| =a"],
    ["a date, by name", row(1, date, text("2026-09-14"), text("2026-09-01"), text("x"), { theirs_marks: marks("=2026-09-", "-14", "+01") }), "-+| -14 Sep 2026|+1 Sep 2026"],
    ["yes and no", row(1, meta("/b", "B", { kind: "boolean" }), bool(false), bool(true), missing), "-+| -no|+yes"],
    ["a list, item by item", row(1, meta("/t", "T", { kind: "tags" }), list("a", "b"), list("b", "c"), missing), "-+| -a|=, |=b|=, |+c"],
    ["the same instant written differently", row(1, date, text("2026-09-14T10:00:00Z"), text("2026-09-14T10:00Z"), missing), "-+| -2026-09-14T10:00:00Z|+2026-09-14T10:00Z"],
    ["since the person chose", row(1, plain, text("+1 144"), text("+1 190"), missing, { theirs_then: text("+1 187") }), "-+| =+1|- 187|+ 190"],
  ])("%s", (_, one, shown) => expect(drawn(sideShown(one, "theirs"))).toBe(shown));

  it("compares the sides only when asked to", () => {
    const one = row(1, plain, text("a b"), text("a c"), text("a d"), { sides_marks: marks("=a ", "-c", "+d") });
    expect(drawn(sidesShown(one, "theirs"))).toBe("| =a |*c");
    expect(drawn(sidesShown(one, "mine"))).toBe("| =a |*d");
    expect(drawn(sidesShown({ ...one, mine: missing }, "mine"))).toBe("| (removed");
  });
});

describe("word marks made here", () => {
  it.each([
    ["", "", ""], ["a b", "a b", "=a b"], ["one two three", "one 2 three", "=one|- two|+ 2|= three"],
    ["Waters plot 17 on Mondays.", "Waters plots 17 and 18 on Tuesdays.", "=Waters|- plot|+ plots|= 17|+ and 18|= on|- Mondays|+ Tuesdays|=."],
    ["x", "", "-x"], ["", "y", "+y"],
  ])("%j to %j", (before, after, shown) => {
    const made = wordMarks(before, after);
    expect(made.map((mark) => ({ equal: "=", removed: "-", added: "+" })[mark.kind] + mark.text).join("|")).toBe(shown);
  });

  it("lose nothing: both texts can be read back", () => {
    const samples = ["", "a", "a  b\n\nc", "1.20 EUR, 2026-09-14", "ä ö 火 山", "tool in the cellar ", "a a a b a a", "x".repeat(50)];
    for (const before of samples) {
      for (const after of samples) {
        const made = wordMarks(before, after);
        const read = (leave: string) => made.filter((mark) => mark.kind !== leave).map((mark) => mark.text).join("");
        expect([read("added"), read("removed")]).toEqual([before, after]);
      }
    }
  });

  it("marks the whole of what is too long to compare", () => {
    const long = (word: string) => Array.from({ length: 900 }, (_, at) => `${word}${at}`).join(" ");
    expect(wordMarks(long("a"), long("b")).map((mark) => mark.kind)).toEqual(["removed", "added"]);
  });
});

describe("JSON text", () => {
  it("is cut without re-spelling", () => {
    expect(listItems('[1.0, "a,b]", [2,3], {"x":"}"}, "\\""]')).toEqual(["1.0", '"a,b]"', "[2,3]", '{"x":"}"}', '"\\""']);
    expect(objectMembers('{"a\\"b": 1e5, "c": {"d": [1,2]}}')).toEqual([['a"b', "1e5"], ["c", '{"d": [1,2]}']]);
    expect([listItems("[]"), listItems("{}"), objectMembers("[]")]).toEqual([[], undefined, undefined]);
  });
});

describe("typing", () => {
  it.each([
    ["30.00", "number", { json: "30.00" }], ["12,5", "number", { json: "12.5" }], ["", "number", { wrong: "A number, for example 12.50" }],
    ["12.50 EUR", "number", { wrong: "A number, for example 12.50" }], ["12345678901234567890", "number", { json: "12345678901234567890" }],
    ['say "hi"\n', "text", { json: '"say \\"hi\\"\\n"' }], ["", "line", { json: '""' }], ["a\n\n b ", "lines", { json: '["a","b"]' }], ["", "lines", { json: "[]" }],
    ["true", "yes_no", { json: "true" }], ["", "choice", { wrong: "Choose one" }], [' {"a": 1.0} ', "json", { json: '{"a": 1.0}' }],
  ] as const)("%j in %s", (typed, editor, read) => expect(readTyped(typed, editor)).toEqual(read));

  it("says what is missing in an unfinished document", () => {
    expect(readTyped('{"a": ', "json")).toHaveProperty("wrong");
  });

  it("chooses the field by what the values are", () => {
    expect(editorOf(meta("/n", "N", { kind: "number" }), [num("1")])).toBe("number");
    expect(editorOf(choice, [])).toBe("choice");
    expect(editorOf(plain, [text("a\nb")])).toBe("text");
    expect(editorOf(plain, [text("a")])).toBe("line");
    expect(editorOf(meta("/t", "T", { kind: "tags" }), [list("a")])).toBe("lines");
    expect(editorOf(meta("/t", "T", { kind: "tags" }), [{ type: "list", text: "", json: "[1]" }])).toBe("json");
    expect(editorOf(plain, [json({})])).toBe("json");
  });

  it("keeps the line ends of the record: a text box knows only one kind", () => {
    const kept = (typed: string, like: string) => readTyped(typed, "text", like);
    expect(kept(editableText(text("a\r\nb"), "text"), "a\r\nb")).toEqual({ json: String.raw`"a\r\nb"` });
    expect(kept("a\nb\nc", "x\r\ny")).toEqual({ json: String.raw`"a\r\nb\r\nc"` });
    expect(kept("a\r\nb", "x\r\ny")).toEqual({ json: String.raw`"a\r\nb"` });
    expect(kept("a\nb", "x\ny")).toEqual({ json: String.raw`"a\nb"` });
    expect(kept("a\nb", "x\r\ny\nz")).toEqual({ json: String.raw`"a\nb"` });
  });

  it("starts from the value in the shape its field takes", () => {
    expect(editableText(list("a", "b"), "lines")).toBe("a\nb");
    expect(editableText(num("30.00"), "number")).toBe("30.00");
    expect([editableText(missing, "line"), editableText(none, "text"), editableText(undefined, "line")]).toEqual(["", "", ""]);
  });
});
