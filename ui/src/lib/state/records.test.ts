import { describe, expect, it } from "vitest";
import { FixtureBackend } from "../../../dev/fixture/backend";
import { libraryWorld } from "../../../dev/fixture/library";
import { ChangeFeed } from "../backend/changes";
import type { RecordsQuery } from "../backend/generated/ipc";
import { windowOf } from "../window";
import { RecordsList } from "./records.svelte";

const TOOLS = { source: "Tool library", collection: "tools", text: "", descending: false };

async function open(many: number) {
  const backend = new FixtureBackend(libraryWorld({ many }));
  const feed = new ChangeFeed(backend);
  feed.startAt(0);
  const list = new RecordsList(backend, feed);
  await list.show(TOOLS);
  const queries = () => backend.calls.filter((call) => call.name === "records").map((call) => call.argument as RecordsQuery);
  return { backend, list, queries };
}
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("a list of 100,000", () => {
  it("reads only the pages around what is shown", async () => {
    const { list, queries } = await open(100_000);
    expect(list.total).toBe(100_000);
    list.want(99_960, 100_000);
    await turn();
    expect(list.row(99_999)?.title).toMatch(/99999/);
    expect(list.row(50_000)).toBeUndefined();
    expect(queries().map((query) => [query.offset, query.limit])).toEqual([[0, 100], [99_900, 100]]);
  });

  it("finds a record on a page that was not read", async () => {
    const { backend, list, queries } = await open(100_000);
    const key = backend.world.records[54_321]?.key ?? "";
    const shown = backend.world.records.filter((one) => one.source === TOOLS.source && one.collection === TOOLS.collection);
    const at = shown.findIndex((one) => one.key === key);
    expect(list.indexOf(key)).toBe(-1);
    expect(await list.find(key)).toBe(at);
    expect(list.indexOf(key)).toBe(at);
    expect(list.row(at)?.key).toBe(key);
    expect(queries()).toHaveLength(2);
    expect(await list.find("nobody")).toBe(-1);
  });

  it("reads two pages in one call when the window spans them", async () => {
    const { list, queries } = await open(100_000);
    list.want(190, 230);
    await turn();
    expect(queries().at(-1)).toMatchObject({ offset: 100, limit: 200 });
  });

  it("forgets pages far away", async () => {
    const { list } = await open(100_000);
    for (let page = 1; page < 40; page++) {
      list.want(page * 100, page * 100 + 30);
      await turn();
    }
    expect(list.row(0)).toBeUndefined();
    expect(list.row(3_900)).toBeDefined();
  });
});

describe("changes", () => {
  it("read the shown page again and keep its rows until then", async () => {
    const { backend, list, queries } = await open(214);
    backend.find("t-031").title = "Belt sander, new";
    const before = queries().length;
    backend.tell([{ what: "records_changed", keys: ["t-031"] }]);
    expect(list.row(0)?.title).toBe("Belt sander");
    await turn();
    expect(list.row(0)?.title).toBe("Belt sander, new");
    expect(queries().length).toBe(before + 1);
  });

  it("fold a burst into two readings", async () => {
    const { backend, queries } = await open(214);
    const before = queries().length;
    for (let n = 0; n < 20; n++) backend.tell([{ what: "records_changed", keys: ["t-031"] }]);
    await turn();
    expect(queries().length).toBe(before + 2);
  });

  it("throws away the answer to an older query", async () => {
    const { backend, list } = await open(214);
    let answer: (() => void) | undefined;
    const slow = new Promise<void>((resolve) => (answer = resolve));
    const usual = { total: 1, offset: 0, columns: [], rows: [] };
    backend.answers.records = async (query) => {
      if (query.text === "slow") await slow;
      return { ...usual, total: query.text === "slow" ? 1 : 2 };
    };
    void list.show({ ...TOOLS, text: "slow" });
    const shown = list.show({ ...TOOLS, text: "fast" });
    answer?.();
    await shown;
    expect(list.total).toBe(2);
  });
});

describe("the window onto a list", () => {
  it.each([
    ["at the top", { top: 0, height: 640 }, 0, 29],
    ["in the middle", { top: 32 * 5000, height: 640 }, 4992, 5029],
    ["at the end", { top: 32 * 100_000, height: 640 }, 99_971, 100_000],
    ["beyond the end of a short list", { top: 9999, height: 640, total: 3 }, 0, 3],
    ["not laid out yet", { top: 0, height: 0 }, 0, 9],
  ])("%s", (_name, scrolled, first, last) => {
    expect(windowOf({ rowHeight: 32, total: 100_000, ...scrolled })).toEqual({ first, last });
  });

  it("never has more than 60 rows in a window of 1,200 px", () => {
    for (let top = 0; top < 100_000 * 32; top += 100_003) {
      const { first, last } = windowOf({ top, height: 1_200, rowHeight: 32, total: 100_000 });
      expect(last - first).toBeLessThanOrEqual(60);
    }
  });
});
