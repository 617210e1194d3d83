/** From the choices to the server: the three lists, sending, and two records instead of one. */
import { asErrorReply, type Backend } from "../backend/backend";
import type { MergePreview, Saved } from "../backend/generated/ipc";
import type { MergeFocus, MergeState } from "./merge.svelte";
import { mergeWords } from "./merge-words";

/** What the preview is about: the decisions, or a second record made of mine. */
export type Sent = "result" | "second";

export class MergeSending {
  /** The preview shown; absent = the choices. */
  preview = $state.raw<MergePreview | undefined>();
  what = $state<Sent>("result");
  /** Shown although there are no lists (a second record). */
  open = $state(false);
  busy = $state(false);
  /** The request of the present decision in short: "PUT, If-None-Match: *". */
  requestLine = $state<string | undefined>();
  #backend: Pick<Backend, "call">;
  #merge: MergeState;
  /** The choices that the preview tells. */
  #shown: string | undefined;
  #line = 0;

  /** Why nothing is ever sent from here (practice). */
  #never: string | undefined;

  constructor(backend: Pick<Backend, "call">, merge: MergeState, never?: string) {
    this.#backend = backend;
    this.#merge = merge;
    this.#never = never;
  }

  /** The three lists. A newer server version is taken in first: sending is a wish to see it (M46). */
  async openPreview(): Promise<MergeFocus> {
    const merge = this.#merge;
    await merge.flush();
    if (merge.newer) {
      const shown = await merge.show();
      await merge.settled();
      if (merge.openRows.length > 0) return shown;
    }
    if (merge.openRows.length > 0) return merge.missing();
    if (this.#never !== undefined) {
      merge.bar = { what: "shown", words: this.#never };
      return { to: "send" };
    }
    this.busy = true;
    const choices = this.#choices();
    try {
      const preview = await this.#backend.call("merge_preview", { key: merge.key });
      if (preview.seen !== merge.view?.seen) {
        await merge.reread();
        return { to: "none" };
      }
      this.preview = preview;
      this.#shown = choices;
      this.what = "result";
      this.open = true;
      return { to: "send" };
    } catch (error) {
      return this.#failed(error);
    } finally {
      this.busy = false;
    }
  }

  /** Asks how the present decision would be sent, for the line beside it. */
  async readRequestLine(): Promise<void> {
    this.requestLine = undefined;
    const line = ++this.#line;
    await this.#merge.settled();
    if (this.#merge.openRows.length > 0) return;
    try {
      const { request } = await this.#backend.call("merge_preview", { key: this.#merge.key });
      // Another choice may have been made meanwhile.
      if (line !== this.#line) return;
      const condition = request?.headers.find((header) => /^if-/i.test(header.name));
      this.requestLine = request && [request.method, condition && `${condition.name}: ${condition.value}`].filter(Boolean).join(", ");
    } catch {
      // Only a hint: the preview itself says what is wrong.
    }
  }

  /** "These are two different records": said in words before it is done. */
  openSecond(): MergeFocus {
    this.preview = undefined;
    this.what = "second";
    this.open = true;
    return { to: "send" };
  }

  close(): void {
    this.open = false;
  }

  /** Sends what was shown; `undefined` when it was not sent. */
  async send(): Promise<Saved | undefined> {
    if (this.busy || !this.open) return undefined;
    const merge = this.#merge;
    const name = this.what === "second" ? "keep_both" : "resolve";
    this.busy = true;
    await merge.flush();
    if (this.what === "result" && this.#choices() !== this.#shown) {
      // Undo from the palette, or the result of another program: nothing is sent that was not shown.
      this.close();
      this.busy = false;
      merge.bar = { what: "shown", words: mergeWords.lookAgain };
      return undefined;
    }
    merge.leaving(true);
    try {
      return await this.#backend.call(name, { key: merge.key, seen: this.preview?.seen ?? merge.view?.seen });
    } catch (error) {
      merge.leaving(false);
      this.#failed(error);
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  #choices(): string {
    return JSON.stringify(this.#merge.rows.map((row) => {
      const { decided, choice, result } = this.#merge.look(row);
      return [row.row, decided, choice, result?.json];
    }));
  }

  #failed(error: unknown): MergeFocus {
    const reply = asErrorReply(error);
    const merge = this.#merge;
    if (reply.code === "changed_on_server" || reply.code === "still_open") {
      this.close();
      void merge.reread();
      if (reply.code === "still_open") return merge.missing();
    } else {
      merge.bar = { what: "trouble", words: reply.words };
    }
    return { to: "none" };
  }
}
