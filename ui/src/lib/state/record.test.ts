import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FixtureBackend } from "../../../dev/fixture/backend";
import { libraryWorld } from "../../../dev/fixture/library";
import { readTyped } from "../../components/form/input";
import type { SaveEdit } from "../backend/generated/ipc";
import { ChangeFeed } from "../backend/changes";
import { findField } from "../fields";
import { DraftShelf } from "./draftShelf";
import { RecordState } from "./record.svelte";

class Memory {
  kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
}

async function open(key = "t-088") {
  const backend = new FixtureBackend(libraryWorld());
  const feed = new ChangeFeed(backend);
  feed.startAt(0);
  const shelf = new DraftShelf(new Memory());
  const record = new RecordState(key, { backend, feed, shelf });
  await record.read();
  return { backend, feed, record, shelf };
}

function type(record: RecordState, pointer: string, typed: string) {
  const field = record.view && findField(record.view.form.fields, pointer);
  if (!field) throw new Error(pointer);
  const { operation, error } = readTyped(field.meta, typed, field.value);
  record.type(pointer, typed, operation, error);
}

const saves = (backend: FixtureBackend) =>
  backend.calls.filter((call) => call.name === "save_edit").map((call) => call.argument as SaveEdit);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const settle = () => vi.advanceTimersByTimeAsync(1);

describe("typing", () => {
  it("makes no call on a key, and one save 300 ms after the last", async () => {
    const { backend, record } = await open();
    const before = backend.calls.length;
    for (const text of ["4", "47", "47.", "47.5"]) {
      type(record, "/deposit", text);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(backend.calls.length).toBe(before);
    await vi.advanceTimersByTimeAsync(300);
    expect(saves(backend)).toEqual([{ key: "t-088", based_on_rev: 3, operations: [{ op: "set", pointer: "/deposit", json: "47.5" }] }]);
  });

  it("saves at once on blur", async () => {
    const { backend, record } = await open();
    record.focus("/name");
    type(record, "/name", "Pressure washer, blue");
    record.blur("/name");
    await settle();
    expect(saves(backend)[0]?.operations).toEqual([{ op: "set", pointer: "/name", json: '"Pressure washer, blue"' }]);
  });

  it.each([
    ["30.00", '30.00'], ["1e3", "1e3"], ["-0.50", "-0.50"], ["12,5", "12.5"], ["007", "7"], ["+5", "5"], [".5", "0.5"],
    ["90071992547409931234", "90071992547409931234"],
  ])("keeps the spelling of the number %s", async (typed, json) => {
    const { backend, record } = await open();
    type(record, "/deposit", typed);
    await record.flush();
    expect(saves(backend)[0]?.operations[0]).toEqual({ op: "set", pointer: "/deposit", json });
  });

  it("shows an error and saves nothing while it is no number", async () => {
    const { backend, record } = await open();
    type(record, "/deposit", "12.5.0");
    await record.flush();
    expect(saves(backend)).toEqual([]);
    expect(record.draft("/deposit")).toMatchObject({ typed: "12.5.0", error: "A number, for example 12.50" });
  });

  it("keeps a bad number on the shelf and shows it again", async () => {
    const { backend, feed, record, shelf } = await open();
    type(record, "/deposit", "about 40");
    record.close();
    await settle();
    const again = new RecordState("t-088", { backend, feed, shelf });
    expect(again.draft("/deposit")?.typed).toBe("about 40");
  });

  it("keeps it while the record is still open, too: a closed window or a kill takes nothing", async () => {
    const { backend, feed, record, shelf } = await open();
    type(record, "/deposit", "about 40");
    await vi.advanceTimersByTimeAsync(300);
    expect(shelf.take("t-088")?.get("/deposit")?.typed).toBe("about 40");
    type(record, "/deposit", "about 50");
    await record.flush();
    const again = new RecordState("t-088", { backend, feed, shelf });
    expect(again.draft("/deposit")?.typed).toBe("about 50");
    // Saved: nothing is left over.
    type(record, "/deposit", "50");
    await vi.advanceTimersByTimeAsync(300);
    expect(shelf.take("t-088")).toBeUndefined();
  });
});

describe("answers", () => {
  it("never take away what is typed in the focused field", async () => {
    const { backend, record } = await open();
    record.focus("/name");
    type(record, "/name", "A");
    await record.flush();
    backend.tell([{ what: "records_changed", keys: ["t-088"] }]);
    await settle();
    expect(record.draft("/name")?.typed).toBe("A");
    record.blur("/name");
    await settle();
    expect(record.draft("/name")).toBeUndefined();
    expect(findField(record.view?.form.fields ?? [], "/name")?.value.text).toBe("A");
  });

  it("keep keys typed while a save is on its way", async () => {
    const { backend, record } = await open();
    let answer: (() => void) | undefined;
    backend.answers.save_edit = (edit) =>
      new Promise((resolve) => (answer = () => resolve({ key: edit.key, state: "edited", rev: edit.based_on_rev + 1, saved_at: 0 })));
    type(record, "/name", "first");
    const flushed = record.flush();
    type(record, "/name", "second");
    answer?.();
    await settle();
    answer?.();
    await flushed;
    expect(saves(backend).map((save) => [save.based_on_rev, save.operations[0]])).toEqual([
      [3, { op: "set", pointer: "/name", json: '"first"' }],
      [4, { op: "set", pointer: "/name", json: '"second"' }],
    ]);
  });

  it("save drafts that stand on different versions one after the other", async () => {
    const { backend, record } = await open();
    record.focus("/name");
    const other = { ...backend.find("t-088") };
    type(record, "/name", "mine");
    // Another window wrote twice; the view is read again while /name has the focus.
    backend.find("t-088").rev = other.rev + 2;
    await record.read();
    type(record, "/deposit", "5");
    await record.flush();
    expect(saves(backend).map((save) => [save.based_on_rev, save.operations[0]])).toEqual([
      [3, { op: "set", pointer: "/name", json: '"mine"' }],
      [5, { op: "set", pointer: "/deposit", json: "5" }],
    ]);
  });
});

describe("changed here", () => {
  async function clash() {
    const opened = await open();
    const { backend, record } = opened;
    backend.answers.save_edit = (edit) => {
      if (edit.based_on_rev < 5 && edit.operations.some((one) => one.op === "set" && one.pointer === "/deposit")) {
        throw { code: "changed_here", words: "changed", pointer: "/deposit", value: { type: "number", text: "99.00", json: "99.00" } };
      }
      backend.find("t-088").rev++;
      return { key: edit.key, state: "edited", rev: edit.based_on_rev + 1, saved_at: 0 };
    };
    // Another writer on this computer: the command line, say.
    backend.find("t-088").doc["deposit"] = 99;
    type(record, "/deposit", "40");
    type(record, "/name", "New name");
    await record.flush();
    return opened;
  }

  it("keeps the typed text, names the other value and saves the rest", async () => {
    const { backend, record } = await clash();
    expect(record.draft("/deposit")).toMatchObject({ typed: "40", clash: { text: "99.00" }, saved: false });
    expect(saves(backend).at(-1)?.operations).toEqual([{ op: "set", pointer: "/name", json: '"New name"' }]);
  });

  it("saves what was typed on top of the newest when the person says so", async () => {
    const { backend, record } = await clash();
    backend.find("t-088").rev = 6;
    await record.decideClash("/deposit", true);
    expect(saves(backend).at(-1)).toEqual({ key: "t-088", based_on_rev: 6, operations: [{ op: "set", pointer: "/deposit", json: "40" }] });
  });

  it("takes the other value when the person says so", async () => {
    const { backend, record } = await clash();
    const count = saves(backend).length;
    await record.decideClash("/deposit", false);
    expect(record.draft("/deposit")).toBeUndefined();
    expect(saves(backend).length).toBe(count);
  });

  it("saves again by itself when the field is as the person saw it", async () => {
    const { backend, record } = await open();
    const writes = backend.find("t-088");
    backend.answers.save_edit = (edit) => {
      if (edit.based_on_rev !== 9) throw { code: "changed_here", words: "changed", pointer: "/name" };
      writes.rev = 10;
      return { key: edit.key, state: "edited", rev: 10, saved_at: 0 };
    };
    writes.rev = 9;
    type(record, "/name", "New name");
    await record.flush();
    expect(saves(backend).map((save) => save.based_on_rev)).toEqual([3, 9]);
    expect(record.draft("/name")?.clash).toBeUndefined();
  });

  it("finds it by itself when the focused field changed before the first key", async () => {
    const { backend, record } = await open();
    record.focus("/deposit");
    backend.find("t-088").doc["deposit"] = 99;
    await record.read();
    type(record, "/deposit", "40");
    await record.flush();
    expect(record.draft("/deposit")?.clash?.text).toBe("99.00");
    expect(saves(backend)).toEqual([]);
  });
});

describe("trouble", () => {
  it("keeps the text, says why, and saves on the next try", async () => {
    const { backend, record } = await open();
    backend.answers.save_edit = () => {
      throw { code: "disk", words: "no room on this disk" };
    };
    type(record, "/name", "Kept");
    await record.flush();
    expect(record.unsaved?.words).toBe("no room on this disk");
    expect(record.draft("/name")?.typed).toBe("Kept");
    delete backend.answers.save_edit;
    await record.flush();
    expect(record.unsaved).toBeUndefined();
    expect(backend.find("t-088").doc["name"]).toBe("Kept");
  });
});

describe("undo", () => {
  it("takes the last change back and brings it again", async () => {
    const { backend, record } = await open();
    const name = () => backend.find("t-088").doc["name"];
    record.focus("/name");
    type(record, "/name", "One");
    await record.flush();
    type(record, "/name", "One two");
    record.blur("/name");
    await settle();
    await record.read();
    expect(record.undoable).toBe(1);
    await record.undo();
    expect(name()).toBe("Pressure washer");
    await record.redo();
    expect(name()).toBe("One two");
  });
});

describe("lists", () => {
  it("save what is typed below before an element goes, and forget the old pointers", async () => {
    const { backend, record } = await open("t-118");
    type(record, "/accessories/2/item", "Bits");
    await record.restructure("/accessories", { op: "unset", pointer: "/accessories/0" });
    expect(saves(backend).map((save) => save.operations[0])).toEqual([
      { op: "set", pointer: "/accessories/2/item", json: '"Bits"' },
      { op: "unset", pointer: "/accessories/0" },
    ]);
    expect(findField(record.view?.form.fields ?? [], "/accessories/1/item")?.value.text).toBe("Bits");
    expect([...record.drafts.keys()].filter((pointer) => pointer.startsWith("/accessories"))).toEqual([]);
  });
});

describe("an object that is not there yet", () => {
  it("is made once, before its members", async () => {
    const { backend, record } = await open();
    const view = record.view;
    if (!view) throw new Error("no view");
    const member = (name: string) => ({ ...view.form.fields[0], meta: { ...view.form.fields[0]?.meta, pointer: `/address/${name}` }, value: { type: "missing", text: "", json: "" } });
    const address = { ...view.form.fields[0], meta: { ...view.form.fields[0]?.meta, kind: "object", pointer: "/address" }, value: { type: "missing", text: "", json: "" }, fields: [member("street"), member("town")] };
    backend.answers.record = () => ({ ...view, form: { fields: [address] } }) as never;
    backend.answers.save_edit = (edit) => ({ key: edit.key, state: "edited", rev: edit.based_on_rev + 1, saved_at: 0 });
    await record.read();
    type(record, "/address/street", "Rua 1");
    await record.flush();
    type(record, "/address/town", "Porto");
    await record.flush();
    expect(saves(backend).map((save) => save.operations)).toEqual([
      [{ op: "set", pointer: "/address", json: "{}" }, { op: "set", pointer: "/address/street", json: '"Rua 1"' }],
      [{ op: "set", pointer: "/address/town", json: '"Porto"' }],
    ]);
  });
});
