/** The status bar and the counts: connection, times, progress. */
import type { Backend } from "../backend/backend";
import type { ChangeFeed } from "../backend/changes";
import type { Status } from "../backend/generated/ipc";
import { Refresh } from "./refresh";

const NOTHING: Status = { connection: "online", records: 0, outbox: 0, needs_you: 0, event: 0 };

export class StatusState {
  now = $state.raw<Status>(NOTHING);
  /** The first answer has come. */
  ready = $state(false);
  #backend: Backend;
  #refresh: Refresh;

  constructor(backend: Backend, feed: ChangeFeed, failed: (error: unknown) => void) {
    this.#backend = backend;
    this.#refresh = new Refresh(async () => {
      const status = await backend.call("status", null);
      feed.startAt(status.event);
      this.take(status);
    });
    feed.subscribe((changes) => {
      // Counts follow records, outbox and conflicts too.
      if (changes.status || changes.outbox || changes.records.size > 0 || changes.conflicts.size > 0) this.read().catch(failed);
    });
  }

  read(): Promise<void> {
    return this.#refresh.run();
  }

  async setOffline(offline: boolean): Promise<void> {
    this.take(await this.#backend.call("set_offline", { offline }));
  }

  /** A status that came with another answer. */
  take(status: Status): void {
    this.now = status;
    this.ready = true;
  }
}
