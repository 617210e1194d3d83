import { describe, expect, it } from "vitest";
import { MergeBackend } from "../../../dev/merge-backend";
import { drill } from "../../../dev/merge-data";
import type { Argument, CommandName, Reply } from "$lib/backend/backend";
import type { Decide, TrySample } from "$lib/backend/generated/ipc";
import { MergeState } from "$lib/state/merge.svelte";
import { MergeSending } from "$lib/state/merge-sending.svelte";
import { PracticeBackend } from "./practice.svelte";

/** Only samples: the file says how often it was asked. */
function samples() {
  const inner = new MergeBackend(structuredClone(drill));
  const asked: TrySample[] = [];
  const call = async <K extends CommandName>(name: K, argument: Argument<K>): Promise<Reply<K>> => {
    expect(name).toBe("try_sample");
    const sample = argument as TrySample;
    asked.push(sample);
    const view = sample.decide ? await inner.call("decide", sample.decide as Decide) : await inner.call("merge", { key: "drill" });
    return { text: `file ${asked.length}`, view } as Reply<K>;
  };
  return { call, asked };
}

describe("practice", () => {
  it("decides with the file of the answer before, keeps nothing and sends nothing", async () => {
    const { call, asked } = samples();
    const backend = new PracticeBackend({ call }, "file 0");
    const merge = new MergeState(backend, "sample", { say: () => undefined, interrupt: () => undefined });
    const sending = new MergeSending(backend, merge, "Nothing is sent.");
    await merge.load();
    merge.allSide("mine");
    await merge.settled();
    expect(asked.map((one) => [one.text, one.decide?.choice])).toEqual([["file 0", undefined], ["file 1", "mine"]]);
    expect(await sending.openPreview()).toEqual({ to: "send" });
    expect([sending.open, merge.bar]).toEqual([false, { what: "shown", words: "Nothing is sent." }]);
    merge.undo();
    await merge.settled();
    expect(asked.at(-1)?.text).toBe("file 2");
  });

  it("refuses in words what has no meaning here", async () => {
    const backend = new PracticeBackend({ call: samples().call });
    await expect(backend.call("resolve", { key: "sample" })).rejects.toMatchObject({ code: "not_now", words: expect.stringContaining("practice") });
    await expect(backend.call("save_typed", { key: "sample", row: 1, text: "x" })).resolves.toBeNull();
  });
});
