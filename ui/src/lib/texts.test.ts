/** Small pure things: times, values, input, keys, what the outbox says and copies. */
import { describe, expect, it } from "vitest";
import { changeOf, parseDate, readTyped, shownText } from "../components/form/input";
import { singular } from "../components/form/words";
import { curl } from "../features/outbox/curl";
import { foldedDiff } from "../features/outbox/diff";
import { listRows } from "../features/outbox/groups";
import { nextStep } from "../features/outbox/words";
import { guessName, withScheme } from "../features/sources/addFlow.svelte";
import { columnsOf, gridColumns } from "../features/records/columns";
import { paletteEntries, pieces } from "../shell/palette";
import type { FieldMeta, OutboxEntry, RecordRow, Value } from "./backend/generated/ipc";
import { dateInWords, dayTime, shortTime, size } from "./format";
import { isKey, keyCaps } from "./keys";
import { valueInWords } from "./values";
import { counted, listed, plural, quotedAtEnd } from "./words";

const NOW = new Date(2026, 5, 12, 10, 44).getTime();
const value = (type: Value["type"], text: string, json = text): Value => ({ type, text, json });

describe("times", () => {
  it.each([
    [new Date(2026, 5, 12, 10, 44), "now"], [new Date(2026, 5, 12, 9, 51), "09:51"], [new Date(2026, 5, 11, 23, 59), "Yest."],
    [new Date(2026, 5, 2, 8, 0), "2 Jun"], [new Date(2025, 11, 31, 8, 0), "Dec 2025"],
  ])("%s in a column is %s", (at, words) => expect(shortTime(at.getTime(), NOW)).toBe(words));

  it.each([
    [new Date(2026, 5, 12, 10, 31), "today 10:31"], [new Date(2026, 5, 11, 18, 10), "yesterday 18:10"], [new Date(2026, 5, 9, 7, 5), "9 June 07:05"],
    [new Date(2024, 1, 29, 7, 5), "29 February 2024 07:05"],
  ])("%s in a sentence is %s", (at, words) => expect(dayTime(at.getTime(), NOW)).toBe(words));

  it.each([["2026-09-14", "14 Sep 2026"], ["2026-13-14", "2026-13-14"], ["soon", "soon"]])("the date %s is shown as %s", (iso, words) =>
    expect(dateInWords(iso)).toBe(words));
});

describe("quotations at the end of a sentence", () => {
  it.each([["deposit too low", '"deposit too low".'], ["Try again.", '"Try again."'], ["Why? ", '"Why?"']])("%s", (said, words) => expect(quotedAtEnd(said)).toBe(words));
});

describe("the order of the palette", () => {
  const command = (id: string, title: string, group: "go" | "do" = "go") => ({ id, title, group, icon: "stack" as const, run: () => undefined });
  it("puts commands that begin with the text before records, others after", () => {
    const row = { key: "a", title: "Set of spanners" } as RecordRow;
    const groups = paletteEntries({
      commands: [command("reset", "Reset all", "do"), command("settings", "Settings")], rows: [row], needle: "set",
      groups: { record: "For this record", records: "Records", go: "Go to", do: "Commands" },
    });
    expect(groups.flatMap((group) => group.entries.map((one) => one.id))).toEqual(["settings", "row-a", "reset"]);
    expect(groups.flatMap((group) => group.entries.map((one) => one.index))).toEqual([0, 1, 2]);
  });
});

describe("columns of the list", () => {
  it("leave room for the longest words, and for the name", () => {
    const columns = columnsOf([{ pointer: "/status", label: "Status", numeric: false }, { pointer: "/notes", label: "Notes", numeric: false }], true);
    expect(gridColumns(columns, ["In repair".length, 400])).toBe("5.625rem minmax(0, 1fr) 4.5rem 6rem 4rem");
  });
});

describe("dates typed", () => {
  it.each([
    ["14 Sep 2026", "2026-09-14"], ["14 september 2026", "2026-09-14"], ["2026-9-4", "2026-09-04"], ["14.9.2026", "2026-09-14"],
    ["31 Feb 2026", undefined], ["14 Foo 2026", undefined], ["tomorrow", undefined],
  ])("%s", (typed, iso) => expect(parseDate(typed)).toBe(iso));
});

describe("typed text", () => {
  const meta = (kind: FieldMeta["kind"], required = false): FieldMeta => ({ pointer: "/x", label: "X", kind, required, read_only: false, options: [] });
  it.each([
    ["text stays text", meta("text"), "007", value("text", "a"), { operation: { op: "set", pointer: "/x", json: '"007"' } }],
    ["an emptied number goes", meta("number"), "", value("number", "5"), { operation: { op: "unset", pointer: "/x" } }],
    ["an emptied number that was null stays null", meta("number"), " ", value("null", "", "null"), { operation: { op: "set", pointer: "/x", json: "null" } }],
    ["a needed number is asked for", meta("number", true), "", value("number", "5"), { error: "This needs a number, for example 12.50" }],
    ["Windows line ends stay", meta("long_text"), "a\nb\nc", value("text", "a\r\nb"), { operation: { op: "set", pointer: "/x", json: '"a\\r\\nb\\r\\nc"' } }],
    ["mixed line ends are not guessed", meta("long_text"), "a\nb", value("text", "a\r\nb\nc"), { operation: { op: "set", pointer: "/x", json: '"a\\nb"' } }],
    ["broken JSON is not saved", meta("json"), "[1,", value("list", "[1]"), { error: 'Not complete yet: this must be JSON, for example "text" or [1, 2]' }],
    ["JSON keeps its spelling", meta("json"), "[1.0, 2]", value("list", "[1]"), { operation: { op: "set", pointer: "/x", json: "[1.0, 2]" } }],
  ])("%s", (_name, field, typed, before, reading) => expect(readTyped(field, typed, before)).toEqual(reading));

  it("is shown without words for nothing", () => {
    expect(["missing", "null"].map((type) => shownText(meta("text"), value(type as Value["type"], "")))).toEqual(["", ""]);
    expect(shownText(meta("number"), value("number", "30.00"))).toBe("30.00");
  });

  it("differs in the middle", () => {
    expect(changeOf("one two three four", "one 2 three four")).toEqual({ start: "one ", removed: "two", added: "2", end: " three four" });
    expect(changeOf("same", "same")).toEqual({ start: "same", removed: "", added: "", end: "" });
  });
});

describe("words", () => {
  it.each([[1, "box", "1 box"], [2, "box", "2 boxes"], [3, "entry", "3 entries"], [2, "day", "2 days"], [12345, "tool", "12,345 tools"]])(
    "%i %s", (count, noun, words) => expect(counted(count, noun)).toBe(words));
  it.each([["Accessories", "accessory"], ["Boxes", "box"], ["Phones", "phone"], ["Glass", "glass"], ["Matches", "match"]])(
    "one of %s is %s", (many, one) => expect(singular(many)).toBe(one));
  it("lists names", () => expect([[], ["A"], ["A", "B"], ["A", "B", "C"]].map(listed)).toEqual(["", "A", "A and B", "A, B and C"]));
  it("makes plurals", () => expect(["tool", "loan", "dish", "city"].map((noun) => plural(noun))).toEqual(["tools", "loans", "dishes", "cities"]));
  it.each([
    [value("missing", ""), "(not there)"], [value("null", "", "null"), "(no value)"], [value("text", "", '""'), "(empty)"],
    [value("list", "[ ]", "[ ]"), "(empty list)"], [value("boolean", "true"), "yes"], [value("number", "20.00"), "20.00 EUR"],
  ])("a value is said", (of, words) => expect(valueInWords(of, of.type === "number" ? "EUR" : undefined)).toBe(words));
  it.each([[0, "0 bytes"], [1, "1 byte"], [1402, "1.4 kB"], [2_500_000, "2.5 MB"]])("%i bytes are %s", (bytes, words) => expect(size(bytes)).toBe(words));
});

describe("keys", () => {
  const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
    ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more }) as KeyboardEvent;
  it.each([
    ["Ctrl+K", press("k", { ctrlKey: true }), false, true], ["Ctrl+K", press("k", { metaKey: true }), true, true],
    ["Ctrl+K", press("k", { ctrlKey: true, shiftKey: true }), false, false], ["Ctrl+K", press("k"), false, false],
    ["Ctrl+Shift+O", press("O", { ctrlKey: true, shiftKey: true }), false, true], ["/", press("/", { shiftKey: true }), false, true],
    ["F5", press("F5"), false, true], ["Del", press("Delete"), false, true], ["Ctrl+,", press(",", { ctrlKey: true }), false, true],
  ])("%s", (keys, event, mac, hit) => expect(isKey(event, keys, mac)).toBe(hit));
  it("are shown with the Command sign on macOS", () => expect(keyCaps("Ctrl+Shift+O", true)).toEqual(["\u2318", "Shift", "O"]));
});

describe("the outbox", () => {
  const entry = (more: Partial<OutboxEntry>): OutboxEntry => ({
    key: "k", address: "a/b/c", title: "T", state: "edited", kind: "change", fields: 1, held: false, attempts: 0, reason: "next", saved_at: NOW, ...more,
  });
  it("has a head for each group that has entries", () => {
    const rows = listRows([entry({ key: "1" }), entry({ key: "2", state: "rejected" }), entry({ key: "3", held: true, reason: "held" }), entry({ key: "4", state: "uncertain" })]);
    expect(rows.map((row) => row.head ?? row.entry?.key)).toEqual(["look", "2", "4", "waiting", "1", "held", "3"]);
  });
  it.each([
    [entry({ reason: "server_busy", not_before: new Date(2026, 5, 12, 10, 46).getTime() }), "Server busy, 10:46"],
    [entry({ reason: "stays_here", held: true, kind: "create" }), "Stays on this computer"],
    [entry({ reason: "held", held: true, saved_at: new Date(2026, 5, 11, 9, 0).getTime() }), "Since yesterday"],
    [entry({ state: "rejected", reason: "refused", words: "deposit too low" }), "Refused"],
    [entry({ reason: "something new" }), "Next"],
  ])("says the next step", (one, words) => expect(nextStep(one, NOW)).toBe(words));

  it("names the field that is refused, and a new record nobody filled in", () => {
    expect(nextStep(entry({ state: "rejected", reason: "refused", words: "too low" }), NOW, "Deposit")).toBe("Deposit refused");
    expect(nextStep(entry({ kind: "create", fields: 0, held: true, reason: "held" }), NOW)).toBe("Not filled in yet");
  });

  it("folds long equal stretches and leaves the indent outside the marks", () => {
    const equal = Array.from({ length: 10 }, (_, n) => `  line ${n}\n`).join("");
    expect(foldedDiff([{ kind: "equal", text: equal }, { kind: "removed", text: "    a\n" }, { kind: "added", text: "    b\n" }, { kind: "equal", text: "  x\n  y\n" }])).toEqual([
      { kind: "fold", count: 9 }, { kind: "equal", indent: "  ", text: "line 9" }, { kind: "removed", indent: "    ", text: "a" },
      { kind: "added", indent: "    ", text: "b" }, { kind: "equal", indent: "  ", text: "x" }, { kind: "equal", indent: "  ", text: "y" },
    ]);
  });

  it("copies a request that a shell reads as it is", () => {
    const request = { method: "PUT", url: "https://a.example/x?y=1&z", headers: [{ name: "If-Match", value: '"v1"' }], body: "it's\n$HOME", size: 9, size_change: 0, diff: [], changes: [], fields: 1 };
    expect(curl(request)).toBe(`curl -X PUT 'https://a.example/x?y=1&z' \\\n  -H 'If-Match: "v1"' \\\n  --data-binary 'it'\\''s\n$HOME'`);
  });
});

describe("addresses and the palette", () => {
  it.each([["tools.example.org/api", "https://tools.example.org/api"], ["localhost:8080", "http://localhost:8080"], ["http://a.b", "http://a.b"], ["", ""]])(
    "%s", (typed, url) => expect(withScheme(typed)).toBe(url));
  it.each([["https://repair.riverside.example/x", "Repair"], ["https://www.tools.org", "Tools"], ["http://127.0.0.1:80", "127.0.0.1"]])(
    "%s is called %s", (url, name) => expect(guessName(url)).toBe(name));
  it("marks what was found", () =>
    expect(pieces("Cordless drill", "DRILL")).toEqual([{ text: "Cordless ", hit: false }, { text: "drill", hit: true }]));
});
