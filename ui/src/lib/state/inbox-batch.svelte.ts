/** One decision for many records: how far it is, what became of each, stop, go on, undo. */
import { asErrorReply, type Backend } from "../backend/backend";
import type { BatchHead, BatchItem, BatchView } from "../backend/generated/ipc";
import { Refresh } from "./refresh";

const PROBLEMS: readonly BatchItem["state"][] = ["changed_again", "refused", "left_out", "taken_back"];

export class BatchState {
  /** The newest batch: what the list offers to look at. */
  latest = $state.raw<BatchHead | undefined>();
  /** The batch looked at. */
  view = $state.raw<BatchView | undefined>();
  /** Undone: of the records being taken back, those that wait in the Outbox; absent until it is known. */
  waiting = $state<number | undefined>();
  error = $state<string | undefined>();
  onlyProblems = $state(false);
  busy = $state(false);
  #number: string | undefined;
  #backend: Pick<Backend, "call">;
  #refresh: Refresh;

  constructor(backend: Pick<Backend, "call">) {
    this.#backend = backend;
    this.#refresh = new Refresh(() => this.#read());
  }

  items: BatchItem[] = $derived((this.view?.items ?? []).filter((item) => !this.onlyProblems || PROBLEMS.includes(item.state) || item.undone === "kept"));
  running = $derived(isMoving(this.latest?.state));

  /** The newest batch is looked at by itself only while something is to be seen or said about it. */
  async readLatest(): Promise<BatchHead | undefined> {
    try {
      this.latest = (await this.#backend.call("batches", null))[0];
    } catch {
      // The list itself says that nothing can be read.
    }
    return this.latest;
  }

  show(view: BatchView): void {
    this.#number = view.batch;
    this.view = view;
    this.waiting = undefined;
    this.error = undefined;
    this.onlyProblems = false;
  }

  async open(batch: string): Promise<void> {
    this.#number = batch;
    this.waiting = undefined;
    this.onlyProblems = false;
    await this.read();
  }

  close(): void {
    this.#number = undefined;
    this.view = undefined;
  }

  read(): Promise<void> {
    return this.#refresh.run();
  }

  stop(): Promise<void> {
    return this.#act("stop_batch");
  }

  goOn(): Promise<void> {
    return this.#act("go_on_batch");
  }

  undo(): Promise<void> {
    return this.#act("undo_batch");
  }

  async #act(name: "stop_batch" | "go_on_batch" | "undo_batch"): Promise<void> {
    const batch = this.#number;
    if (batch === undefined || this.busy) return;
    this.busy = true;
    try {
      const view = await this.#backend.call(name, { batch });
      if (this.#number === batch) this.view = view;
    } finally {
      this.busy = false;
    }
    // A reading that began before may answer after this one.
    await this.read();
  }

  async #read(): Promise<void> {
    await this.readLatest();
    const batch = this.#number;
    if (batch === undefined) return;
    try {
      const view = await this.#backend.call("batch", { batch });
      const waiting = await this.#waiting(view);
      if (this.#number !== batch) return;
      this.view = view;
      this.waiting = waiting;
      this.error = undefined;
    } catch (error) {
      if (this.#number === batch) this.error = asErrorReply(error).words;
    }
  }

  async #waiting(view: BatchView): Promise<number | undefined> {
    const back = new Set(view.items.filter((item) => item.undone === "written_back").map((item) => item.key));
    if (view.state !== "undone" || back.size === 0) return undefined;
    return (await this.#backend.call("outbox", null)).entries.filter((entry) => back.has(entry.key)).length;
  }
}

export function isMoving(state: BatchHead["state"] | undefined): boolean {
  return state === "running" || state === "stopping" || state === "undoing";
}
