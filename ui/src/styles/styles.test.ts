import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");

describe("what the system asks for", () => {
  it("holds over every part: its rules come last", () => {
    const imports = [...read("./index.css").matchAll(/@import "\.\/(.+?)"/g)].map((match) => match[1]);
    expect(imports.at(-1)).toBe("contrast.css");
    expect(imports.slice(0, -1).filter((name) => read(`./${name}`).includes("forced-colors"))).toEqual([]);
  });

  it("draws what colours alone would say: the focus of a row, the choice, progress", () => {
    const forced = (css: string) => css.slice(css.indexOf("@media (forced-colors: active)"));
    for (const rule of ["appearance: auto", "progress::-webkit-progress-value", 'aria-selected="true"]']) expect(forced(read("./contrast.css"))).toContain(rule);
    for (const rule of [".m-row:focus {", ".cell.is-chosen {", ".cell mark.only {"]) expect(forced(read("../features/merge/merge.css"))).toContain(rule);
  });
});
