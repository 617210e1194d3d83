/** What waits to be sent, and the exact request of one entry. */
import { asErrorReply, type Backend } from "../backend/backend";
import type { ChangeFeed } from "../backend/changes";
import type { ErrorReply, OutboxEntry, RequestPreview } from "../backend/generated/ipc";
import { Refresh } from "./refresh";

/** Refused entries whose field is looked up; there are few, and one needs no more to begin. */
const REFUSED = 50;

export type OutboxGroup = "look" | "on_the_way" | "waiting" | "held";

export function groupOf(entry: OutboxEntry): OutboxGroup {
  switch (entry.state) {
    case "sending":
      return "on_the_way";
    case "uncertain":
    case "contested":
    case "rejected":
    case "needs_you":
      return "look";
    default:
      return entry.held ? "held" : "waiting";
  }
}

export class OutboxState {
  entries = $state.raw<OutboxEntry[]>([]);
  /** Field the server named, by key of a refused entry. */
  refused = $state.raw<ReadonlyMap<string, string>>(new Map());
  ready = $state(false);
  failure = $state.raw<ErrorReply | undefined>();
  preview = $state.raw<RequestPreview | undefined>();
  previewFailure = $state.raw<ErrorReply | undefined>();
  #backend: Backend;
  #stop: () => void;
  #refresh: Refresh;
  #shown: string | undefined;

  constructor(backend: Backend, feed: ChangeFeed) {
    this.#backend = backend;
    this.#refresh = new Refresh(() => this.#read());
    this.#stop = feed.subscribe((changes) => {
      if (changes.outbox || changes.records.size > 0) void this.read();
      const shown = this.#shown;
      if (shown !== undefined && (changes.all || changes.records.has(shown))) void this.show(shown);
    });
  }

  read(): Promise<void> {
    return this.#refresh.run();
  }

  find(key: string | undefined): OutboxEntry | undefined {
    return this.entries.find((entry) => entry.key === key);
  }

  /** Reads the request of an entry; the one before stays until it is here. */
  async show(key: string | undefined): Promise<void> {
    if (key !== this.#shown) this.preview = undefined;
    this.#shown = key;
    this.previewFailure = undefined;
    if (key === undefined) return;
    try {
      const preview = await this.#backend.call("request_preview", { key });
      if (this.#shown === key) this.preview = preview;
    } catch (error) {
      if (this.#shown !== key) return;
      this.preview = undefined;
      this.previewFailure = asErrorReply(error);
    }
  }

  close(): void {
    this.#stop();
  }

  async #read(): Promise<void> {
    try {
      this.entries = (await this.#backend.call("outbox", null)).entries;
      this.failure = undefined;
    } catch (error) {
      this.failure = asErrorReply(error);
    }
    this.ready = true;
    await this.#readRefused();
  }

  /** An entry has the server's words only; the field they are about stands in its record. */
  async #readRefused(): Promise<void> {
    const keys = this.entries.filter((entry) => entry.reason === "refused").slice(0, REFUSED).map((entry) => entry.key);
    const found = await Promise.all(keys.map(async (key): Promise<[string, string][]> => {
      try {
        const label = (await this.#backend.call("record", { key })).refusal?.fields[0]?.label;
        return label ? [[key, label]] : [];
      } catch {
        // It may be gone meanwhile: the list is read again then.
        return [];
      }
    }));
    this.refused = new Map(found.flat());
  }
}
