/**
 * Text typed into a merge that is on no other disk yet (refused, no room, or still on its way) when its screen was left
 * or the window closed. Kept on this computer until it is saved or set aside.
 */
type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Text of a row, or of the source of the whole record. */
export interface ShelfText {
  /** Absent: the source. */
  row?: number;
  /** Place of the row: the number alone may be another field's in a later merge. */
  pointer?: string;
  text: string;
  /** The source before it was changed. */
  shown?: string;
}

const PREFIX = "merge-text-";

export class MergeShelf {
  #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  put(key: string, texts: readonly ShelfText[]): void {
    if (texts.length === 0) this.#store.removeItem(PREFIX + key);
    else this.#store.setItem(PREFIX + key, JSON.stringify(texts));
  }

  take(key: string): ShelfText[] {
    const kept = this.#store.getItem(PREFIX + key);
    if (kept === null) return [];
    this.#store.removeItem(PREFIX + key);
    try {
      const list: unknown = JSON.parse(kept);
      return Array.isArray(list) ? list.filter(isText) : [];
    } catch {
      return [];
    }
  }
}

function isText(one: unknown): one is ShelfText {
  if (typeof one !== "object" || one === null) return false;
  const { row, pointer, text, shown } = one as Record<string, unknown>;
  const words = (value: unknown) => value === undefined || typeof value === "string";
  return typeof text === "string" && words(pointer) && words(shown) && (row === undefined || typeof row === "number");
}
