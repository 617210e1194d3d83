/** A text that came back from another program when its merge was over, as a person and a screen reader meet it. */
import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { history as entries, historyAnswer } from "../../../dev/history-data";
import { FixtureBackend } from "../../../dev/fixture/backend";
import { scenes } from "../../../dev/scenes";
import AppView from "../../App.svelte";
import "..";
import type { UnusedText } from "../../lib/backend/generated/ipc";
import { App } from "../../lib/state/app.svelte";
import type { Location } from "../../lib/state/navigation.svelte";
import { announcements } from "../../shell/announcements";

const back: UnusedText = { id: "drill-11", key: "drill", title: "Cordless drill", program: "Meld", at: 1, version: 11 };

async function show(unused: UnusedText | undefined, at?: Location) {
  const scene = scenes["main"];
  if (!scene) throw new Error("no scene");
  const backend = new FixtureBackend(scene.world());
  for (const name of ["record", "compare_versions", "version"] as const) {
    (backend.answers as Record<string, (argument: unknown) => unknown>)[name] = (argument) => structuredClone(historyAnswer(name, argument));
  }
  backend.answers.history = () => entries.map((one) => (one.version === 11 ? { ...one, program: "Meld" } : one));
  if (unused) backend.world.status.unused = unused;
  const app = new App(backend, at ?? scene.at);
  render(AppView, { props: { app } });
  await app.start();
  return { app, backend };
}
const bar = () => screen.findByText(/came back from Meld was not used/);
const closed = (backend: FixtureBackend) => backend.calls.filter((call) => call.name === "close_unused").map((call) => call.argument);

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = "";
});

describe("a text that was not used", () => {
  it("is told at a start, with the record and where it is, and stays told", async () => {
    const { app } = await show(back);
    expect((await bar()).textContent?.trim()).toBe(
      "Cordless drill: The text that came back from Meld was not used, because this merge is finished. It is kept in the record's history.",
    );
    expect((await bar()).closest(".bar")?.classList.contains("is-warn"), "calm").toBe(false);
    app.nav.go({ place: "outbox" });
    app.notices.show({ tone: "news", icon: "info", words: "Something newer" });
    expect(await screen.findByText("Something newer")).toBeTruthy();
    expect(await bar(), "news of other things take it away from nobody").toBeTruthy();
  });

  it("comes while the app is open, and is said once", async () => {
    const { app, backend } = await show(undefined);
    expect(screen.queryByText(/came back from/)).toBeNull();
    backend.world.status.unused = back;
    backend.tell([{ what: "status_changed" }]);
    expect(await bar()).toBeTruthy();
    await waitFor(() => expect(app.live.polite).toContain("A text came back from Meld and was not used. It is kept."));
    const now = { ...app.status.now };
    expect(announcements(now, { ...now })).toEqual([]);
  });

  it("opens the history at its version, and is seen then", async () => {
    const { app, backend } = await show(back);
    await fireEvent.click(within((await bar()).closest<HTMLElement>(".bar")!).getByRole("button", { name: "Show it" }));
    expect(app.nav.at).toMatchObject({ place: "history", key: "drill" });
    const versions = await screen.findByRole("listbox", { name: "Versions" });
    const line = await within(versions).findByRole("option", { name: /Came back from Meld.*not used/s });
    await waitFor(() => expect(line.getAttribute("aria-selected")).toBe("true"));
    expect(closed(backend)).toEqual([{ id: "drill-11" }]);
    await waitFor(() => expect(screen.queryByText(/was not used, because/)).toBeNull());
    expect(backend.count("restore") + backend.count("save_edit"), "it is only shown").toBe(0);
  });

  it("leads to its version also where that history is open already, at another one", async () => {
    await show(back, { place: "history", key: "drill" });
    const versions = await screen.findByRole("listbox", { name: "Versions" });
    const newest = await within(versions).findByRole("option", { name: /Put together and sent/ });
    await waitFor(() => expect(newest.getAttribute("aria-selected")).toBe("true"));
    await fireEvent.click(await screen.findByRole("button", { name: "Show it" }));
    await waitFor(() => expect(within(versions).getByRole("option", { name: /Came back from Meld/ }).getAttribute("aria-selected")).toBe("true"));
  });

  it("begins with the newest version where its own was removed meanwhile", async () => {
    await show(undefined, { place: "history", key: "drill", tab: "version 99" });
    const versions = await screen.findByRole("listbox", { name: "Versions" });
    const newest = await within(versions).findByRole("option", { name: /Put together and sent/ });
    await waitFor(() => expect(newest.getAttribute("aria-selected")).toBe("true"));
  });

  it("goes when it is closed; the next one comes", async () => {
    const { backend } = await show(back);
    backend.answers.close_unused = () => {
      backend.world.status.unused = { ...back, id: "pump-3", key: "pump", title: "Bicycle pump", version: 3 };
      return { ...backend.world.status };
    };
    await fireEvent.click(within((await bar()).closest<HTMLElement>(".bar")!).getByRole("button", { name: "Close" }));
    expect(await screen.findByText(/Bicycle pump/, { selector: ".bar b" })).toBeTruthy();
    expect(closed(backend)).toEqual([{ id: "drill-11" }]);
  });

  it("names the file where no history could take it, and offers nothing to show", async () => {
    await show({ id: "/data/external/1/result.json", key: "1", program: "Meld", at: 1, file: "/data/external/1/result.json" });
    expect((await bar()).textContent).toContain("Its file stays here: /data/external/1/result.json");
    expect(screen.queryByRole("button", { name: "Show it" })).toBeNull();
  });
});
