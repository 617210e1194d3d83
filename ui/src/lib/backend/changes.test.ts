import { describe, expect, it } from "vitest";
import { FixtureBackend } from "../../../dev/fixture/backend";
import { libraryWorld } from "../../../dev/fixture/library";
import { App } from "../state/app.svelte";
import { ChangeFeed, touchesRecord, type Changes } from "./changes";

function feed(start = 0) {
  const backend = new FixtureBackend(libraryWorld());
  const changes = new ChangeFeed(backend);
  changes.startAt(start);
  const seen: Changes[] = [];
  changes.subscribe((one) => seen.push(one));
  return { backend, changes, seen };
}

describe("events", () => {
  it("tell what changed", () => {
    const { backend, seen } = feed();
    backend.tell([{ what: "records_changed", keys: ["a"] }, { what: "conflict_changed", key: "b" }, { what: "outbox_changed" }]);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ all: false, outbox: true, sources: false, status: false });
    expect(["a", "b", "c"].map((key) => touchesRecord(seen[0] as Changes, key))).toEqual([true, true, false]);
  });

  it("make everything read again after a gap", () => {
    const { backend, seen } = feed();
    backend.tell([{ what: "status_changed" }]);
    backend.tell([{ what: "status_changed" }], 2);
    expect(seen.map((one) => one.all)).toEqual([false, true]);
    expect(touchesRecord(seen[1] as Changes, "anything")).toBe(true);
  });

  it("are not taken twice", () => {
    const { backend, seen } = feed(1);
    backend.tell([{ what: "status_changed" }]);
    expect(seen).toHaveLength(0);
  });
});

describe("the app", () => {
  it("reads status and sources again after a gap", async () => {
    const backend = new FixtureBackend(libraryWorld());
    const app = new App(backend);
    await app.start();
    const before = [backend.count("status"), backend.count("sources")];
    backend.tell([{ what: "outbox_changed" }]);
    backend.tell([{ what: "outbox_changed" }], 5);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(backend.count("status")).toBeGreaterThan(before[0] ?? 0);
    expect(backend.count("sources")).toBe((before[1] ?? 0) + 1);
  });
});
