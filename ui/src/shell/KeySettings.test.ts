import { cleanup, fireEvent, render, screen, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scenes } from "../../dev/scenes";
import { FixtureBackend } from "../../dev/fixture/backend";
import AppView from "../App.svelte";
import "../features";
import { keymap } from "../lib/keymap.svelte";
import { App } from "../lib/state/app.svelte";
import "./commands";

async function settings() {
  const scene = scenes["settings"];
  if (!scene) throw new Error("no scene");
  const app = new App(new FixtureBackend(scene.world()), scene.at);
  render(AppView, { props: { app } });
  await app.start();
  await screen.findByRole("heading", { name: "Keys" });
  return app;
}
const row = (name: string) => within(screen.getByRole("row", { name: new RegExp(`^${name}`) }));
const change = async (name: string, key: KeyboardEventInit) => {
  const button = row(name).getByRole("button", { name: `Change the key of ${name}` });
  await fireEvent.click(button);
  await fireEvent.keyDown(button, { bubbles: true, cancelable: true, ...key });
};

beforeEach(() => {
  localStorage.clear();
  keymap.read();
  document.body.innerHTML = "";
});
afterEach(() => {
  cleanup();
  localStorage.clear();
  keymap.read();
});

describe("Settings, Keys", () => {
  it("takes a new key by pressing it; it acts, and the old one does not", async () => {
    const app = await settings();
    await change("Outbox", { key: "o", ctrlKey: true });
    expect(app.live.polite).toContain("Outbox: Ctrl O");
    await fireEvent.keyDown(window, { key: "3", ctrlKey: true });
    expect(app.nav.at.place).toBe("settings");
    await fireEvent.keyDown(window, { key: "o", ctrlKey: true });
    expect(app.nav.at.place).toBe("outbox");
  });

  it("says why a key cannot be taken, and keeps the old one", async () => {
    const app = await settings();
    await change("Sync now", { key: "k", ctrlKey: true });
    expect(row("Sync now").getByText(/Ctrl\+K already means "Commands"/)).toBeTruthy();
    expect([keymap.keysOf("sync", "F5"), app.overlay]).toEqual(["F5", undefined]);
    await fireEvent.keyDown(row("Sync now").getByRole("button", { name: /^Change/ }), { key: "Escape", bubbles: true });
    expect(app.nav.at.place).toBe("settings");
  });

  it("takes a key away and puts it back; all at once too", async () => {
    await settings();
    await change("New record", { key: "Delete" });
    expect(row("New record").getByText("(no key)")).toBeTruthy();
    await fireEvent.click(row("New record").getByRole("button", { name: /^Put back/ }));
    expect(keymap.keysOf("new", "Ctrl+N")).toBe("Ctrl+N");
    await change("Use mine", { key: "m" });
    expect(keymap.keysOf("merge_mine", "2")).toBe("M");
    await fireEvent.click(screen.getByRole("button", { name: "Put all keys back" }));
    expect([keymap.anyChanged, keymap.keysOf("merge_mine", "2")]).toEqual([false, "2"]);
  });

  it("switches single letters off", async () => {
    await settings();
    await fireEvent.click(screen.getByRole("switch", { name: /^Single letters/ }));
    expect(keymap.acting("merge_mine", "2")).toBeUndefined();
    expect((await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } })).violations.map((one) => one.id)).toEqual([]);
  });
});

describe("F1", () => {
  it("lists the keys as they are, and leads to the settings", async () => {
    const app = await settings();
    keymap.set("sync", "Ctrl+R");
    await fireEvent.keyDown(window, { key: "F1" });
    const sheet = within(await screen.findByRole("dialog", { name: "Keys" }));
    expect(sheet.getByText("Sync now").previousElementSibling?.textContent).toBe("CtrlR");
    await fireEvent.click(sheet.getByRole("link", { name: "Settings, Keys" }));
    expect([app.overlay, app.nav.at]).toEqual([undefined, { place: "settings", tab: "keys" }]);
  });
});
