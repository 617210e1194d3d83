/** Where the person is: one location, a short way back, and what must be saved before leaving. */

/** A location. `place` is the id of a registered place; the rest is for that place to read. */
export interface Location {
  place: string;
  source?: string;
  collection?: string;
  /** Local key of the record shown. */
  key?: string;
  /** Tab of the record pane, or a step inside a place. */
  tab?: string;
}

const WAY_BACK = 50;

export class Navigation {
  at = $state.raw<Location>({ place: "records" });
  #before: Location[] = [];
  #leaving = new Set<() => void | Promise<void>>();

  /** Goes there. Going to the place where one is already does nothing. */
  go(location: Location): void {
    if (sameLocation(this.at, location)) return;
    this.#leave();
    this.#before.push(this.at);
    if (this.#before.length > WAY_BACK) this.#before.shift();
    this.at = location;
  }

  /** Changes part of the location without a step on the way back (selection in a list, tab). */
  replace(part: Partial<Location>): void {
    const next = { ...this.at, ...part };
    if (sameLocation(this.at, next)) return;
    this.#leave();
    this.at = next;
  }

  back(otherwise: Location = { place: "records" }): void {
    this.#leave();
    this.at = this.#before.pop() ?? otherwise;
  }

  /** Runs before every move: a place saves its draft here. Returns how to stop. */
  beforeLeaving(save: () => void | Promise<void>): () => void {
    this.#leaving.add(save);
    return () => void this.#leaving.delete(save);
  }

  /** The same before the window closes; resolves when all is saved. */
  async saveAll(): Promise<void> {
    await Promise.allSettled([...this.#leaving].map((save) => save()));
  }

  #leave(): void {
    for (const save of [...this.#leaving]) void save();
  }
}

export function sameLocation(a: Location, b: Location): boolean {
  return a.place === b.place && a.source === b.source && a.collection === b.collection &&
    a.key === b.key && a.tab === b.tab;
}
