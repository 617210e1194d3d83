/** The window as a person and a screen reader meet it, with the gallery's data. */
import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { needsYou } from "../dev/merge-lists";
import { scenes } from "../dev/scenes";
import { FixtureBackend, viewOf } from "../dev/fixture/backend";
import type { GroupRule } from "./lib/backend/generated/ipc";
import AppView from "./App.svelte";
import "./features";
import { App } from "./lib/state/app.svelte";
import { sendingNotice } from "./lib/state/sent-notice";
import "./shell/commands";

async function show(name: string) {
  const scene = scenes[name];
  if (!scene) throw new Error(name);
  const backend = new FixtureBackend(scene.world());
  const app = new App(backend, scene.at);
  render(AppView, { props: { app } });
  await app.start();
  scene.then?.(app);
  return { app, backend };
}
const textbox = (name: RegExp | string) => screen.findByRole<HTMLInputElement>("textbox", { name });
const called = (backend: FixtureBackend, name: string) => backend.calls.filter((call) => call.name === name).map((call) => call.argument);

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = "";
});

describe("the frame", () => {
  it("has landmarks, and counts in the names of the links", async () => {
    await show("main");
    const places = await screen.findByRole("navigation", { name: "Places" });
    for (const name of ["All records, 847", "Needs you, 3", "Outbox, 9", "Activity", "Tools, 214"]) {
      expect(within(places).getByRole("link", { name: (found) => found.replace(/\s+/g, " ").replace(" ,", ",") === name })).toBeTruthy();
    }
    expect(within(places).getByRole("link", { name: /Tools/ }).getAttribute("aria-current")).toBe("page");
    expect(screen.getByRole("main")).toBeTruthy();
    const status = screen.getByRole("contentinfo", { name: "Status" });
    expect(status.textContent).toContain("Sending 1 of 5");
    expect(status.textContent?.replace(/\s+/g, " ")).toContain("9 in Outbox, 3 need you");
    expect(document.querySelectorAll("[aria-live]").length).toBeGreaterThanOrEqual(2);
  });

  it("switches to working offline and says so", async () => {
    const { backend, app } = await show("main");
    await fireEvent.click(await screen.findByRole("switch", { name: "Work offline" }));
    await waitFor(() => expect(within(screen.getByRole("contentinfo")).getByText("Working offline")).toBeTruthy());
    expect(called(backend, "set_offline")).toEqual([{ offline: true }]);
    await waitFor(() => expect(app.live.polite).toContain("Working offline"));
  });

  it("opens the palette with Ctrl+K and finds records", async () => {
    const { app } = await show("main");
    await textbox(/^Name/);
    await fireEvent.keyDown(window, { key: "k", ctrlKey: true });
    const box = await screen.findByRole("combobox", { name: "Command or record" });
    await fireEvent.input(box, { target: { value: "jigsaw" } });
    const found = await screen.findByRole("option", { name: /Jigsaw/ });
    await fireEvent.click(found);
    expect(app.overlay).toBeUndefined();
    expect(app.nav.at).toMatchObject({ place: "records", key: "t-033" });
  });

  it("goes to the places with Ctrl+1 to Ctrl+4", async () => {
    const { app } = await show("main");
    for (const [key, place] of [["3", "outbox"], ["4", "activity"], ["2", "needs-you"], ["1", "records"]] as const) {
      await fireEvent.keyDown(window, { key, ctrlKey: true });
      expect(app.nav.at.place).toBe(place);
    }
  });
});

describe("the form", () => {
  it("saves what is typed and says what it was before", async () => {
    const { backend } = await show("main");
    const deposit = await textbox(/^Deposit/);
    expect(deposit.value).toBe("30.00");
    await fireEvent.focus(deposit);
    await fireEvent.input(deposit, { target: { value: "32.50" } });
    expect(called(backend, "save_edit")).toEqual([]);
    await fireEvent.blur(deposit);
    await waitFor(() =>
      expect(called(backend, "save_edit")).toEqual([{ key: "t-118", based_on_rev: 3, operations: [{ op: "set", pointer: "/deposit", json: "32.50" }] }]),
    );
    expect(screen.getByText(/Before: 20.00 EUR/)).toBeTruthy();
  });

  it("keeps a focused field when the record is read again", async () => {
    const { backend } = await show("main");
    const name = await textbox(/^Name/);
    await fireEvent.focus(name);
    await fireEvent.input(name, { target: { value: "Cordless" } });
    backend.find("t-118").doc["name"] = "Something else";
    backend.tell([{ what: "records_changed", keys: ["t-118"] }]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(name.value).toBe("Cordless");
  });

  it("says what is wrong with a number and saves nothing", async () => {
    const { backend } = await show("main");
    const deposit = await textbox(/^Deposit/);
    await fireEvent.focus(deposit);
    await fireEvent.input(deposit, { target: { value: "a lot" } });
    await fireEvent.blur(deposit);
    expect(await screen.findByText("A number, for example 12.50")).toBeTruthy();
    expect(deposit.getAttribute("aria-invalid")).toBe("true");
    expect(called(backend, "save_edit")).toEqual([]);
  });

  it("puts back the value before", async () => {
    const { backend } = await show("main");
    await textbox(/^Deposit/);
    const button = screen.getAllByRole("button", { name: "Put back" })[0];
    if (button) await fireEvent.click(button);
    await waitFor(() => expect(backend.find("t-118").doc["deposit"]).toBe(20));
  });

  it("removes and adds tags by their place in the list", async () => {
    const { backend } = await show("main");
    await fireEvent.click(await screen.findByRole("button", { name: "Remove tag 18 V" }));
    await waitFor(() => expect(backend.find("t-118").doc["tags"]).toEqual(["power tool", "needs briefing"]));
    await fireEvent.click(await screen.findByRole("button", { name: "Add tag" }));
    const box = await screen.findByRole("textbox", { name: "New tag" });
    await fireEvent.input(box, { target: { value: "loud" } });
    await fireEvent.keyDown(box, { key: "Enter" });
    await waitFor(() => expect(backend.find("t-118").doc["tags"]).toEqual(["power tool", "needs briefing", "loud"]));
  });

  it("takes in what the server changed", async () => {
    const { backend } = await show("main");
    await fireEvent.click(await screen.findByRole("button", { name: "Take it in now" }));
    expect(called(backend, "take_in_now")).toEqual([{ key: "t-118" }]);
  });
});

describe("the list", () => {
  it("moves with the arrows, opens with Enter, and has few rows for 100,000 records", async () => {
    const { app } = await show("many");
    const list = await screen.findByRole("grid", { name: "Tools" });
    await waitFor(() => expect(list.getAttribute("aria-rowcount")).toBe("100000"));
    await waitFor(() => expect(within(list).getAllByRole("row").length).toBeGreaterThan(5));
    expect(within(list).getAllByRole("row").length).toBeLessThanOrEqual(60);
    await fireEvent.keyDown(list, { key: "ArrowDown" });
    await fireEvent.keyDown(list, { key: "ArrowDown" });
    expect(app.nav.at.key).toBe("t-102");
  });

  it("deletes with Del, goes to the next row and offers undo", async () => {
    const { app, backend } = await show("main");
    const list = await screen.findByRole("grid", { name: "Tools" });
    await waitFor(() => expect(list.getAttribute("aria-activedescendant")).toBeTruthy());
    await fireEvent.keyDown(list, { key: "Delete" });
    await waitFor(() => expect(called(backend, "delete_record")).toEqual([{ key: "t-118" }]));
    await waitFor(() => expect(app.nav.at.key).toBe("t-077"));
    await fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(called(backend, "take_back")).toEqual([{ key: "t-118" }]));
  });

  it("says what was looked for when nothing matches", async () => {
    await show("main");
    const filter = await screen.findByRole("searchbox", { name: "Filter tools" });
    await fireEvent.input(filter, { target: { value: "ladr" } });
    expect(await screen.findByText('No tool matches "ladr"')).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Clear filter" }));
    expect(await screen.findByText("Belt sander")).toBeTruthy();
  });
});

describe("the outbox", () => {
  it("groups the entries and shows the exact request", async () => {
    await show("outbox");
    // Without a layout the list shows its first rows only.
    for (const title of ["Look at these", "Waiting"]) expect(await screen.findByText(title)).toBeTruthy();
    expect(await screen.findByText("https://tools.riverside.example/api/tools/118")).toBeTruthy();
    expect(screen.getByText('"118-6f2c91"')).toBeTruthy();
  });

  it("sends again only after the refused field changed", async () => {
    const { backend } = await show("rejected");
    const again = await screen.findByRole("button", { name: "Send again" });
    const deposit = await textbox(/^Deposit/);
    expect(again.getAttribute("aria-disabled")).toBe("true");
    await fireEvent.click(again);
    expect(document.activeElement).toBe(deposit);
    expect(called(backend, "send_now")).toEqual([]);
    await fireEvent.input(deposit, { target: { value: "15.00" } });
    await waitFor(() => expect(again.getAttribute("aria-disabled")).toBeNull());
  });
});

describe("sources", () => {
  it("asks before anything is deleted", async () => {
    const { backend } = await show("guard");
    expect(await screen.findByText("The server now lists 0 of 214 tools. Keep them here?")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Keep them here" }));
    expect(called(backend, "answer_guard")).toEqual([{ source: "Tool library", collection: "tools", keep: true }]);
  });

  it("begins with two ways side by side", async () => {
    const { app } = await show("first");
    expect(await screen.findByRole("button", { name: "Try it with a sample" })).toBeTruthy();
    const add = screen.getByRole("button", { name: "Add a source" });
    await fireEvent.click(add);
    expect(app.nav.at.place).toBe("add-source");
    expect(await screen.findByRole("textbox", { name: "Address" })).toBeTruthy();
  });

  it("leads through the four steps and takes the source away again on Cancel", async () => {
    const { backend } = await show("address");
    const address = await screen.findByRole("textbox", { name: "Address" });
    await fireEvent.input(address, { target: { value: "https://repair.riverside.example/api/cases" } });
    await fireEvent.blur(address);
    expect(await screen.findByText(/Found a list of 57 records/)).toBeTruthy();
    const go = screen.getByRole("button", { name: "Go on: sign-in" });
    await waitFor(() => expect(go.getAttribute("aria-disabled")).toBeNull());
    await fireEvent.submit(go.closest("form") ?? document.forms[0] ?? go);
    await fireEvent.submit((await screen.findByLabelText("User name")).closest("form") ?? go);
    expect(await screen.findByText("Refuses a write based on an old version")).toBeTruthy();
    expect(called(backend, "add_source")).toMatchObject([{ name: "Repair", collections: ["cases", "parts"] }]);
    await fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(called(backend, "remove_source")).toEqual([{ name: "Repair", discard_unsent: false }]));
  });
});

describe("the focus after a change of place", () => {
  const focus = () => document.activeElement;

  it("is on the list, the heading of an empty place, and never on the page", async () => {
    const { app } = await show("outbox-empty");
    const heading = await screen.findByRole("heading", { name: "Outbox" });
    await waitFor(() => expect(focus()).toBe(heading));
    app.nav.go({ place: "records", source: "Tool library", collection: "tools" });
    const list = await screen.findByRole("grid", { name: "Tools" });
    await waitFor(() => expect(focus()).toBe(list));
    app.nav.go({ place: "needs-you" });
    await screen.findByText("Nothing needs you");
    await waitFor(() => expect(focus()).toBe(screen.getByRole("heading", { name: "Needs you" })));
    app.nav.go({ place: "settings" });
    await waitFor(() => expect(focus()?.tagName).toBe("H1"));
    expect(focus()?.isConnected).toBe(true);
  });

  it("goes to the tree of Needs you as soon as it is read, and F6 finds it", async () => {
    const { app, backend } = await show("outbox-empty");
    backend.answers.needs_you = () => needsYou;
    app.nav.go({ place: "needs-you" });
    await waitFor(() => expect(focus()?.getAttribute("role")).toBe("treeitem"));
    const item = focus();
    screen.getByRole("switch", { name: "Work offline" }).focus();
    for (let tried = 0; tried < 6 && focus() !== item; tried++) await fireEvent.keyDown(window, { key: "F6" });
    expect(focus()).toBe(item);
  });

  it("leaves the focus where it is", async () => {
    const { app } = await show("main");
    await textbox(/^Name/);
    const offline = screen.getByRole("switch", { name: "Work offline" });
    offline.focus();
    app.nav.go({ place: "outbox" });
    await screen.findByRole("grid", { name: "Outbox" });
    expect(focus()).toBe(offline);
  });
});

describe("fields a record does not have", () => {
  it("wait behind one button, and stay once shown", async () => {
    const { app, backend } = await show("all");
    const doc = backend.find("t-031").doc;
    delete doc["keeper"];
    delete doc["next_check"];
    app.nav.go({ place: "records", source: "Tool library", collection: "tools", key: "t-031" });
    const more = await screen.findByRole("button", { name: "2 more fields" });
    expect(more.getAttribute("aria-expanded")).toBe("false");
    expect(screen.queryByRole("textbox", { name: /^Looked after by/ })).toBeNull();
    await fireEvent.click(more);
    const keeper = await textbox(/^Looked after by/);
    expect(document.activeElement).toBe(await textbox(/^Next safety check/));
    await fireEvent.focus(keeper);
    await fireEvent.input(keeper, { target: { value: "Ines" } });
    await fireEvent.blur(keeper);
    await waitFor(() => expect(backend.find("t-031").doc["keeper"]).toBe("Ines"));
    await fireEvent.click(screen.getByRole("button", { name: "Hide empty fields" }));
    expect(await screen.findByRole("button", { name: "1 more field" })).toBeTruthy();
    expect(await textbox(/^Looked after by/)).toBeTruthy();
  });
});

describe("what is refused", () => {
  it("is named by its field in the list", async () => {
    await show("outbox");
    expect(await screen.findByText("Deposit refused")).toBeTruthy();
  });
});

describe("the title of the window", () => {
  it.each([["first", "Matchbook"], ["settings", "Settings - Matchbook"]])("%s: %s", async (scene, title) => {
    await show(scene);
    await waitFor(() => expect(document.title).toBe(title));
  });
});

describe("a new record", () => {
  it("says that nothing empty is sent, until something is written", async () => {
    const { backend } = await show("main");
    const usual = backend.find("t-118");
    backend.answers.record = () => ({ ...viewOf(usual), edit: "create", state: "edited", held: true, changed: [] });
    backend.tell([{ what: "records_changed", keys: ["t-118"] }]);
    expect(await screen.findByText("Not sent before you fill it in.")).toBeTruthy();
    expect(screen.queryByText(/Kept back by you/)).toBeNull();
    backend.answers.record = () => ({ ...viewOf(usual), edit: "create", state: "edited", held: true, changed: ["Name"] });
    backend.tell([{ what: "records_changed", keys: ["t-118"] }]);
    expect(await screen.findByText(/Kept back by you/)).toBeTruthy();
  });
});

describe("news that a record is being sent", () => {
  const news = { tone: "news", icon: "check", words: "It is sent now." } as const;

  it("goes once the record is sent, not before", async () => {
    const { app, backend } = await show("main");
    sendingNotice(app, ["t-118"], news);
    await waitFor(() => expect(backend.count("outbox")).toBe(1));
    backend.tell([{ what: "outbox_changed" }]);
    await waitFor(() => expect(backend.count("outbox")).toBe(2));
    expect(await screen.findByText("It is sent now.")).toBeTruthy();
    backend.world.outbox = backend.world.outbox.filter((entry) => entry.key !== "t-118");
    backend.tell([{ what: "outbox_changed" }]);
    await waitFor(() => expect(screen.queryByText("It is sent now.")).toBeNull());
  });

  it.each([
    ["synced", "It is sent."],
    ["needs_you", "It changed on the server since. Choose what stays."],
    ["rejected", undefined],
  ] as const)("says what became of it: %s", async (state, words) => {
    const { app, backend } = await show("main");
    sendingNotice(app, ["t-118"], news, { tone: "news", icon: "check", words: "It is sent." });
    backend.find("t-118").state = state;
    backend.world.outbox = backend.world.outbox.filter((entry) => entry.key !== "t-118");
    backend.tell([{ what: "outbox_changed" }]);
    await waitFor(() => expect(app.notices.shown?.words).toBe(words));
  });

  it("is not said at all when it was sent before anybody could say it", async () => {
    const { app, backend } = await show("main");
    backend.world.outbox = [];
    backend.find("t-118").state = "synced";
    sendingNotice(app, ["t-118"], news, { tone: "news", icon: "check", words: "It is sent." });
    await waitFor(() => expect(app.notices.shown?.words).toBe("It is sent."));
  });

  it("goes with the next move", async () => {
    const { app } = await show("main");
    sendingNotice(app, ["t-118"], news);
    app.nav.go({ place: "outbox" });
    expect(app.notices.shown).toBeUndefined();
  });
});

describe("Needs you", () => {
  it("says the noun, and the field whose values are shown", async () => {
    const { app, backend } = await show("outbox-empty");
    const value = (text: string) => ({ type: "text" as const, text, json: JSON.stringify(text) });
    backend.answers.needs_you = () => ({
      total: 1,
      groups: [{ source: "Tool library", collection: "Tools", noun: "tool", kind: "edit_edit", fields: ["Status", "Deposit"], patterns: ["status", "deposit"], records: [
        { key: "t-118", title: "Cordless drill 18 V", open: 2, decided: 0, automatic: 0, look: false, mine_at: 0, seen_at: 0, theirs: value("In repair"), mine: value("On loan") },
      ] }],
    });
    const cell = { before: value("Available"), theirs: value("In repair"), mine: value("On loan"), by_hand: false, more: 0 };
    const field = { rules: ["theirs", "mine", "later"] as GroupRule[], numeric: false };
    backend.answers.group_plan = () => ({
      fields: [{ ...field, pattern: "status", label: "Status" }, { ...field, pattern: "deposit", label: "Deposit" }], left_out: [], complete: false, writes: 1,
      rows: [{ key: "t-118", title: "Cordless drill 18 V", seen: "s", writes: true, cells: [cell, cell] }],
    });
    backend.answers.batches = () => [];
    app.nav.go({ place: "needs-you" });
    expect(await screen.findByRole("heading", { name: /^1 tool, Status and Deposit/ })).toBeTruthy();
    // A line for each field of a record: whose values they are is said beside them.
    expect(await screen.findByRole("radiogroup", { name: "Status, rule for 1 record" })).toBeTruthy();
    const cells = screen.getAllByRole("row").slice(1).map((row) => within(row).getAllByRole("cell")[1]?.textContent);
    expect(cells).toEqual(["Status", "Deposit"]);
  });
});
