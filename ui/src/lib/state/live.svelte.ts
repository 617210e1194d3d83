/** What a screen reader is told. The two regions are in the page from the start (LiveRegion.svelte). */

const SAVED_EVERY = 60_000;

export class Announcer {
  polite = $state("");
  assertive = $state("");
  #savedAt = -Infinity;

  say(words: string): void {
    this.polite = again(this.polite, words);
  }

  /** Only for "The server changed again": it interrupts. */
  interrupt(words: string): void {
    this.assertive = again(this.assertive, words);
  }

  /** "Saved on this computer", at most once a minute while typing. */
  saved(words: string, now = Date.now()): void {
    if (now - this.#savedAt < SAVED_EVERY) return;
    this.#savedAt = now;
    this.say(words);
  }
}

/** A region speaks only when its text changes: the same words twice differ by a space. */
function again(before: string, words: string): string {
  return before === words ? `${words}\u00a0` : words;
}
