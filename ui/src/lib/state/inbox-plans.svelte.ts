/** What was said about each group of "Needs you", until it is carried out: a look at another group forgets nothing. */
import type { Backend } from "../backend/backend";
import { GroupPlanState } from "./inbox-plan.svelte";
import type { InboxGroup } from "./inbox.svelte";

export class GroupPlans {
  #plans = new Map<string, { plan: GroupPlanState; end: () => void }>();
  #backend: Pick<Backend, "call">;

  constructor(backend: Pick<Backend, "call">) {
    this.#backend = backend;
  }

  of({ id, group, records }: InboxGroup): GroupPlanState {
    const known = this.#plans.get(id);
    if (known) return known.plan;
    let plan!: GroupPlanState;
    // A root of its own: what it computes must not end with the pane that asked first.
    const end = $effect.root(() => {
      plan = new GroupPlanState(this.#backend, group, records);
    });
    this.#plans.set(id, { plan, end });
    return plan;
  }

  /** It was carried out: the next time nothing is chosen. */
  forget(id: string): void {
    this.#plans.get(id)?.end();
    this.#plans.delete(id);
  }

  end(): void {
    for (const id of [...this.#plans.keys()]) this.forget(id);
  }
}
