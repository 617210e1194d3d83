import { describe, expect, it } from "vitest";
import { isLetter, Keymap, pressed } from "./keymap.svelte";

function memory(values: Record<string, string> = {}) {
  return { getItem: (name: string) => values[name] ?? null, setItem: (name: string, value: string) => void (values[name] = value) };
}

describe("the keys of the person", () => {
  it("are kept, and win over the standard ones", () => {
    const keep = memory();
    const first = new Keymap(keep);
    first.set("sync", "Ctrl+R");
    first.set("new", "");
    const next = new Keymap(keep);
    expect([next.keysOf("sync", "F5"), next.keysOf("new", "Ctrl+N"), next.keysOf("keys", "F1")]).toEqual(["Ctrl+R", undefined, "F1"]);
    next.set("sync", undefined);
    expect(new Keymap(keep).keysOf("sync", "F5")).toBe("F5");
  });

  it("single letters can be switched off; keys with Ctrl go on", () => {
    const keys = new Keymap(memory({ "matchbook.letters": "off" }));
    expect([keys.letters, keys.acting("merge_theirs", "1"), keys.acting("merge_redo", "Shift+U"), keys.acting("merge-send", "Ctrl+Enter")])
      .toEqual([false, undefined, undefined, "Ctrl+Enter"]);
  });

  it("what is kept and cannot be read counts as nothing", () => {
    for (const text of ["", "{", "[1]", '{"sync": 5}', "null"]) expect(new Keymap(memory({ "matchbook.keys": text })).keysOf("sync", "F5"), text).toBe("F5");
  });
});

describe("a key pressed", () => {
  it.each([
    [{ key: "k", ctrlKey: true }, "Ctrl+K"], [{ key: "O", ctrlKey: true, shiftKey: true }, "Ctrl+Shift+O"], [{ key: "F5" }, "F5"],
    [{ key: "U", shiftKey: true }, "Shift+U"], [{ key: "?", shiftKey: true }, "?"], [{ key: " ", ctrlKey: true }, "Ctrl+Space"],
    [{ key: "Control", ctrlKey: true }, undefined], [{ key: "a", isComposing: true }, undefined], [{ key: "+" }, undefined],
  ] as [KeyboardEventInit, string | undefined][])("%o is %s", (init, said) => expect(pressed(new KeyboardEvent("keydown", init))).toBe(said));

  it.each([["1", true], ["Shift+U", true], ["Ctrl+U", false], ["F5", false]])("%s is a letter: %s", (keys, letter) => expect(isLetter(keys)).toBe(letter));
});
