/** The result of a merge written as text: checked while it is typed, kept at once, a decision only when the person says so. */
import { asErrorReply, type Backend } from "../backend/backend";
import type { MergeView, SourceCheck } from "../backend/generated/ipc";
import { mergeWords } from "./merge-words";

const PAUSE = 350;

export interface SourceOwner {
  readonly key: string;
  readonly view: MergeView | undefined;
  flush(): Promise<unknown>;
  /** Takes the answer of a decision in. */
  answered(view: MergeView): void;
}

export class MergeText {
  #typed = $state<string | undefined>();
  /** As it was before the first change: what still says the same decides nothing. A draft from before has its own. */
  #shown: string | undefined;
  check = $state.raw<SourceCheck | undefined>();
  #failed = $state<string | undefined>();
  #backend: Pick<Backend, "call">;
  #owner: SourceOwner;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  /** One after the other: the last typed is the last kept. */
  #keeping: Promise<unknown> = Promise.resolve();

  constructor(backend: Pick<Backend, "call">, owner: SourceOwner) {
    this.#backend = backend;
    this.#owner = owner;
    this.#typed = owner.view?.source_typed?.text;
    if (this.#typed !== undefined) void this.#ask();
  }

  get text(): string {
    return this.#typed ?? this.#owner.view?.source.result ?? "";
  }

  get edited(): boolean {
    return this.#typed !== undefined && this.#typed !== (this.#owner.view?.source.result ?? "");
  }

  /** What is wrong with it, in words. */
  get wrong(): string | undefined {
    if (this.#failed !== undefined) return this.#failed;
    const { check } = this;
    if (!this.edited || !check || check.ok) return undefined;
    const words = check.error ?? mergeWords.json;
    return check.line === undefined ? words : mergeWords.atLine(words, check.line, check.column ?? 1);
  }

  type(text: string): void {
    if (this.#typed === undefined) this.#shown = this.#owner.view?.source.result;
    this.#typed = text;
    this.#failed = undefined;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), PAUSE);
  }

  /** The field or the screen was left: what was typed is kept. */
  leave(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    void this.#ask();
  }

  putBack(): void {
    clearTimeout(this.#timer);
    this.#typed = this.#shown = this.check = this.#failed = this.#timer = undefined;
    void this.#keep(undefined).catch(() => undefined);
  }

  /** Makes the text the decision; `false` when it cannot be. */
  async use(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#asked += 1;
    await this.#owner.flush();
    await this.#keeping;
    const seen = this.#owner.view?.seen ?? "";
    const text = this.text;
    try {
      const view = await this.#backend.call("decide_source", { key: this.#owner.key, text, seen, ...this.#madeWith });
      // What was typed meanwhile is kept beside it: a change of what was taken now.
      if (this.text === text) this.#typed = this.#shown = undefined;
      else this.#shown = text;
      this.check = this.#failed = undefined;
      this.#owner.answered(view);
      return true;
    } catch (error) {
      this.#failed = asErrorReply(error).words;
      return false;
    }
  }

  get #madeWith(): { shown?: string } {
    return this.#shown === undefined ? {} : { shown: this.#shown };
  }

  #keep(text: string | undefined): Promise<void> {
    const about = text === undefined ? {} : this.#madeWith;
    const kept = this.#keeping.then(async () => void (await this.#backend.call("save_typed", { key: this.#owner.key, text, ...about })));
    this.#keeping = kept.catch(() => undefined);
    return kept;
  }

  async #ask(): Promise<void> {
    this.#timer = undefined;
    const asked = ++this.#asked;
    const key = this.#owner.key;
    const text = this.text;
    try {
      await this.#keep(text);
      const check = await this.#backend.call("check_source", { key, text, seen: this.#owner.view?.seen ?? "" });
      if (asked === this.#asked) this.check = check;
    } catch (error) {
      if (asked === this.#asked) this.#failed = asErrorReply(error).words;
    }
  }
}
