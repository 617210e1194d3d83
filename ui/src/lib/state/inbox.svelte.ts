/** "Needs you": records grouped by shape, filtered; what is open in the list and which group is looked at. */
import { SvelteMap, SvelteSet } from "svelte/reactivity";
import { asErrorReply, type Backend } from "../backend/backend";
import type { ConflictKind, NeedsYou, NeedsYouGroup, NeedsYouRecord, ResolvedReady } from "../backend/generated/ipc";
import { Refresh } from "./refresh";

/** Rows shown of a group before "59 more", and added by each press after that. */
const FIRST = 5;
const MORE = 200;

export interface InboxFilter {
  text: string;
  collection?: string;
  field?: string;
  kind?: ConflictKind;
  person?: string;
}

export interface InboxGroup {
  id: string;
  group: NeedsYouGroup;
  /** Records that pass the filter. */
  records: NeedsYouRecord[];
}

/** One line of the list. */
export type InboxLine =
  | { id: string; what: "group"; group: InboxGroup; open: boolean }
  | { id: string; what: "record"; group: InboxGroup; record: NeedsYouRecord }
  | { id: string; what: "more"; group: InboxGroup; hidden: number };

export function groupId(group: NeedsYouGroup): string {
  return JSON.stringify([group.source, group.collection, group.kind, group.fields]);
}

export class InboxState {
  list = $state.raw<NeedsYou | undefined>();
  error = $state<string | undefined>();
  filter = $state<InboxFilter>({ text: "" });
  /** Line with the focus or selected last. */
  at = $state<string | undefined>();
  busy = $state(false);
  /** What "Send all that need no choice" left out, with the reasons. */
  leftOut = $state.raw<ResolvedReady["left_out"]>([]);
  #opened = new SvelteSet<string>();
  #shown = new SvelteMap<string, number>();
  #touched = false;
  #backend: Pick<Backend, "call">;
  #refresh: Refresh;

  constructor(backend: Pick<Backend, "call">) {
    this.#backend = backend;
    this.#refresh = new Refresh(() => this.#read());
  }

  groups: InboxGroup[] = $derived(
    (this.list?.groups ?? [])
      .map((group) => ({ id: groupId(group), group, records: this.#passing(group) }))
      .filter((one) => one.records.length > 0),
  );
  filtered = $derived(Boolean(this.filter.text.trim() || this.filter.collection || this.filter.field || this.filter.kind || this.filter.person));
  /** The group of the line at hand, else the first. */
  chosen = $derived(this.groups.find((one) => this.at === one.id || this.at?.startsWith(`${one.id} `)) ?? this.groups[0]);
  lines: InboxLine[] = $derived(this.groups.flatMap((group) => this.#linesOf(group)));
  /** Records without an open row. */
  ready = $derived((this.list?.groups ?? []).flatMap((group) => group.records).filter((record) => record.open === 0).length);
  collections = $derived(distinct((this.list?.groups ?? []).map((group) => group.collection)));
  fields = $derived(distinct((this.list?.groups ?? []).flatMap((group) => group.fields)));
  kinds = $derived([...new Set((this.list?.groups ?? []).map((group) => group.kind))]);
  people = $derived(distinct((this.list?.groups ?? []).flatMap((group) => group.records.flatMap((record) => record.who ?? []))));

  read(): Promise<void> {
    return this.#refresh.run();
  }

  async #read(): Promise<void> {
    try {
      this.list = await this.#backend.call("needs_you", null);
      this.error = undefined;
      const first = this.list.groups[0];
      if (first && !this.#touched) this.#opened.add(groupId(first));
    } catch (error) {
      this.error = asErrorReply(error).words;
    }
  }

  isOpen(group: InboxGroup): boolean {
    return this.filter.text.trim() !== "" || this.#opened.has(group.id);
  }

  turn(group: InboxGroup, open = !this.#opened.has(group.id)): void {
    this.#touched = true;
    if (open) this.#opened.add(group.id);
    else this.#opened.delete(group.id);
  }

  showMore(group: InboxGroup): void {
    this.#shown.set(group.id, this.#count(group) + MORE);
  }

  /** Finds a record and opens its group, so that its line exists. */
  reveal(key: string): string | undefined {
    for (const group of this.groups) {
      const at = group.records.findIndex((record) => record.key === key);
      if (at < 0) continue;
      this.turn(group, true);
      if (at >= this.#count(group)) this.#shown.set(group.id, at + 1);
      return recordLine(group, key);
    }
    return undefined;
  }

  clearFilter(): void {
    this.filter = { text: "" };
  }

  /** Sends every record without an open row; what is left out is named. */
  async sendReady(): Promise<ResolvedReady | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    try {
      const reply = await this.#backend.call("resolve_ready", null);
      this.leftOut = reply.left_out;
      await this.read();
      return reply;
    } finally {
      this.busy = false;
    }
  }

  #count(group: InboxGroup): number {
    return this.#shown.get(group.id) ?? FIRST;
  }

  #passing(group: NeedsYouGroup): NeedsYouRecord[] {
    const { text, collection, field, kind, person } = this.filter;
    if (collection !== undefined && group.collection !== collection) return [];
    if (field !== undefined && !group.fields.includes(field)) return [];
    if (kind !== undefined && group.kind !== kind) return [];
    const needle = text.trim().toLowerCase();
    return group.records.filter((record) => (person === undefined || record.who === person) && (needle === "" || record.title.toLowerCase().includes(needle)));
  }

  #linesOf(group: InboxGroup): InboxLine[] {
    const open = this.isOpen(group);
    const head: InboxLine = { id: group.id, what: "group", group, open };
    if (!open) return [head];
    // One line more costs no more than "1 more".
    const count = group.records.length <= this.#count(group) + 1 ? group.records.length : this.#count(group);
    const rows = group.records.slice(0, count).map((record): InboxLine => ({ id: recordLine(group, record.key), what: "record", group, record }));
    const hidden = group.records.length - count;
    return hidden > 0 ? [head, ...rows, { id: `${group.id} +`, what: "more", group, hidden }] : [head, ...rows];
  }
}

function recordLine(group: InboxGroup, key: string): string {
  return `${group.id} ${key}`;
}

function distinct(names: string[]): string[] {
  return [...new Set(names)].sort((a, b) => a.localeCompare(b));
}
