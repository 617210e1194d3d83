import { describe, expect, it } from "vitest";
import { MergeBackend } from "../../../dev/merge-backend";
import { meta, num, row, view } from "../../../dev/merge-build";
import { drill } from "../../../dev/merge-data";
import { MergeState } from "./merge.svelte";
import { TypedKeeping } from "./merge-typed";

describe("text that is no decision yet", () => {
  it("is kept before the draft is said to be saved", async () => {
    const backend = new MergeBackend(view({ key: "k1", rows: [row(1, meta("/deposit", "Deposit", { kind: "number" }), num("20"), num("25"), num("30"))] }));
    const merge = new MergeState(backend, "k1", { say: () => undefined, interrupt: () => undefined });
    await merge.load();
    const deposit = merge.view?.rows[0];
    if (!deposit) throw new Error("no row");
    merge.write(deposit);
    merge.writing.type(deposit, "about thirty");
    expect(await merge.flush()).toBeUndefined();
    expect(backend.named("save_typed")).toEqual([{ key: "k1", row: 1, text: "about thirty" }]);
    // Once is enough.
    await merge.flush();
    expect(backend.named("save_typed")).toHaveLength(1);
  });

  it("is kept in the order in which it was typed, however long an answer takes", async () => {
    const kept: (string | undefined)[] = [];
    const told: boolean[] = [];
    const call = async (_: string, { text }: { text?: string }) => {
      await new Promise((done) => setTimeout(done, text === "a" ? 5 : 0));
      kept.push(text);
      if (text === "a") throw { code: "disk", words: "No room on this disk." };
      return null;
    };
    const keeping = new TypedKeeping({ call: call as never }, "k1", (saved) => void told.push(saved));
    keeping.keep(1, "a");
    keeping.keep(1, "ab");
    await keeping.settled();
    expect([kept, told, keeping.failed]).toEqual([["a", "ab"], [false, true], undefined]);
  });

  it("as source is kept before it becomes the decision: a late keeping never brings it back", async () => {
    const backend = new MergeBackend(structuredClone(drill));
    const merge = new MergeState(backend, drill.key, { say: () => undefined, interrupt: () => undefined });
    await merge.load();
    const source = merge.sourceText();
    let late: () => void = () => undefined;
    backend.waits.set("save_typed", new Promise((done) => (late = done)));
    source.type('{"deposit": 27.00}');
    source.leave();
    const used = source.use();
    await new Promise((done) => setTimeout(done));
    expect(backend.named("decide_source")).toEqual([]);
    late();
    expect(await used).toBe(true);
    expect(backend.calls.map((call) => call.name).filter((name) => name === "save_typed" || name === "decide_source")).toEqual(["save_typed", "decide_source"]);
    expect(source.edited).toBe(false);
  });
});
