/** The versions of one record, any two of them beside each other, bringing back, and undoing a merge. */
import { asErrorReply, type Backend } from "../backend/backend";
import type { ComparedField, Comparison, HistoryEntry, RecordView, Saved, Side, Undone, VersionView } from "../backend/generated/ipc";
import { Refresh } from "./refresh";

/** The record as it is now is a line of the list too. */
export const NOW = "now";
/** What the chosen line is compared with: the version before it, the record now, or the line with this id. */
export type Against = "before" | "now" | (string & {});

/** Deleted records are read by so many. */
const PAGE = 500;

/** One line of the list. Lines of the server's own log have no version here, so lines have names of their own. */
export interface VersionLine {
  id: string;
  entry: HistoryEntry;
  /** The line that only tells that this version was sent. */
  sent?: HistoryEntry;
}

/** One side of the comparison. */
export interface ComparedSide {
  /** Absent: the record now. */
  entry?: HistoryEntry;
}

/** Newest first; the answer is oldest first. That a version was sent is part of its line. */
export function versionLines(entries: readonly HistoryEntry[]): VersionLine[] {
  const used = new Map<string, number>();
  const sent = new Map(entries.filter((entry) => entry.sent_of !== undefined).map((entry) => [entry.sent_of, entry]));
  const lines = entries.filter((entry) => entry.sent_of === undefined).map((entry): VersionLine => {
    const name = entry.version > 0 ? `version ${entry.version}` : `server ${entry.at}`;
    const count = used.get(name) ?? 0;
    used.set(name, count + 1);
    const line: VersionLine = { id: count === 0 ? name : `${name} ${count}`, entry };
    const told = entry.version > 0 ? sent.get(entry.version) : undefined;
    return told ? { ...line, sent: told } : line;
  });
  return lines.reverse();
}

export class HistoryState {
  readonly key: string;
  record = $state.raw<RecordView | undefined>();
  /** Name of the record, also of one that is gone. */
  title = $state<string | undefined>();
  /** Versions and lines of the server's own log, newest first. */
  lines = $state.raw<VersionLine[] | undefined>();
  error = $state<string | undefined>();
  /** `id` of the chosen line, or NOW. */
  chosen = $state<string | undefined>();
  /** Until the person says with what: an older version with now, where its fields can be brought back; the newest with the one before. */
  against = $state<Against>("before");
  #said = false;
  onlyDifferences = $state(true);
  /** The chosen version, once read. */
  then = $state.raw<VersionView | undefined>();
  compared = $state.raw<Comparison | undefined>();
  /** The older side is on the left, whichever was chosen first. */
  left = $state.raw<ComparedSide | undefined>();
  right = $state.raw<ComparedSide>({});
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

  entry: HistoryEntry | undefined = $derived(this.line?.entry);
  /** Fields can be brought back only into the record as it is now. */
  canBringFields = $derived(
    this.record !== undefined && this.record.editable && this.left?.entry !== undefined && this.right.entry === undefined && this.chosen !== NOW,
  );
  /** Lines whose content is kept: what the chosen one can be compared with. */
  comparable: VersionLine[] = $derived((this.lines ?? []).filter((line) => line.entry.version > 0 && line.entry.restorable && line.id !== this.chosen));

  get line(): VersionLine | undefined {
    return this.lines?.find((line) => line.id === this.chosen);
  }

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
      if (record) this.title = record.title;
      else if (this.title === undefined) this.title = await this.#titleOfGone();
      this.error = undefined;
      const known = this.chosen === NOW || this.line !== undefined;
      await this.choose((known ? this.chosen : undefined) ?? this.lines[0]?.id ?? NOW);
    } catch (error) {
      this.error = asErrorReply(error).words;
    }
  }

  /** The list of deleted records knows the names of those that are gone. */
  async #titleOfGone(): Promise<string | undefined> {
    try {
      for (let offset = 0; ; offset += PAGE) {
        const { rows, total } = await this.#backend.call("deleted_records", { text: "", offset, limit: PAGE });
        const title = rows.find((row) => row.key === this.key)?.title;
        if (title !== undefined || rows.length === 0 || offset + rows.length >= total) return title;
      }
    } catch {
      // A name is good to have; the versions are what was asked for.
      return undefined;
    }
  }

  /** Compares the chosen line with another one from now on. */
  async compareWith(against: Against): Promise<void> {
    this.#said = true;
    this.against = against;
    await this.choose(this.chosen ?? NOW);
  }

  /** Begins with this line, or goes to it if the list is there already. */
  async open(id: string): Promise<void> {
    if (this.lines === undefined) this.chosen = id;
    else if (this.lines.some((line) => line.id === id)) await this.choose(id);
  }

  async choose(id: string): Promise<void> {
    this.chosen = id;
    if (this.against === id) this.#said = false;
    if (!this.#said) this.against = this.#standard(id);
    const wanted = ++this.#wanted;
    this.reading = true;
    try {
      const sides = this.#sides();
      const [then, compared] = await Promise.all([this.#version(this.entry), this.#compare(sides)]);
      // The person may have chosen another one meanwhile.
      if (wanted !== this.#wanted) return;
      this.then = then;
      this.compared = compared;
      this.left = sides.left;
      this.right = sides.right;
      this.error = undefined;
    } catch (error) {
      if (wanted === this.#wanted) this.error = asErrorReply(error).words;
    } finally {
      if (wanted === this.#wanted) this.reading = false;
    }
  }

  #standard(id: string): Against {
    const older = id !== NOW && id !== this.lines?.[0]?.id;
    const kept = this.entry !== undefined && this.entry.version > 0 && this.entry.restorable;
    return this.record !== undefined && older && kept ? "now" : "before";
  }

  #version(entry: HistoryEntry | undefined): Promise<VersionView | undefined> {
    return entry && entry.version > 0 ? this.#backend.call("version", { key: this.key, version: entry.version }) : Promise.resolve(undefined);
  }

  /** The older one on the left; no left: there is no version before. */
  #sides(): { left: ComparedSide | undefined; right: ComparedSide } {
    const entry = this.entry;
    // Synced, the newest line is the record as it is now: what it came from is the one before.
    if (this.chosen === NOW) return { left: this.#other(0, this.record?.state === "synced" ? 1 : 0), right: {} };
    const at = (this.lines ?? []).findIndex((line) => line.id === this.chosen);
    if (this.against === "now") return { left: entry ? { entry } : undefined, right: {} };
    const other = this.against === "before" ? this.#other(at + 1) : this.#line(this.against);
    const chosen = entry ? { entry } : {};
    const otherAt = (this.lines ?? []).findIndex((line) => line.entry === other?.entry);
    return other && otherAt >= 0 && otherAt < at ? { left: chosen, right: other } : { left: other, right: chosen };
  }

  #line(id: string): ComparedSide | undefined {
    const entry = this.lines?.find((line) => line.id === id)?.entry;
    return entry ? { entry } : undefined;
  }

  /** The first line from this place on whose content is kept and is another one than what stands above it. */
  #other(from: number, skip = 0): ComparedSide | undefined {
    if (this.chosen === NOW && this.against !== "before" && this.against !== "now") return this.#line(this.against);
    const kept = (this.lines ?? []).slice(from).filter((line) => line.entry.version > 0 && line.entry.restorable);
    const entry = kept[skip]?.entry;
    return entry ? { entry } : undefined;
  }

  async #compare({ left, right }: { left: ComparedSide | undefined; right: ComparedSide }): Promise<Comparison | undefined> {
    // A removal, or a line of the server's log: there is nothing to compare.
    if (right.entry && !right.entry.restorable) return undefined;
    if (!right.entry && !this.record) return undefined;
    return this.#backend.call("compare_versions", { key: this.key, from: left?.entry?.version, to: right.entry?.version });
  }

  /** The whole version as an edit of the record; another one than the chosen by its number. */
  bringBack(version = this.entry?.version): Promise<Saved | undefined> {
    if (version === undefined) return Promise.resolve(undefined);
    return this.#act(() => this.#backend.call("restore", { key: this.key, version }));
  }

  /** One field as it was then; a field that was not there is removed. */
  bringBackField(field: ComparedField): Promise<Saved | undefined> {
    const version = this.left?.entry?.version;
    if (version === undefined) return Promise.resolve(undefined);
    return this.#act(() => this.#backend.call("bring_back_field", { key: this.key, version, place: field.place }));
  }

  /** The merge of the chosen line, undone: to the server's version before it, or to yours. */
  undo(to: Side): Promise<Undone | undefined> {
    const version = this.entry?.version;
    if (version === undefined) return Promise.resolve(undefined);
    return this.#act(() => this.#backend.call("undo_merge", { key: this.key, version, to }));
  }

  /** A new record with the content of this version. */
  copy(): Promise<Saved | undefined> {
    const { record, then } = this;
    // Another line was chosen and is still read: what is at hand is the one before.
    if (!record || this.reading || then?.text === undefined) return Promise.resolve(undefined);
    const text = then.text;
    return this.#act(() => this.#backend.call("create_record", { source: record.source, collection: record.collection, text }));
  }

  async #act<T>(run: () => Promise<T>): Promise<T | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    try {
      const done = await run();
      await this.read();
      return done;
    } finally {
      this.busy = false;
    }
  }
}
