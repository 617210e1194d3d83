import { describe, expect, it } from "vitest";
import { Keymap } from "../keymap.svelte";
import { mergeAction, MERGE_KEYS, type KeyPlace } from "./merge-keys";

const row: KeyPlace = { onRow: true, onRadio: false, letters: true };
const radio: KeyPlace = { onRow: true, onRadio: true, letters: true };
const elsewhere: KeyPlace = { onRow: false, onRadio: false, letters: true };

function press(key: string, place: KeyPlace, more: KeyboardEventInit = {}, target?: HTMLElement) {
  const event = new KeyboardEvent("keydown", { key, ...more });
  Object.defineProperty(event, "target", { value: target ?? document.createElement("section") });
  return mergeAction(event, place);
}

describe("the key map", () => {
  it.each([
    ["j", "next"], ["k", "previous"], ["ArrowDown", "next"], ["ArrowUp", "previous"], ["1", "theirs"], ["2", "mine"], ["3", "both"], ["e", "edit"],
    ["l", "later"], ["b", "before"], ["x", "sides"], ["u", "undo"], ["Enter", "next_open"], ["Escape", "back"],
  ])("%s on a row: %s", (key, action) => expect(press(key, row)).toBe(action));

  it("has Shift+U for redo and Ctrl+Enter for sending, everywhere", () => {
    expect(press("U", row, { shiftKey: true })).toBe("redo");
    for (const place of [row, radio, elsewhere]) expect(press("Enter", place, { ctrlKey: true })).toBe("send");
    expect(press("Enter", elsewhere, { ctrlKey: true }, document.createElement("textarea"))).toBe("send");
  });

  it("leaves the arrows to the radios", () => {
    expect(press("ArrowDown", radio)).toBeUndefined();
    expect(press("j", radio)).toBe("next");
  });

  it("acts on rows and radios only", () => {
    for (const [keys] of MERGE_KEYS.filter(([keys]) => keys.length === 1)) expect(press(keys.toLowerCase(), elsewhere)).toBeUndefined();
    expect(press("Enter", elsewhere)).toBeUndefined();
  });

  it("never acts while typing; Esc leaves the field", () => {
    for (const tag of ["textarea", "input", "select"]) {
      const field = document.createElement(tag);
      for (const [keys] of MERGE_KEYS.filter(([keys]) => keys.length === 1)) expect(press(keys.toLowerCase(), row, {}, field)).toBeUndefined();
      expect(press("Escape", row, {}, field)).toBe("leave_field");
    }
  });

  it("never acts on a letter with Ctrl, Alt or while a character is composed", () => {
    expect(press("u", row, { ctrlKey: true })).toBeUndefined();
    expect(press("1", row, { altKey: true })).toBeUndefined();
    expect(press("1", row, { isComposing: true })).toBeUndefined();
  });

  it("can do without single letters", () => {
    const off = { ...row, letters: false };
    expect(press("1", off)).toBeUndefined();
    expect([press("ArrowDown", off), press("Enter", off), press("Escape", off)]).toEqual(["next", "next_open", "back"]);
  });

  it("are those the person chose", () => {
    const keys = new Keymap({ getItem: () => null, setItem: () => undefined });
    keys.set("merge_theirs", "A");
    keys.set("merge_mine", "Ctrl+2");
    keys.set("merge_later", "");
    keys.set("merge-send", "Ctrl+S");
    const own = (key: string, more: KeyboardEventInit = {}, place = row) => {
      const event = new KeyboardEvent("keydown", { key, ...more });
      Object.defineProperty(event, "target", { value: document.createElement("section") });
      return mergeAction(event, place, keys);
    };
    expect([own("a"), own("1"), own("2", { ctrlKey: true }), own("l"), own("s", { ctrlKey: true }), own("Enter", { ctrlKey: true })])
      .toEqual(["theirs", undefined, "mine", undefined, "send", undefined]);
    expect(own("2", { ctrlKey: true }, { ...row, letters: false })).toBe("mine");
  });

  it("undo and redo also by the keys of other programs, except in a field", () => {
    for (const place of [row, elsewhere]) {
      expect([press("z", place, { ctrlKey: true }), press("Z", place, { ctrlKey: true, shiftKey: true })]).toEqual(["undo", "redo"]);
    }
    expect(press("z", row, { ctrlKey: true }, document.createElement("textarea"))).toBeUndefined();
  });

  it("take the figure row of keyboards whose figures need Shift", () => {
    expect([press("&", row, { code: "Digit1" }), press("\u00e9", row, { code: "Digit2" }), press('"', row, { code: "Digit3" })]).toEqual(["theirs", undefined, "both"]);
  });
});
