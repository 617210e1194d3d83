import { beforeEach, describe, expect, it } from "vitest";
import { MergeBackend } from "../../../dev/merge-backend";
import { meta, num, row, text, view } from "../../../dev/merge-build";
import type { MergeRow } from "../backend/generated/ipc";
import { MergeShelf } from "./merge-shelf";
import { MergeState } from "./merge.svelte";

const voice = { say: () => undefined, interrupt: () => undefined };
const full = { code: "disk", words: "No room on this disk." } as const;
const two = () =>
  view({
    key: "k1", title: "Drill",
    rows: [
      row(1, meta("/note", "Note"), text("A"), text("B"), text("C")),
      row(2, meta("/deposit", "Deposit", { kind: "number" }), num("20"), num("25"), num("30")),
    ],
  });

const kept = new Map<string, string>();
const shelf = new MergeShelf({ getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value), removeItem: (name) => void kept.delete(name) });
const soon = () => new Promise((done) => setTimeout(done));

async function open(backend = new MergeBackend(two())) {
  const told: string[] = [];
  const merge = new MergeState(backend, "k1", voice, { shelf, left: (words) => void told.push(words) });
  await merge.load();
  const at = (number: number): MergeRow => {
    const found = merge.row(number);
    if (!found) throw new Error(`no row ${number}`);
    return found;
  };
  return { backend, merge, at, told };
}

beforeEach(() => kept.clear());

describe("the window closes", () => {
  it("only when what was typed a moment ago is on the disk", async () => {
    const { backend, merge, at } = await open();
    let late: () => void = () => undefined;
    backend.waits.set("decide", new Promise((done) => (late = done)));
    merge.write(at(1));
    merge.writing.type(at(1), "own");
    let over = false;
    const keeping = merge.keep().then(() => (over = true));
    await soon();
    expect([backend.named("decide").length, over]).toEqual([1, false]);
    late();
    await keeping;
    expect(merge.look(at(1)).result?.json).toBe('"own"');
    expect(kept.size).toBe(0);
  });

  it("has on the shelf what is still on its way", async () => {
    const { backend, merge, at } = await open();
    backend.waits.set("decide", new Promise(() => undefined));
    merge.write(at(1));
    merge.writing.type(at(1), "own");
    void merge.keep();
    expect([...kept.values()].join()).toContain("own");
  });

  it("only when the source written a moment ago is on the disk", async () => {
    const { backend, merge } = await open();
    merge.sourceText().type('{"note":"own"}');
    await merge.keep();
    expect(backend.named("save_typed")).toEqual([{ key: "k1", text: '{"note":"own"}', shown: merge.view?.source.result }]);
  });
});

describe("the screen is left", () => {
  it("with text that the disk did not take: it is told, and there again, open, until it is saved", async () => {
    const { backend, merge, at, told } = await open();
    merge.write(at(1));
    merge.writing.type(at(1), "own");
    backend.fails.set("decide", full);
    merge.close();
    await merge.settled();
    await soon();
    expect(told).toEqual([expect.stringContaining("No room on this disk.")]);

    const second = await open(backend);
    expect(second.merge.writing.typed.get(1)).toBe("own");
    expect(second.merge.isOpen(second.at(1))).toBe(true);
    // Looked at only, and left again.
    second.merge.close();
    await soon();
    const third = await open(backend);
    expect(third.merge.writing.typed.get(1)).toBe("own");
    // Leaving the field is a wish to have it.
    third.merge.writing.enter(third.at(1));
    third.merge.leaveField(third.at(1));
    await third.merge.settled();
    expect(third.merge.look(third.at(1)).result?.json).toBe('"own"');
    third.merge.close();
    await soon();
    expect(kept.size).toBe(0);
  });

  it("with a choice that the disk did not take: it is told", async () => {
    const { backend, merge, at, told } = await open();
    backend.fails.set("decide", full);
    merge.choose(at(1), "mine");
    merge.close();
    await merge.settled();
    await soon();
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("Drill");
  });

  it("with a choice that was too late for the server's version: it is said again where nothing changed", async () => {
    const { backend, merge, at } = await open();
    backend.serverChanges({ 2: num("26") }, "v3");
    merge.choose(at(1), "mine");
    merge.choose(at(2), "mine");
    merge.close();
    await merge.settled();
    await soon();
    await soon();
    const again = await open(backend);
    expect(again.merge.look(again.at(1)).choice).toBe("mine");
    // There the server has another value now: nobody decided on that.
    expect(again.merge.look(again.at(2)).decided).toBe(false);
  });

  it("with text typed in time: nothing is left over for the next time", async () => {
    const { backend, merge, at } = await open();
    merge.write(at(1));
    merge.writing.type(at(1), "own");
    merge.close();
    await merge.settled();
    await soon();
    const again = await open(backend);
    expect(kept.size).toBe(0);
    expect(again.merge.isOpen(again.at(1))).toBe(false);
    expect(again.merge.writing.wrong.has(1)).toBe(false);
  });

  it("text on the shelf that is the decision by now is no question", async () => {
    const backend = new MergeBackend(two());
    const first = await open(backend);
    first.merge.write(first.at(1));
    first.merge.writing.type(first.at(1), "own");
    await first.merge.flush();
    // Killed after the answer, before the shelf was cleared.
    shelf.put("k1", [{ row: 1, pointer: "/note", text: "own" }]);
    const again = await open(backend);
    expect(again.merge.isOpen(again.at(1))).toBe(false);
    expect(again.merge.writing.typed.has(1)).toBe(false);
  });

  it("text on the shelf never comes into another field", async () => {
    shelf.put("k1", [{ row: 1, pointer: "/other", text: "own" }]);
    const { merge } = await open();
    expect(merge.writing.typed.has(1)).toBe(false);
  });

  it("with a source that could not be used: it is kept as it was written", async () => {
    const { backend, merge } = await open();
    const source = merge.sourceText();
    source.type('{"note":"own"}');
    backend.fails.set("decide_source", full);
    expect(await source.use()).toBe(false);
    await source.leave();
    expect(backend.named("save_typed")).toHaveLength(1);
  });

  it("with a source that could not be kept either: it is there again", async () => {
    const { backend, merge } = await open();
    merge.sourceText().type('{"note":"own"}');
    backend.fails.set("save_typed", full);
    merge.close();
    await soon();
    await soon();
    const again = await open(backend);
    expect(again.merge.sourceText().text).toBe('{"note":"own"}');
    expect(again.merge.sourceText().edited).toBe(true);
  });
});

describe("text that the back end refuses", () => {
  it("is kept as typed at once, not only when the screen is left", async () => {
    const { backend, merge, at } = await open();
    backend.fails.set("decide", { code: "bad_input", words: "Too long." });
    merge.write(at(1));
    merge.writing.type(at(1), "own");
    await merge.flush();
    expect(backend.named("save_typed")).toEqual([{ key: "k1", row: 1, text: "own" }]);
  });
});
