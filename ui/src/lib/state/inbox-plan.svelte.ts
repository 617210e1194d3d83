/** One rule per field for the records of a group: what the person said, and what it would do. */
import { asErrorReply, type Backend } from "../backend/backend";
import type { BatchView, ConflictKind, GroupField, GroupPlan, GroupRule, LeftOut, NeedsYouGroup, NeedsYouRecord, PlanRow } from "../backend/generated/ipc";
import { Refresh } from "./refresh";

/** Rows of the sample. */
export const SAMPLE = 5;

/** Rules that can hold for later ones, too. The others say nothing about a record that is not there yet. */
const LASTING: readonly GroupRule[] = ["theirs", "mine", "newest", "higher", "sum", "union"];

/** Left-out records with the same reason. */
export interface Reason {
  words: string;
  records: LeftOut[];
}

export class GroupPlanState {
  plan = $state.raw<GroupPlan | undefined>();
  error = $state<string | undefined>();
  /** What is said about each field, by pattern. Nothing is chosen at first (M12). */
  rules = $state.raw<Readonly<Record<string, GroupRule>>>({});
  /** Fields whose rule is to hold from now on. */
  keep = $state.raw<ReadonlySet<string>>(new Set());
  starting = $state(false);
  readonly kind: ConflictKind;
  readonly patterns: readonly string[];
  /** The records the plan is for: those of the group that the filter showed when it was last set. */
  #keys = $state.raw<ReadonlySet<string>>(new Set());
  #backend: Pick<Backend, "call">;
  #refresh: Refresh;

  constructor(backend: Pick<Backend, "call">, group: NeedsYouGroup, records: readonly NeedsYouRecord[]) {
    this.#backend = backend;
    this.kind = group.kind;
    this.patterns = group.patterns;
    this.#keys = new Set(records.map((record) => record.key));
    this.#refresh = new Refresh(() => this.#read());
  }

  /** Nothing clashes in them: they are sent as they are, after a look. */
  readonly ready = $derived.by(() => this.kind !== "edit_delete" && this.kind !== "delete_edit" && this.patterns.length === 0);
  fields: GroupField[] = $derived(this.plan?.fields ?? []);
  /** Never one that is not meant any more, also while the plan for fewer is being made. */
  rows: PlanRow[] = $derived((this.plan?.rows ?? []).filter((row) => this.has(row.key)));
  leftOut: LeftOut[] = $derived((this.plan?.left_out ?? []).filter((one) => this.has(one.key)));
  all = $derived(this.rows.length + this.leftOut.length);
  /** Records that would cause a write; those that need none are the rest of the rows. */
  writes = $derived(Math.min(this.plan?.writes ?? 0, this.rows.length));
  /** Fields without a rule, or to be decided later. */
  undecided: GroupField[] = $derived(this.fields.filter((field) => (this.rules[field.pattern] ?? "later") === "later"));
  /** Every field is said something about: the records would be sent. */
  complete = $derived(this.plan !== undefined && (this.ready || (this.fields.length > 0 && this.undecided.length === 0)));
  /** Something is said: some fields would be decided. */
  some = $derived(this.fields.some((field) => (this.rules[field.pattern] ?? "later") !== "later"));
  /** The one rule, if all fields have the same. */
  only: GroupRule | undefined = $derived.by(() => {
    const said = this.fields.map((field) => this.rules[field.pattern]);
    return said.length > 0 && said.every((rule) => rule === said[0]) ? said[0] : undefined;
  });
  /** Rows from all over the list, always the same ones. */
  sample: PlanRow[] = $derived.by(() => {
    if (this.rows.length <= SAMPLE) return this.rows;
    const step = (this.rows.length - 1) / (SAMPLE - 1);
    return Array.from({ length: SAMPLE }, (_, at) => this.rows[Math.round(at * step)]).filter((row) => row !== undefined);
  });
  reasons: Reason[] = $derived.by(() => {
    const reasons: Reason[] = [];
    for (const one of this.leftOut) {
      const same = reasons.find((reason) => reason.words === one.words);
      if (same) same.records.push(one);
      else reasons.push({ words: one.words, records: [one] });
    }
    return reasons;
  });

  lasting(field: GroupField): boolean {
    return field.pattern !== "" && field.once !== true && this.patterns.includes(field.pattern) && LASTING.includes(this.rules[field.pattern] ?? "later");
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** The plan is for these from now on; what was said about the fields stays. */
  of(records: readonly NeedsYouRecord[]): Promise<void> {
    this.#keys = new Set(records.map((record) => record.key));
    return this.read();
  }

  read(): Promise<void> {
    return this.#refresh.run();
  }

  say(pattern: string, rule: GroupRule): Promise<void> {
    this.rules = { ...this.rules, [pattern]: rule };
    if (!LASTING.includes(rule)) this.keepFor(pattern, false);
    return this.read();
  }

  keepFor(pattern: string, on: boolean): void {
    const keep = new Set(this.keep);
    if (on) keep.add(pattern);
    else keep.delete(pattern);
    this.keep = keep;
  }

  /** The one confirmation. */
  async start(): Promise<BatchView | undefined> {
    if (this.starting || !this.plan) return undefined;
    this.starting = true;
    try {
      return await this.#backend.call("start_batch", {
        members: this.rows.map((row) => ({ key: row.key, seen: row.seen })),
        kind: this.kind, patterns: [...this.patterns], rules: this.#said(),
        keep: [...this.keep],
      });
    } finally {
      this.starting = false;
    }
  }

  #said() {
    return Object.entries(this.rules).filter(([, rule]) => rule !== "later").map(([pattern, rule]) => ({ pattern, rule }));
  }

  async #read(): Promise<void> {
    try {
      this.plan = await this.#backend.call("group_plan", { keys: [...this.#keys], kind: this.kind, patterns: [...this.patterns], rules: this.#said() });
      this.error = undefined;
    } catch (error) {
      this.error = asErrorReply(error).words;
    }
  }
}
