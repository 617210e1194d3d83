/** Keys of the merge screen (M28). Single letters act only on a row or one of its radios, never while typing. */
import { isKey, isTyping } from "../keys";
import { isLetter, keymap, type Keymap } from "../keymap.svelte";

export type MergeAction =
  | "next" | "previous" | "theirs" | "mine" | "both" | "edit" | "later" | "before" | "sides" | "undo" | "redo"
  | "next_open" | "send" | "back" | "leave_field" | "order" | "confirm" | "confirm_all";

/** Keys the person can change, with their words for the menu and the hints. The first of each is the standard one. */
export const MERGE_KEYS: readonly (readonly [keys: string, action: MergeAction, words: string])[] = [
  ["J", "next", "next row"],
  ["K", "previous", "row before"],
  ["1", "theirs", "server"],
  ["2", "mine", "mine"],
  ["3", "both", "both"],
  ["O", "order", "order of both"],
  ["E", "edit", "write my own"],
  ["L", "later", "decide later"],
  ["C", "confirm", "confirm what is suggested"],
  ["Shift+C", "confirm_all", "confirm all suggested"],
  ["B", "before", "show or hide Before"],
  ["X", "sides", "compare the sides"],
  ["U", "undo", "undo"],
  ["Shift+U", "redo", "redo"],
  ["Ctrl+Enter", "send", "preview, then send"],
];

/** The name of an action among the keys of the window. Preview and send is a command of its own. */
export const keyName = (action: MergeAction): string => (action === "send" ? "merge-send" : `merge_${action}`);

/** The key of an action as the person has it; `undefined` = none that acts now. */
export function mergeKey(action: MergeAction, keys: Keymap = keymap): string | undefined {
  const standard = MERGE_KEYS.find(([, one]) => one === action)?.[0];
  return standard === undefined ? undefined : keys.acting(keyName(action), standard);
}

export interface KeyPlace {
  /** A row itself or one of its radios has focus. */
  onRow: boolean;
  /** The focus is on a radio: arrow keys are the radio group's own. */
  onRadio: boolean;
  /** Single letters are switched on (they can be switched off in Settings). */
  letters: boolean;
}

export function mergeAction(event: KeyboardEvent, place: KeyPlace, keys: Keymap = keymap): MergeAction | undefined {
  if (event.isComposing || event.defaultPrevented) return undefined;
  const send = keys.keysOf("merge-send", "Ctrl+Enter");
  if (send !== undefined && isKey(event, send) && !(isLetter(send) && !place.onRow)) return "send";
  const typing = isTyping(event.target);
  if (isKey(event, "Esc")) return typing ? "leave_field" : "back";
  if (typing) return undefined;
  // The keys of every other program, anywhere on the screen but in a field.
  if (isKey(event, "Ctrl+Z")) return "undo";
  if (isKey(event, "Ctrl+Shift+Z") || isKey(event, "Ctrl+Y")) return "redo";
  if (!place.onRow) return undefined;
  if (isKey(event, "Enter")) return "next_open";
  if (!place.onRadio && isKey(event, "ArrowDown")) return "next";
  if (!place.onRadio && isKey(event, "ArrowUp")) return "previous";
  return MERGE_KEYS.find(([standard, action]) => {
    const wanted = action === "send" ? undefined : keys.keysOf(keyName(action), standard);
    return wanted !== undefined && (place.letters || !isLetter(wanted)) && (isKey(event, wanted) || isDigitKey(event, wanted));
  })?.[1];
}

/** Enter held down repeats itself: through the preview to sending, if it were let. Text goes on being typed. */
export function isHeld(event: KeyboardEvent): boolean {
  return event.repeat && (event.key === "Enter" || event.key === " ") && (!isTyping(event.target) || event.ctrlKey || event.metaKey);
}

/** On keyboards whose figures need Shift (French, Czech) the figure row still counts as figures. */
function isDigitKey(event: KeyboardEvent, wanted: string): boolean {
  return /^\d$/.test(wanted) && !/^[\p{L}\d]$/u.test(event.key) && event.code === `Digit${wanted}` &&
    !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
}
