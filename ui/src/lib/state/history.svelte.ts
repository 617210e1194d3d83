/** The versions of one record, one of them compared with now or with the version before it, and bringing back. */
import { asErrorReply, type Backend } from "../backend/backend";
import type { HistoryEntry, RecordView, Saved, VersionView } from "../backend/generated/ipc";
import { compareForms, type ComparedField } from "./history-compare";
import { Refresh } from "./refresh";

/** The record as it is now is a line of the list too. */
export const NOW = "now";
export type Against = "now" | "before";

/** One line of the list. Lines of the server's own log have no version here, so lines have names of their own. */
export interface VersionLine {
  id: string;
  entry: HistoryEntry;
}

/** Newest first; the answer is oldest first. */
export function versionLines(entries: readonly HistoryEntry[]): VersionLine[] {
  const used = new Map<string, number>();
  const lines = entries.map((entry): VersionLine => {
    const name = entry.version > 0 ? `version ${entry.version}` : `server ${entry.at}`;
    const count = used.get(name) ?? 0;
    used.set(name, count + 1);
    return { id: count === 0 ? name : `${name} ${count}`, entry };
  });
  return lines.reverse();
}

export class HistoryState {
  readonly key: string;
  record = $state.raw<RecordView | undefined>();
  /** Versions and lines of the server's own log, newest first. */
  lines = $state.raw<VersionLine[] | undefined>();
  error = $state<string | undefined>();
  /** `id` of the chosen line, or NOW. */
  chosen = $state<string | undefined>();
  against = $state<Against>("now");
  onlyDifferences = $state(true);
  /** The chosen version and the one it is compared with, once read. */
  then = $state.raw<VersionView | undefined>();
  before = $state.raw<VersionView | undefined>();
  reading = $state(false);
  busy = $state(false);
  #backend: Pick<Backend, "call">;
  #refresh: Refresh;
  #wanted = 0;

  constructor(backend: Pick<Backend, "call">, key: string) {
    this.#backend = backend;
    this.key = key;
    this.#refresh = new Refresh(() => this.#read());
  }

  withBefore = $derived(this.against === "before" || this.chosen === NOW);
  /** It is to be compared with the version before, and there is none: only its content can be shown. */
  isOldest = $derived(this.withBefore && this.before === undefined);
  /** What is compared: `then` on the left is the chosen version. */
  compared: ComparedField[] | undefined = $derived(this.#compared());
  differences = $derived((this.compared ?? []).filter((field) => !field.same));
  shown = $derived(this.onlyDifferences && !this.isOldest ? this.differences : (this.compared ?? []));
  /** Entry of the chosen line. */
  entry = $derived(this.lines?.find((line) => line.id === this.chosen)?.entry);
  /** Fields can be brought back one by one: the comparison is with now and the record may be edited. */
  canBringFields = $derived(this.against === "now" && this.entry !== undefined && this.record?.editable === true);

  read(): Promise<void> {
    return this.#refresh.run();
  }

  async #read(): Promise<void> {
    try {
      const [entries, record] = await Promise.all([
        this.#backend.call("history", { key: this.key }),
        // History outlives the record.
        this.#backend.call("record", { key: this.key }).catch(() => undefined),
      ]);
      this.lines = versionLines(entries);
      this.record = record;
      this.error = undefined;
      await this.choose(this.chosen ?? this.lines[0]?.id ?? NOW);
    } catch (error) {
      this.error = asErrorReply(error).words;
    }
  }

  async choose(id: string): Promise<void> {
    this.chosen = id;
    const wanted = ++this.#wanted;
    this.reading = true;
    try {
      const [then, before] = await Promise.all([this.#version(this.entry), this.#version(this.#before(id))]);
      // The person may have chosen another one meanwhile.
      if (wanted !== this.#wanted) return;
      this.then = then;
      this.before = before;
      this.error = undefined;
    } catch (error) {
      if (wanted === this.#wanted) this.error = asErrorReply(error).words;
    } finally {
      if (wanted === this.#wanted) this.reading = false;
    }
  }

  #version(entry: HistoryEntry | undefined): Promise<VersionView | undefined> {
    return entry && entry.version > 0 ? this.#backend.call("version", { key: this.key, version: entry.version }) : Promise.resolve(undefined);
  }

  /** The next older line whose content is kept. */
  #before(id: string): HistoryEntry | undefined {
    const lines = this.lines ?? [];
    const at = lines.findIndex((line) => line.id === id);
    return lines.slice(at + 1).find((line) => line.entry.version > 0 && line.entry.restorable)?.entry;
  }

  #compared(): ComparedField[] | undefined {
    const now = this.record?.form;
    const chosen = this.chosen === NOW ? now : this.then?.form;
    // A removal, or a line of the server's log: there is nothing to compare.
    if (!chosen || this.entry?.restorable === false) return undefined;
    // The record now has nothing to be compared with but the version before.
    if (this.withBefore) return compareForms(this.before?.form ?? chosen, chosen);
    return now ? compareForms(chosen, now) : undefined;
  }

  /** The whole version as an edit of the record. */
  bringBack(): Promise<Saved | undefined> {
    const { entry } = this;
    if (!entry) return Promise.resolve(undefined);
    return this.#act(() => this.#backend.call("restore", { key: this.key, version: entry.version }));
  }

  /** One field as it was then; a field that was not there is removed. */
  bringBackField(field: ComparedField): Promise<Saved | undefined> {
    const { record } = this;
    if (!record) return Promise.resolve(undefined);
    return this.#act(() =>
      this.#backend.call("save_edit", {
        key: this.key,
        based_on_rev: record.rev,
        operations: [field.then.type === "missing" ? { op: "unset", pointer: field.pointer } : { op: "set", pointer: field.pointer, json: field.then.json }],
      }),
    );
  }

  /** A new record with the content of this version. */
  copy(): Promise<Saved | undefined> {
    const { record, then } = this;
    if (!record || then?.text === undefined) return Promise.resolve(undefined);
    const text = then.text;
    return this.#act(() => this.#backend.call("create_record", { source: record.source, collection: record.collection, text }));
  }

  async #act(run: () => Promise<Saved>): Promise<Saved | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    try {
      const saved = await run();
      await this.read();
      return saved;
    } finally {
      this.busy = false;
    }
  }
}
