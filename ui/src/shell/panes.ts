/** F6: sidebar, list, record, news bar, status. Each pane marks itself with `data-pane`. */
import { isShown } from "./arrival";

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex="0"]';

export function nextPane(step: 1 | -1, page: Document = document): void {
  const panes = Array.from(page.querySelectorAll<HTMLElement>("[data-pane]")).filter(isShown);
  if (panes.length === 0) return;
  const at = panes.findLastIndex((pane) => pane.contains(page.activeElement));
  for (let tried = 1; tried <= panes.length; tried++) {
    const start = at < 0 && step < 0 ? panes.length : at;
    const pane = panes[(start + step * tried + panes.length * 2) % panes.length];
    if (pane && enter(pane, page)) return;
  }
}

/** The list of a pane first, the current link of the sidebar, else its first control. */
function enter(pane: HTMLElement, page: Document): boolean {
  const target =
    pane.querySelector<HTMLElement>("[aria-current]") ??
    pane.querySelector<HTMLElement>('[role="grid"][tabindex="0"], [role="listbox"][tabindex="0"], [role="tree"] [role="treeitem"][tabindex="0"]') ??
    Array.from(pane.querySelectorAll<HTMLElement>(FOCUSABLE)).find(isShown) ??
    (pane.matches("[tabindex]") ? pane : undefined);
  target?.focus();
  return target !== undefined && page.activeElement === target;
}
