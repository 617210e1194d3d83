import { describe, expect, it } from "vitest";
import { needsYou } from "../../../dev/merge-lists";
import type { Argument, CommandName, Reply } from "../backend/backend";
import type { NeedsYou } from "../backend/generated/ipc";
import { InboxState } from "./inbox.svelte";

function start(list: NeedsYou) {
  const calls: string[] = [];
  let now = list;
  const backend = {
    call: async <K extends CommandName>(name: K, _argument: Argument<K>): Promise<Reply<K>> => {
      calls.push(name);
      if (name !== "resolve_ready") return now as Reply<K>;
      const queued = now.groups.flatMap((group) => group.records.filter((record) => record.open === 0).map((record) => record.key));
      now = { total: now.total - queued.length, groups: now.groups.map((group) => ({ ...group, records: group.records.filter((record) => record.open > 0) })).filter((group) => group.records.length > 0) };
      return { queued, left_out: [{ key: "x", title: "Ladder", words: "It changed meanwhile." }] } as Reply<K>;
    },
  };
  return { inbox: new InboxState(backend), calls };
}

const drawn = (inbox: InboxState) =>
  inbox.lines.map((line) => (line.what === "group" ? `${line.open ? "v" : ">"} ${line.group.group.collection} ${line.group.records.length}` : line.what === "more" ? `${line.hidden} more` : `  ${line.record.title}`));

describe("the list", () => {
  it("opens the first group with five records", async () => {
    const { inbox } = start(needsYou);
    await inbox.read();
    expect(drawn(inbox).slice(0, 8)).toEqual([
      "v Tools 64", "  Angle grinder", "  Bench vice", "  Cement mixer", "  Circular saw", "  Cordless screwdriver", "59 more", "> Tools 31",
    ]);
    expect(inbox.chosen?.group.fields).toEqual(["Deposit"]);
  });

  it("keeps what the person opened and closed when it is read again", async () => {
    const { inbox } = start(needsYou);
    await inbox.read();
    const [first, second] = inbox.groups;
    if (!first || !second) throw new Error("no groups");
    inbox.turn(first);
    inbox.turn(second);
    inbox.showMore(second);
    await inbox.read();
    expect(drawn(inbox).slice(0, 2)).toEqual(["> Tools 64", "v Tools 31"]);
    expect(inbox.lines.filter((line) => line.what === "record")).toHaveLength(31);
  });

  it("filters by text, collection, field, kind and person, and can be cleared", async () => {
    const { inbox } = start(needsYou);
    await inbox.read();
    inbox.filter = { text: "bench VICE" };
    expect(inbox.groups.every((group) => group.records.every((record) => record.title.startsWith("Bench vice")))).toBe(true);
    inbox.filter = { text: "", collection: "Contacts" };
    expect(inbox.groups.map((group) => group.group.kind)).toEqual(["edit_edit", "create_create"]);
    inbox.filter = { text: "", field: "Notes" };
    expect(inbox.groups).toHaveLength(1);
    inbox.filter = { text: "", kind: "edit_delete" };
    expect(inbox.groups.map((group) => group.group.collection)).toEqual(["Loans"]);
    inbox.filter = { text: "", person: "Nobody" };
    expect(inbox.lines).toEqual([]);
    inbox.clearFilter();
    expect(inbox.groups).toHaveLength(7);
    expect(inbox.collections).toEqual(["Cases", "Contacts", "Loans", "Tools"]);
  });

  it("finds the line of a record one comes back from", async () => {
    const { inbox } = start(needsYou);
    await inbox.read();
    const key = needsYou.groups[1]?.records[20]?.key ?? "";
    const line = inbox.reveal(key);
    expect(inbox.lines.some((one) => one.id === line && one.what === "record" && one.record.key === key)).toBe(true);
    expect(inbox.reveal("gone")).toBeUndefined();
  });

  it("sends what needs no choice, names what is left out", async () => {
    const ready: NeedsYou = { total: 2, groups: [{ ...needsYou.groups[0]!, fields: [], records: needsYou.groups[0]!.records.slice(0, 2).map((record, at) => ({ ...record, open: at })) }] };
    const { inbox, calls } = start(ready);
    await inbox.read();
    expect(inbox.ready).toBe(1);
    expect((await inbox.sendReady())?.queued).toHaveLength(1);
    expect(inbox.ready).toBe(0);
    expect(inbox.list?.total).toBe(1);
    expect(inbox.leftOut.map((one) => one.title)).toEqual(["Ladder"]);
    expect(calls).toEqual(["needs_you", "resolve_ready", "needs_you"]);
  });

  it("stays short however many records there are", async () => {
    const many: NeedsYou = { total: 1000, groups: [{ ...needsYou.groups[0]!, records: Array.from({ length: 1000 }, (_, at) => ({ ...needsYou.groups[0]!.records[0]!, key: `k${at}` })) }] };
    const { inbox } = start(many);
    await inbox.read();
    expect(inbox.lines).toHaveLength(7);
  });
});
