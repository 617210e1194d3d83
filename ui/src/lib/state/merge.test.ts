import { beforeEach, describe, expect, it, vi } from "vitest";
import { MergeBackend } from "../../../dev/merge-backend";
import { automatic, list, marks, meta, num, row, text, view } from "../../../dev/merge-build";
import { contact, drill } from "../../../dev/merge-data";
import type { MergeRow, MergeView } from "../backend/generated/ipc";
import { MergeState } from "./merge.svelte";
import { MergeSending } from "./merge-sending.svelte";

const eur = { kind: "number", unit: "EUR" } as const;

function three(): MergeView {
  return view({
    key: "k1", noun: "tool", title: "Drill",
    rows: [
      row(1, meta("/deposit", "Deposit", eur), num("20.00"), num("25.00"), num("30.00"), { theirs_marks: marks("-20.00", "+25.00") }),
      row(2, meta("/shelf", "Shelf"), text("A1"), text("A2"), text("A3"), { choices: ["theirs", "mine", "both", "edit", "later"], both: text("A2 A3") }),
      automatic(3, meta("/tags", "Tags", { kind: "tags" }), list("a"), list("a", "b"), list("a")),
    ],
  });
}

class Voice {
  polite: string[] = [];
  urgent: string[] = [];
  say = (words: string) => void this.polite.push(words);
  interrupt = (words: string) => void this.urgent.push(words);
}

async function open(start: MergeView = three()) {
  const backend = new MergeBackend(start);
  const voice = new Voice();
  const merge = new MergeState(backend, start.key, voice, { now: () => new Date(2026, 5, 12, 10, 46).getTime() });
  await merge.load();
  const at = (number: number): MergeRow => {
    const found = merge.view?.rows.find((one) => one.row === number);
    if (!found) throw new Error(`no row ${number}`);
    return found;
  };
  return { backend, voice, merge, at, sending: new MergeSending(backend, merge) };
}

beforeEach(() => void vi.useRealTimers());

describe("entry", () => {
  it("is announced once, in words", async () => {
    const { voice, merge } = await open();
    await merge.reread();
    expect(voice.polite).toEqual(["Changed in two places. 2 fields need your choice, 1 put together automatically."]);
  });

  it("preselects nothing on a true clash", async () => {
    const { merge, at } = await open();
    expect(merge.look(at(1)).choice).toBeUndefined();
    expect(merge.counts()).toBe("0 of 2 decided.");
  });
});

describe("decide", () => {
  it("shows what both come to before the answer is there, so that nothing moves when it is", async () => {
    const { merge, at } = await open();
    merge.choose(at(2), "both");
    expect(merge.look(at(2)).result?.text).toBe("A2 A3");
    expect(at(2).choice).toBeUndefined();
  });

  it("shows the choice at once and keeps what the back end answers", async () => {
    const { backend, voice, merge, at } = await open();
    merge.choose(at(1), "mine");
    expect(merge.look(at(1))).toMatchObject({ decided: true, choice: "mine", provenance: "mine" });
    expect([merge.decided, merge.kept]).toEqual([1, 0]);
    expect(voice.polite.at(-1)).toBe("Will be sent: 30.00 EUR, mine. 1 of 2 decided.");
    await merge.settled();
    expect(merge.kept).toBe(1);
    expect(merge.overlay.size).toBe(0);
    expect(at(1).standing).toBe("decided");
    expect(backend.named("decide")).toEqual([{ key: "k1", rows: [1], choice: "mine", json: undefined, seen: "s1" }]);
  });

  it("takes one side for the open rows only, in one call", async () => {
    const { backend, merge, at } = await open();
    merge.choose(at(1), "mine");
    merge.allSide("theirs");
    await merge.settled();
    expect(backend.named("decide").at(-1)).toMatchObject({ rows: [2], choice: "theirs" });
    expect(at(1).choice).toBe("mine");
  });

  it("puts the choice back and says so when it could not be saved", async () => {
    const { backend, merge, at } = await open();
    backend.fails.set("decide", { code: "disk", words: "No room on this disk." });
    merge.choose(at(1), "mine");
    await merge.settled();
    expect(merge.look(at(1)).decided).toBe(false);
    expect(merge.bar).toEqual({ what: "trouble", words: "This choice is not saved yet. No room on this disk." });
  });

  it("keeps quick choices apart: the answer to the first does not undo the second", async () => {
    const { merge, at } = await open();
    merge.choose(at(1), "mine");
    merge.choose(at(1), "theirs");
    merge.choose(at(2), "both");
    await merge.settled();
    expect(at(1).choice).toBe("theirs");
    expect(at(2).choice).toBe("both");
  });
});

describe("undo and redo", () => {
  it("go through the choices in both directions", async () => {
    const { voice, merge, at } = await open();
    merge.choose(at(1), "mine");
    merge.choose(at(1), "theirs");
    merge.undo();
    await merge.settled();
    expect(at(1).choice).toBe("mine");
    expect(voice.polite.at(-1)).toBe("Undone. Deposit: Use mine.");
    merge.undo();
    await merge.settled();
    expect(at(1).standing).toBe("undecided");
    expect(voice.polite.at(-1)).toBe("Undone. Deposit is open again.");
    merge.redo();
    merge.redo();
    await merge.settled();
    expect(at(1).choice).toBe("theirs");
    merge.redo();
    expect(voice.polite.at(-1)).toBe("Nothing to redo");
  });

  it("takes back 'All mine' as one step, to what each row was", async () => {
    const { merge, at } = await open();
    merge.choose(at(1), "theirs");
    merge.allSide("mine");
    await merge.settled();
    expect(at(2).choice).toBe("mine");
    merge.undo();
    await merge.settled();
    expect([at(1).choice, at(2).standing]).toEqual(["theirs", "undecided"]);
  });

  it("makes an overridden row automatic again", async () => {
    const { merge, at } = await open();
    merge.decide([3], { choice: "mine" });
    await merge.settled();
    expect(at(3).standing).toBe("overridden");
    merge.undo();
    await merge.settled();
    expect(at(3)).toMatchObject({ standing: "automatic", provenance: "server" });
  });

  it("brings typed text back, a run of typing being one step", async () => {
    const { merge, at } = await open();
    merge.write(at(1));
    for (const typed of ["3", "35", "35.50"]) {
      merge.writing.type(at(1), typed);
      merge.writing.confirm(at(1));
    }
    merge.leaveField(at(1));
    merge.choose(at(1), "mine");
    merge.undo();
    await merge.settled();
    expect(at(1).result?.json).toBe("35.50");
    merge.undo();
    await merge.settled();
    expect(at(1).standing).toBe("undecided");
  });
});

describe("typing", () => {
  it("is a decision after a pause, and keeps the spelling of a number", async () => {
    vi.useFakeTimers();
    const { backend, merge, at } = await open();
    merge.write(at(1));
    merge.writing.type(at(1), "30.50");
    expect(backend.named("decide")).toEqual([]);
    await vi.advanceTimersByTimeAsync(300);
    await merge.settled();
    expect(backend.named("decide")).toEqual([{ key: "k1", rows: [1], choice: "edit", json: "30.50", seen: "s1" }]);
    expect(merge.look(at(1))).toMatchObject({ choice: "edit", provenance: "edited" });
  });

  it("says in words what is wrong and does not send it", async () => {
    const { backend, voice, merge, at } = await open();
    merge.choose(at(1), "mine");
    merge.choose(at(2), "mine");
    merge.write(at(1));
    merge.writing.type(at(1), "thirty");
    await merge.flush();
    expect(merge.writing.wrong.get(1)).toBe("A number, for example 12.50");
    expect(backend.named("decide")).toHaveLength(2);
    // The earlier "mine" must not go out under text that says something else.
    expect(merge.openRows.map((one) => one.row)).toEqual([1]);
    expect(merge.missing()).toEqual({ to: "row", row: 1 });
    expect(voice.polite.at(-1)).toBe("Deposit: A number, for example 12.50");
  });

  it("keeps text the back end refuses, with the reason", async () => {
    const { backend, merge, at } = await open();
    merge.write(at(2));
    backend.fails.set("decide", { code: "bad_input", words: "At most 3 letters." });
    merge.writing.type(at(2), "A3 upper");
    await merge.flush();
    expect(merge.writing.typed.get(2)).toBe("A3 upper");
    expect(merge.writing.wrong.get(2)).toBe("At most 3 letters.");
  });

  it("is never replaced by an answer", async () => {
    const { backend, merge, at } = await open();
    merge.write(at(2));
    merge.writing.enter(at(2));
    merge.writing.type(at(2), "A3 upp");
    merge.choose(at(1), "theirs");
    await merge.reread();
    backend.serverChanges({ 2: text("A9") }, "s2");
    await merge.reread();
    expect(merge.writing.typed.get(2)).toBe("A3 upp");
    await merge.show();
    expect(merge.writing.typed.get(2)).toBe("A3 upp");
  });

  it("is set aside by another choice and comes back with 'Write my own'", async () => {
    const { merge, at } = await open();
    merge.write(at(2));
    merge.writing.type(at(2), "my shelf");
    await merge.flush();
    merge.choose(at(2), "theirs");
    expect(merge.writing.typed.has(2)).toBe(false);
    merge.choose(at(2), "edit");
    expect(merge.writing.typed.get(2)).toBe("my shelf");
  });

  it("untouched, is no decision", async () => {
    const { backend, merge, at } = await open();
    merge.choose(at(2), "edit");
    merge.leaveField(at(2));
    await merge.flush();
    expect(backend.named("decide")).toEqual([]);
    expect(merge.writing.typed.size).toBe(0);
  });
});

describe("the server changed again", () => {
  it("moves nothing until it is asked for", async () => {
    const { backend, voice, merge, at } = await open(contact);
    const before = merge.view;
    backend.serverChanges({ 1: text("+351 912 000 190"), 2: num("24") }, "s2");
    await merge.reread();
    await merge.reread();
    expect(merge.view).toBe(before);
    expect(merge.bar).toEqual({
      what: "again", bold: "The server changed again (2 fields).", words: "Your choices are kept. Nothing moves until you say so.",
    });
    expect(voice.urgent).toEqual(["The server changed again. 2 fields. Your choices are kept."]);
    expect(merge.look(at(1)).choice).toBe("mine");
  });

  it("reopens, follows and keeps after Show, and leads to the reopened row", async () => {
    const { backend, merge, at } = await open(contact);
    backend.serverChanges({ 1: text("+351 912 000 190"), 2: num("24") }, "s2");
    backend.view = { ...backend.view, theirs_at: new Date(2026, 5, 12, 10, 49).getTime() };
    await merge.reread();
    expect(await merge.show()).toEqual({ to: "row", row: 1 });
    expect(merge.bar).toEqual({ what: "shown", words: "Now against the server version of 10:49. 1 choice reopened, 1 follows the server, 1 kept." });
    expect(merge.look(at(1))).toMatchObject({ decided: false, suggested: "mine" });
    expect(merge.look(at(2))).toMatchObject({ decided: true, followed: true });
    expect(merge.counts()).toBe("2 of 3 decided.");
  });

  it("keeps a choice made under the old view where nothing changed, and only suggests it where something did", async () => {
    const { backend, merge, at } = await open();
    backend.serverChanges({ 2: text("A9") }, "s2");
    // The news has not come yet: both choices are made on what is shown.
    merge.choose(at(1), "mine");
    merge.choose(at(2), "mine");
    await merge.settled();
    await merge.reread();
    expect(merge.look(at(1)).choice).toBe("mine");
    expect(merge.view?.seen).toBe("s1");
    await merge.show();
    await merge.settled();
    expect(at(1)).toMatchObject({ standing: "decided", choice: "mine" });
    expect(merge.look(at(2))).toMatchObject({ decided: false, suggested: "mine", then: { text: "A2" } });
    expect(backend.named("decide").at(-1)).toMatchObject({ rows: [1], choice: "mine", seen: "s2" });
  });

  it("takes the decisions of another window quietly", async () => {
    const { backend, voice, merge, at } = await open();
    const said = voice.polite.length;
    await backend.call("decide", { key: "k1", rows: [1], choice: "theirs", seen: "s1" });
    await merge.reread();
    expect(at(1).choice).toBe("theirs");
    expect(merge.bar).toBeUndefined();
    expect(voice.polite).toHaveLength(said);
  });

  it("drops a reading that began before a choice", async () => {
    const { backend, merge, at } = await open();
    let go = () => undefined as void;
    backend.waits.set("merge", new Promise<void>((done) => (go = done)));
    const reading = merge.reread();
    await Promise.resolve();
    merge.choose(at(1), "mine");
    go();
    await reading;
    expect(merge.look(at(1)).choice).toBe("mine");
  });

  it("says when the conflict is over", async () => {
    const { backend, merge } = await open();
    backend.over = true;
    await merge.reread();
    expect(merge.over).toBe(true);
    expect(merge.view).toBeDefined();
  });
});

describe("sending", () => {
  it("is not yet: leads to the first open row and says so", async () => {
    const { backend, voice, merge, at, sending } = await open();
    merge.choose(at(1), "mine");
    expect(await sending.openPreview()).toEqual({ to: "row", row: 2 });
    expect(voice.polite.at(-1)).toBe("Shelf still needs your choice. 1 choice open.");
    expect(backend.named("merge_preview")).toEqual([]);
    expect(sending.open).toBe(false);
  });

  it("previews, then sends exactly what was seen", async () => {
    const { backend, merge, sending } = await open();
    merge.allSide("mine");
    expect(await sending.openPreview()).toEqual({ to: "send" });
    expect(sending.preview?.change.map((change) => change.label)).toEqual(["Deposit", "Shelf"]);
    expect((await sending.send())?.key).toBe("k1");
    expect(backend.named("resolve")).toEqual([{ key: "k1", seen: "s1" }]);
    // News about the own sending is no news.
    await merge.reread();
    expect(merge.over).toBe(false);
  });

  it("takes typed text along that was not saved yet", async () => {
    const { backend, merge, at, sending } = await open();
    merge.allSide("mine");
    merge.write(at(2));
    merge.writing.type(at(2), "B7");
    await sending.openPreview();
    expect(sending.preview?.change.find((change) => change.label === "Shelf")?.to.text).toBe("B7");
    expect(backend.named("decide").at(-1)).toMatchObject({ choice: "edit", json: '"B7"' });
  });

  it("goes back to the choices with the bar when the server changed meanwhile", async () => {
    const { backend, voice, merge, sending } = await open();
    merge.allSide("mine");
    await sending.openPreview();
    backend.serverChanges({ 1: num("26.00") }, "s2");
    expect(await sending.send()).toBeUndefined();
    await merge.reread();
    expect(sending.open).toBe(false);
    expect(merge.bar?.what).toBe("again");
    expect(voice.urgent).toEqual(["The server changed again. 1 field. Your choices are kept."]);
    expect(merge.view?.seen).toBe("s1");
  });

  it("shows a newer version first when the person wants to send", async () => {
    const { backend, merge, sending } = await open();
    merge.allSide("mine");
    await merge.settled();
    backend.serverChanges({ 1: num("26.00") }, "s2");
    await merge.reread();
    expect(await sending.openPreview()).toEqual({ to: "row", row: 1 });
    expect(merge.bar?.what).toBe("shown");
    expect(sending.open).toBe(false);
  });

  it("keeps the preview with the words of any other failure", async () => {
    const { backend, merge, sending } = await open();
    merge.allSide("theirs");
    await sending.openPreview();
    backend.fails.set("resolve", { code: "disk", words: "No room on this disk." });
    expect(await sending.send()).toBeUndefined();
    expect(merge.bar).toEqual({ what: "trouble", words: "No room on this disk." });
    expect((await sending.send())?.key).toBe("k1");
  });
});

describe("groups", () => {
  it("put the parts of a field into one card, with its automatic items", async () => {
    const { merge } = await open(drill);
    expect(merge.groups.cards.map((card) => [card.title, card.parts, card.open.length, card.automatic.length])).toEqual([
      ["Deposit", undefined, 1, 0], ["Notes", "paragraph", 2, 0], ["Accessories", "item", 2, 2],
    ]);
    expect(merge.groups.automatic).toHaveLength(7);
    expect([merge.decided, merge.choices]).toEqual([3, 5]);
  });
});
