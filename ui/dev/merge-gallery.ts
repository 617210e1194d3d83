/** Pages of the merge screen, "Needs you" and history: `merge.html?page=02`, with the moment of the pictures. */
import { flushSync, mount, tick } from "svelte";
import AppView from "../src/App.svelte";
import "../src/features";
import "../src/shell/commands";
import type { Argument, Backend, CommandName, Reply } from "../src/lib/backend/backend";
import type { Event, MergeView, SourceView, Status } from "../src/lib/backend/generated/ipc";
import { App } from "../src/lib/state/app.svelte";
import { suggestSettings } from "../src/lib/state/merge-suggest.svelte";
import { sounds } from "../src/lib/sounds.svelte";
import type { Location } from "../src/lib/state/navigation.svelte";
import "../src/styles/index.css";
import { MergeBackend } from "./merge-backend";
import { at, contact, contactAgain, drill, drillLists, ladder, trimmer } from "./merge-data";
import { kinds, noRight, thousand } from "./merge-kinds";
import { ManyBackend, runningBatch } from "./many-backend";
import { historyAnswer, needsYou } from "./merge-lists";

const now = at(10, 46);
Date.now = () => now;

const pages: Record<string, { view?: MergeView; start: Location; then?: (backend: GalleryBackend) => Promise<void> | void }> = {
  "02": { view: drill, start: { place: "merge", key: "drill" } },
  "02b": { view: allDecided(drill), start: { place: "merge", key: "drill" }, then: () => press("Preview and send") },
  "03": { view: trimmer, start: { place: "merge", key: "trimmer" } },
  "03m": { view: ladder, start: { place: "merge", key: "ladder" } },
  "04": { view: contact, start: { place: "merge", key: "leah" }, then: (backend) => backend.changeAgain() },
  "04b": { view: contact, start: { place: "merge", key: "leah" }, then: async (backend) => { await backend.changeAgain(); document.querySelector<HTMLElement>(".bar .btn")?.click(); await settle(); } },
  source: { view: drill, start: { place: "merge", key: "drill" }, then: () => press("Show source") },
  kinds: { view: kinds, start: { place: "merge", key: "kinds" }, then: () => press("More") },
  "kinds-open": { view: kinds, start: { place: "merge", key: "kinds" } },
  suggest: { view: drill, start: { place: "merge", key: "drill" }, then: () => suggestSettings.set("mine") },
  "settings-merge": { start: { place: "settings", tab: "merge" }, then: () => { suggestSettings.set("rule"); sounds.set(true); } },
  many: { view: thousand, start: { place: "merge", key: "many" } },
  "no-right": { view: noRight, start: { place: "merge", key: "kinds" } },
  f1: { view: drill, start: { place: "merge", key: "drill" }, then: () => void document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "F1", bubbles: true, cancelable: true })) },
  keys: { start: { place: "settings", tab: "keys" } },
  palette: { view: drill, start: { place: "merge", key: "drill" }, then: () => void document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true, cancelable: true })) },
  automatic: { view: kinds, start: { place: "merge", key: "kinds" }, then: async () => { document.querySelector<HTMLElement>('[aria-label^="Put together"]')?.click(); await settle(); document.querySelector(".auto-box")?.scrollIntoView(); } },
  whole: { view: drill, start: { place: "merge", key: "drill" }, then: () => press("Edit whole text") },
  program: { view: drill, start: { place: "merge", key: "drill" }, then: async () => { await press("More"); await press("Open in another program"); } },
  export: { view: drill, start: { place: "merge", key: "drill" }, then: async () => { await press("More"); await press("Export for support"); } },
  "05": { start: { place: "needs-you" }, then: () => choose("Use server's") },
  "05-time": { start: { place: "needs-you" }, then: () => press2("By shape", "By time") },
  "05-collection": { start: { place: "needs-you" }, then: () => press2("By shape", "By collection") },
  "05-open": { start: { place: "needs-you" } },
  "05-two": { start: { place: "needs-you" }, then: () => chooseGroup("Notes") },
  "05-deleted": { start: { place: "needs-you" }, then: () => chooseGroup("Loans") },
  "05b": { start: { place: "needs-you" } },
  "05b-stopped": { start: { place: "needs-you" } },
  "05-many": { start: { place: "needs-you" } },
  "05-empty": { start: { place: "needs-you" } },
  "08": { start: { place: "history", key: "drill" }, then: () => chooseVersion("Edited here") },
};

function allDecided(view: MergeView): MergeView {
  return { ...view, rows: view.rows.map((row) => (row.open && row.standing === "undecided" ? { ...row, standing: "decided", choice: "mine", result: row.mine, provenance: "mine" } : row)) };
}

const grades: [string, "protected" | "partly" | "unprotected", [string, number][]][] = [
  ["Tool library", "protected", [["Tools", 214], ["Loans", 86]]], ["Neighbours", "protected", [["Contacts", 312]]],
  ["Repair café", "partly", [["Cases", 57], ["Parts", 140]]], ["Plot notes", "unprotected", [["Notes", 38]]],
];
const sources: SourceView[] = grades.map(([name, grade, collections]) => ({
  name, url: "http://127.0.0.1/", family: "rest", grade, allow_unprotected: false, policy: "review", demo: false, synced_at: at(10, 42),
  collections: collections.map(([title, count]) => ({ name: title.toLowerCase(), title, noun: title.slice(0, -1).toLowerCase(), count, grade, can_create: true })),
}));
const status: Status = { connection: "online", synced_at: at(10, 42), saved_at: at(10, 46), records: 847, outbox: 9, needs_you: 3, event: 1 };

class GalleryBackend implements Backend {
  many = new ManyBackend(needsYou);
  #merge: MergeBackend;
  #page: string;
  #handlers = new Set<(event: Event) => void>();
  #number = 1;

  constructor(page: string, view: MergeView) {
    this.#page = page;
    if (page === "05-empty") this.many.list = { total: 0, groups: [] };
    if (page === "05-many") this.many.list = { total: 1000, groups: [{ ...needsYou.groups[0]!, records: Array.from({ length: 1000 }, (_, index) => ({ ...needsYou.groups[0]!.records[index % 64]!, key: `m${index}` })) }] };
    if (page.startsWith("05b")) {
      this.many.batch = { ...runningBatch(), ...(page === "05b-stopped" ? { state: "stopped", interrupted: true } : {}) };
      const [first, ...others] = needsYou.groups;
      if (first) this.many.list = { total: 68, groups: [...others, { ...first, records: first.records.filter((record) => record.title === "Circular saw") }] };
    }
    this.#merge = new MergeBackend(view, view.key === "drill" ? drillLists : undefined);
  }

  async call<K extends CommandName>(name: K, argument: Argument<K>): Promise<Reply<K>> {
    const known: Partial<Record<CommandName, unknown>> = {
      status: this.#page.startsWith("05") ? { ...status, outbox: this.#page.startsWith("05b") ? 55 : 0, needs_you: this.many.list.total } : status, sources,
      tour: { active: false, step: 5 },
    };
    const answer = known[name] ?? this.many.answer(name, argument) ?? historyAnswer(name, argument);
    return answer === undefined ? this.#merge.call(name, argument) : (answer as Reply<K>);
  }

  onEvent(handler: (event: Event) => void): () => void {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  async changeAgain(seen = contactAgain.seen): Promise<void> {
    this.#merge.view = { ...contactAgain, seen };
    for (const tell of this.#handlers) tell({ number: ++this.#number, changes: [{ what: "conflict_changed", key: "leah" }] });
    await settle();
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((done) => setTimeout(done, 10));
  await tick();
}

async function press(label: string): Promise<void> {
  const button = [...document.querySelectorAll("button")].find((one) => one.textContent?.trim().replace(/Ctrl.*/, "").startsWith(label));
  button?.click();
  await settle();
}

async function press2(first: string, second: string): Promise<void> {
  await press(first);
  [...document.querySelectorAll<HTMLElement>('[role^="menuitem"]')].find((one) => one.textContent?.trim().startsWith(second))?.click();
  await settle();
}

async function choose(label: string): Promise<void> {
  const radio = [...document.querySelectorAll<HTMLElement>(".rule label")].find((one) => one.textContent?.trim() === label);
  radio?.querySelector<HTMLElement>("input")?.click();
  await settle();
}

async function chooseGroup(field: string): Promise<void> {
  const line = [...document.querySelectorAll<HTMLElement>('[role="treeitem"][aria-level="1"]')].find((one) => one.textContent?.includes(field));
  line?.click();
  await settle();
}

async function chooseVersion(title: string): Promise<void> {
  const line = [...document.querySelectorAll<HTMLElement>('[role="option"]')].find((one) => one.querySelector("b")?.textContent === title);
  line?.click();
  await settle();
}

async function show(): Promise<void> {
  const asked = new URLSearchParams(location.search);
  const name = asked.get("page") ?? "02";
  const page = pages[name];
  const target = document.getElementById("app");
  if (!page || !target) return;
  localStorage.clear();
  if (name.startsWith("04")) localStorage.setItem("merge-automatic-open", "yes");
  const backend = new GalleryBackend(name, page.view ?? drill);
  const app = new App(backend, page.start);
  // For checks by hand and by script.
  Object.assign(window, { app, backend });
  void app.start();
  mount(AppView, { target, props: { app } });
  flushSync();
  await settle();
  await page.then?.(backend);
  document.documentElement.dataset.ready = "yes";
}

void show();
