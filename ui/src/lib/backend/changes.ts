/**
 * Turns numbered events into one question per reader: "must I read again?".
 * Numbers rise by one; after a gap (or the first event after a missed start) everything is read again.
 */
import type { Backend } from "./backend";
import type { Event } from "./generated/ipc";

export interface Changes {
  /** Events were missed: read everything again. */
  all: boolean;
  records: ReadonlySet<string>;
  conflicts: ReadonlySet<string>;
  /** Decisions for many records, by number. */
  batches: ReadonlySet<string>;
  outbox: boolean;
  sources: boolean;
  status: boolean;
}

export function touchesRecord(changes: Changes, key: string): boolean {
  return changes.all || changes.records.has(key) || changes.conflicts.has(key);
}

export class ChangeFeed {
  #readers = new Set<(changes: Changes) => void>();
  #last: number | undefined;
  #stop: () => void;

  constructor(backend: Backend) {
    this.#stop = backend.onEvent((event) => this.#take(event));
  }

  /** The number in a `status` reply: events up to it are already in what was read. */
  startAt(number: number): void {
    this.#last ??= number;
  }

  subscribe(reader: (changes: Changes) => void): () => void {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }

  /** Tells every reader to read again. */
  readAll(): void {
    const none: ReadonlySet<string> = new Set();
    this.#tell({ all: true, records: none, conflicts: none, batches: none, outbox: true, sources: true, status: true });
  }

  close(): void {
    this.#stop();
    this.#readers.clear();
  }

  #take(event: Event): void {
    const before = this.#last;
    if (before !== undefined && event.number <= before) return;
    this.#last = event.number;
    if (before !== undefined && event.number !== before + 1) {
      this.readAll();
      return;
    }
    this.#tell(changesOf(event));
  }

  #tell(changes: Changes): void {
    for (const reader of [...this.#readers]) reader(changes);
  }
}

export function changesOf(event: Event): Changes {
  const records = new Set<string>();
  const conflicts = new Set<string>();
  const batches = new Set<string>();
  let outbox = false;
  let sources = false;
  let status = false;
  for (const change of event.changes) {
    switch (change.what) {
      case "records_changed":
        for (const key of change.keys) records.add(key);
        break;
      case "conflict_changed":
        conflicts.add(change.key);
        break;
      case "batch_changed":
        batches.add(change.batch);
        break;
      case "outbox_changed":
        outbox = true;
        break;
      case "source_changed":
        sources = true;
        break;
      case "status_changed":
        status = true;
        break;
    }
  }
  return { all: false, records, conflicts, batches, outbox, sources, status };
}
