// Where a person must not be stuck, and nothing may be sent unseen.
import { cleanup, fireEvent } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { automatic, meta, num, paragraph, row, text, view } from "../../../dev/merge-build";
import { contact, contactAgain, drill } from "../../../dev/merge-data";
import { openPage, settle, words } from "../../../dev/merge-page";

afterEach(cleanup);

const small = () => view({
  key: "k1", noun: "tool", title: "Drill", breadcrumbs: ["Tool library", "Tools"],
  rows: [
    row(1, meta("/deposit", "Deposit", { kind: "number" }), num("20"), num("25"), num("30")),
    automatic(2, meta("/status", "Status"), text("a"), text("b"), text("a")),
  ],
});

describe("a key held down", () => {
  it("never goes through the preview to sending", async () => {
    const { at, key, backend, root, left } = await openPage(small());
    at(1).focus();
    await key("2");
    for (let time = 0; time < 5; time += 1) await key("Enter", { ctrlKey: true, repeat: true });
    for (let time = 0; time < 5; time += 1) await key("Enter", { repeat: true });
    expect([backend.named("merge_preview"), backend.named("resolve"), left]).toEqual([[], [], []]);
    await key("Enter", { ctrlKey: true });
    expect(backend.named("merge_preview")).toHaveLength(1);
    const send = root.querySelector<HTMLElement>("[data-send]");
    const held = new KeyboardEvent("keydown", { key: "Enter", repeat: true, bubbles: true, cancelable: true });
    send?.dispatchEvent(held);
    expect(held.defaultPrevented, "the button is not pressed by a key that goes on").toBe(true);
    await key("Enter", { ctrlKey: true });
    expect(backend.named("resolve")).toHaveLength(1);
  });
});

describe("a value against the schema", () => {
  it("in a folded group is said, named, and reached", async () => {
    const start = small();
    start.rows[1] = { ...start.rows[1]!, error: "At most 1." };
    const { at, key, heard, root, focused } = await openPage(start);
    at(1).focus();
    await key("1");
    await key("Enter", { ctrlKey: true });
    await key("Enter", { ctrlKey: true });
    expect(heard.at(-1)).toBe("Status: At most 1.");
    expect(focused()).toBe("2");
    expect(words(root.querySelector(".auto-box") ?? root)).toContain("At most 1.");
  });
});

describe("Save draft", () => {
  it("says that nothing was saved when nothing was", async () => {
    const { at, key, press, backend, heard, root } = await openPage(small());
    backend.fails.set("decide", { code: "disk", words: "No room on this disk." });
    at(1).focus();
    await key("2");
    await press("Save draft");
    expect(heard.at(-1)).toBe("The draft is not saved. No room on this disk.");
    expect(words(root)).not.toContain("Draft saved");
    at(1).focus();
    await key("2");
    await press("Save draft");
    expect(words(root)).toContain("Draft saved 10:46");
  });

  it("knows about typed text that could not be kept", async () => {
    const { at, key, press, backend, heard, root, merge } = await openPage(small());
    backend.fails.set("save_typed", { code: "disk", words: "No room on this disk." });
    at(1).focus();
    await key("e");
    const field = root.querySelector<HTMLTextAreaElement>('[data-field="1"]');
    if (field) await fireEvent.input(field, { target: { value: "about 30" } });
    await new Promise((done) => setTimeout(done, 600));
    await settle(merge);
    await press("Save draft");
    expect(heard.at(-1)).toBe("The draft is not saved. No room on this disk.");
  });
});

describe("news put off", () => {
  it("stays within reach, and is there again after another bar", async () => {
    const { backend, merge, press, root } = await openPage(contact);
    backend.view = contactAgain;
    await merge.reread();
    await settle(merge);
    merge.trouble("No room on this disk.");
    await settle(merge);
    await press("Close");
    expect(words(root)).toContain("The server changed again (2 fields).");
    await press("Later");
    expect(merge.bar).toBeUndefined();
    await press("Server changed again, show");
    expect(merge.newer).toBeUndefined();
    expect(words(root)).not.toContain("Server changed again, show");
  });
});

describe("the first paragraph of a text", () => {
  it("says that it was reopened, and why", async () => {
    const start = structuredClone(drill);
    const first = start.rows.find((one) => one.row === 2)!;
    Object.assign(first, { standing: "suggested", choice: "mine" });
    const { at, root } = await openPage(start);
    expect(words(at(2))).toContain("Needs your choice, reopened You chose yours. The server changed it again since.");
    expect(root.querySelector('[data-row="2"]')?.getAttribute("aria-label")).toMatch(/reopened, 1 of 2\./);
  });
});

describe("a choice without a row", () => {
  it("is shown with what was written, and needs nothing", async () => {
    const { root, merge } = await openPage({ ...small(), orphans: [{ label: "Notes", part: true, choice: "edit", value: text("my own words") }, { label: "Notes", part: true, choice: "mine" }] });
    const box = root.querySelector(".m-orphans") ?? root;
    expect(words(box)).toContain("2 earlier choices without a row");
    expect(words(box)).toContain("Notes, a paragraph You wrote: my own words Copy");
    expect(merge.openRows.map((one) => one.row)).toEqual([1]);
  });
});

describe("put together automatically", () => {
  it("can be folded also where nothing else is there", async () => {
    const { root } = await openPage({ ...small(), rows: small().rows.slice(1) });
    const fold = () => root.querySelector<HTMLElement>('[aria-label^="Put together automatically"]');
    expect(fold()?.getAttribute("aria-expanded")).toBe("true");
    fold()?.click();
    await new Promise((done) => setTimeout(done, 0));
    expect(fold()?.getAttribute("aria-expanded")).toBe("false");
  });

  it("a stretch put together from both is told as such", async () => {
    const start = structuredClone(drill);
    const whole = start.rows.find((one) => one.row === 15)!;
    whole.paragraphs = [...whole.paragraphs, paragraph("combined", "b", { theirs: "b1", mine: "b2", theirs_marks: [{ kind: "added", text: "b1" }], mine_marks: [{ kind: "added", text: "b2" }] })];
    const { root } = await openPage(start);
    expect(words(root)).toMatch(/changed by both and put together\.\s?combined On the server: added: b1 Yours: added: b2/);
  });
});
