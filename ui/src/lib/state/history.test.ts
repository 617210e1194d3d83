import { describe, expect, it } from "vitest";
import { text, missing } from "../../../dev/merge-build";
import { historyAnswer } from "../../../dev/merge-lists";
import type { Argument, CommandName, Reply } from "../backend/backend";
import { HistoryState, NOW, versionLines } from "./history.svelte";

function start(gone = false) {
  const calls: [string, unknown][] = [];
  const backend = {
    call: async <K extends CommandName>(name: K, argument: Argument<K>): Promise<Reply<K>> => {
      calls.push([name, argument]);
      if (name === "record" && gone) throw { code: "not_found", words: "Gone." };
      return (historyAnswer(name, argument) ?? { key: "new", state: "edited", rev: 4, saved_at: 0 }) as Reply<K>;
    },
  };
  const named = (name: string) => calls.filter(([one]) => one === name).map(([, argument]) => argument);
  return { history: new HistoryState(backend, "drill"), named };
}

describe("versions", () => {
  it("are listed newest first, under the record as it is now", async () => {
    const { history } = start();
    await history.read();
    expect(history.lines?.map((line) => line.entry.version)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(history.chosen).toBe("version 9");
  });

  it("outlive the record", async () => {
    const { history } = start(true);
    await history.read();
    expect(history.lines?.[0]?.entry.version).toBe(9);
    expect(history.error).toBeUndefined();
    history.against = "before";
    expect(history.compared).toBeDefined();
    expect(history.canBringFields).toBe(false);
  });

  it("are compared with now, field by field", async () => {
    const { history } = start();
    await history.read();
    await history.choose("version 7");
    expect(history.differences.map((field) => [field.label, field.part])).toEqual([
      ["Status", undefined], ["Shelf", undefined], ["Next safety check", undefined], ["Notes", undefined], ["Charger", "Serial number"], ["Manual", undefined], ["Lent to", undefined], ["Bit set", undefined],
    ]);
    expect(history.shown).toHaveLength(8);
    history.onlyDifferences = false;
    expect(history.shown).toHaveLength(21);
  });

  it("are compared with the version before", async () => {
    const { history, named } = start();
    await history.read();
    await history.choose("version 8");
    history.against = "before";
    expect(named("version").slice(-2)).toEqual([{ key: "drill", version: 8 }, { key: "drill", version: 7 }]);
    expect(history.differences.find((field) => field.label === "Status")).toMatchObject({ then: { text: "Available" }, now: { text: "In repair" } });
  });

  it("show their content where there is no version before", async () => {
    const { history } = start();
    await history.read();
    await history.choose("version 1");
    history.against = "before";
    expect(history.isOldest).toBe(true);
    expect([history.shown.length, history.differences.length]).toEqual([21, 0]);
  });

  it("show the one chosen last, whichever answer comes first", async () => {
    const { history } = start();
    await history.read();
    await Promise.all([history.choose("version 5"), history.choose("version 7"), history.choose("version 8")]);
    expect(history.then?.entry.version).toBe(8);
  });
});

describe("lines of the server's own log", () => {
  it("have names of their own and no content", async () => {
    const log = { version: 0, at: 5, what: "server", by: "Ines", changed: [], restorable: false };
    const stored = { ...log, version: 1, at: 6, what: "seen", by: "server", restorable: true };
    const lines = versionLines([log, log, stored]);
    expect(lines.map((line) => line.id)).toEqual(["version 1", "server 5 1", "server 5"]);
    const backend = { call: async (name: string) => (name === "history" ? [log, stored] : name === "record" ? Promise.reject(new Error("gone")) : { entry: stored, form: { fields: [] } }) };
    const history = new HistoryState(backend as never, "k");
    await history.read();
    await history.choose("server 5");
    expect(history.compared).toBeUndefined();
    expect(history.entry?.by).toBe("Ines");
    await history.choose(NOW);
    expect(history.entry).toBeUndefined();
  });
});

describe("bringing back", () => {
  it("restores a whole version as an edit", async () => {
    const { history, named } = start();
    await history.read();
    await history.choose("version 7");
    expect(await history.bringBack()).toMatchObject({ state: "edited" });
    expect(named("restore")).toEqual([{ key: "drill", version: 7 }]);
    expect(named("history")).toHaveLength(2);
  });

  it("sets one field as it was, with the spelling of then", async () => {
    const { history, named } = start();
    await history.read();
    await history.choose("version 7");
    const shelf = history.differences.find((field) => field.label === "Shelf");
    const bits = history.differences.find((field) => field.label === "Bit set");
    if (!shelf || !bits) throw new Error("no such field");
    expect(bits).toMatchObject({ then: missing, now: text("3 to 10 mm") });
    await history.bringBackField(shelf);
    await history.bringBackField(bits);
    expect(named("save_edit")).toEqual([
      { key: "drill", based_on_rev: 3, operations: [{ op: "set", pointer: "/shelf", json: '"A3"' }] },
      { key: "drill", based_on_rev: 3, operations: [{ op: "unset", pointer: "/bits" }] },
    ]);
  });

  it("copies a version as a new record", async () => {
    const { history, named } = start();
    await history.read();
    await history.choose("version 7");
    expect(await history.copy()).toMatchObject({ key: "new" });
    expect(named("create_record")).toEqual([{ source: "Tool library", collection: "tools", text: '{"deposit": 30.00}\n' }]);
  });
});
