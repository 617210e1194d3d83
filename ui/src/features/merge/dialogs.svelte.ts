/** What the "More" menu does beside the rows: another program, a file for support, who can help. */
import { asErrorReply, type Backend } from "$lib/backend/backend";
import type { ExportedConflict, ExternalTools, MergeView } from "$lib/backend/generated/ipc";
import type { MergeState } from "$lib/state/merge.svelte";

export class MergeDialogs {
  open = $state<"program" | "export" | "help" | undefined>();
  tools = $state.raw<ExternalTools | undefined>();
  /** What would leave this computer. */
  file = $state.raw<ExportedConflict | undefined>();
  redact = $state(true);
  /** Why it did not work, in words. */
  wrong = $state<string | undefined>();
  #shown = 0;
  #backend: Pick<Backend, "call">;
  #merge: MergeState;
  #take: (view: MergeView) => void;

  constructor(backend: Pick<Backend, "call">, merge: MergeState, take: (view: MergeView) => void) {
    this.#backend = backend;
    this.#merge = merge;
    this.#take = take;
  }

  /** The name of the chosen program, for the menu. */
  async readTools(): Promise<void> {
    await this.#try(async () => void (this.tools = await this.#backend.call("external_tools", null)));
    this.wrong = undefined;
  }

  /** Opens the versions in the chosen program, or asks for one first. */
  async program(): Promise<void> {
    this.wrong = undefined;
    if (!this.tools) await this.readTools();
    if (this.tools?.command === undefined) this.open = "program";
    else await this.start();
  }

  /** Asks for a program, also when there is one: it may be the wrong one, or not there any more. */
  async chooseProgram(): Promise<void> {
    await this.readTools();
    this.open = "program";
  }

  async choose(command: string): Promise<void> {
    const done = await this.#try(async () => void (this.tools = await this.#backend.call("set_external_tool", { command: command.trim() === "" ? undefined : command.trim() })));
    if (!done || this.tools?.command === undefined) return;
    this.open = undefined;
    await this.start();
  }

  async start(): Promise<void> {
    await this.#merge.flush();
    const done = await this.#try(async () => this.#take(await this.#backend.call("open_external", { key: this.#merge.key })));
    if (!done) this.#merge.bar = { what: "trouble", words: this.wrong ?? "" };
  }

  async leaveProgram(undo: boolean): Promise<void> {
    // A choice on its way has a newer answer than this one.
    await this.#merge.settled();
    await this.#try(async () => this.#take(await this.#backend.call("leave_external", { key: this.#merge.key, undo })));
  }

  /** Shows what would be in the file; nothing is written yet. */
  async showExport(redact = true): Promise<void> {
    this.redact = redact;
    this.open = "export";
    this.file = undefined;
    const asked = ++this.#shown;
    await this.#try(async () => {
      const file = await this.#backend.call("export_conflict", { key: this.#merge.key, redact });
      // The box may have been turned meanwhile: what is read must be what is written.
      if (asked === this.#shown) this.file = file;
    });
  }

  /** Writes the file where the person wants it. */
  async saveExport(): Promise<void> {
    await this.#try(async () => {
      const name = `${(this.#merge.view?.title ?? "record").replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase()}-merge.json`;
      const { path } = await this.#backend.call("ask_for_file", { name });
      if (path !== undefined) this.file = await this.#backend.call("export_conflict", { key: this.#merge.key, redact: this.redact, file: path });
    });
  }

  close(): void {
    this.open = undefined;
    this.wrong = undefined;
  }

  async #try(run: () => Promise<void>): Promise<boolean> {
    this.wrong = undefined;
    try {
      await run();
      return true;
    } catch (error) {
      this.wrong = asErrorReply(error).words;
      return false;
    }
  }
}
