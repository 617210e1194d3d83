/** Keys of the merge screen (M28). Single letters act only on a row or one of its radios, never while typing. */
import { isKey, isTyping } from "../keys";

export type MergeAction =
  | "next" | "previous" | "theirs" | "mine" | "both" | "edit" | "later" | "before" | "sides" | "undo" | "redo"
  | "next_open" | "send" | "back" | "leave_field";

/** Keys with their words, for the key sheet and the menu. */
export const MERGE_KEYS: readonly (readonly [keys: string, action: MergeAction, words: string])[] = [
  ["J", "next", "next row"],
  ["K", "previous", "row before"],
  ["1", "theirs", "server"],
  ["2", "mine", "mine"],
  ["3", "both", "both"],
  ["E", "edit", "write my own"],
  ["L", "later", "decide later"],
  ["B", "before", "show or hide Before"],
  ["X", "sides", "compare the sides"],
  ["U", "undo", "undo"],
  ["Shift+U", "redo", "redo"],
  ["Enter", "next_open", "next open row"],
  ["Ctrl+Enter", "send", "preview, then send"],
  ["Esc", "back", "back, draft kept"],
];

export interface KeyPlace {
  /** A row itself or one of its radios has focus. */
  onRow: boolean;
  /** The focus is on a radio: arrow keys are the radio group's own. */
  onRadio: boolean;
  /** Single letters are switched on (they can be switched off in Settings). */
  letters: boolean;
}

export function mergeAction(event: KeyboardEvent, place: KeyPlace): MergeAction | undefined {
  if (event.isComposing || event.defaultPrevented) return undefined;
  if (isKey(event, "Ctrl+Enter")) return "send";
  const typing = isTyping(event.target);
  if (isKey(event, "Esc")) return typing ? "leave_field" : "back";
  if (typing || !place.onRow) return undefined;
  if (isKey(event, "Enter")) return "next_open";
  if (!place.onRadio && isKey(event, "ArrowDown")) return "next";
  if (!place.onRadio && isKey(event, "ArrowUp")) return "previous";
  if (!place.letters) return undefined;
  return MERGE_KEYS.find(([keys]) => keys !== "Enter" && keys !== "Esc" && keys !== "Ctrl+Enter" && isKey(event, keys))?.[1];
}

const LETTERS = "matchbook.letters";

/** "Single letters" of Settings; on unless switched off. */
export function lettersOn(storage: Pick<Storage, "getItem"> | undefined = globalThis.localStorage): boolean {
  return storage?.getItem(LETTERS) !== "off";
}
