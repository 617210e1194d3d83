// Rows of every kind: both in either order, whole texts, lists, fields that belong together, pictures, what is said.
import { cleanup, fireEvent } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { openPage, settle, words } from "../../../dev/merge-page";
import { contactAgain, drill, ladder } from "../../../dev/merge-data";
import { kinds, noRight } from "../../../dev/merge-kinds";

afterEach(cleanup);

const label = (root: Element, value: string) => words(root.querySelector(`input[value="${value}"]`)?.closest("label") ?? root);

describe("both", () => {
  it("in order of date where both carry one, the other order by one key", async () => {
    const { at, merge, key, backend, heard } = await openPage(drill);
    expect(words(at(3))).toContain("In order of date. Server's first");
    expect(at(3).querySelector<HTMLInputElement>('input[value="both"]')?.checked).toBe(true);
    at(3).focus();
    await key("o");
    expect(merge.view?.rows[2]).toMatchObject({ choice: "both", result: { text: "12 June: chuck tightened, runs true again.\n11 June: new carry strap fitted." } });
    expect(words(at(3))).toContain("Server's first. In order of date");
    expect(heard.slice(-1)).toEqual(["Server's first. 3 of 5 decided."]);
    await key("u");
    expect(backend.named("decide").at(-1)).toMatchObject({ rows: [3], choice: "edit", ready: "mine_first" });
    await key("o");
    await key("1");
    await key("3");
    expect(backend.named("decide").at(-1), "the order of time comes first again").toMatchObject({ ready: "mine_first" });
  });

  it("word by word is a suggestion that can be read before it is chosen, and never preselected", async () => {
    const { at, merge, key } = await openPage(kinds);
    expect(words(at(2))).toContain("Put together: The added: spare key is in the removed: cellar added: attic");
    expect(at(2).querySelector("input:checked")).toBeNull();
    expect(label(at(2), "both")).toBe("Combine suggested: The spare key is in the attic");
    expect(at(2).getAttribute("aria-label")).toContain("Needs your choice, suggested: Use both");
    at(2).focus();
    await key("1");
    expect(words(at(2)), "a decided row keeps its size").toContain("Put together: The added: spare key");
    await key("3");
    expect(merge.look(merge.view?.rows[1] ?? kinds.rows[1]!)).toMatchObject({ decided: true, choice: "both", way: "combined", provenance: "combined" });
    expect(words(at(2).querySelector(".result") ?? at(2))).toContain("combined");
  });

  it("is confirmed by its own key, by its link, or with all others; the letters are offered in the row", async () => {
    const { at, merge, key, press, heard } = await openPage(kinds);
    const open = () => merge.openRows.some((row) => row.row === 2);
    at(2).focus();
    await key("c");
    expect([open(), heard.at(-1)?.includes("combined")]).toEqual([false, true]);
    await key("u");
    await press("Confirm: Use both", at(2));
    expect(open()).toBe(false);
    await key("u");
    at(2).focus();
    await key("c", { key: "C", shiftKey: true });
    expect([open(), merge.suggestedRows]).toEqual([false, []]);
    expect(merge.openRows.length, "rows without a suggestion stay open").toBeGreaterThan(0);
  });
});

describe("a long text", () => {
  it("gets no line more by a choice: what is below stays where it is", async () => {
    const { at, merge } = await openPage(drill);
    const lines = () => [...at(2).children].map((child) => child.classList.item(0));
    const before = lines();
    merge.choose(merge.row(2) ?? drill.rows[1]!, "mine");
    await settle(merge);
    expect(lines()).toEqual(before);
    expect(at(2).getAttribute("aria-label")).toContain("Decided");
  });

  it("folds equal paragraphs and opens them on request", async () => {
    const { root, press } = await openPage(drill);
    expect(words(root)).toContain("12 equal paragraphs");
    expect(root.querySelector(".m-equal")).toBeNull();
    await press("12 equal paragraphs");
    expect(words(root.querySelector(".m-equal") ?? root)).toContain("Show new borrowers the clutch ring");
  });

  it("written as a whole decides its paragraphs; back to them opens each again", async () => {
    const { root, press, merge, backend, at } = await openPage(drill);
    await press("Edit whole text");
    const field = root.querySelector<HTMLTextAreaElement>('[data-field="15"]');
    expect(document.activeElement).toBe(field);
    expect(field?.value).toContain("Show new borrowers the clutch ring.");
    if (field) await fireEvent.input(field, { target: { value: "All new." } });
    await merge.flush();
    await settle(merge);
    expect(backend.named("decide_many").at(-1)).toMatchObject({ rows: [{ row: 15, choice: "edit", json: '"All new."' }, { row: 2, choice: "mine" }] });
    expect(merge.decided).toBe(4);
    merge.undo();
    await settle(merge);
    expect([merge.decided, merge.view?.rows.find((row) => row.row === 15)?.standing, at(2).className]).toEqual([3, "automatic", expect.stringContaining("m-sub")]);
    merge.redo();
    await settle(merge);
    await press("Back to paragraphs");
    expect([merge.decided, merge.view?.rows.filter((row) => row.part !== undefined).map((row) => row.standing)]).toEqual([2, ["undecided", "undecided"]]);
  });

  it("says which paragraphs come from one side", async () => {
    const { root } = await openPage(kinds);
    expect(words(root.querySelector('[aria-label="Paragraph 4, changed by you"]') ?? root)).toContain("Paragraph 4 changed by you.mine Tea at removed: five added: four");
  });
});

describe("kinds of rows", () => {
  it("lists stand item by item, equal ones folded, with what happened to the order", async () => {
    const { at } = await openPage(kinds);
    expect(words(at(4).querySelector(".server") ?? at(4))).toContain("+added: Count the chairs7 equal items");
    expect(words(at(4).querySelector(".mine") ?? at(4))).toContain("+added: Lock the door");
    expect(words(at(4))).toContain("Both sides put items in another order; the server's order is used.");
  });

  it("fields that belong together are one row, each written in its own field", async () => {
    const { at, merge, root, backend, key } = await openPage(kinds);
    expect(words(at(1).querySelector(".mine") ?? at(1))).toContain("Startremoved: 20 Jun 2026 added: 21 Jun 2026, 14:00 +01:00");
    expect(words(at(1).querySelector(".before") ?? at(1))).toBe("Before: Start 20 Jun 2026, 14:00 +01:00, End 20 Jun 2026, 16:00 +01:00");
    at(1).focus();
    await key("e");
    const fields = [...root.querySelectorAll<HTMLInputElement>(".m-fields input")];
    expect([fields.length, document.activeElement]).toEqual([2, fields[0]]);
    const [start, end] = fields;
    if (start) await fireEvent.input(start, { target: { value: "tomorrow" } });
    expect(words(at(1))).toContain("A date and time, for example 2026-09-14T10:30:00Z");
    expect(merge.isOpen(kinds.rows[0]!)).toBe(true);
    if (start) await fireEvent.input(start, { target: { value: "2026-06-21T15:00:00+01:00" } });
    if (end) await fireEvent.input(end, { target: { value: "2026-06-21T17:00:00+01:00" } });
    await merge.flush();
    expect(backend.named("decide").at(-1)).toMatchObject({ rows: [1], choice: "edit", json: '{"start": "2026-06-21T15:00:00+01:00", "end": "2026-06-21T17:00:00+01:00"}' });
  });

  it("pictures are shown with kind and size, without marks", async () => {
    const { at } = await openPage(kinds);
    expect(at(5).querySelectorAll("figure img").length).toBe(2);
    expect([at(5).querySelector("img")?.alt, words(at(5).querySelector(".server") ?? at(5))]).toEqual(["Photo, On the server", expect.stringContaining("PNG picture, 70 bytes")]);
    expect(at(5).querySelector("ins, del")).toBeNull();
    expect([...at(5).querySelectorAll<HTMLInputElement>("input")].map((one) => one.value)).toEqual(["theirs", "mine", "later"]);
  });

  it("says why a row needs a choice, what cannot be seen, and what is wrong with a value", async () => {
    const { at } = await openPage(kinds);
    expect(words(at(8))).toContain("Required: one of the two is needed.");
    expect([words(at(8).querySelector(".server") ?? at(8)), words(at(8).querySelector(".mine") ?? at(8))]).toEqual([expect.stringContaining("(no value)"), expect.stringContaining("(empty)")]);
    expect(words(at(7))).toContain("trailing space");
    expect(words(at(9))).toContain("A number is needed.");
  });

  it("changes are said in sentences on request", async () => {
    const { root, at, press } = await openPage(kinds);
    expect(words(at(2))).not.toContain("you changed 'cellar'");
    await press("More");
    await press("Say changes in sentences", root.querySelector(".menu") ?? root);
    expect(words(at(2))).toContain("Ines Duarte changed 'key' to 'spare key'; you changed 'cellar' to 'attic'.");
  });
});

describe("text that is no choice yet", () => {
  it("is kept by the back end as typed, and is there again", async () => {
    const { at, merge, backend, root, key } = await openPage(drill);
    at(1).focus();
    await key("e");
    const field = root.querySelector<HTMLTextAreaElement>('[data-field="1"]');
    if (field) await fireEvent.input(field, { target: { value: "about 30" } });
    expect(words(at(1))).toContain("A number, for example 12.50");
    await new Promise((done) => setTimeout(done, 600));
    expect(backend.named("save_typed")).toEqual([{ key: "drill", row: 1, text: "about 30" }]);
    cleanup();
    const again = await openPage(backend.view);
    await settle(merge);
    expect(again.root.querySelector<HTMLTextAreaElement>('[data-field="1"]')?.value).toBe("about 30");
    expect(words(again.at(1))).toContain("A number, for example 12.50 (what you typed is kept)");
  });
});

describe("opening", () => {
  it("changes nothing, whatever was typed before", async () => {
    const kept = { ...drill, rows: drill.rows.map((row) => (row.row === 4 ? { ...row, typed: { text: "half worn", at: 0 } } : row)) };
    const { root, backend, merge, key, at } = await openPage(kept);
    await new Promise((done) => setTimeout(done, 400));
    expect([backend.named("decide"), merge.decided, root.querySelector<HTMLTextAreaElement>('[data-field="4"]')?.value]).toEqual([[], 3, "half worn"]);
    at(4).querySelector<HTMLElement>("textarea")?.focus();
    await key("Enter");
    expect(backend.named("decide").at(-1)).toMatchObject({ rows: [4], choice: "edit", json: '"half worn"' });
  });
});

describe("more", () => {
  it("says who can help where writing is not allowed", async () => {
    const { root } = await openPage(noRight);
    expect(words(root.querySelector(".bar") ?? root)).toContain('The server does not let you change this: "Only members of the board may change events." Your draft is kept.');
  });

  it("confirms all suggested at once, with one undo", async () => {
    const { merge, backend, heard } = await openPage(contactAgain);
    expect(merge.suggestedRows.map((row) => row.row)).toEqual([1]);
    merge.confirmSuggested();
    await settle(merge);
    expect([backend.named("decide").at(-1), merge.decided, heard.at(-1)]).toEqual([expect.objectContaining({ rows: [1], choice: "mine" }), 3, "1 suggestion confirmed. 3 of 3 decided."]);
    merge.undo();
    await settle(merge);
    expect(merge.decided).toBe(2);
  });

  it("the source is checked while it is typed, kept, and becomes the choice only when asked", async () => {
    const { merge, backend } = await openPage(drill);
    const source = merge.sourceText();
    const shown = drill.source.result;
    source.type("{");
    source.leave();
    await new Promise((done) => setTimeout(done, 20));
    expect([source.wrong, backend.named("save_typed").at(-1), backend.named("decide_source")]).toEqual(["Line 3, column 5: A comma is missing here.", { key: "drill", text: "{", shown }, []]);
    source.type('{"deposit": 28}');
    expect(await source.use()).toBe(true);
    expect([backend.named("decide_source"), source.edited]).toEqual([[{ key: "drill", text: '{"deposit": 28}', seen: "s1", shown }], false]);
  });
});

describe("long values", () => {
  it("are read out by their beginning, and shown cut until asked for", async () => {
    const long = "word ".repeat(9000).trim();
    const value = (text: string) => ({ type: "text" as const, text, json: JSON.stringify(text) });
    const { at, press } = await openPage({ ...drill, rows: [{ ...drill.rows[0]!, field: { ...drill.rows[0]!.field, unit: undefined, kind: "text" }, theirs: value(long), theirs_marks: [{ kind: "added", text: long }] }] });
    expect(at(1).getAttribute("aria-label")).toMatch(/Server: (word ){39}word \.\.\. \(9,000 words\)\. Yours: 30\.00\.$/);
    expect(words(at(1).querySelector(".server") ?? at(1)).length).toBeLessThan(20_200);
    await press("Show all 44,999 letters");
    expect(words(at(1).querySelector(".server") ?? at(1)).length).toBeGreaterThan(44_000);
  });
});

describe("a whole record", () => {
  it("says the way chosen, not the record", async () => {
    const { heard, key } = await openPage(ladder);
    await key("2");
    await key("3");
    expect(heard).toEqual([
      "Deleted here, edited on the server. The whole record needs your choice.", "Delete anyway. 1 of 1 decided.", "Keep and edit. 1 of 1 decided.",
    ]);
  });
});

describe("the transcript", () => {
  it("word by word as the reference has it", async () => {
    const one = { ...drill, rows: drill.rows.map((row) => (row.row === 1 ? { ...row, standing: "undecided" as const, choice: undefined, result: undefined, provenance: undefined } : row)) };
    const { heard, key, at, backend, merge, left } = await openPage(one);
    expect(at(1).getAttribute("aria-label")).toBe("Deposit. Needs your choice, 1 of 3. Before: 20.00 EUR. Server: 25.00 EUR. Yours: 30.00 EUR.");
    expect(label(at(1), "mine")).toBe("Use mine: 30.00 EUR");
    await key("2");
    await key("u");
    await key("2");
    backend.serverChanges({ 9: { type: "text", text: "A5", json: '"A5"' }, 4: { type: "text", text: "worn out", json: '"worn out"' } }, "s2");
    await merge.reread();
    await settle(merge);
    expect(heard).toEqual([
      "Changed in two places. 3 fields need your choice, 7 put together automatically.",
      "Will be sent: 30.00 EUR, mine. 3 of 5 decided.",
      "Undone. Deposit is open again.",
      "Will be sent: 30.00 EUR, mine. 3 of 5 decided.",
      "!The server changed again. 2 fields. Your choices are kept.",
    ]);
    expect(left).toEqual([]);
  });
});
