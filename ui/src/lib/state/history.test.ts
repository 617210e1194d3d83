import { describe, expect, it } from "vitest";
import { history as entries, historyAnswer } from "../../../dev/history-data";
import type { Argument, CommandName, Reply } from "../backend/backend";
import type { HistoryEntry } from "../backend/generated/ipc";
import { HistoryState, NOW, versionLines } from "./history.svelte";

function start(gone = false) {
  const calls: [string, unknown][] = [];
  const backend = {
    call: async <K extends CommandName>(name: K, argument: Argument<K>): Promise<Reply<K>> => {
      calls.push([name, argument]);
      if (name === "record" && gone) throw { code: "not_found", words: "Gone." };
      if (name === "deleted_records") {
        const { offset } = argument as { offset: number };
        const gone = Array.from({ length: 600 }, (_, at) => ({ key: at === 550 ? "drill" : `other ${at}`, title: at === 550 ? "Hedge trimmer, gone" : "Other" }));
        return { rows: gone.slice(offset, offset + 500), total: 600 } as Reply<K>;
      }
      if (name === "undo_merge") return { saved: { key: "drill", rev: 4, saved_at: 0 }, how: "queued" } as Reply<K>;
      return (historyAnswer(name, argument) ?? { key: "new", state: "edited", rev: 4, saved_at: 0 }) as Reply<K>;
    },
  };
  const named = (name: string) => calls.filter(([one]) => one === name).map(([, argument]) => argument);
  return { history: new HistoryState(backend, "drill"), named };
}
const compared = (named: (name: string) => unknown[]) => named("compare_versions").at(-1);

describe("versions", () => {
  it("are listed newest first; that one was sent is part of its line", async () => {
    const { history } = start();
    await history.read();
    expect(history.lines?.map((line) => line.entry.version)).toEqual([13, 12, 11, 10, 6, 5, 3, 2, 1]);
    expect(history.lines?.[0]?.sent?.version).toBe(14);
    expect(history.chosen).toBe("version 13");
  });

  it("are compared with now by default, where fields can be brought back; the newest with the one before", async () => {
    const { history, named } = start();
    await history.read();
    expect(compared(named)).toEqual({ key: "drill", from: 12, to: 13 });
    expect(history.canBringFields).toBe(false);
    await history.choose("version 11");
    expect(compared(named)).toEqual({ key: "drill", from: 11, to: undefined });
    expect(history.canBringFields).toBe(true);
    await history.choose("version 13");
    expect(compared(named)).toEqual({ key: "drill", from: 12, to: 13 });
    // What has no content is passed over, and what the person said stays.
    await history.compareWith("before");
    await history.choose("version 11");
    expect(compared(named)).toEqual({ key: "drill", from: 6, to: 11 });
    expect(history.canBringFields).toBe(false);
  });

  it("are compared with now, and single fields come back from there", async () => {
    const { history, named } = start();
    await history.read();
    await history.choose("version 11");
    await history.compareWith("now");
    expect(compared(named)).toEqual({ key: "drill", from: 11, to: undefined });
    expect(history.compared?.rows).toHaveLength(8);
    expect(history.canBringFields).toBe(true);
  });

  it("are compared with any other, the older one on the left", async () => {
    const { history, named } = start();
    await history.read();
    await history.choose("version 5");
    await history.compareWith("version 12");
    expect(compared(named)).toEqual({ key: "drill", from: 5, to: 12 });
    await history.choose("version 13");
    expect(compared(named)).toEqual({ key: "drill", from: 12, to: 13 });
    // The one compared with is chosen itself: as at first again.
    await history.choose("version 12");
    expect(history.against).toBe("now");
    expect(history.comparable.map((line) => line.id)).not.toContain("version 12");
  });

  it("of now are compared with what they came from", async () => {
    const { history, named } = start();
    await history.read();
    await history.choose(NOW);
    expect(compared(named)).toEqual({ key: "drill", from: 12, to: undefined });
    expect(history.entry).toBeUndefined();
    expect(history.canBringFields).toBe(false);
  });

  it("have nothing before the first", async () => {
    const { history, named } = start();
    await history.read();
    await history.choose("version 1");
    await history.compareWith("before");
    expect(compared(named)).toEqual({ key: "drill", from: undefined, to: 1 });
    expect(history.left).toBeUndefined();
  });

  it("outlive the record", async () => {
    const { history, named } = start(true);
    await history.read();
    expect(history.error).toBeUndefined();
    expect(history.compared?.rows).toBeDefined();
    // By its name, however many others are gone, too.
    expect(history.title).toBe("Hedge trimmer, gone");
    expect(named("deleted_records")).toHaveLength(2);
    await history.compareWith("now");
    expect([history.compared, history.canBringFields]).toEqual([undefined, false]);
  });

  it("show the one chosen last, whichever answer comes first", async () => {
    const { history } = start();
    await history.read();
    await Promise.all([history.choose("version 5"), history.choose("version 11"), history.choose("version 12")]);
    expect(history.then?.entry.version).toBe(12);
  });
});

describe("lines of the server's own log", () => {
  const log: HistoryEntry = { version: 0, at: 5, clock: "server", what: "server", by: "Ines", changed: [], restorable: false, bytes: 0, in_log: true };
  const stored: HistoryEntry = { ...log, version: 1, at: 6, what: "seen", restorable: true, bytes: 2 };

  it("have names of their own and no content", async () => {
    expect(versionLines([log, log, stored]).map((line) => line.id)).toEqual(["version 1", "server 5 1", "server 5"]);
    const backend = { call: async (name: string) => (name === "history" ? [log, stored] : name === "record" ? Promise.reject(new Error("gone")) : historyAnswer(name, { from: 1 })) };
    const history = new HistoryState(backend as never, "k");
    await history.read();
    await history.choose("server 5");
    expect(history.compared).toBeUndefined();
    expect(history.entry?.by).toBe("Ines");
  });
});

describe("bringing back", () => {
  it("restores a whole version as an edit", async () => {
    const { history, named } = start();
    await history.read();
    await history.choose("version 11");
    expect(await history.bringBack()).toMatchObject({ state: "edited" });
    expect(named("restore")).toEqual([{ key: "drill", version: 11 }]);
    expect(named("history")).toHaveLength(2);
  });

  it("brings one field back by its place", async () => {
    const { history, named } = start();
    await history.read();
    await history.choose("version 11");
    await history.compareWith("now");
    const shelf = history.compared?.rows.find((field) => field.label === "Shelf");
    if (!shelf) throw new Error("no such field");
    await history.bringBackField(shelf);
    expect(named("bring_back_field")).toEqual([{ key: "drill", version: 11, place: '["shelf"]' }]);
  });

  it("copies a version as a new record", async () => {
    const { history, named } = start();
    await history.read();
    await history.choose("version 11");
    expect(await history.copy()).toMatchObject({ key: "new" });
    expect(named("create_record")).toEqual([{ source: "Tool library", collection: "tools", text: '{"deposit": 30.00}\n' }]);
  });

  it("undoes what was put together, to either side", async () => {
    const { history, named } = start();
    await history.read();
    expect(entries.find((one) => one.version === 13)?.merge?.can_undo).toBe(true);
    expect(await history.undo("mine")).toMatchObject({ how: "queued" });
    expect(named("undo_merge")).toEqual([{ key: "drill", version: 13, to: "mine" }]);
  });
});
