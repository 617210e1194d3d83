/** The time machine, Activity and the radar as a person and a screen reader meet them. */
import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { historyAnswer } from "../../../dev/history-data";
import { FixtureBackend, viewOf } from "../../../dev/fixture/backend";
import { scenes } from "../../../dev/scenes";
import AppView from "../../App.svelte";
import "..";
import { App } from "../../lib/state/app.svelte";
import type { Location } from "../../lib/state/navigation.svelte";
import "../../shell/commands";

async function show(name: string, at?: Location) {
  const scene = scenes[name];
  if (!scene) throw new Error(name);
  const backend = new FixtureBackend(scene.world());
  const app = new App(backend, at ?? scene.at);
  return { app, backend, start: async () => { render(AppView, { props: { app } }); await app.start(); } };
}
const called = (backend: FixtureBackend, name: string) => backend.calls.filter((call) => call.name === name).map((call) => call.argument);

async function history() {
  const shown = await show("main", { place: "history", key: "drill" });
  const { backend } = shown;
  for (const name of ["history", "record", "compare_versions", "version"] as const) {
    (backend.answers as Record<string, (argument: unknown) => unknown>)[name] = (argument) => structuredClone(historyAnswer(name, argument));
  }
  await shown.start();
  return shown;
}

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = "";
});

describe("the time machine", () => {
  it("tells what, who and why, and compares with any other version by keyboard alone", async () => {
    const { backend } = await history();
    const versions = await screen.findByRole("listbox", { name: "Versions" });
    const merged = await within(versions).findByRole("option", { name: /Put together and sent.*5 choices by you, 7 automatic/s });
    expect(merged.getAttribute("aria-selected")).toBe("true");
    expect(within(versions).getByRole("option", { name: /Rejected by the server.*"deposit must not be empty"/s })).toBeTruthy();
    // The clock of the server is named where the time is its own.
    expect(within(versions).getByRole("option", { name: /Ines Duarte.*by the server's clock, seen here/s })).toBeTruthy();

    const why = await screen.findByRole("button", { name: /^Why it is as it is/ });
    await fireEvent.click(why);
    expect(await screen.findAllByText("Only the server changed it.")).toHaveLength(2);
    // Three paragraphs of one field: its name once to the eye, with the count.
    const lines = [...document.querySelectorAll(".reasons li")].map((line) => line.textContent?.replace(/\s+/g, " ").trim());
    expect(lines.filter((line) => line?.includes("Notes"))).toEqual([expect.stringMatching(/^Notes, 3 parts mine ?You chose it\. \(2 times\)$/), expect.stringMatching(/^Notes both ?You chose it\.$/)]);

    await fireEvent.keyDown(merged, { key: "ArrowDown" });
    await waitFor(() => expect(called(backend, "compare_versions").at(-1)).toEqual({ key: "drill", from: 12, to: undefined }));
    const menu = screen.getByRole("button", { name: "Compared with: Now" });
    expect(document.querySelector(".hist select")).toBeNull();
    await fireEvent.keyDown(menu, { key: "ArrowDown" });
    await fireEvent.click(await screen.findByRole("menuitemradio", { name: /sent$/i }));
    await waitFor(() => expect(called(backend, "compare_versions").at(-1)).toMatchObject({ from: 6, to: 12 }));
  });

  it("brings a field back, and undoes what was put together to either side", async () => {
    const { app, backend } = await history();
    const [waiting] = backend.world.outbox;
    if (waiting) backend.world.outbox = [{ ...waiting, key: "drill", state: "edited" }];
    const versions = await screen.findByRole("listbox", { name: "Versions" });
    await fireEvent.click(await within(versions).findByRole("option", { name: /Edited here/ }));
    // An older version stands beside now at once: its fields can be brought back.
    await fireEvent.click(await screen.findByRole("button", { name: /^Bring back\s*: Shelf/ }));
    await waitFor(() => expect(called(backend, "bring_back_field")).toEqual([{ key: "drill", version: 11, place: '["shelf"]' }]));

    await fireEvent.click(await within(versions).findByRole("option", { name: /Put together and sent/ }));
    await fireEvent.click(await screen.findByRole("button", { name: "Undo what was put together" }));
    await fireEvent.click(await screen.findByRole("menuitem", { name: "Back to your version before it" }));
    await waitFor(() => expect(called(backend, "undo_merge")).toEqual([{ key: "drill", version: 13, to: "mine" }]));
    await waitFor(() => expect(app.notices.shown?.words).toContain("waits in the Outbox"));
    // It is sent: the same bar says so.
    backend.answers.record = () => ({ ...viewOf(backend.find("t-118")), key: "drill", state: "synced" });
    backend.world.outbox = [];
    backend.tell([{ what: "outbox_changed" }]);
    await waitFor(() => expect(app.notices.shown?.words).toContain("The version before is on the server again."));
  });

  it("writes a file where the person says, and nothing if they say nowhere", async () => {
    const { app, backend } = await history();
    const answers = backend.answers as Record<string, (argument: unknown) => unknown>;
    answers["ask_for_file"] = () => ({});
    answers["export_history"] = () => ({ path: "Documents/drill.csv", records: 1, versions: 14, bytes: 62_000 });
    await fireEvent.click(await screen.findByRole("button", { name: "Export history" }));
    await fireEvent.click(await screen.findByRole("menuitem", { name: /This record, as a table/ }));
    await waitFor(() => expect(called(backend, "ask_for_file")).toEqual([{ name: "Cordless drill 18 V history.csv" }]));
    expect(called(backend, "export_history")).toEqual([]);
    answers["ask_for_file"] = () => ({ path: "Documents/drill.csv" });
    await fireEvent.click(screen.getByRole("button", { name: "Export history" }));
    await fireEvent.click(await screen.findByRole("menuitem", { name: /This record, as a table/ }));
    await waitFor(() => expect(called(backend, "export_history")).toEqual([{ format: "csv", key: "drill", path: "Documents/drill.csv" }]));
    await waitFor(() => expect(app.notices.shown?.words).toContain("14 versions of 1 record written to Documents/drill.csv"));
  });
});

describe("Activity", () => {
  it("says what was put together by itself, and undoes it", async () => {
    const { backend, start } = await show("activity");
    await start();
    expect(await screen.findByText(/Put together by itself: 3 fields from server, 2 from you, of/)).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: /^Undo\s*: put together, Garden shredder/ }));
    await waitFor(() => expect(called(backend, "undo_merge")[0]).toMatchObject({ key: "t-140" }));
  });

  it("finds deleted records and brings them back", async () => {
    const { app, backend, start } = await show("activity");
    (backend.answers as Record<string, (argument: unknown) => unknown>)["restore"] = () => ({ key: "gone-1", state: "edited", rev: 1, saved_at: 0 });
    const [waiting] = backend.world.outbox;
    if (waiting) backend.world.outbox = [{ ...waiting, key: "gone-1", state: "edited" }];
    await start();
    await fireEvent.click(await screen.findByRole("radio", { name: "Deleted records" }));
    const list = await screen.findByRole("list", { name: "Deleted records" });
    expect(list.textContent).toContain("Deleted by you, Tool library, Tools");
    await fireEvent.click(within(list).getByRole("button", { name: /^Bring back\s*: Hedge trimmer/ }));
    await waitFor(() => expect(called(backend, "restore")).toEqual([{ key: "gone-1", version: 5 }]));
    await waitFor(() => expect(app.notices.shown?.words).toContain("Hedge trimmer, petrol is back"));
    await fireEvent.input(screen.getByRole("searchbox", { name: "Filter by name" }), { target: { value: "vac" } });
    await waitFor(() => expect(called(backend, "deleted_records").at(-1)).toMatchObject({ text: "vac" }));
  });
});

describe("how long versions are kept", () => {
  it("is chosen after it is said what would go", async () => {
    const { backend, start } = await show("settings");
    await start();
    const good = await screen.findByRole<HTMLInputElement>("radio", { name: "For good" });
    expect(good.checked).toBe(true);
    expect(document.body.textContent).toContain("3,844 versions take 16.1 MB on this computer.");
    await fireEvent.click(screen.getByRole("radio", { name: "30 days" }));
    expect(await screen.findByText(/2,110 older versions would be removed for good, 8.4 MB. 3 deleted records could not be brought back any more./)).toBeTruthy();
    expect(called(backend, "set_keeping")).toEqual([]);
    await fireEvent.click(screen.getByRole("button", { name: "Keep as before" }));
    await waitFor(() => expect(screen.getByRole<HTMLInputElement>("radio", { name: "For good" }).checked).toBe(true));
    await fireEvent.click(screen.getByRole("radio", { name: "30 days" }));
    await fireEvent.click(await screen.findByRole("button", { name: "Keep so long and remove 2,110 versions" }));
    await waitFor(() => expect(called(backend, "set_keeping")).toEqual([{ days: 30 }]));
    await fireEvent.click(await screen.findByRole("button", { name: "Make the file smaller" }));
    await waitFor(() => expect(called(backend, "shrink_file")).toHaveLength(1));
  });
});

describe("the radar", () => {
  it("watches the record on the screen, as long as it is there", async () => {
    const { app, backend, start } = await show("main");
    await start();
    await screen.findByRole("button", { name: "Take it in now" });
    expect(called(backend, "watch")[0]).toEqual({ key: "t-118", shown: true });
    app.nav.go({ place: "activity" });
    await waitFor(() => expect(called(backend, "watch").at(-1)).toEqual({ shown: true }));
  });

  it("names the field that both changed, and shows both only when asked", async () => {
    const { app, backend, start } = await show("main");
    const record = backend.find("t-118");
    const view = viewOf(record);
    backend.answers.record = ({ key }) =>
      key === "t-118" && view.news ? { ...view, news: { ...view.news, fields: ["Deposit"], overlap: true, both: ["Deposit"] } } : viewOf(backend.find(key));
    await start();
    await screen.findByRole("button", { name: "See both" });
    expect(document.body.textContent).toContain("You changed the same field: Deposit.");
    expect(app.nav.at.place).toBe("records");
    await fireEvent.click(screen.getByRole("button", { name: "See both" }));
    expect(app.nav.at).toMatchObject({ key: "t-118" });
    expect(app.nav.at.place).not.toBe("records");
  });

  it("takes news in without moving the text or the caret", async () => {
    const { backend, start } = await show("main");
    await start();
    const notes = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: /^Notes/ });
    notes.focus();
    await fireEvent.focus(notes);
    const typed = `${notes.value} and one word more`;
    await fireEvent.input(notes, { target: { value: typed } });
    notes.setSelectionRange(5, 9);
    await fireEvent.click(screen.getByRole("button", { name: "Take it in now" }));
    await waitFor(() => expect(called(backend, "take_in_now")).toEqual([{ key: "t-118" }]));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Take it in now" })).toBeNull());
    expect(notes.isConnected).toBe(true);
    expect([notes.value, notes.selectionStart, notes.selectionEnd]).toEqual([typed, 5, 9]);
  });
});
