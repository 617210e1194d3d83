import { describe, expect, it, vi } from "vitest";
import { ManyBackend } from "../../../dev/many-backend";
import { needsYou } from "../../../dev/merge-lists";
import type { Argument, CommandName, Reply } from "../backend/backend";
import type { ConflictKind, NeedsYou, NeedsYouGroup } from "../backend/generated/ipc";
import { longDay } from "../format";
import { lineTops, linesAt } from "../../features/inbox/lines";
import { InboxState } from "./inbox.svelte";

function start(list: NeedsYou) {
  const many = new ManyBackend(list);
  const calls: string[] = [];
  const backend = {
    call: async <K extends CommandName>(name: K, argument: Argument<K>): Promise<Reply<K>> => {
      calls.push(name);
      return structuredClone(many.answer(name, argument)) as Reply<K>;
    },
  };
  return { inbox: new InboxState(backend), many, calls };
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

  it("leaves the groups where they are when one of them becomes small", async () => {
    const { inbox, many } = start(needsYou);
    await inbox.read();
    const [first, ...others] = needsYou.groups;
    if (!first) throw new Error("no group");
    many.list = { total: 65, groups: [...others, { ...first, records: first.records.slice(0, 1) }] };
    await inbox.read();
    expect(drawn(inbox).slice(0, 3)).toEqual(["v Tools 1", "  Angle grinder", "> Tools 31"]);
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

  it("sends what needs no choice as one batch, without what asks for a look", async () => {
    const first = needsYou.groups[0]!;
    const ready: NeedsYou = { total: 3, groups: [{ ...first, fields: [], patterns: [], records: first.records.slice(0, 3).map((record, at) => ({ ...record, open: at === 1 ? 1 : 0, look: at === 2 })) }] };
    const { inbox, many, calls } = start(ready);
    await inbox.read();
    expect(inbox.ready).toBe(1);
    const batch = await inbox.sendReady();
    expect(batch?.items.map((item) => item.title)).toEqual(["Angle grinder"]);
    expect(many.started).toEqual([{ members: [{ key: first.records[0]?.key, seen: "s1" }], kind: "edit_edit", patterns: [], rules: [], keep: [] }]);
    expect(calls).toEqual(["needs_you", "group_plan", "start_batch"]);
    await inbox.read();
    expect(inbox.ready).toBe(0);
  });

  it("stays short however many records there are", async () => {
    const many: NeedsYou = { total: 1000, groups: [{ ...needsYou.groups[0]!, records: Array.from({ length: 1000 }, (_, at) => ({ ...needsYou.groups[0]!.records[0]!, key: `k${at}` })) }] };
    const { inbox } = start(many);
    await inbox.read();
    expect(inbox.lines).toHaveLength(7);
    // All of them: every line is known, a screenful is drawn.
    inbox.showMore(inbox.groups[0]!);
    expect(inbox.lines).toHaveLength(1001);
    const tops = lineTops(inbox.lines, 16);
    for (const scrolled of [0, 5_000, 27_000, 99_000]) {
      const { first, last } = linesAt(tops, scrolled, 600);
      expect(last - first).toBeLessThan(60);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(last).toBeLessThanOrEqual(inbox.lines.length);
    }
  });
});

describe("grouping", () => {
  const at = (day: number) => new Date(2026, 5, day, 10).getTime();
  const record = (key: string, day: number) => ({ key, title: key, open: 1, decided: 0, automatic: 0, look: false, mine_at: 0, seen_at: at(day) });
  const shape = (collection: string, fields: string[], records: ReturnType<typeof record>[], kind: ConflictKind = "edit_edit"): NeedsYouGroup => ({ source: "Library", noun: "record", collection, kind, fields, patterns: fields.map((one) => one.toLowerCase()), records });
  const list: NeedsYou = {
    total: 4,
    groups: [shape("Tools", ["Deposit"], [record("a", 10), record("b", 12)]), shape("Loans", [], [record("c", 11)], "edit_delete"), shape("Tools", ["Shelf"], [record("d", 12)])],
  };

  async function opened(kept = new Map<string, string>()) {
    const keep = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
    const inbox = new InboxState({ call: () => Promise.resolve(list as never) }, keep);
    await inbox.read();
    return { inbox, kept };
  }
  const told = (inbox: InboxState) => inbox.groups.map((one) => `${one.mixed?.title ?? one.group.fields.join()}: ${one.records.map((each) => each.key).join(" ")}`);

  it("is by shape, by collection, or by time", async () => {
    const { inbox, kept } = await opened();
    expect(inbox.grouping).toBe("shape");
    expect(inbox.groups).toHaveLength(3);
    inbox.setGrouping("collection");
    expect(told(inbox)).toEqual(["Loans, Library: c", "Tools, Library: a b d"]);
    expect(inbox.groups[1]?.mixed?.shapeOf.get("d")?.fields).toEqual(["Shelf"]);
    vi.useFakeTimers({ now: at(12) });
    inbox.setGrouping("time");
    expect(told(inbox)).toEqual(["Today: b d", "Yesterday: c", `${longDay(at(10))}: a`]);
    vi.useRealTimers();
    expect((await opened(kept)).inbox.grouping).toBe("time");
  });

  it("leaves records where they are by time when news of them comes; new ones come last", async () => {
    const now = structuredClone(list);
    const inbox = new InboxState({ call: () => Promise.resolve(structuredClone(now) as never) }, undefined);
    await inbox.read();
    vi.useFakeTimers({ now: at(12) });
    inbox.setGrouping("time");
    const before = told(inbox);
    const records = now.groups.flatMap((group) => group.records);
    const oldest = records.find((record) => record.key === "a");
    if (!oldest) throw new Error("no record");
    oldest.theirs_at = at(12) + 60_000;
    now.groups[0]?.records.push({ ...oldest, key: "new" });
    await inbox.read();
    expect(told(inbox)).toEqual([before[0]?.replace("b d", "b d new"), ...before.slice(1)]);
    // Asked for once more, the order is a new one.
    inbox.setGrouping("shape");
    inbox.setGrouping("time");
    expect(told(inbox)).not.toEqual(before);
    expect(told(inbox)[0]).toMatch(/^Today: (a new|new a) b d$/);
    vi.useRealTimers();
  });

  it("keeps the record at hand, and filters all the same", async () => {
    const { inbox } = await opened();
    inbox.at = inbox.reveal("d");
    inbox.setGrouping("collection");
    expect(inbox.lines.find((line) => line.id === inbox.at)).toMatchObject({ what: "record", record: { key: "d" }, shape: { fields: ["Shelf"] } });
    inbox.filter = { text: "c" };
    expect(told(inbox)).toEqual(["Loans, Library: c"]);
    // What the filter hides needs a person all the same: a line of a batch still leads to its merge.
    expect([inbox.holds("d"), inbox.holds("gone")]).toEqual([true, false]);
  });
});
