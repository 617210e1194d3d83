import { describe, expect, it, vi } from "vitest";
import { meta, row, text, view } from "../../../dev/merge-build";
import type { CommandName } from "../backend/backend";
import type { ErrorReply, MergeView } from "../backend/generated/ipc";
import { MergeState } from "./merge.svelte";

const seen = (mark: string) => view({ key: "k1", seen: mark, rows: [row(1, meta("/shelf", "Shelf"), text("A1"), text(mark), text("A3"))] });

/** Answers one after the other, each when it is let go. */
function slow() {
  const asked: { give: (answer: MergeView) => void; fail: (error: ErrorReply) => void }[] = [];
  const call = (name: CommandName) => (name === "merge" ? new Promise<MergeView>((give, fail) => asked.push({ give, fail })) : Promise.reject(new Error(name)));
  const heard: string[] = [];
  const say = (words: string) => void heard.push(words);
  const waiting = (count: number) => vi.waitFor(() => expect(asked).toHaveLength(count));
  return { asked, waiting, heard, merge: new MergeState({ call: call as never }, "k1", { say, interrupt: say }) };
}

describe("reading", () => {
  it("is one at a time: news during the first reading never brings an older answer after a newer one", async () => {
    const { asked, waiting, heard, merge } = slow();
    const loaded = merge.load();
    await waiting(1);
    const told = merge.reread();
    await new Promise((done) => setTimeout(done));
    expect(asked).toHaveLength(1);
    asked[0]?.give(seen("A2"));
    await waiting(2);
    asked[1]?.give(seen("A2"));
    await Promise.all([loaded, told]);
    expect([merge.view?.seen, merge.newer, merge.bar]).toEqual(["A2", undefined, undefined]);
    expect(heard.filter((words) => words.includes("changed again"))).toEqual([]);
  });

  it("that fails at first is told, and tried again by the person", async () => {
    const { asked, waiting, merge } = slow();
    const first = merge.load();
    await waiting(1);
    asked[0]?.fail({ code: "server", words: "The server does not answer." });
    await first;
    expect([merge.error, merge.view, merge.bar]).toEqual(["The server does not answer.", undefined, undefined]);
    const again = merge.load();
    await waiting(2);
    asked[1]?.give(seen("A2"));
    await again;
    expect([merge.error, merge.view?.seen]).toEqual([undefined, "A2"]);
  });
});
