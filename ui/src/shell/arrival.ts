/** After a change of place the focus is somewhere in it: on what one works with there, else on its heading. */
import { tick } from "svelte";

const WORK = [
  '[role="grid"][tabindex="0"]', '[role="listbox"][tabindex="0"]', '[role="tree"] [role="treeitem"][tabindex="0"]', '[data-row][tabindex="0"]',
];

/**
 * Takes the focus when nothing has it, now and whenever what had it is taken away. What a place shows is read first,
 * so its heading has the focus until then, unless the person clicked meanwhile. Returns how to stop.
 */
export function focusOnArrival(place: HTMLElement): () => void {
  const page = place.ownerDocument;
  let heading: HTMLElement | undefined;
  const lost = () => page.activeElement === null || page.activeElement === page.body || page.activeElement === heading;
  const settle = () => {
    if (!lost() || page.querySelector("dialog[open]")) return;
    const work = firstShown(place, WORK);
    heading = work ? undefined : headingOf(place);
    const next = work ?? heading;
    if (next !== page.activeElement) next?.focus({ preventScroll: true });
  };
  const watching = new MutationObserver(settle);
  const clicked = () => (heading = undefined);
  watching.observe(place, { childList: true, subtree: true });
  page.addEventListener("pointerdown", clicked, true);
  void tick().then(() => place.isConnected && settle());
  return () => {
    watching.disconnect();
    page.removeEventListener("pointerdown", clicked, true);
  };
}

function firstShown(place: HTMLElement, selectors: readonly string[]): HTMLElement | undefined {
  for (const selector of selectors) {
    const found = Array.from(place.querySelectorAll<HTMLElement>(selector)).find(isShown);
    if (found) return found;
  }
  return undefined;
}

function headingOf(place: HTMLElement): HTMLElement {
  const found = firstShown(place, ["h1"]);
  if (!found) return place;
  if (!found.hasAttribute("tabindex")) found.setAttribute("tabindex", "-1");
  return found;
}

export function isShown(element: HTMLElement): boolean {
  return typeof element.checkVisibility === "function" ? element.checkVisibility() : true;
}
