/** One rule for many, in memory: plans and a batch as the real back end answers them, for the gallery and the tests. */
import type {
  BatchItem, BatchView, GroupField, GroupPlan, GroupRequest, GroupRule, MergeRuleView, NeedsYou, NeedsYouRecord, PlanCell, PlanRow, StartBatch, Value,
} from "../src/lib/backend/generated/ipc";
import { missing, num } from "./merge-build";
import { at } from "./merge-data";

const LEFT = ["Leaf blower", "Rotary hammer", "Wet vacuum"];

export class ManyBackend {
  list: NeedsYou;
  rules: MergeRuleView[] = [];
  batch: BatchView | undefined;
  /** Keys of what waits to be sent. */
  outbox: string[] = [];
  /** What was asked for, in order. */
  asked: GroupRequest[] = [];
  started: StartBatch[] = [];

  constructor(list: NeedsYou) {
    this.list = list;
  }

  answer(name: string, argument: unknown): unknown {
    switch (name) {
      case "needs_you": return this.list;
      case "group_plan": return this.#plan(argument as GroupRequest);
      case "start_batch": return this.#start(argument as StartBatch);
      case "batch": return this.batch;
      case "batches": return this.batch ? [this.batch] : [];
      case "stop_batch": return this.#turn("stopping");
      case "go_on_batch": return this.#turn("running");
      case "undo_batch": return this.#turn("undoing");
      case "outbox": return { entries: this.outbox.map((key) => ({ key })) };
      case "merge_rules": return this.rules;
      case "set_merge_rule": {
        const { id, enabled } = argument as { id: string; enabled: boolean };
        this.rules = this.rules.map((rule) => (rule.id === id ? { ...rule, enabled } : rule));
        return this.rules;
      }
      case "remove_merge_rule":
        this.rules = this.rules.filter((rule) => rule.id !== (argument as { id: string }).id);
        return this.rules;
      default: return undefined;
    }
  }

  #record(key: string): NeedsYouRecord | undefined {
    return this.list.groups.flatMap((group) => group.records).find((record) => record.key === key);
  }

  #plan(request: GroupRequest): GroupPlan {
    this.asked.push(request);
    const whole = request.kind === "edit_delete" || request.kind === "delete_edit";
    const group = this.list.groups.find((one) => one.records.some((record) => request.keys.includes(record.key)));
    const patterns = whole ? [""] : request.patterns;
    const fields = patterns.map((pattern, index): GroupField => ({
      pattern, label: whole ? "" : (group?.fields[index] ?? pattern), numeric: !whole && pattern !== "notes",
      rules: whole ? ["theirs", "mine", "later"] : pattern === "notes" ? ["theirs", "mine", "both", "later"] : ["theirs", "mine", "higher", "later"],
      made: this.rules.find((rule) => rule.pattern === pattern && rule.collection === group?.collection),
    }));
    const records = request.keys.map((key) => this.#record(key)).filter((record) => record !== undefined);
    const left = records.filter((record) => LEFT.includes(record.title));
    const rows = records.filter((record) => !LEFT.includes(record.title)).map((record): PlanRow => ({
      key: record.key, title: record.title, seen: "s1", writes: true,
      cells: fields.map((field) => cell(record, request.rules.find((one) => one.pattern === field.pattern)?.rule)),
    }));
    return {
      fields, rows, complete: fields.every((field) => request.rules.some((one) => one.pattern === field.pattern)), writes: rows.length,
      left_out: left.map((record) => ({ key: record.key, title: record.title, words: "now also differs in Notes" })),
    };
  }

  #start(start: StartBatch): BatchView {
    this.started.push(start);
    const items = start.members.map(({ key }): BatchItem => ({ key, title: this.#record(key)?.title ?? key, state: "queued", values: [num("25.00")], gone: false }));
    this.batch = view(items, start.rules[0]?.rule ?? "theirs");
    this.list = { total: this.list.total - items.length, groups: this.list.groups.map((group) => ({ ...group, records: group.records.filter((record) => !start.members.some((one) => one.key === record.key)) })).filter((group) => group.records.length > 0) };
    return this.batch;
  }

  #turn(state: BatchView["state"]): BatchView | undefined {
    if (this.batch) this.batch = { ...this.batch, state };
    return this.batch;
  }
}

function cell(record: NeedsYouRecord, rule: GroupRule | undefined): PlanCell {
  const theirs = record.theirs ?? missing;
  const mine = record.mine ?? missing;
  const higher = Number(theirs.text) >= Number(mine.text) ? theirs : mine;
  const results: Partial<Record<GroupRule, Value>> = { theirs, mine, higher };
  const result = rule && results[rule];
  return {
    before: before(theirs), theirs, mine, result, more: 0, by_hand: false,
    provenance: result && (result === theirs ? "server" : "mine"),
  };
}

/** What it cost before both sides raised it. */
function before(theirs: Value): Value {
  const price = Number(theirs.text);
  return Number.isFinite(price) && theirs.text !== "" ? num((price > 30 ? price - 10 : Math.max(5, price - 5)).toFixed(2)) : missing;
}

function view(items: BatchItem[], rule: GroupRule): BatchView {
  const of = (...states: BatchItem["state"][]) => items.filter((item) => states.includes(item.state)).length;
  return {
    batch: "1", state: "running", source: "Tool library", collection: "Tools", kind: "edit_edit", fields: [{ pattern: "deposit", label: "Deposit", rule, numeric: true }],
    made_at: at(10, 44), all: items.length, done: of("sent", "settled", "changed_again", "refused", "left_out", "taken_back", "decided"),
    sent: of("sent"), settled: of("settled"), changed_again: of("changed_again"), refused: of("refused"), other: of("left_out", "decided", "taken_back"),
    undoable: of("sent", "settled"), undo_writes: of("sent"), interrupted: false, items,
  };
}

/** The moment of picture 05b. */
export function runningBatch(): BatchView {
  const rows: [string, string, BatchItem["state"], string?][] = [
    ["Angle grinder", "25.00", "sent"], ["Bench vice", "15.00", "sent"], ["Cement mixer", "70.00", "sent"],
    ["Circular saw", "", "changed_again", "stays open, the server now says 38.00"], ["Cordless screwdriver", "10.00", "sent"],
    ["Dehumidifier", "", "refused", "must be a multiple of 5"], ["Fence post driver", "15.00", "sent"], ["Floor sander", "55.00", "sending"],
    ["Garden shredder", "60.00", "queued"], ["Heat gun", "10.00", "queued"], ["Impact driver", "25.00", "queued"], ["Jigsaw", "20.00", "queued"], ["Ladder, 3-part, 7 m", "40.00", "queued"],
  ];
  const items = rows.map(([title, value, state, words], index): BatchItem => ({ key: `run-${index}`, title, state, words, values: value ? [num(value)] : [], gone: false }));
  const more = Array.from({ length: 61 - items.length }, (_, index): BatchItem => ({ key: `run-${index + 100}`, title: `Mitre saw ${index + 2}`, state: "queued", values: [num("30.00")], gone: false }));
  return view([...items, ...more], "theirs");
}
