import { cleanup, fireEvent, render, screen, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ManyBackend, runningBatch } from "../../../dev/many-backend";
import { needsYou } from "../../../dev/merge-lists";
import type { Argument, Backend, CommandName, Reply } from "$lib/backend/backend";
import type { Event, SourceView } from "$lib/backend/generated/ipc";
import { App } from "$lib/state/app.svelte";
import { allCommands } from "$lib/places";
import AppView from "../../App.svelte";
import "..";

const source: SourceView = {
  name: "Tool library", url: "http://127.0.0.1/", family: "rest", grade: "protected", allow_unprotected: false, policy: "review", demo: false,
  collections: [{ name: "tools", title: "Tools", noun: "tool", count: 214, grade: "protected", can_create: true }],
};
const status = { connection: "online", records: 847, outbox: 0, needs_you: 128, event: 1 } as const;

class Backstage implements Backend {
  many = new ManyBackend(needsYou);
  calls: string[] = [];
  sources = [source];
  #handlers = new Set<(event: Event) => void>();
  #number = 1;

  call = async <K extends CommandName>(name: K, argument: Argument<K>): Promise<Reply<K>> => {
    this.calls.push(name);
    const known: Partial<Record<CommandName, unknown>> = { status, sources: this.sources, tour: { active: false, step: 5 } };
    return structuredClone(known[name] ?? this.many.answer(name, argument) ?? null) as Reply<K>;
  };

  onEvent(handler: (event: Event) => void): () => void {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  tell(...changes: Event["changes"]): void {
    for (const handler of this.#handlers) handler({ number: ++this.#number, changes });
  }
}

let backend: Backstage;
let app: App;

async function settled() {
  for (let turn = 0; turn < 8; turn += 1) await new Promise((done) => setTimeout(done, 0));
  await tick();
}

async function shown() {
  app = new App(backend, { place: "needs-you" });
  void app.start();
  render(AppView, { app });
  await settled();
}

beforeEach(() => {
  localStorage.clear();
  backend = new Backstage();
});
afterEach(cleanup);

const pane = () => document.querySelector<HTMLElement>('[data-pane="record"]')!;

describe("a group", () => {
  it("has one rule, nothing chosen, and says what is missing", async () => {
    await shown();
    expect(within(pane()).getByRole("heading", { level: 1 }).textContent).toBe("64 tools, only Deposit");
    const rule = within(pane()).getByRole("radiogroup", { name: "Deposit, rule for 61 records" });
    const radios = within(rule).getAllByRole<HTMLInputElement>("radio");
    expect(within(rule).getAllByText(/./).map((one) => one.textContent).filter((text) => /^(Use|Higher|Decide)/.test(text ?? ""))).toEqual(
      expect.arrayContaining(["Use server's", "Use mine", "Higher of the two", "Decide later"]),
    );
    expect(radios.some((radio) => radio.checked)).toBe(false);
    const go = within(pane()).getByRole("button", { name: "Decide 61" });
    expect(go.getAttribute("aria-disabled")).toBe("true");
    go.click();
    await settled();
    expect(backend.calls).not.toContain("start_batch");
    expect(document.activeElement).toBe(radios[0]);
    expect(screen.getByText("Choose a rule for Deposit first.")).toBeTruthy();
  });

  it("shows a sample and all, names who is left out, and is confirmed once", async () => {
    await shown();
    within(pane()).getByRole("radio", { name: "Use server's" }).click();
    await settled();
    expect(within(pane()).getByText("61 of 64 ready")).toBeTruthy();
    expect(pane().querySelectorAll("tr[data-row]")).toHaveLength(5);
    within(pane()).getByRole("radio", { name: "All 61" }).click();
    await settled();
    expect(pane().querySelectorAll("tr[data-row]").length).toBeGreaterThan(20);
    expect(within(pane()).getByText("3 of the 64 are left out and stay open")).toBeTruthy();
    expect(within(pane()).getByText("Leaf blower, Rotary hammer and Wet vacuum: now also differs in Notes.")).toBeTruthy();
    within(pane()).getByRole("button", { name: "Use server's for 61" }).click();
    await settled();
    expect(backend.many.started).toHaveLength(1);
    expect(within(pane()).getByRole("heading", { level: 1 }).textContent).toContain("Deposit, use server's, 61");
    expect(document.activeElement?.tagName).toBe("H1");
    expect(within(pane()).getByRole("button", { name: "Stop after this one" })).toBeTruthy();
  });

  it("is decided only for the records that the filter shows", async () => {
    await shown();
    const find = screen.getByRole<HTMLInputElement>("searchbox", { name: "Find a record" });
    await fireEvent.input(find, { target: { value: "angle" } });
    await settled();
    const left = Number(document.querySelector(".shape-n")?.textContent);
    within(pane()).getByRole("radio", { name: "Use server's" }).click();
    await settled();
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(20);
    expect(within(pane()).getByText(new RegExp(`^Only ${left} of 64: those the filter shows`))).toBeTruthy();
    within(pane()).getByRole("button", { name: `Use server's for ${left}` }).click();
    await settled();
    expect(backend.many.started[0]?.members).toHaveLength(left);
  });

  it("is for all again when the filter is taken away, and the rule stays", async () => {
    await shown();
    const find = screen.getByRole<HTMLInputElement>("searchbox", { name: "Find a record" });
    await fireEvent.input(find, { target: { value: "angle" } });
    await settled();
    within(pane()).getByRole("radio", { name: "Use mine" }).click();
    await settled();
    await fireEvent.input(find, { target: { value: "" } });
    await settled();
    expect(within(pane()).getByRole("button", { name: "Use mine for 61" })).toBeTruthy();
  });

  it("keeps what was said about it while another one is looked at, and forgets it once carried out", async () => {
    await shown();
    within(pane()).getByRole("radio", { name: "Use server's" }).click();
    await settled();
    const groups = screen.getAllByRole("treeitem").filter((one) => one.getAttribute("aria-level") === "1");
    groups.find((one) => one.textContent?.includes("Loans"))?.click();
    await settled();
    expect(within(pane()).getAllByRole<HTMLInputElement>("radio").some((radio) => radio.checked)).toBe(false);
    groups[0]?.click();
    await settled();
    expect(within(pane()).getByRole<HTMLInputElement>("radio", { name: "Use server's" }).checked).toBe(true);
    within(pane()).getByRole("button", { name: "Use server's for 61" }).click();
    await settled();
    screen.getAllByRole("treeitem").find((one) => one.getAttribute("aria-level") === "1")?.click();
    await settled();
    expect(within(pane()).queryAllByRole<HTMLInputElement>("radio").some((radio) => radio.checked)).toBe(false);
  });

  it("makes a rule only by the box that says so", async () => {
    await shown();
    const box = within(pane()).getByRole<HTMLInputElement>("checkbox", { name: /Use this for similar ones from now on/ });
    expect(box.checked).toBe(false);
    within(pane()).getByRole("radio", { name: "Higher of the two" }).click();
    await settled();
    box.click();
    await settled();
    within(pane()).getByRole("button", { name: "Higher of the two for 61" }).click();
    await settled();
    expect(backend.many.started[0]?.keep).toEqual(["deposit"]);
  });

  it("shows a rule there is, with its switch", async () => {
    backend.many.rules = [{ id: "4", source: "Tool library", collection: "Tools", pattern: "deposit", field: "Deposit", rule: "theirs", how: null, with: [], enabled: true, made_at: 0 }];
    await shown();
    within(pane()).getByRole<HTMLInputElement>("switch", { name: "Rule for Deposit" }).click();
    await settled();
    expect(backend.many.rules[0]?.enabled).toBe(false);
    within(pane()).getByRole("button", { name: "Remove rule" }).click();
    await settled();
    expect(backend.many.rules).toEqual([]);
  });

  it("asks what happens to records deleted on the server in words of their own", async () => {
    await shown();
    const line = screen.getAllByRole("treeitem").find((one) => one.textContent?.includes("Loans"));
    line?.click();
    await settled();
    within(pane()).getByRole("radio", { name: "Bring them back with my changes" }).click();
    await settled();
    expect(within(pane()).getByRole("button", { name: "Bring 4 back with my changes" })).toBeTruthy();
    expect(within(pane()).queryByRole("checkbox")).toBeNull();
  });

  it("is not offered to bring records back where the server takes no new ones", async () => {
    const group = needsYou.groups.find((one) => one.kind === "edit_delete");
    if (!group) throw new Error("no deleted records");
    backend.sources = [{ ...source, name: group.source, collections: [{ ...source.collections[0]!, title: group.collection, can_create: false }] }];
    await shown();
    screen.getAllByRole("treeitem").find((one) => one.textContent?.includes(group.collection) && one.textContent.includes("deleted on the server"))?.click();
    await settled();
    expect(within(pane()).getAllByRole("radio").map((one) => one.closest("label")?.textContent?.trim())).toEqual(["Let them be deleted", "Decide later"]);
  });
});

describe("a batch", () => {
  it("that stopped in the middle is shown at once, and waits", async () => {
    backend.many.batch = { ...runningBatch(), state: "stopped", interrupted: true };
    await shown();
    expect(within(pane()).getAllByText("Matchbook was closed in the middle. Nothing more is sent until you say so.").length).toBeGreaterThan(0);
    within(pane()).getByRole("button", { name: "Go on with 54" }).click();
    await settled();
    expect(backend.calls).toContain("go_on_batch");
  });

  it("says what became of each, only problems on request, and is undone as a whole", async () => {
    backend.many.batch = runningBatch();
    await shown();
    expect(within(pane()).getByText("7 of 61 done")).toBeTruthy();
    expect(within(pane()).getByText("5 sent, 1 changed again, 1 refused")).toBeTruthy();
    within(pane()).getByRole("switch", { name: "Only problems" }).click();
    await settled();
    expect(within(pane()).getAllByRole("row").map((row) => row.textContent?.trim().replace(/\s+/g, " "))).toEqual([
      "Changed again Circular saw stays open, the server now says 38.00", 'Refused Dehumidifier "must be a multiple of 5", in Outbox',
    ]);
    within(pane()).getByRole("button", { name: "Undo all 5" }).click();
    await settled();
    expect(backend.calls).toContain("undo_batch");
  });

  it("says after an undo what still waits in the Outbox, until nothing does", async () => {
    const batch = runningBatch();
    backend.many.batch = batch;
    await shown();
    backend.many.batch = { ...batch, state: "undone", undoable: 0, items: batch.items.map((item) => (item.state === "sent" ? { ...item, undone: "written_back" } : item)) };
    backend.many.outbox = ["run-0", "run-1", "other"];
    backend.tell({ what: "batch_changed", batch: "1" });
    await settled();
    expect(within(pane()).getAllByText("Undone. What had been sent is being taken back: 2 wait in the Outbox. Each needs you again after that.").length).toBeGreaterThan(0);
    backend.many.outbox = ["other"];
    backend.tell({ what: "outbox_changed" });
    await settled();
    expect(within(pane()).getAllByText("Undone. What had been sent is being taken back. Each needs you again after that.").length).toBeGreaterThan(0);
    backend.many.batch = { ...batch, state: "undone", undoable: 0, items: batch.items.map((item) => (item.state === "sent" ? { ...item, undone: "open_again" } : item)) };
    backend.tell({ what: "batch_changed", batch: "1" });
    await settled();
    expect(within(pane()).getAllByText("Undone. 5 need you again.").length).toBeGreaterThan(0);
  });

  it("speaks at the start, in the middle and at the end", async () => {
    const said: string[] = [];
    await shown();
    const say = vi.spyOn(app.live, "say").mockImplementation((words: string) => void said.push(words));
    within(pane()).getByRole("radio", { name: "Use mine" }).click();
    await settled();
    within(pane()).getByRole("button", { name: "Use mine for 61" }).click();
    await settled();
    for (const [done, state] of [[10, "running"], [40, "running"], [50, "running"], [61, "done"]] as const) {
      if (backend.many.batch) backend.many.batch = { ...backend.many.batch, done, sent: done, state };
      backend.tell({ what: "batch_changed", batch: "1" });
      await settled();
    }
    expect(said).toEqual(["61 records decided. They are sent in the background.", "Half of them are done.", "Done. Your versions stay in the history. 61 sent."]);
    say.mockRestore();
  });
});

describe("beside the list", () => {
  it("merges that are not in it can be practised and opened from its head", async () => {
    await shown();
    screen.getByRole("button", { name: "More" }).click();
    await settled();
    expect(screen.getAllByRole("menuitem").map((one) => one.textContent?.trim())).toEqual(["Practice a merge", "Open an exported merge"]);
    screen.getByRole("menuitem", { name: "Practice a merge" }).click();
    expect(app.nav.at.place).toBe("practice");
  });

  it("what needs no choice is sent from the palette, too, only from here", async () => {
    await shown();
    const lines = () => allCommands(app).filter((one) => one.id === "needs-you-send-ready");
    const ready = needsYou.groups.flatMap((group) => group.records).filter((record) => record.open === 0 && !record.look).length;
    expect(lines().map((one) => one.title)).toEqual(ready > 0 ? [expect.stringMatching(/^Send .*that need no choice|^Send it/)] : []);
    lines()[0]?.run();
    await settled();
    expect(backend.many.started.length).toBe(ready > 0 ? 1 : 0);
    app.nav.go({ place: "activity" });
    await settled();
    expect(lines()).toEqual([]);
  });
});
