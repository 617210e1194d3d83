import { describe, expect, it } from "vitest";
import { MergeBackend } from "../../../dev/merge-backend";
import { meta, num, row, view } from "../../../dev/merge-build";
import { drill } from "../../../dev/merge-data";
import { MergeShelf } from "./merge-shelf";
import { MergeState } from "./merge.svelte";
import { TypedKeeping } from "./merge-typed";

const voice = { say: () => undefined, interrupt: () => undefined };
const one = () => view({ key: "k1", rows: [row(1, meta("/deposit", "Deposit", { kind: "number" }), num("20"), num("25"), num("30"))] });

describe("text that is no decision yet", () => {
  it("is kept before the draft is said to be saved", async () => {
    const backend = new MergeBackend(one());
    const merge = new MergeState(backend, "k1", voice);
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
    const merge = new MergeState(backend, drill.key, voice);
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

  it("is there again when the record is opened again, also where it could not be kept", async () => {
    const kept = new Map<string, string>();
    const shelf = new MergeShelf({ getItem: (name) => kept.get(name) ?? null, setItem: (name, text) => void kept.set(name, text), removeItem: (name) => void kept.delete(name) });
    const backend = new MergeBackend(one());
    const first = new MergeState(backend, "k1", voice, { shelf });
    await first.load();
    const deposit = first.view?.rows[0];
    if (!deposit) throw new Error("no row");
    first.write(deposit);
    first.writing.type(deposit, "about thirty");
    first.close();
    const second = new MergeState(backend, "k1", voice, { shelf });
    await second.load();
    expect(second.writing.typed.get(1)).toBe("about thirty");
    expect(second.writing.wrong.has(1)).toBe(true);
    second.choose(second.view?.rows[0] ?? deposit, "mine");
    second.close();
    expect(kept.size).toBe(0);
  });
});
