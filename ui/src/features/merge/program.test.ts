import { cleanup, fireEvent, render } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import type { MergeView } from "$lib/backend/generated/ipc";
import { allCommands } from "$lib/places";
import type { App } from "$lib/state/app.svelte";
import { drill, ladder, trimmer } from "../../../dev/merge-data";
import { openPage, settle, words } from "../../../dev/merge-page";
import Dialogs from "./Dialogs.svelte";
import "./place";
import { sendWords } from "./sendWords";
import { setShown } from "./shown.svelte";
import { wholeOptions, wholeRow } from "./whole";

afterEach(cleanup);

describe("another program", () => {
  it("can be changed after one was chosen, and the dialog begins with the present one", async () => {
    const { dialogs, merge } = await openPage(drill);
    await dialogs.choose("/opt/compare {mine} {theirs} {result}");
    expect(dialogs.tools?.name).toBe("Meld");
    await dialogs.leaveProgram(false);
    await dialogs.chooseProgram();
    expect(dialogs.open).toBe("program");
    dialogs.tools = { presets: dialogs.tools?.presets ?? [], name: "compare", command: "/opt/compare {mine} {theirs} {result}" };
    const { container } = render(Dialogs, { dialogs, view: merge.view! });
    await tick();
    expect(container.querySelector<HTMLInputElement>('input[type="radio"]:checked')?.value).toBe("own");
    expect(container.querySelector<HTMLInputElement>("input.mono")?.value).toBe("/opt/compare {mine} {theirs} {result}");
  });

  it("is taken only once one is chosen, or a command is written", async () => {
    const { dialogs, merge, backend } = await openPage(drill);
    await dialogs.chooseProgram();
    dialogs.tools = { presets: [{ id: "meld", name: "Meld", command: "meld {mine} {result}", found: false }] };
    const { container } = render(Dialogs, { dialogs, view: merge.view! });
    await tick();
    const button = [...container.querySelectorAll<HTMLElement>(".m-dialog-foot .btn")].at(-1);
    expect(button?.getAttribute("aria-disabled")).toBe("true");
    button?.click();
    expect(backend.named("set_external_tool")).toEqual([]);
    container.querySelector<HTMLInputElement>('input[value="own"]')?.click();
    await tick();
    expect(button?.getAttribute("aria-disabled")).toBe("true");
    const own = container.querySelector<HTMLInputElement>("input.mono");
    if (own) await fireEvent.input(own, { target: { value: "compare {mine}" } });
    container.querySelector<HTMLInputElement>('input[value="meld"]')?.click();
    await tick();
    container.querySelector<HTMLInputElement>('input[value="own"]')?.click();
    await tick();
    expect(container.querySelector<HTMLInputElement>("input.mono")?.value, "a look at another one forgets nothing").toBe("compare {mine}");
    button?.click();
    await settle(merge);
    expect(backend.named("set_external_tool")).toEqual([{ command: "compare {mine}" }]);
  });

  it("need not be waited for", async () => {
    const { dialogs, merge, press, root } = await openPage(drill);
    await dialogs.choose("meld {mine} {result}");
    await settle(merge);
    expect(words(root)).toContain("Nothing changes here before it ends.");
    await press("Do not wait");
    expect(merge.view?.external).toBeUndefined();
  });

  it("has both lines in the menu: the chosen one, and another", async () => {
    const { dialogs, press, root, merge } = await openPage(drill);
    await dialogs.choose("meld {mine} {result}");
    await settle(merge);
    await press("More");
    const lines = [...root.querySelectorAll("[data-item]")].map((one) => one.textContent?.trim());
    expect(lines).toEqual(expect.arrayContaining(["Open in Meld", "Open in another program"]));
  });
});

describe("the palette", () => {
  it.each([["a text", drill, true], ["a record that one side deleted", trimmer, false], ["a file", { ...drill, source: {} }, false]])("offers what the head offers: %s", async (_, view, text) => {
    const { merge, sending, dialogs } = await openPage(view);
    const screen = { row: () => undefined, act: () => undefined, source: () => undefined, second: () => undefined, show: () => undefined };
    setShown({ merge, sending, dialogs, screen });
    const ids = allCommands({ nav: { at: { place: "merge" } } } as App).map((one) => one.id);
    const rows = view.kind === "edit_edit";
    expect(["merge-source", "merge-other-program", "merge-keep-both", "merge-mine"].map((id) => ids.includes(id))).toEqual([text, text, rows, rows]);
    setShown(undefined);
  });
});

describe("a file for support", () => {
  it("is shown as it would be written, however late an answer comes", async () => {
    const { dialogs, backend } = await openPage(drill);
    let late: () => void = () => undefined;
    backend.waits.set("export_conflict", new Promise((done) => (late = done)));
    const redacted = dialogs.showExport(true);
    backend.waits.delete("export_conflict");
    await dialogs.showExport(false);
    const asItIs = dialogs.file;
    late();
    await redacted;
    expect(asItIs).toBeDefined();
    expect([dialogs.redact, dialogs.file]).toEqual([false, asItIs]);
  });
});

describe("a server that takes no new records", () => {
  const here: MergeView = { ...trimmer, can_create: false, rows: trimmer.rows.map((row) => ({ ...row, choice: undefined, standing: "undecided" })) };

  it("is not asked to bring the record back; a copy stays on this computer", async () => {
    const options = wholeOptions(here, wholeRow(here)!);
    expect(options.map((one) => one.choice)).toEqual(["theirs", "both", "later"]);
    expect([options[1]?.title, options[1]?.silent]).toEqual(["Keep my copy on this computer", true]);
    const { key, merge, root } = await openPage(here);
    await key("2");
    expect(merge.view?.rows[0]?.choice).toBeUndefined();
    await key("3");
    expect(merge.view?.rows[0]?.choice).toBe("both");
    expect(words(root)).toContain("This server takes no new records");
  });

  it("can still delete, and keep the server's", () => {
    const view = { ...ladder, can_create: false };
    expect(wholeOptions(view, wholeRow(view)!).map((one) => one.choice)).toEqual(["theirs", "mine", "keep_edit", "later"]);
  });
});

it("says by the button what comes of it: keep and edit, or a copy that stays here", () => {
  const nothing = { change: [], take: [], same: [], seen: "s1" };
  expect(sendWords(ladder, "result", nothing, 0, true)).toBe("Keep and edit");
  expect(sendWords(ladder, "result", nothing)).toBe("Keep the server's");
  const copy = { ...trimmer, can_create: false, rows: trimmer.rows.map((row) => ({ ...row, choice: "both" as const })) };
  expect(sendWords(copy, "result", nothing)).toBe("Keep my copy on this computer");
});
