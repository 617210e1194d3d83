/**
 * Text that could not be saved yet (not a number, a clash) when its record was left or the window closed. Kept on this
 * computer until it is saved or taken back, so that nothing typed is lost.
 */
import type { FieldDraft } from "./record.svelte";

const PREFIX = "draft-";

export class DraftShelf {
  #store: Pick<Storage, "getItem" | "setItem" | "removeItem">;

  constructor(store: Pick<Storage, "getItem" | "setItem" | "removeItem">) {
    this.#store = store;
  }

  put(key: string, drafts: ReadonlyMap<string, FieldDraft>): void {
    if (drafts.size === 0) this.#store.removeItem(PREFIX + key);
    else this.#store.setItem(PREFIX + key, JSON.stringify([...drafts.values()]));
  }

  take(key: string): Map<string, FieldDraft> | undefined {
    const kept = this.#store.getItem(PREFIX + key);
    if (kept === null) return undefined;
    this.#store.removeItem(PREFIX + key);
    try {
      const list = JSON.parse(kept) as FieldDraft[];
      return new Map(list.map((draft) => [draft.pointer, draft]));
    } catch {
      return undefined;
    }
  }
}
