// No forbidden word (UI reference, section 10) in any text of the merge screen, "Needs you" and history:
// neither in the words files nor in the pages as they are drawn.
import { cleanup, render } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import { MergeBackend } from "../../../dev/merge-backend";
import { at, contact, contactAgain, drill, ladder, trimmer } from "../../../dev/merge-data";
import { kinds, noRight } from "../../../dev/merge-kinds";
import { MergeState } from "$lib/state/merge.svelte";
import { MergeSending } from "$lib/state/merge-sending.svelte";
import { view as build } from "../../../dev/merge-build";
import * as mergeTexts from "$lib/state/merge-words";
import { words as historyTexts } from "../history/words";
import { words as inboxTexts } from "../inbox/words";
import { MergeDisplay } from "./display.svelte";
import MergeScreen from "./MergeScreen.svelte";
import { dialogWords, practiceWords, previewWords, screenWords, settingWords, wholeWords } from "./words";

const FORBIDDEN =
  /\b(ours|theirs|current|incoming|local|remote|HEAD|base|conflicts?|resolved?|accept(ed)?|dirty|stale|push(ed)?|pull(ed)?|commit(ted)?|payload|sync error|unknown error|oops|please wait|are you sure|412)\b|!(?=\s|$)/i;

/** Every text a value holds; functions are asked with examples. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "function") {
    const examples: unknown[][] = [["tool", "Drill"], [1, "paragraph"], [2, 3, "item"], [["Ines", "Tomasz"]], ["edit_edit", 2, 1]];
    return examples.flatMap((example) => {
      try {
        return textsOf(value(...example));
      } catch {
        return []; // Not an argument of this text.
      }
    });
  }
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsOf);
  return [];
}

/** Attributes that are read out or shown. */
function drawn(root: Element): string[] {
  const named = [...root.querySelectorAll("*")].flatMap((one) => ["aria-label", "title", "placeholder"].map((name) => one.getAttribute(name) ?? ""));
  return [root.textContent ?? "", ...named].map((one) => one.replace(/\s+/g, " ").trim()).filter((one) => one !== "");
}

afterEach(cleanup);

describe("texts", () => {
  it("of the words files have no forbidden word", () => {
    const texts = textsOf([screenWords, settingWords, dialogWords, practiceWords, previewWords, wholeWords, historyTexts, inboxTexts, mergeTexts.mergeWords]);
    expect(texts.length).toBeGreaterThan(150);
    expect(texts.filter((one) => FORBIDDEN.test(one))).toEqual([]);
  });

  it("are found by this very test when they are wrong", () => {
    for (const wrong of ["Resolve conflict", "Use theirs", "412", "Oops", "Saved!", "push"]) expect(FORBIDDEN.test(wrong), wrong).toBe(true);
    for (const right of ["Use server's", "Needs your choice", "Currently", "dirtied"]) expect(FORBIDDEN.test(right), right).toBe(false);
  });

  for (const view of [drill, trimmer, ladder, contact, contactAgain, kinds, noRight, { ...contact, kind: "create_create" as const }]) {
    it(`of ${view.title}, ${view.kind} have none either, in the choices and before sending`, async () => {
      const heard: string[] = [];
      const backend = new MergeBackend(structuredClone(view));
      const merge = new MergeState(backend, view.key, { say: (said) => void heard.push(said), interrupt: (said) => void heard.push(said) }, { now: () => at(10, 46) });
      const sending = new MergeSending(backend, merge);
      const display = new MergeDisplay(undefined);
      display.automatic = true;
      display.unchanged = true;
      const { container } = render(MergeScreen, { merge, sending, display, letters: true, say: (said: string) => void heard.push(said), onback: () => undefined, onsent: () => undefined });
      await merge.load();
      await tick();
      const seen = drawn(container);
      merge.missing();
      merge.allSide("mine");
      merge.undo();
      merge.redo();
      await merge.settled();
      backend.serverChanges({ 1: view.rows[0]?.before }, "s9");
      await merge.reread();
      await tick();
      seen.push(...drawn(container));
      await merge.show();
      merge.allSide("theirs");
      await merge.settled();
      await sending.openPreview();
      await tick();
      // The request itself may say what goes over the wire; it is folded here.
      seen.push(...drawn(container));
      expect(heard.length).toBeGreaterThan(4);
      expect([...seen, ...heard].filter((one) => FORBIDDEN.test(one))).toEqual([]);
    });
  }
});

describe("when each side changed", () => {
  it.each([
    [undefined, "Yours: laptop. On the server: deleted, seen today 15:18."],
    [new Date(2026, 5, 12, 15, 10).getTime(), "Yours: laptop. On the server: deleted today 15:10, seen 15:18."],
  ])("a deletion of %s", (theirs_at, said) => {
    const { mine_at: _mine, theirs_at: _theirs, ...rest } = build({ kind: "edit_delete", seen_at: new Date(2026, 5, 12, 15, 18).getTime() });
    const one = theirs_at === undefined ? rest : { ...rest, theirs_at };
    expect(mergeTexts.whenSentence(one, "laptop", new Date(2026, 5, 12, 16, 0).getTime())).toBe(said);
  });
});
