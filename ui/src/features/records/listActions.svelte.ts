/** What can be done from the list: make, delete (with undo), hold, several at once. */
import { SvelteSet } from "svelte/reactivity";
import type { App } from "$lib/state/app.svelte";
import type { RecordsList } from "$lib/state/records.svelte";
import { offerRecordCommands } from "./commands";
import { words } from "./words";

export interface ListPlace {
  source?: string;
  collection?: string;
  noun: string;
  canCreate: boolean;
  grid: () => HTMLElement | undefined;
}

export class ListActions {
  readonly selection = new SvelteSet<string>();
  /** Where a run of Shift+Down began. */
  anchor = -1;
  #app: App;
  #list: RecordsList;
  #place: ListPlace | undefined;

  constructor(app: App, list: RecordsList) {
    this.#app = app;
    this.#list = list;
  }

  /** The list shown now; another list forgets the selection. */
  offer(place: ListPlace): () => void {
    if (place.source !== this.#place?.source || place.collection !== this.#place?.collection) this.clear();
    this.#place = place;
    return offerRecordCommands({ create: place.canCreate ? () => void this.create() : undefined });
  }

  clear(): void {
    this.selection.clear();
  }

  toggle(index: number): void {
    const key = this.#list.row(index)?.key;
    if (key === undefined) return;
    if (!this.selection.delete(key)) this.selection.add(key);
  }

  /** Shift+Down and Shift+Up: the rows between the anchor and the new row. */
  extend(active: number, step: 1 | -1): number {
    if (this.anchor < 0) this.anchor = active;
    const to = Math.max(0, Math.min(this.#list.total - 1, active + step));
    this.selection.clear();
    for (let at = Math.min(this.anchor, to); at <= Math.max(this.anchor, to); at++) {
      const key = this.#list.row(at)?.key;
      if (key !== undefined) this.selection.add(key);
    }
    return to;
  }

  /** A new, empty record in the collection shown, else in the first one that takes new records. */
  async create(): Promise<void> {
    const target = this.#target();
    if (!target) return;
    const saved = await this.#app.try("create_record", target);
    if (!saved) return;
    this.#app.formWanted = saved.key;
    this.#app.nav.go({ place: "records", source: target.source, collection: target.collection, key: saved.key });
  }

  #target(): { source: string; collection: string } | undefined {
    const place = this.#place;
    if (place?.source && place.collection) return { source: place.source, collection: place.collection };
    for (const source of this.#app.sources.all) {
      const collection = source.collections.find((one) => one.can_create);
      if (collection) return { source: source.name, collection: collection.name };
    }
    return undefined;
  }

  /** Deletes the row and goes to the next one, else the one before. */
  async remove(index: number, _noun: string): Promise<void> {
    if (this.selection.size > 0) return this.removeSelected();
    const row = this.#list.row(index);
    if (!row || row.deleted) return;
    const next = this.#list.row(index + 1) ?? this.#list.row(index - 1);
    if (!(await this.#app.try("delete_record", { key: row.key }))) return;
    this.#app.notices.show({
      tone: "news", icon: "info", words: words.deletedNotice(row.title),
      action: { label: words.undoDelete, run: () => void this.#app.try("take_back", { key: row.key }) },
    });
    if (next) this.#app.nav.replace({ key: next.key });
    this.#place?.grid()?.focus();
  }

  async removeSelected(): Promise<void> {
    const done: string[] = [];
    for (const key of [...this.selection]) if (await this.#app.try("delete_record", { key })) done.push(key);
    this.clear();
    if (done.length === 0) return;
    this.#app.notices.show({
      tone: "news", icon: "info", words: words.deletedMany(done.length),
      action: { label: words.undoDelete, run: () => void this.#takeBack(done) },
    });
  }

  async holdSelected(held: boolean): Promise<void> {
    if (await this.#app.try("hold", { keys: [...this.selection], held }) !== undefined) this.clear();
  }

  async #takeBack(keys: string[]): Promise<void> {
    for (const key of keys) await this.#app.try("take_back", { key });
  }
}
