/** Keys as people read them ("Ctrl+Shift+O") and as the browser tells them. On macOS Ctrl means Command. */

export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

const SHOWN: Record<string, string> = {
  ArrowUp: "\u2191", ArrowDown: "\u2193", Delete: "Del", Escape: "Esc", Control: "Ctrl", " ": "Space",
};
const TOLD: Record<string, string> = { del: "delete", esc: "escape", space: " ", "\u2191": "arrowup", "\u2193": "arrowdown" };

/** "Ctrl+K" -> ["Ctrl", "K"], with the Command sign on macOS. */
export function keyCaps(keys: string, mac = isMac): string[] {
  return keys.split("+").map((cap) => (mac && cap === "Ctrl" ? "\u2318" : (SHOWN[cap] ?? cap)));
}

/** The event is exactly this combination. */
export function isKey(event: KeyboardEvent, keys: string, mac = isMac): boolean {
  const caps = keys.split("+");
  const last = (caps.at(-1) ?? "").toLowerCase();
  const command = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  if (command !== caps.includes("Ctrl") || other || event.altKey !== caps.includes("Alt")) return false;
  const pressed = event.key.toLowerCase();
  // A character such as "/" may need Shift on some keyboards: then Shift is part of the character.
  const letter = last.length > 1 || /[a-z0-9]/.test(last);
  if (letter && event.shiftKey !== caps.includes("Shift")) return false;
  return pressed === (TOLD[last] ?? last);
}

/** Typing goes there: single letters must not act. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type);
}
