/** "Needs you": records grouped by shape, filtered; what is open in the list and which group is looked at. */
import { SvelteSet } from "svelte/reactivity";
import { asErrorReply, type Backend } from "../backend/backend";
import type { BatchMember, BatchView, ConflictKind, NeedsYou, NeedsYouGroup, NeedsYouRecord } from "../backend/generated/ipc";
import { GROUPINGS, mixedGroups, Places, type Grouping } from "./inbox-grouping";
import { Refresh } from "./refresh";

/** Rows of a group before "59 more". The list draws only what can be seen, so that may be all of them. */
const FIRST = 5;

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
  /** Records of several shapes (of a collection, of a day): there is no rule for all of them. */
  mixed?: { title: string; shapes: readonly NeedsYouGroup[]; shapeOf: ReadonlyMap<string, NeedsYouGroup> };
}

/** One line of the list. */
export type InboxLine =
  | { id: string; what: "group"; group: InboxGroup; open: boolean; /** Names of the columns under it. */ head: boolean }
  | { id: string; what: "record"; group: InboxGroup; record: NeedsYouRecord; /** From 1, in its group. */ number: number; /** Of a record among those of other shapes. */ shape?: NeedsYouGroup }
  | { id: string; what: "more"; group: InboxGroup; hidden: number };

type Keep = Pick<Storage, "getItem" | "setItem">;
const GROUPING = "needs-you-grouping";

export function groupId(group: NeedsYouGroup): string {
  return JSON.stringify([group.source, group.collection, group.kind, group.patterns]);
}

export class InboxState {
  list = $state.raw<NeedsYou | undefined>();
  error = $state<string | undefined>();
  filter = $state<InboxFilter>({ text: "" });
  /** Line with the focus or selected last. */
  at = $state<string | undefined>();
  #grouping = $state<Grouping>("shape");
  #keep: Keep | undefined;
  #opened = new SvelteSet<string>();
  #whole = new SvelteSet<string>();
  #touched = false;
  #places = new Places();
  #sending = false;
  #backend: Pick<Backend, "call">;
  #refresh: Refresh;

  constructor(backend: Pick<Backend, "call">, keep: Keep | undefined = globalThis.localStorage) {
    this.#backend = backend;
    this.#keep = keep;
    this.#grouping = GROUPINGS.find((one) => one === keep?.getItem(GROUPING)) ?? "shape";
    this.#refresh = new Refresh(() => this.#read());
  }

  /** Records with the same clash: what one rule can be for. */
  shapes: InboxGroup[] = $derived(
    (this.list?.groups ?? [])
      .map((group) => ({ id: groupId(group), group, records: this.#passing(group) }))
      .filter((one) => one.records.length > 0),
  );
  /** As the person wants to see them. */
  groups: InboxGroup[] = $derived(this.#grouping === "shape" ? this.shapes : mixedGroups(this.shapes, this.#grouping, this.#places));
  filtered = $derived(Boolean(this.filter.text.trim() || this.filter.collection || this.filter.field || this.filter.kind || this.filter.person));
  /** The group of the line at hand, else the first. */
  chosen = $derived(this.groups.find((one) => this.at === one.id || this.at?.startsWith(`${one.id} `)) ?? this.groups[0]);
  lines: InboxLine[] = $derived(this.groups.flatMap((group) => this.#linesOf(group)));
  /** Records that need no choice and hold nothing that asks for a look. */
  ready = $derived((this.list?.groups ?? []).flatMap((group) => group.records).filter(needsNothing).length);
  collections = $derived(distinct((this.list?.groups ?? []).map((group) => group.collection)));
  fields = $derived(distinct((this.list?.groups ?? []).flatMap((group) => group.fields)));
  kinds = $derived([...new Set((this.list?.groups ?? []).map((group) => group.kind))]);
  people = $derived(distinct((this.list?.groups ?? []).flatMap((group) => group.records.flatMap((record) => record.who ?? []))));

  get grouping(): Grouping {
    return this.#grouping;
  }

  /** Another way to look at the same records; the record at hand stays at hand. */
  setGrouping(grouping: Grouping): void {
    const line = this.lines.find((one) => one.id === this.at);
    // Another order was asked for: now it may be a new one.
    this.#places.forget();
    this.#places.take(this.list?.groups ?? []);
    this.#grouping = grouping;
    this.#keep?.setItem(GROUPING, grouping);
    this.at = line?.what === "record" ? this.reveal(line.record.key) : undefined;
    const [first] = this.groups;
    if (this.at === undefined && first) this.#opened.add(first.id);
  }

  /** It needs a person, whether the filter shows it or not. */
  holds(key: string): boolean {
    return this.list?.groups.some((group) => group.records.some((record) => record.key === key)) ?? false;
  }

  read(): Promise<void> {
    return this.#refresh.run();
  }

  async #read(): Promise<void> {
    try {
      const list = this.#inPlace(await this.#backend.call("needs_you", null));
      this.#places.take(list.groups);
      this.list = list;
      this.error = undefined;
      const [first] = this.groups;
      if (first && !this.#touched) this.#opened.add(first.id);
    } catch (error) {
      this.error = asErrorReply(error).words;
    }
  }

  /** Groups keep their places while the list is looked at, also when they become smaller; new ones come last. */
  #inPlace(list: NeedsYou): NeedsYou {
    const order = new Map((this.list?.groups ?? []).map((group, at) => [groupId(group), at]));
    const placeOf = (group: NeedsYouGroup) => order.get(groupId(group)) ?? order.size;
    return { ...list, groups: [...list.groups].sort((a, b) => placeOf(a) - placeOf(b)) };
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
    this.#whole.add(group.id);
  }

  /** Finds a record and opens its group, so that its line exists. */
  reveal(key: string): string | undefined {
    for (const group of this.groups) {
      const at = group.records.findIndex((record) => record.key === key);
      if (at < 0) continue;
      this.turn(group, true);
      if (at >= FIRST) this.#whole.add(group.id);
      return recordLine(group, key);
    }
    return undefined;
  }

  clearFilter(): void {
    this.filter = { text: "" };
  }

  /** Sends every record that needs no choice, each for the version it has now. */
  async sendReady(): Promise<BatchView | undefined> {
    if (this.#sending) return undefined;
    this.#sending = true;
    try {
      const members: BatchMember[] = [];
      for (const { kind, patterns, records } of this.list?.groups ?? []) {
        const keys = records.filter(needsNothing).map((record) => record.key);
        if (keys.length === 0) continue;
        const plan = await this.#backend.call("group_plan", { keys, kind, patterns, rules: [] });
        members.push(...plan.rows.map(({ key, seen }) => ({ key, seen })));
      }
      if (members.length === 0) return undefined;
      return await this.#backend.call("start_batch", { members, kind: "edit_edit", patterns: [], rules: [], keep: [] });
    } finally {
      this.#sending = false;
    }
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
    const head: InboxLine = { id: group.id, what: "group", group, open, head: open && !group.mixed && group.records.some((record) => record.theirs) };
    if (!open) return [head];
    // One line more costs no more than "1 more".
    const count = this.#whole.has(group.id) || group.records.length <= FIRST + 1 ? group.records.length : FIRST;
    const rows = group.records.slice(0, count).map((record, at): InboxLine => ({ id: recordLine(group, record.key), what: "record", group, record, number: at + 1, shape: group.mixed?.shapeOf.get(record.key) }));
    const hidden = group.records.length - count;
    return hidden > 0 ? [head, ...rows, { id: `${group.id} +`, what: "more", group, hidden }] : [head, ...rows];
  }
}

export function needsNothing(record: NeedsYouRecord): boolean {
  return record.open === 0 && !record.look;
}

function recordLine(group: InboxGroup, key: string): string {
  return `${group.id} ${key}`;
}

function distinct(names: string[]): string[] {
  return [...new Set(names)].sort((a, b) => a.localeCompare(b));
}
