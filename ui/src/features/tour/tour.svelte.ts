/** The tour: its step is kept by the app, so it survives a restart. */
import type { Tour, TourAction } from "$lib/backend/generated/ipc";
import type { App } from "$lib/state/app.svelte";
import { Refresh } from "$lib/state/refresh";

const NONE: Tour = { active: false, step: 1 };

export class TourState {
  now = $state.raw<Tour>(NONE);
  working = $state(false);
  #app: App;
  #refresh: Refresh;
  #chain: Promise<void> = Promise.resolve();
  #wish: string | undefined;

  constructor(app: App) {
    this.#app = app;
    this.#refresh = new Refresh(async () => {
      const first = this.now === NONE;
      this.now = (await this.#app.try("tour", null)) ?? NONE;
      // A tour that is under way when the window opens begins with its record in view.
      if (first && this.now.active) await this.show();
    });
  }

  /** Reads it, and again whenever something changed while it is shown. */
  follow(): () => void {
    void this.#refresh.run();
    return this.#app.feed.subscribe((changes) => {
      if (this.now.active || changes.sources || changes.all) void this.#refresh.run();
    });
  }

  /** A step may be shown before the answer that led to it has ended: what is pressed then waits for it. */
  act(action: TourAction): Promise<void> {
    const wish = `${String(this.now.step)} ${action}`;
    if (this.#wish === wish) return this.#chain;
    this.#wish = wish;
    this.#chain = this.#chain.then(() => this.#act(action)).finally(() => {
      if (this.#wish === wish) this.#wish = undefined;
    });
    return this.#chain;
  }

  async #act(action: TourAction): Promise<void> {
    this.working = true;
    const tour = await this.#app.try("tour_step", { action });
    this.working = false;
    if (!tour) return;
    this.now = tour;
    if (action !== "leave") await this.show();
  }

  /** Opens what the step is about. */
  async show(): Promise<void> {
    const { source, step, key, collection } = this.now;
    if (source === undefined) return;
    if (!this.#app.sources.find(source)) await this.#app.sources.read();
    const at = this.#app.nav.at;
    if (step <= 3 && at.key !== key) {
      this.#app.nav.go({ place: "records", source, ...(collection ? { collection } : {}), ...(key ? { key } : {}) });
    }
  }
}

const tours = new WeakMap<App, TourState>();

/** One tour for each window. */
export function tourOf(app: App): TourState {
  const known = tours.get(app);
  if (known) return known;
  const made = new TourState(app);
  tours.set(app, made);
  return made;
}
