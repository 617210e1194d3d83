import { describe, expect, it } from "vitest";
import { ManyBackend } from "../../../dev/many-backend";
import { needsYou } from "../../../dev/merge-lists";
import type { Argument, CommandName, Reply } from "../backend/backend";
import { BatchState } from "./inbox-batch.svelte";
import { GroupPlanState, SAMPLE } from "./inbox-plan.svelte";

function start(index = 0) {
  const many = new ManyBackend(needsYou);
  const backend = {
    call: async <K extends CommandName>(name: K, argument: Argument<K>): Promise<Reply<K>> => structuredClone(many.answer(name, argument)) as Reply<K>,
  };
  const group = needsYou.groups[index]!;
  return { many, backend, plan: new GroupPlanState(backend, group, group.records) };
}

describe("one rule for a group", () => {
  it("chooses nothing by itself", async () => {
    const { plan } = start();
    await plan.read();
    expect(plan.rules).toEqual({});
    expect([plan.complete, plan.some, plan.only]).toEqual([false, false, undefined]);
    expect(plan.rows.every((row) => row.cells.every((cell) => cell.result === undefined))).toBe(true);
    expect(plan.undecided.map((field) => field.label)).toEqual(["Deposit"]);
  });

  it("shows what a rule does, to a sample from all over the list", async () => {
    const { plan } = start();
    await plan.read();
    await plan.say("deposit", "theirs");
    expect([plan.complete, plan.only, plan.rows.length, plan.all]).toEqual([true, "theirs", 61, 64]);
    expect(plan.sample).toHaveLength(SAMPLE);
    expect([plan.sample[0], plan.sample[4]]).toEqual([plan.rows[0], plan.rows[60]]);
    expect(plan.rows[0]?.cells[0]).toMatchObject({ result: { text: "25.00" }, provenance: "server" });
    // What is left out is named, those with the same reason together.
    expect(plan.reasons.map((reason) => [reason.words, reason.records.map((one) => one.title)])).toEqual([["now also differs in Notes", ["Leaf blower", "Rotary hammer", "Wet vacuum"]]]);
    await plan.say("deposit", "later");
    expect([plan.complete, plan.some]).toEqual([false, false]);
  });

  it("keeps a rule for later ones only when the person says so, and only where one can hold", async () => {
    const { plan, many } = start(1);
    await plan.read();
    await plan.say("deposit", "higher");
    await plan.say("notes", "both");
    const [deposit, notes] = plan.fields;
    if (!deposit || !notes) throw new Error("no fields");
    expect([plan.lasting(deposit), plan.lasting(notes)]).toEqual([true, false]);
    // A question that no rule answers: which of several entries, say.
    expect(plan.lasting({ ...deposit, once: true })).toBe(false);
    expect(plan.keep.size).toBe(0);
    plan.keepFor("deposit", true);
    // Another rule that says nothing about later ones: the wish goes with it.
    await plan.say("deposit", "later");
    expect(plan.keep.size).toBe(0);
    await plan.say("deposit", "higher");
    plan.keepFor("deposit", true);
    await plan.start();
    expect(many.started[0]).toMatchObject({ keep: ["deposit"], rules: [{ pattern: "deposit", rule: "higher" }, { pattern: "notes", rule: "both" }], patterns: ["deposit", "notes"] });
    expect(many.started[0]?.members[0]).toEqual({ key: plan.rows[0]?.key, seen: "s1" });
  });

  it("starts once, however often it is pressed", async () => {
    const { plan, many } = start();
    await plan.read();
    await plan.say("deposit", "mine");
    await Promise.all([plan.start(), plan.start()]);
    expect(many.started).toHaveLength(1);
  });
});

describe("a batch", () => {
  it("is stopped, gone on with and undone, and shows only problems on request", async () => {
    const { plan, many, backend } = start();
    await plan.read();
    await plan.say("deposit", "theirs");
    const batch = new BatchState(backend);
    const view = await plan.start();
    if (!view || !many.batch) throw new Error("no batch");
    batch.show(view);
    await batch.readLatest();
    expect([batch.running, batch.items.length]).toEqual([true, 61]);
    await batch.stop();
    expect(batch.view?.state).toBe("stopping");
    many.batch = { ...many.batch, state: "stopped", items: many.batch.items.map((item, at) => (at === 3 ? { ...item, state: "changed_again" } : item)) };
    await batch.read();
    expect(batch.running).toBe(false);
    batch.onlyProblems = true;
    expect(batch.items.map((item) => item.state)).toEqual(["changed_again"]);
    await batch.goOn();
    await batch.undo();
    expect(batch.view?.state).toBe("undoing");
    batch.close();
    await batch.read();
    expect(batch.view).toBeUndefined();
    expect(batch.latest?.batch).toBe("1");
  });
});
