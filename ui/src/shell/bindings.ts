/** The keys that can be changed, which of them would collide, and the lines of the key sheet. */
import { isLetter, type Keymap } from "$lib/keymap.svelte";
import { shellWords, type KeyGroup, type KeyLine } from "./words";

export interface Binding {
  name: string;
  standard: string;
  words: string;
  group: KeyGroup["id"];
}

/** Used by lists, fields and the window itself. */
const FIXED = new Set([
  "Enter", "Escape", "Tab", "Shift+Tab", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown", "Space",
  "Delete", "Backspace", "F6", "Shift+F6", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y", "Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "/",
]);

export function bindings(groups: readonly KeyGroup[] = shellWords.keyGroups): Binding[] {
  return groups.flatMap((group) => group.lines.flatMap((line) => (line.keys ?? []).map(([name, standard, words]) => ({ name, standard, group: group.id, words: words ?? line.words }))));
}

/** Why a key cannot be taken for a binding, in words; `undefined` = it can. */
export function refused(wanted: string, binding: Binding, keys: Keymap, all: readonly Binding[] = bindings()): string | undefined {
  const W = shellWords.keySettings;
  if (FIXED.has(wanted)) return W.fixed(wanted);
  if (isLetter(wanted) && binding.group !== "merge") return W.alone(wanted);
  const other = all.find((one) =>
    one.name !== binding.name && meet(one.group, binding.group) && keys.keysOf(one.name, one.standard)?.toLowerCase() === wanted.toLowerCase());
  return other && W.taken(wanted, other.words);
}

/** Keys that act at the same time. */
function meet(a: KeyGroup["id"], b: KeyGroup["id"]): boolean {
  return a === b || a === "everywhere" || b === "everywhere";
}

/** The keys of a line as they are now: "J+K" for two of them; `undefined` when it has none. */
export function lineKeys(line: KeyLine, keys: Keymap): string | undefined {
  if (line.fixed !== undefined) return line.fixed;
  const now = (line.keys ?? []).flatMap(([name, standard]) => keys.keysOf(name, standard) ?? []);
  return now.length === 0 ? undefined : now.join("+");
}
