import { describe, expect, it } from "vitest";
import { MergeBackend } from "../../../dev/merge-backend";
import { list, meta, missing, num, row, text, view } from "../../../dev/merge-build";
import type { GroupRule, MergeRow, MergeRuleView, MergeView } from "../backend/generated/ipc";
import { MergeState } from "./merge.svelte";
import { MergeSending } from "./merge-sending.svelte";
import { isAt, suggestionFor, SuggestSettings, type SuggestSetting } from "./merge-suggest.svelte";

const BOTH: MergeRow["choices"] = ["theirs", "mine", "both", "edit", "later"];

function tool(): MergeView {
  return view({
    key: "k1", noun: "tool", title: "Drill", breadcrumbs: ["Tool library", "Tools"], mine_at: 5, theirs_at: 9,
    rows: [
      row(1, meta("/deposit", "Deposit", { kind: "number" }), num("20"), num("25"), num("30")),
      row(2, meta("/shelf", "Shelf"), text("A1"), text("A2"), text("A3"), { choices: BOTH }),
      row(3, meta("/notes", "Notes"), text("a b"), text("x b"), text("a y"), {
        ready: [{ kind: "combined", value: text("x y"), marks: [], by_date: false, chosen: false }],
      }),
    ],
  });
}

const rule = (pattern: string, rule: GroupRule, enabled = true): MergeRuleView => ({ id: pattern, source: "Tool library", collection: "Tools", pattern, field: pattern, rule, how: null, with: [], enabled, made_at: 0 });

async function open(setting: SuggestSetting, rules: MergeRuleView[] = [], start = tool()) {
  const backend = new MergeBackend(start);
  const said: string[] = [];
  const suggest = { setting, rules };
  const merge = new MergeState(backend, "k1", { say: (words) => void said.push(words), interrupt: () => undefined }, { suggest });
  await merge.load();
  const at = (number: number): MergeRow => {
    const found = merge.row(number);
    if (!found) throw new Error(`no row ${number}`);
    return found;
  };
  return { backend, merge, at, said, sending: new MergeSending(backend, merge) };
}

describe("a suggestion", () => {
  it("is off at first: only words put together are suggested", async () => {
    expect(new SuggestSettings(undefined).setting).toBe("none");
    const { merge, at } = await open("none");
    expect([1, 2, 3].map((number) => merge.look(at(number)).suggestedBy)).toEqual([undefined, undefined, "words"]);
  });

  it.each([["theirs", "theirs"], ["mine", "mine"]] as const)("%s marks the rows and decides none", async (setting, choice) => {
    const { merge, at } = await open(setting);
    expect(merge.look(at(1))).toMatchObject({ decided: false, suggested: choice, suggestedBy: "setting" });
    expect(merge.look(at(1)).result).toBeUndefined();
    expect([merge.decided, merge.openRows.length, merge.suggestedRows.length]).toEqual([0, 3, 3]);
  });

  it("is never sent unconfirmed", async () => {
    const { backend, merge, sending, said } = await open("mine");
    expect(await sending.openPreview()).toEqual({ to: "row", row: 1 });
    expect(said.at(-1)).toBe("Deposit still needs your choice. 3 choices open.");
    merge.allSide("theirs");
    await merge.settled();
    expect(backend.named("decide").every((call) => (call as { choice: string }).choice === "theirs")).toBe(true);
    expect(backend.named("merge_preview")).toEqual([]);
  });

  it("becomes the choice of one row by a yes, and is open again by undo", async () => {
    const { backend, merge, at, said } = await open("theirs");
    merge.confirm(at(1));
    await merge.settled();
    expect(backend.named("decide")).toEqual([{ key: "k1", rows: [1], choice: "theirs", json: undefined, seen: "s1" }]);
    expect(said.at(-1)).toBe("Will be sent: 25, server. 1 of 3 decided.");
    merge.undo();
    await merge.settled();
    expect(merge.look(at(1))).toMatchObject({ decided: false, suggested: "theirs" });
  });

  it("becomes the choice of all rows by one yes, words put together among them, and one undo opens all", async () => {
    const { merge, at, said } = await open("theirs");
    merge.confirmSuggested();
    await merge.settled();
    expect(said.at(-1)).toBe("3 suggestions confirmed. 3 of 3 decided.");
    expect([at(1).choice, at(2).choice, at(3).choice, at(3).result?.text]).toEqual(["theirs", "theirs", "edit", "x y"]);
    merge.undo();
    await merge.settled();
    expect(merge.openRows.map((row) => row.row)).toEqual([1, 2, 3]);
  });

  it("goes with 'Decide later', and with text that is typed", async () => {
    const { merge, at } = await open("mine");
    merge.choose(at(1), "later");
    merge.writing.type(at(2), "A9");
    expect(merge.suggestedRows.map((row) => row.row)).toEqual([3]);
    merge.confirmSuggested();
    await merge.flush();
    expect([at(1).standing, at(2).result?.text]).toEqual(["undecided", "A9"]);
  });
});

describe("a suggestion from a rule", () => {
  it.each([
    [rule("deposit", "theirs"), 1, "theirs"], [rule("deposit", "mine", false), 1, "mine"], [rule("deposit", "higher"), 1, "mine"],
    [rule("deposit", "newest"), 1, "theirs"], [rule("deposit", "sum"), 1, undefined], [rule("*", "mine"), 2, "mine"],
    [rule("shelf", "both"), 2, "both"], [rule("shelf", "later"), 2, undefined], [rule("other", "mine"), 1, undefined],
    [{ ...rule("deposit", "mine"), collection: "Loans" }, 1, undefined], [{ ...rule("deposit", "mine"), source: "Other" }, 1, undefined],
  ] as const)("%o", async (one, number, choice) => {
    const { merge, at } = await open("rule", [one]);
    expect(merge.look(at(number)).suggested).toBe(choice);
    expect(merge.look(at(number)).suggestedBy).toBe(choice && "rule");
  });

  const about = { source: "Tool library", collection: "Tools" };
  const price = (theirs: MergeRow["theirs"], mine: MergeRow["mine"], more: Partial<MergeRow> = {}) => row(1, meta("/terms/price", "Price"), missing, theirs, mine, more);
  const suggested = (one: MergeRow, rules: MergeRuleView[], times = {}) => suggestionFor(one, { ...about, ...times }, { setting: "rule", rules })?.choice;

  it("never takes a number or a moment for the higher one that is not", () => {
    const higher = [rule("terms/price", "higher")];
    expect(suggested(price(num("9007199254740992"), num("9007199254740993")), higher)).toBe("mine");
    expect(suggested(price(num("0.30000000000000000001"), num("0.3")), higher)).toBe("theirs");
    expect(suggested(price(num("1.0"), num("1")), higher)).toBeUndefined();
    expect(suggested(price(text("2026-11-05T10:00:00Z"), text("2026-11-05T10:30:00+01:00")), higher)).toBe("theirs");
    expect(suggested(price(text("2026-11-05T10:00:00Z"), text("2026-11-05T11:00:00+01:00")), higher)).toBeUndefined();
    expect(suggested(price(text("2026-11-05: called"), text("2026-11-06: called")), higher)).toBeUndefined();
    expect(suggested(price(text("2026-11-05"), text("2026-11-06"), { part: 0 }), higher)).toBeUndefined();
  });

  it("takes the newest of the two versions, unless the log of the field says otherwise", () => {
    const newest = [rule("terms/price", "newest")];
    const one = price(num("1"), num("2"));
    expect(suggested(one, newest, { mineAt: 5, theirsAt: 9 })).toBe("theirs");
    expect(suggested({ ...one, theirs_at: 7 }, newest, { mineAt: 5, theirsAt: 9 })).toBe("theirs");
    expect(suggested({ ...one, theirs_at: 3 }, newest, { mineAt: 5, theirsAt: 9 })).toBeUndefined();
    expect(suggested(one, newest, { mineAt: 5 })).toBeUndefined();
    expect(suggested({ ...one, theirs_at: 9 }, newest, { mineAt: 5 })).toBeUndefined();
  });

  it("says nothing that only the merge can work out", () => {
    const one = price(list("1"), list("2"), { choices: BOTH });
    expect([suggested(one, [rule("terms/price", "union")]), suggested(one, [rule("terms/price", "sum")])]).toEqual([undefined, undefined]);
  });

  it("is from the rule the merge would take, wherever it stands in the list", () => {
    const one = price(num("1"), num("2"));
    const [any, around, named] = [rule("**", "theirs"), rule("terms", "mine"), rule("terms/price", "theirs")];
    expect(suggested(one, [any, around])).toBe("mine");
    expect(suggested(one, [around])).toBe("mine");
    expect(suggested(one, [any, around, named])).toBe("theirs");
    expect(suggested(one, [rule("*/price", "theirs"), rule("terms/price", "mine")])).toBe("mine");
    expect(suggested(one, [rule("terms/price", "mine", false), rule("terms/price", "theirs")])).toBe("theirs");
    expect(suggested(one, [rule("terms", "higher")])).toBeUndefined();
  });

  it("is none where the sides have no order", () => {
    const one = row(1, meta("/a", "A"), missing, list("x"), text("y"));
    expect(suggestionFor(one, { source: "Tool library", collection: "Tools" }, { setting: "rule", rules: [rule("a", "higher")] })).toBeUndefined();
  });
});

it("no record is deleted or brought back by a suggestion", () => {
  const whole = row(1, meta("", "Record"), text("a"), missing, text("b"), { kind: "edit_delete" });
  expect(suggestionFor(whole, {}, { setting: "mine", rules: [] })).toBeUndefined();
});

it.each([
  ["deposit", "/deposit", true], ["/deposit", "/deposit", true], ["deposit", "/deposit/amount", false], ["lines/note", "/lines/id=7/note", true],
  ["lines/note", "/lines/3/note", true], ["*/note", "/lines/note", true], ["**/note", "/a/b/note", true], ["**", "/a/b", true], ["a/**", "/a", true], ["a", "/b", false],
  ["a~1b", "/a~1b", true], ["a~2", "/a*", true], ["a~2", "/ab", false], ["/a~1b", "/a/b", false], ["", "/a", false],
])("pattern %s at %s: %s", (pattern, pointer, there) => {
  expect(isAt(pattern, pointer)).toBe(there);
});

it("the setting is kept on this computer", () => {
  const kept = new Map<string, string>();
  const keep = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  new SuggestSettings(keep).set("rule");
  expect(new SuggestSettings(keep).setting).toBe("rule");
});
