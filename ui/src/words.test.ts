/** The words of the interface: none from the list of UI words that are never used, none outside the words files. */
import { describe, expect, it } from "vitest";

const NEVER = [
  /\bours\b/i, /\btheirs\b/i, /\bcurrent\b/i, /\bincoming\b/i, /\blocal(ly)?\b/i, /\bremote\b/i, /\bHEAD\b/, /\bbase\b/i,
  /\bmerge conflict\b/i, /\bconflicts?\b/i, /\bresolv(e|es|ed|ing)\b/i, /\baccept(s|ed|ing)?\b/i, /\bdirty\b/i, /\bstale\b/i, /\bpush(es|ed|ing)?\b/i,
  /\bpull(s|ed|ing)?\b/i, /\bcommit(s|ted|ting)?\b/i, /\bpayload\b/i, /\bsync error\b/i, /\bunknown error\b/i, /\boops\b/i, /\bplease wait\b/i,
  /\bare you sure\b/i, /\b412\b/, /!(\s|$)/,
];

const wordFiles = import.meta.glob<string>(["./**/words.ts", "./**/*Words.ts", "./**/*-words.ts"], { query: "?raw", import: "default", eager: true });
const components = import.meta.glob<string>("./**/*.svelte", { query: "?raw", import: "default", eager: true });

/** The string literals of a file, without what stands in `${}`. Keys of objects are no words. */
function literals(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "").replace(/^(import|export \{).*$/gm, "");
  const found = [...code.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)];
  return found.map((match) => (match[1] ?? match[2] ?? match[3] ?? "").replace(/\$\{[^}]*\}/g, " ")).filter((text) => /[A-Za-z]{2}/.test(text));
}

/** Identifiers used by programs (reasons, choices), not shown. */
const NAMES = new Set(["theirs", "mine", "both", "conflict", "accept", "base", "local", "remote"]);

describe.each(Object.keys(wordFiles))("%s", (file) => {
  it("uses none of the words never used", () => {
    const bad = literals(wordFiles[file] ?? "").filter((text) => !NAMES.has(text) && !/^[a-z_]+$/.test(text) && NEVER.some((word) => word.test(text)));
    expect(bad).toEqual([]);
  });
});

/** Text between tags, without scripts, styles, expressions and blocks. */
function textOf(source: string): string {
  let text = source.replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, "");
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(/\{[^{}]*\}/g, " ");
  }
  return text.replace(/=>/g, "").replace(/<[^>]*>/g, " ").replace(/&\S+?;/g, " ");
}

/** Key caps are the same in every language. */
const CAPS = /\b(Esc|Enter|F1|Ctrl|Shift|Del)\b/g;

/** Has its words tested beside it (features/merge/texts.test.ts). */
const ELSEWHERE = new Set(["./features/merge/AutoWords.svelte"]);

describe("components", () => {
  it("hold no words of their own", () => {
    const own = Object.entries(components).filter(([file]) => !ELSEWHERE.has(file)).flatMap(([file, source]) => {
      const words = textOf(source).replace(CAPS, " ").match(/[A-Za-z]{2,}/g);
      return words ? [`${file}: ${words.slice(0, 6).join(" ")}`] : [];
    });
    expect(own).toEqual([]);
  });
});
