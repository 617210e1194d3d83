/**
 * Keys the person has changed or switched off, kept on this computer. Everything that acts on a key asks here
 * with its name and its standard key, so that the menu, the palette, the key sheet and the hints agree.
 */
import { SvelteMap } from "svelte/reactivity";

type Keep = Pick<Storage, "getItem" | "setItem">;

const CHANGED = "matchbook.keys";
const LETTERS = "matchbook.letters";
const OFF = "off";

export class Keymap {
  /** By name; an empty text = no key. */
  #changed = new SvelteMap<string, string>();
  #letters = $state(true);
  #keep: Keep | undefined;

  constructor(keep: Keep | undefined = globalThis.localStorage) {
    this.#keep = keep;
    this.read();
  }

  /** Reads what is kept, also after another window changed it. */
  read(): void {
    this.#letters = this.#keep?.getItem(LETTERS) !== OFF;
    this.#changed.clear();
    for (const [name, keys] of kept(this.#keep?.getItem(CHANGED))) this.#changed.set(name, keys);
  }

  /** Single letters act on rows (WCAG 2.1.4: they can be switched off). */
  get letters(): boolean {
    return this.#letters;
  }

  setLetters(on: boolean): void {
    this.#letters = on;
    this.#keep?.setItem(LETTERS, on ? "on" : OFF);
  }

  /** The key of a name; `undefined` = none. */
  keysOf(name: string, standard: string | undefined): string | undefined {
    const keys = this.#changed.get(name) ?? standard;
    return keys === "" ? undefined : keys;
  }

  /** The same where it acts: single letters may be switched off. */
  acting(name: string, standard: string): string | undefined {
    const keys = this.keysOf(name, standard);
    return keys !== undefined && !this.#letters && isLetter(keys) ? undefined : keys;
  }

  isChanged(name: string): boolean {
    return this.#changed.has(name);
  }

  get anyChanged(): boolean {
    return this.#changed.size > 0;
  }

  /** Sets the key of a name: empty = no key, `undefined` = the standard one. */
  set(name: string, keys: string | undefined): void {
    if (keys === undefined) this.#changed.delete(name);
    else this.#changed.set(name, keys);
    this.#write();
  }

  /** Every key as at first. */
  reset(): void {
    this.#changed.clear();
    this.#write();
  }

  #write(): void {
    this.#keep?.setItem(CHANGED, JSON.stringify(Object.fromEntries(this.#changed)));
  }
}

function kept(text: string | null | undefined): [string, string][] {
  if (!text) return [];
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== "object" || read === null) return [];
    return Object.entries(read).filter((one): one is [string, string] => typeof one[1] === "string");
  } catch {
    return [];
  }
}

/** A character alone or with Shift: typing it in a field must stay typing. */
export function isLetter(keys: string): boolean {
  return keys.replace(/^Shift\+/, "").length === 1;
}

const MODIFIERS = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"]);

/** The key pressed as it is written: "Ctrl+Shift+O"; `undefined` while only Ctrl or Shift is held, or for what has no name. */
export function pressed(event: KeyboardEvent): string | undefined {
  if (event.isComposing || MODIFIERS.has(event.key) || event.key === "+") return undefined;
  const name = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  // The sign of a key with Shift already says Shift; a letter does not.
  const shift = event.shiftKey && (name.length > 1 || /[\p{L}\d]/u.test(name));
  return [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", shift ? "Shift" : "", name].filter(Boolean).join("+");
}

/** The keys of this window. */
export const keymap = new Keymap();
