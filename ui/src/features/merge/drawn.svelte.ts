/** How many cards are drawn: the first ones at once, the rest while nothing else is to do. */
export const MANY = 60;
const FIRST = 40;
const STEP = 40;

export class Drawn {
  count = $state(FIRST);

  /** Draws the rest bit by bit. Returns how to stop. */
  fill(all: number): () => void {
    let stopped = false;
    const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 16));
    const more = () => {
      if (stopped || this.count >= all) return;
      this.count += STEP;
      idle(more);
    };
    idle(more);
    return () => (stopped = true);
  }

  /** The card at this place must be there now. */
  upTo(at: number): void {
    if (at >= this.count) this.count = at + STEP;
  }
}
