import { describe, expect, it } from "vitest";
import { MergeBackend } from "../../../dev/merge-backend";
import { meta, num, row, text, view } from "../../../dev/merge-build";
import { trimmer } from "../../../dev/merge-data";
import type { MergePreview, MergeView } from "../backend/generated/ipc";
import { MergeState } from "./merge.svelte";
import { MergeSending } from "./merge-sending.svelte";

const two = () => view({
  key: "k1", noun: "tool", title: "Drill",
  rows: [row(1, meta("/deposit", "Deposit", { kind: "number" }), num("20"), num("25"), num("30")), row(2, meta("/shelf", "Shelf"), text("A1"), text("A2"), text("A3"))],
});

async function open(start: MergeView) {
  const backend = new MergeBackend(start);
  const merge = new MergeState(backend, start.key, { say: () => undefined, interrupt: () => undefined });
  await merge.load();
  return { backend, merge, sending: new MergeSending(backend, merge) };
}

describe("sending", () => {
  it("sends only what was shown: choices changed behind the preview are shown first", async () => {
    const { backend, merge, sending } = await open(two());
    merge.allSide("theirs");
    merge.decide([1], { choice: "mine" });
    await sending.openPreview();
    expect(sending.open).toBe(true);
    merge.undo();
    expect(await sending.send()).toBeUndefined();
    expect([sending.open, sending.busy, backend.named("resolve"), merge.bar?.what]).toEqual([false, false, [], "shown"]);
    expect(merge.rows.map((one) => merge.look(one).choice)).toEqual(["theirs", "theirs"]);
    await sending.openPreview();
    expect(await sending.send()).toBeDefined();
    expect(backend.named("resolve")).toHaveLength(1);
  });

  it("tells the request of the last choice, however late an answer comes", async () => {
    const { backend, merge, sending } = await open({ ...trimmer, rows: trimmer.rows.map((one) => ({ ...one, standing: "undecided" as const, choice: undefined, result: undefined })) });
    const call = backend.call;
    const answers: ((preview: MergePreview) => void)[] = [];
    backend.call = ((name: string, argument: never) => (name === "merge_preview" ? new Promise((give) => answers.push(give)) : call(name as never, argument))) as typeof call;
    const number = trimmer.rows[0]?.row ?? 0;
    const preview = (method: string): MergePreview => ({ change: [], take: [], same: [], seen: trimmer.seen, request: { method, url: "", headers: [], body: "", risk: false } as never });
    merge.decide([number], { choice: "mine" });
    const first = sending.readRequestLine();
    while (answers.length < 1) await new Promise((done) => setTimeout(done));
    const second = sending.readRequestLine();
    while (answers.length < 2) await new Promise((done) => setTimeout(done));
    answers[1]?.(preview("PUT"));
    await second;
    answers[0]?.(preview("DELETE"));
    await first;
    expect(sending.requestLine).toBe("PUT");
  });
});
