/**
 * Text typed into "Will be sent" that could not be saved as a decision (not a number, refused) when its screen was
 * left or the window closed. Kept on this computer until it is saved or set aside. Rows keep their number for the life
 * of a conflict, so the text finds its row again.
 */
type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const PREFIX = "merge-text-";

export class MergeShelf {
  #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  put(key: string, texts: ReadonlyMap<number, string>): void {
    if (texts.size === 0) this.#store.removeItem(PREFIX + key);
    else this.#store.setItem(PREFIX + key, JSON.stringify([...texts]));
  }

  take(key: string): Map<number, string> {
    const kept = this.#store.getItem(PREFIX + key);
    if (kept === null) return new Map();
    this.#store.removeItem(PREFIX + key);
    try {
      const list: unknown = JSON.parse(kept);
      if (!Array.isArray(list)) return new Map();
      return new Map(list.filter((one): one is [number, string] => Array.isArray(one) && typeof one[0] === "number" && typeof one[1] === "string"));
    } catch {
      return new Map();
    }
  }
}
