import { cleanup, fireEvent, render, screen, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import { FixtureBackend } from "../../../dev/fixture/backend";
import { cardsWorld } from "../../../dev/fixture/cards";
import AppView from "../../App.svelte";
import "../../features";
import type { FieldMeta, SaveEdit, Value } from "$lib/backend/generated/ipc";
import { App } from "$lib/state/app.svelte";
import { readTyped } from "./input";

afterEach(() => cleanup());

async function open(key: string) {
  localStorage.clear();
  const backend = new FixtureBackend(cardsWorld());
  const app = new App(backend, { place: "records", source: "Neighbours", collection: "contacts", key });
  render(AppView, { props: { app } });
  await app.start();
  const pane = await screen.findByRole("region", { name: key === "anna" ? "Anna Keller" : "Choir" });
  await within(pane).findByRole("table", { name: key === "anna" ? "Phone" : "Guest" });
  const saved = async () => {
    await new Promise((done) => setTimeout(done, 0));
    await tick();
    return backend.calls.filter((call) => call.name === "save_edit").flatMap((call) => (call.argument as SaveEdit).operations);
  };
  return { pane, saved };
}

describe("the form of a contact", () => {
  it("changes a phone number in its row and keeps the place while one types", async () => {
    const { pane, saved } = await open("anna");
    const number = within(pane).getByRole("textbox", { name: "Number, row 2" });
    if (!(number instanceof HTMLInputElement)) throw new Error("no input");
    expect(number.value).toBe("+351 218 000 222");
    await fireEvent.focus(number);
    await fireEvent.input(number, { target: { value: "+351 999" } });
    await fireEvent.blur(number);
    expect(await saved()).toEqual([{ op: "set", pointer: "/TEL/1/value", json: '"+351 999"' }]);
    expect(within(pane).getByRole("textbox", { name: "Number, row 2" })).toBe(number);
  });

  it("chooses a type by its name and keeps labels choosable", async () => {
    const { pane, saved } = await open("anna");
    const phones = within(pane).getByRole("table", { name: "Phone" });
    const type = within(phones).getByRole("combobox", { name: "Type, row 3" });
    if (!(type instanceof HTMLSelectElement)) throw new Error("no choice");
    expect([type.value, ...[...type.options].map((option) => option.text)]).toEqual(['"Boat"', "Mobile", "Home", "Work", "Main", "Fax", "Other", "Boat"]);
    await fireEvent.change(type, { target: { value: '"home"' } });
    expect(await saved()).toEqual([{ op: "set", pointer: "/TEL/2/type", json: '"home"' }]);
  });

  it("adds and removes numbers", async () => {
    const { pane, saved } = await open("anna");
    await fireEvent.click(within(pane).getByRole("button", { name: "Add phone" }));
    expect(await saved()).toEqual([{ op: "set", pointer: "/TEL/3", json: '{"value": ""}' }]);
    await fireEvent.click(within(pane).getByRole("button", { name: "Remove +351 912 345 678" }));
    expect((await saved()).at(-1)).toEqual({ op: "unset", pointer: "/TEL/0" });
  });

  it("writes a part of the address alone, and folds a second one away", async () => {
    const { pane, saved } = await open("anna");
    const address = within(pane).getByRole("group", { name: "Address" });
    const town = within(address).getByRole("textbox", { name: "Town" });
    await fireEvent.focus(town);
    await fireEvent.input(town, { target: { value: "Porto" } });
    await fireEvent.blur(town);
    expect(await saved()).toEqual([{ op: "set", pointer: "/ADR/locality", json: '"Porto"' }]);
    expect(within(pane).queryByRole("group", { name: "Address 2" })).toBeNull();
  });
});

describe("the form of an event", () => {
  it("shows the zone beside the time, and what cannot be changed here as read only", async () => {
    const { pane } = await open("choir");
    expect(within(pane).getAllByText("Europe/Lisbon")).toHaveLength(2);
    const guests = within(pane).getByRole("table", { name: "Guest" });
    expect(within(guests).getByDisplayValue("Accepted")).toHaveProperty("readOnly", true);
  });

  it("saves how often it repeats at once", async () => {
    const { pane, saved } = await open("choir");
    await fireEvent.change(within(pane).getByRole("combobox", { name: "Repeats" }), { target: { value: '"NEVER"' } });
    expect(await saved()).toEqual([{ op: "set", pointer: "/repeats", json: '"NEVER"' }]);
  });
});

describe("times of an event", () => {
  const meta: FieldMeta = { pointer: "/start", label: "Start", kind: "date_time", required: false, read_only: false, options: [] };
  const value: Value = { type: "text", text: "2026-12-01 18:30", json: '"2026-12-01 18:30"' };
  it.each(["2026-12-01 19:00", "2026-12-01 19:00:30"])("reads %s", (typed) => {
    expect(readTyped(meta, typed, value)).toEqual({ operation: { op: "set", pointer: "/start", json: JSON.stringify(typed) } });
  });
  it.each(["2026-12-01", "2026-12-01 1", "tomorrow", "2026-12-01T19:00:00Z"])("waits for more than %s", (typed) => {
    expect(readTyped(meta, typed, value)).toEqual({ error: "A date and time, for example 2026-09-14 10:30" });
  });
});
