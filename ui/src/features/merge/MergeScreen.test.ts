import { cleanup, fireEvent, render } from "@testing-library/svelte";
import axe from "axe-core";
import { flushSync, tick } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import { MergeBackend } from "../../../dev/merge-backend";
import { at, contact, contactAgain, drill, ladder, trimmer } from "../../../dev/merge-data";
import { kinds, noRight } from "../../../dev/merge-kinds";
import type { MergeView, Saved } from "$lib/backend/generated/ipc";
import { MergeState } from "$lib/state/merge.svelte";
import { MergeSending } from "$lib/state/merge-sending.svelte";
import { MergeDisplay } from "./display.svelte";
import MergeScreen from "./MergeScreen.svelte";

afterEach(cleanup);

async function settle(merge: MergeState) {
  await merge.settled();
  for (let turn = 0; turn < 4; turn += 1) await tick();
}

async function open(view: MergeView) {
  const backend = new MergeBackend(structuredClone(view));
  const said: string[] = [];
  const urgent: string[] = [];
  const merge = new MergeState(backend, view.key, { say: (words) => void said.push(words), interrupt: (words) => void urgent.push(words) }, { now: () => at(10, 46) });
  const sending = new MergeSending(backend, merge);
  const left: string[] = [];
  const screen = render(MergeScreen, {
    merge, sending, say: (words: string) => void said.push(words), display: new MergeDisplay(undefined), letters: true,
    onback: () => void left.push("back"), onsent: (saved: Saved, edit: boolean) => void left.push(`sent ${saved.key}${edit ? " edit" : ""}`),
  });
  await merge.load();
  await settle(merge);
  const root = screen.container;
  const key = async (name: string, more: KeyboardEventInit = {}) => {
    await fireEvent.keyDown(document.activeElement ?? root, { key: name, bubbles: true, cancelable: true, ...more });
    await settle(merge);
  };
  const focused = () => (document.activeElement as HTMLElement | null)?.dataset.row;
  return { backend, merge, sending, said, urgent, left, root, key, focused };
}

const words = (root: Element) => (root.textContent ?? "").replace(/\s+/g, " ");
const button = (root: Element, label: string) => {
  const found = [...root.querySelectorAll("button")].find((one) => one.textContent?.replace(/(Ctrl|⌘)?Enter$/, "").trim() === label);
  if (!found) throw new Error(`no button ${label}`);
  return found;
};

describe("the screen", () => {
  it("says what happened, by whom and when", async () => {
    const { root } = await open(drill);
    expect(words(root)).toContain("Ines Duarte (server) and you both changed this tool.");
    expect(words(root)).toContain("Yours: this computer, today 09:58. On the server: today 10:31, seen 10:42.");
    expect(words(root)).toContain("5 choices in 3 fields");
    expect(words(root)).toContain("3 of 5 decided");
    expect(words(root)).toContain("4 from the server, 2 from you, 1 combined");
  });

  it("keeps the dates on their sides when the clocks are swapped", async () => {
    const { root } = await open({ ...drill, mine_at: drill.theirs_at, theirs_at: drill.mine_at });
    expect(words(root)).toContain("Yours: this computer, today 10:31. On the server: today 09:58, seen 10:42.");
  });

  it("names rows, radios and marks for a screen reader", async () => {
    const { root } = await open(drill);
    expect(root.querySelector('[data-row="1"]')?.getAttribute("aria-label")).toBe("Deposit. Decided, 1 of 3. Before: 20.00 EUR. Server: 25.00 EUR. Yours: 30.00 EUR.");
    const radio = root.querySelector<HTMLInputElement>('[data-row="1"] input[value="mine"]');
    expect(radio?.checked).toBe(true);
    expect(words(radio?.closest("label") ?? root).trim()).toBe("Use mine: 30.00 EUR");
    expect(words(root.querySelector('[data-row="1"] .server') ?? root)).toContain("removed: 20.00 added: 25.00 EUR");
  });

  it("draws no value as a word, each of its own", async () => {
    const { root } = await open(drill);
    expect(words(root.querySelector('[data-row="4"] .server') ?? root)).toContain("(removed)");
    expect(words(root.querySelector('[data-row="5"] .mine') ?? root)).toContain("(empty)");
    expect(words(root.querySelector('[data-row="5"] .before') ?? root)).toBe("Before: not there");
  });

  for (const [name, view] of Object.entries({ drill, trimmer, ladder, contact, contactAgain, kinds, noRight })) {
    it(`has no accessibility violations: ${name}`, async () => {
      const { root, sending, merge } = await open(view);
      // happy-dom computes no colours or layout; the gallery is checked in a browser.
      const rules = { "color-contrast": { enabled: false }, region: { enabled: false } };
      expect((await axe.run(root, { rules })).violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`)).toEqual([]);
      merge.allSide("mine");
      await sending.openPreview();
      await settle(merge);
      expect((await axe.run(root, { rules })).violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`)).toEqual([]);
    }, 60_000);
  }
});

describe("keys", () => {
  it("start at the first open row, decide, go on, and end at the button", async () => {
    const { merge, key, focused, root, said, backend, left } = await open(drill);
    expect(focused()).toBe("2");
    await key("1");
    expect(focused()).toBe("2");
    expect(said.at(-1)).toBe("Will be sent: Charge both batteries the evening before handing it out. The second battery loses charge after one day., server. 4 of 5 decided.");
    await key("Enter");
    expect(focused()).toBe("4");
    await key("2");
    await key("Enter");
    expect(document.activeElement).toBe(button(root, "Preview and send"));
    await key("Enter", { ctrlKey: true });
    expect(words(root)).toContain("This is what the server gets. Nothing has been sent yet.");
    await key("Enter", { ctrlKey: true });
    expect(left).toEqual(["sent drill"]);
    expect(backend.named("resolve")).toEqual([{ key: "drill", seen: "s1" }]);
    expect(merge.view?.key).toBe("drill");
  });

  it("one clash: two presses to the preview, a third sends", async () => {
    const one = { ...contact, rows: contact.rows.slice(0, 1).map((row) => ({ ...row, standing: "undecided" as const, choice: undefined, result: undefined })) };
    const { key, left } = await open(one);
    await key("2");
    await key("Enter", { ctrlKey: true });
    await key("Enter", { ctrlKey: true });
    expect(left).toEqual(["sent leah"]);
  });

  it("move between rows, undo and redo, show Before and the sides", async () => {
    const { key, focused, root, merge } = await open(drill);
    await key("j");
    expect(focused()).toBe("3");
    await key("k");
    await key("ArrowUp");
    expect(focused()).toBe("1");
    await key("1");
    expect(merge.view?.rows[0]?.choice).toBe("theirs");
    await key("u");
    expect(merge.view?.rows[0]?.choice).toBe("mine");
    await key("U", { shiftKey: true });
    expect(merge.view?.rows[0]?.choice).toBe("theirs");
    await key("l");
    expect(merge.view?.rows[0]?.standing).toBe("undecided");
    expect(root.querySelector('[data-row="1"] .before')).not.toBeNull();
    await key("b");
    expect(root.querySelector('[data-row="1"] .before')).toBeNull();
    await key("x");
    expect(words(root.querySelector('[data-row="1"] .server') ?? root)).toContain("only here: 25.00");
    await key("3");
    expect(merge.view?.rows[0]?.choice, "both is not offered for a number").toBeUndefined();
  });

  it("go to the field being typed in, never to the rows", async () => {
    const { key, root, merge, focused } = await open(drill);
    const before = merge.view?.rows[1]?.standing;
    await key("e");
    const field = root.querySelector<HTMLTextAreaElement>('[data-field="2"]');
    expect(document.activeElement).toBe(field);
    for (const letter of ["1", "2", "l", "u", "j"]) await key(letter);
    expect(merge.view?.rows[1]?.standing).toBe(before);
    if (field) await fireEvent.input(field, { target: { value: "My own words." } });
    await key("Escape");
    expect(focused()).toBe("2");
    await settle(merge);
    expect(merge.view?.rows[1]).toMatchObject({ choice: "edit", provenance: "edited", result: { text: "My own words." } });
  });

  it("leave with the draft kept, and from the preview back to the same row", async () => {
    const { key, left, focused, merge } = await open(contact);
    await key("Enter", { ctrlKey: true });
    await key("Escape");
    expect(left).toEqual([]);
    merge.choose(merge.view?.rows[1] ?? contact.rows[1]!, "mine");
    await settle(merge);
    await key("Escape");
    expect(left).toEqual(["back"]);
    expect(focused()).toBeUndefined();
  });

  it("choose for a whole record, the server's first", async () => {
    const { key, merge, root, left } = await open(trimmer);
    await key("1");
    expect(merge.view?.rows[0]?.choice).toBe("theirs");
    expect(words(root)).toContain("Nothing is sent. Your version stays in the history.");
    await key("Enter", { ctrlKey: true });
    expect(button(root, "Let it be deleted")).toBe(document.activeElement);
    await key("Escape");
    await key("2");
    await key("Enter", { ctrlKey: true });
    expect(words(root)).toContain("Bring it back");
    await key("Enter", { ctrlKey: true });
    expect(left).toEqual(["sent trimmer"]);
  });

  it("keep the server's record and edit it", async () => {
    const { key, left } = await open(ladder);
    await key("3");
    await key("Enter", { ctrlKey: true });
    await key("Enter", { ctrlKey: true });
    expect(left).toEqual(["sent ladder edit"]);
  });
});

describe("changed again", () => {
  it("leaves rows, focus and caret where they are until Show", async () => {
    const { backend, merge, key, root, urgent } = await open(contact);
    const row = root.querySelector<HTMLElement>('[data-row="1"]');
    row?.focus();
    await key("e");
    const field = root.querySelector<HTMLTextAreaElement>('[data-field="1"]');
    if (!field) throw new Error("no field");
    field.value = "+351 912 000 17";
    await fireEvent.input(field);
    field.setSelectionRange(3, 3);
    const rows = root.querySelector(".m-body")?.innerHTML;
    backend.view = contactAgain;
    await merge.reread();
    await settle(merge);
    expect(root.querySelector(".m-body")?.innerHTML).toBe(rows);
    expect(document.activeElement).toBe(field);
    expect([field.value, field.selectionStart]).toEqual(["+351 912 000 17", 3]);
    expect(words(root)).toContain("The server changed again (2 fields). Your choices are kept. Nothing moves until you say so.");
    expect(urgent).toEqual(["The server changed again. 2 fields. Your choices are kept."]);
  });

  it("then says what was reopened and what follows", async () => {
    const { backend, merge, root, focused } = await open(contact);
    backend.view = contactAgain;
    await merge.reread();
    await settle(merge);
    button(root, "Show").click();
    await settle(merge);
    flushSync();
    expect(words(root)).toContain("Now against the server version of 10:49. 1 choice reopened, 1 follows the server, 1 kept.");
    expect(words(root)).toContain("Needs your choice, reopened You chose yours. The server changed it again since.");
    expect(words(root)).toContain("When you chose: +351 912 000 187");
    expect(words(root)).toContain("server's value changed since you chose it");
    expect(words(root)).toContain("Use mine suggested");
    expect(root.querySelector<HTMLInputElement>('[data-row="1"] input[value="mine"]')?.checked).toBe(false);
    await settle(merge);
    expect(focused()).toBe("1");
  });
});

describe("long texts", () => {
  it("fold what is equal between the marks, and open it on request", async () => {
    const equal = Array.from({ length: 20 }, (_, at) => `line ${at}`).join("\n");
    const note = { ...contact.rows[0]!, field: { ...contact.rows[0]!.field, kind: "long_text" as const }, theirs_marks: [{ kind: "added" as const, text: "new\n" }, { kind: "equal" as const, text: equal }, { kind: "removed" as const, text: "old" }] };
    const { root, merge } = await open({ ...contact, rows: [note] });
    const cell = root.querySelector(".cell.server") ?? root;
    expect(words(cell)).toMatch(/line 0 line 1 ?16 equal lines ?line 18 line 19/);
    cell.querySelector<HTMLElement>(".eq")?.click();
    await settle(merge);
    expect(words(cell)).toContain("line 9");
  });
});

describe("automatic rows", () => {
  it("can be turned to the other side and put back, one by one", async () => {
    const { root, merge } = await open(drill);
    root.querySelector<HTMLElement>('[aria-label="Put together automatically, 7"]')?.click();
    await settle(merge);
    const shelf = () => root.querySelector<HTMLElement>('[data-row="9"]');
    expect(words(shelf() ?? root)).toContain("A4");
    shelf()?.querySelector("button")?.click();
    await settle(merge);
    expect(merge.view?.rows.find((row) => row.row === 9)).toMatchObject({ standing: "overridden", result: { text: "A3" } });
    expect(words(shelf() ?? root)).toContain("Put back for Shelf");
    shelf()?.querySelector("button")?.click();
    await settle(merge);
    expect(merge.view?.rows.find((row) => row.row === 9)?.standing).toBe("automatic");
    expect(merge.view?.rows.find((row) => row.row === 8)?.standing).toBe("automatic");
  });
});
