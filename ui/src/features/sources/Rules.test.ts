import { cleanup, fireEvent, render, screen, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, expect, it } from "vitest";
import type { Argument, Backend, CommandName, Reply } from "$lib/backend/backend";
import type { MergeRuleView, RuleField, SourceView } from "$lib/backend/generated/ipc";
import { App } from "$lib/state/app.svelte";
import AppView from "../../App.svelte";
import "..";

const source: SourceView = {
  name: "Tool library", url: "http://127.0.0.1/", family: "rest", grade: "protected", allow_unprotected: false, policy: "review", demo: false,
  collections: [{ name: "tools", title: "Tools", noun: "tool", count: 214, grade: "protected", can_create: true }],
};
const rule = (id: string, field: string): MergeRuleView => ({ id, source: "Tool library", collection: "Tools", pattern: field.toLowerCase(), field, rule: "higher", how: null, with: [], enabled: true, made_at: 0 });

const added: unknown[] = [];
const fields: RuleField[] = [
  { pattern: "deposit", label: "Deposit", rules: ["theirs", "mine", "newest", "higher", "sum"], how: ["follow", "together"] },
  { pattern: "currency", label: "Currency", rules: ["theirs", "mine", "newest", "higher"], how: ["follow", "together"] },
  { pattern: "lines/note", label: "Lines, Note", rules: ["theirs"], how: ["follow", "together"] },
];
let rules = [rule("1", "Deposit"), rule("2", "Shelf")];
const backend: Backend = {
  call: async <K extends CommandName>(name: K, argument: Argument<K>): Promise<Reply<K>> => {
    if (name === "set_merge_rule") rules = rules.map((one) => (one.id === (argument as { id: string }).id ? { ...one, enabled: (argument as { enabled: boolean }).enabled } : one));
    if (name === "remove_merge_rule") rules = rules.filter((one) => one.id !== (argument as { id: string }).id);
    if (name === "add_merge_rule") {
      added.push(argument);
      const wanted = argument as Argument<"add_merge_rule">;
      rules = [...rules, { ...rule("9", "Deposit"), rule: wanted.rule ?? "later", how: wanted.how, with: wanted.with.map(() => "Currency") }];
    }
    const known: Partial<Record<CommandName, unknown>> = {
      status: { connection: "online", records: 1, outbox: 0, needs_you: 0, event: 1 }, sources: [source], tour: { active: false, step: 5 },
      merge_rules: rules, set_merge_rule: rules, remove_merge_rule: rules, add_merge_rule: rules, rule_fields: fields,
    };
    return structuredClone(known[name] ?? null) as Reply<K>;
  },
  onEvent: () => () => {},
};

async function settled() {
  for (let turn = 0; turn < 8; turn += 1) await new Promise((done) => setTimeout(done, 0));
  await tick();
}

afterEach(cleanup);

it("shows the rules in Settings, switches and removes them, and keeps the focus", async () => {
  const app = new App(backend, { place: "settings" });
  void app.start();
  render(AppView, { app });
  await settled();
  const deposit = screen.getByRole("region", { name: "Tools, Deposit" });
  expect(within(deposit).getByText("When both changed it, use the higher number or the later date.")).toBeTruthy();
  within(deposit).getByRole("switch", { name: "On" }).click();
  await settled();
  expect(within(deposit).getByRole("switch", { name: "Off" })).toBeTruthy();
  within(deposit).getByRole("button", { name: "Remove" }).click();
  await settled();
  expect(screen.queryByRole("region", { name: "Tools, Deposit" })).toBeNull();
  expect(document.activeElement?.textContent).toContain("Remove");
  within(screen.getByRole("region", { name: "Tools, Shelf" })).getByRole("button", { name: "Remove" }).click();
  await settled();
  expect(screen.getByText("No rules. You make one here, or in Needs you when you decide a group.")).toBeTruthy();
  expect(document.activeElement).not.toBe(document.body);
});

it("makes a rule here: an answer, and fields that go together", async () => {
  rules = [];
  const app = new App(backend, { place: "settings" });
  void app.start();
  render(AppView, { app });
  await settled();
  const opener = () => screen.getByRole("button", { name: "Add a rule" });
  opener().click();
  await settled();
  const form = () => screen.getByRole("form", { name: "Add a rule" });
  const choose = async (name: string, value: string) => {
    await fireEvent.change(within(form()).getByRole("combobox", { name }), { target: { value } });
    await settled();
  };
  expect(document.activeElement).toBe(within(form()).getByRole("combobox", { name: "Collection" }));
  const add = () => within(form()).getByRole("button", { name: "Add the rule" });
  add().click();
  await settled();
  expect(document.activeElement).toBe(within(form()).getByRole("combobox", { name: "Field" }));
  await choose("Field", "deposit");
  await choose("What it says", "rule:sum");
  add().click();
  await settled();
  expect(added.at(-1)).toEqual({ source: "Tool library", collection: "tools", pattern: "deposit", rule: "sum", how: null, with: [] });
  expect(screen.getByText("When both changed it, add up both changes.")).toBeTruthy();
  expect(document.activeElement).toBe(opener());
  rules = [];
  opener().click();
  await settled();
  await choose("Field", "deposit");
  await choose("What it says", "how:together");
  add().click();
  await settled();
  const other = within(form()).getByRole("checkbox", { name: "Currency" });
  expect(document.activeElement).toBe(other);
  expect(within(form()).queryByRole("checkbox", { name: "Lines, Note" })).toBeNull();
  other.click();
  await settled();
  add().click();
  await settled();
  expect(added.at(-1)).toEqual({ source: "Tool library", collection: "tools", pattern: "deposit", rule: null, how: "together", with: ["currency"] });
  expect(screen.getByText("Goes together with Currency: one choice for all of them.")).toBeTruthy();
});
