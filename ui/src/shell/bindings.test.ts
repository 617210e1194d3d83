import { describe, expect, it } from "vitest";
import { Keymap } from "$lib/keymap.svelte";
import { keyName, MERGE_KEYS } from "$lib/state/merge-keys";
import { bindings, lineKeys, refused } from "./bindings";

const memory = () => new Keymap({ getItem: () => null, setItem: () => undefined });
const of = (name: string) => {
  const found = bindings().find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};

describe("keys that can be changed", () => {
  it("hold every key of the merge screen, as it acts", () => {
    for (const [standard, action] of MERGE_KEYS) expect(of(keyName(action)).standard).toBe(standard);
  });

  it("no two of them mean two things at one time", () => {
    for (const binding of bindings()) expect(refused(binding.standard, binding, memory()), binding.name).toBeUndefined();
  });

  it.each([
    ["sync", "Ctrl+K", 'Ctrl+K already means "Commands"'], ["merge_next", "1", '1 already means "Use server\'s"'], ["sync", "Tab", "Tab is used by every list"],
    ["sync", "S", "S alone would act while you type"], ["save", "Ctrl+1", 'Ctrl+1 already means "All records"'],
  ])("%s cannot be %s", (name, wanted, words) => expect(refused(wanted, of(name), memory())).toContain(words));

  it.each([["merge_next", "N"], ["sync", "Ctrl+R"], ["merge_theirs", "Ctrl+Shift+1"]])("%s can be %s", (name, wanted) => expect(refused(wanted, of(name), memory())).toBeUndefined());

  it("a key given away is free", () => {
    const keys = memory();
    keys.set("palette", "Ctrl+J");
    expect(refused("Ctrl+K", of("sync"), keys)).toBeUndefined();
    expect(lineKeys({ words: "Commands", keys: [["palette", "Ctrl+K"]] }, keys)).toBe("Ctrl+J");
  });
});
