import { describe, expect, it } from "vitest";
import { itemKey, listText, memberWords } from "./merge-items";
import { listLines, objectLines, type Line } from "./merge-lists";
import { mediaOf, mediaWords } from "./merge-media";

const told = (lines: Line[] | undefined) =>
  lines?.map((line) => `${line.sign}${line.moved ? "moved " : ""}|${line.pieces.map((piece) => ({ equal: "", removed: "-", added: "+", only: "o", word: "w" })[piece.kind] + piece.text).join("")}`);
const list = (...items: unknown[]) => JSON.stringify(items);

describe("a list against what it was", () => {
  it.each([
    ["added at the end", ["a", "b"], ["a", "b", "c"], ["|a", "|b", "+|+c"]],
    ["added first", ["a"], ["b", "a"], ["+|+b", "|a"]],
    ["removed in its place", ["a", "b", "c"], ["a", "c"], ["|a", "-|-b", "|c"]],
    ["moved", ["a", "b", "c"], ["c", "a", "b"], ["moved |c", "|a", "|b"]],
    ["repeated", ["a", "a"], ["a"], ["|a", "-|-a"]],
    ["from nothing", [], ["a"], ["+|+a"]],
    ["to nothing", ["a"], [], ["-|-a"]],
  ])("%s", (_name, before, after, lines) => expect(told(listLines(list(...before), list(...after)))).toEqual(lines));

  it("pairs objects by their human key and says what changed inside", () => {
    const was = list({ name: "Charger", count: 1 }, { name: "Battery", condition: "worn" });
    const now = list({ name: "Battery", condition: "one new" }, { name: "Charger", count: 1 }, { name: "Strap" });
    expect(told(listLines(was, now))).toEqual(["-+|Battery, condition: -worn+one new", "moved |Charger, count 1", "+|+Strap"]);
  });

  it("keeps every digit of a number", () => {
    expect(told(listLines("[1.10, 9007199254740993]", "[1.1, 9007199254740993]"))).toEqual(["+|+1.1", "-|-1.10", "|9007199254740993"]);
  });

  it("is no list where one side is none", () => expect(listLines('{"a":1}', "[1]")).toBeUndefined());

  it("members of an object", () => {
    expect(told(objectLines('{"street":"Mill Lane","number":4,"floor":1}', '{"street":"Mill Lane","number":6,"door":"back"}'))).toEqual([
      "|street: Mill Lane", "-+|number: -4+6", "+|+door: back", "-|-floor: 1",
    ]);
  });
});

describe("entries in words", () => {
  it.each([
    ['{"id":7,"name":"Charger"}', "Charger"], ['{"id":7,"date":"2026-06-12"}', "2026-06-12"], ['{"kind":"home","value":"a@b"}', "a@b"], ['{"n":3}', "3"], ['{"no":1,"item":"Charger"}', "Charger"], ["{}", "item"], ['"x"', "x"],
  ])("%s is called %s", (json, name) => expect(itemKey(json)).toBe(name));

  it("in one line, with the words for no value", () => {
    expect(memberWords('{"name":"Bit set","count":1,"condition":null,"note":""}')).toBe("Bit set, count 1, condition no value, note empty");
    expect(memberWords('{"next_safety_check":"x","serialNo":"y"}')).toBe("x, serial no y");
    expect(memberWords('{"item":"Charger","next_safety_check":"x","sn":"y"}', { next_safety_check: "Next check", sn: "Serial no. (plate)" })).toBe("Charger, next check x, Serial no. (plate) y");
    expect(listText('[{"name":"A"},{"name":"B"}]')).toBe("2 items: A, B");
  });
});

describe("pictures and files", () => {
  const value = (text: string) => ({ type: "text" as const, text, json: JSON.stringify(text) });
  it.each([
    ["data:image/png;base64,AAAA", "PNG picture, 3 bytes", true], ["data:application/pdf;base64,AAAAAAA=", "PDF file, 5 bytes", false],
    ["data:image/svg+xml,%3Csvg/%3E", "SVG picture, 6 bytes", false], ["data:;base64,AAAA", "PLAIN file, 3 bytes", false],
  ])("%s", (text, said, drawn) => {
    const media = mediaOf(value(text));
    expect(media && mediaWords(media)).toBe(said);
    expect(media?.src !== undefined).toBe(drawn);
  });

  it("long Base64 text is a file, short text and other values are what they are", () => {
    expect(mediaOf(value(`/9j/${"Aa".repeat(300)}`))).toMatchObject({ kind: "JPEG picture", bytes: 453 });
    for (const text of ["hello", "AAAA", "Some words 1 ".repeat(90), "word".repeat(300), "a".repeat(600) + " \u00e9"]) expect(mediaOf(value(text)), text.slice(0, 10)).toBeUndefined();
    expect(mediaOf({ type: "number", text: "1".repeat(600), json: "1" })).toBeUndefined();
  });
});
