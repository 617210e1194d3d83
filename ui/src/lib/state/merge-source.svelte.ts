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
  /** Typed, and not on the disk yet. */
  #fresh = false;
  /** On its way to the disk. */
  #going: string | undefined;
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

  /** What was typed and could not be kept yet, with what it was made with. */
  get unkept(): { text: string; shown?: string } | undefined {
    return this.#fresh && this.#typed !== undefined ? { text: this.#typed, ...this.#madeWith } : undefined;
  }

  /** Text kept from before, in another place. */
  restore(text: string, shown?: string): void {
    if (this.#typed !== undefined) return;
    this.type(text);
    this.#shown = shown ?? this.#shown;
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
    this.#fresh = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), PAUSE);
  }

  /** The field or the screen was left: what was typed is kept. Resolves when it is, or could not be: why, in words. */
  async leave(): Promise<string | undefined> {
    clearTimeout(this.#timer);
    if (this.#fresh && this.#going !== this.#typed) void this.#ask();
    await this.#keeping;
    return this.#fresh ? this.#failed : undefined;
  }

  putBack(): void {
    clearTimeout(this.#timer);
    this.#typed = this.#shown = this.check = this.#failed = this.#timer = undefined;
    this.#fresh = false;
    void this.#keep(undefined).catch(() => undefined);
  }

  /** Makes the text the decision; `false` when it cannot be. */
  async use(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#fresh = false;
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
      this.#fresh = this.#typed !== undefined;
      return false;
    }
  }

  get #madeWith(): { shown?: string } {
    return this.#shown === undefined ? {} : { shown: this.#shown };
  }

  #keep(text: string | undefined): Promise<void> {
    const about = text === undefined ? {} : this.#madeWith;
    this.#going = text;
    const kept = this.#keeping.then(async () => {
      try {
        await this.#backend.call("save_typed", { key: this.#owner.key, text, ...about });
        if (this.#typed === text) this.#fresh = false;
      } finally {
        if (this.#going === text) this.#going = undefined;
      }
    });
    this.#keeping = kept.catch((error: unknown) => {
      // A newer check may have its own words; that this is on no disk holds all the same.
      if (text !== undefined && this.#typed === text) this.#failed = asErrorReply(error).words;
    });
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
