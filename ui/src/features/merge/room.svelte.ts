/** The room of one "Will be sent": it never changes by a choice; what is longer is cut until the person asks for all of it. */
import { tick } from "svelte";

/** Rounding of heights. */
const SLACK = 2;

export class ResultRoom {
  /** Height in pixels that was asked for, or that grew while one was typing. */
  held = $state<number>();
  /** All of it was asked for. */
  all = $state(false);
  /** Something is cut. */
  over = $state(false);
  /** The field may grow with what is typed. */
  grows = $state(false);
  #shown: HTMLElement | undefined;
  #width = 0;

  /** Watches the place in which the value stands. Returns how to stop. */
  watch(shown: HTMLElement): () => void {
    this.#shown = shown;
    this.#width = shown.clientWidth;
    if (typeof ResizeObserver === "undefined") return () => (this.#shown = undefined);
    const observer = new ResizeObserver(() => {
      const wider = shown.clientWidth !== this.#width;
      this.#width = shown.clientWidth;
      if (wider && this.held !== undefined) void this.#again();
      else this.measure();
    });
    observer.observe(shown);
    return () => {
      observer.disconnect();
      this.#shown = undefined;
    };
  }

  measure(): void {
    this.over = !this.grows && this.#natural() > (this.#shown?.clientHeight ?? 0) + SLACK;
  }

  /** The field was opened: a text that fits grows with what is typed, another is scrolled where it stands. */
  opened(): void {
    this.grows = this.#natural() <= (this.#shown?.clientHeight ?? 0) + SLACK;
    this.measure();
  }

  /** Before the field goes: what grew stays, and nothing moves. */
  closed(): void {
    const height = this.grows ? (this.#shown?.getBoundingClientRect().height ?? 0) : 0;
    const free = this.#shown?.previousElementSibling?.getBoundingClientRect().height ?? 0;
    if (height > 0 && height >= free) this.held = height;
    this.grows = false;
  }

  showAll(writing: boolean): void {
    this.held = this.#natural();
    this.all = true;
    this.grows = writing;
  }

  showLess(): void {
    this.all = false;
    this.grows = false;
    this.held = undefined;
  }

  /** Another width has other lines. */
  async #again(): Promise<void> {
    this.held = undefined;
    await tick();
    if (this.all) this.held = this.#natural();
    this.measure();
  }

  #natural(): number {
    const field = this.#shown?.querySelector("textarea");
    return Math.max(this.#shown?.scrollHeight ?? 0, field && !this.grows ? field.scrollHeight : 0);
  }
}
