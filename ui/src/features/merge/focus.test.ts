import { afterEach, describe, expect, it, vi } from "vitest";
import { focusRow } from "./focus";

afterEach(() => {
  document.body.innerHTML = "";
  vi.restoreAllMocks();
});

/** A page of boxes at given heights: name of the element by class to [top, bottom]. */
function page(low: boolean, boxes: Record<string, [number, number]>) {
  document.body.innerHTML = `<section class="merge"><div class="m-body" style="overflow-y:${low ? "visible" : "auto"}">
    <div class="m-row"><div class="m-sub is-first-text" tabindex="0" data-row="1"></div><div class="m-sub" tabindex="0" data-row="2"></div></div>
  </div><div class="m-foot"></div></section>`;
  const scrolled: Record<string, number> = {};
  for (const [name, [top, bottom]] of Object.entries(boxes)) {
    const element = document.querySelector<HTMLElement>(name);
    if (!element) throw new Error(name);
    element.getBoundingClientRect = () => ({ top, bottom, height: bottom - top }) as DOMRect;
    Object.defineProperty(element, "offsetHeight", { value: bottom - top });
    element.scrollBy = ((by: ScrollToOptions) => void (scrolled[name] = by.top ?? 0)) as typeof element.scrollBy;
  }
  const root = document.querySelector<HTMLElement>(".merge");
  if (!root) throw new Error("no page");
  return { root, scrolled };
}

describe("the row with the focus", () => {
  it("is brought into view with the name above it", () => {
    const { root, scrolled } = page(false, { ".merge": [0, 600], ".m-body": [100, 550], ".m-row": [700, 900], '[data-row="1"]': [740, 800], ".m-foot": [550, 600] });
    focusRow(root, 1);
    expect(scrolled).toEqual({ ".m-body": 800 - 550 + 12 });
  });

  it("too tall to be seen whole begins with its name", () => {
    const { root, scrolled } = page(false, { ".merge": [0, 600], ".m-body": [100, 300], ".m-row": [700, 1200], '[data-row="1"]': [740, 1150], ".m-foot": [550, 600] });
    focusRow(root, 1);
    expect(scrolled).toEqual({ ".m-body": 700 - 100 - 12 });
  });

  it("in a low window, where the head scrolls too, is not left under the foot", () => {
    const { root, scrolled } = page(true, { ".merge": [0, 400], ".m-body": [150, 900], ".m-row": [200, 500], '[data-row="1"]': [230, 380], '[data-row="2"]': [300, 390], ".m-foot": [360, 400] });
    focusRow(root, 2);
    expect(scrolled).toEqual({ ".merge": 390 - 360 + 12 });
  });
});
