/** Where the focus goes on the merge screen. Rows carry `data-row`, their fields `data-field`. */

/** Space kept around a row that was scrolled to, in pixels. */
const GAP = 12;

export function rowElements(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('[data-row][tabindex="0"]')];
}

export function rowElement(root: HTMLElement, row: number): HTMLElement | null {
  return root.querySelector<HTMLElement>(`[data-row="${row}"]`);
}

/** Focuses a row and brings it into view without moving more than needed: a tall row only has to start in view. */
export function focusRow(root: HTMLElement, row: number): boolean {
  const element = rowElement(root, row);
  if (!element) return false;
  element.focus({ preventScroll: true });
  const body = scrollerOf(element);
  // The first part of a text has its name above it, in the card.
  const named = element.matches(".is-first-text") ? (element.closest<HTMLElement>(".m-row") ?? element) : element;
  const { top } = named.getBoundingClientRect();
  const { bottom } = element.getBoundingClientRect();
  const box = { top, bottom, height: bottom - top };
  const view = body && viewOf(body);
  if (!view) return true;
  const heads = body?.querySelector<HTMLElement>(".m-cols")?.offsetHeight ?? 0;
  const tall = box.height > view.height - heads;
  const startsInView = box.top >= view.top + heads && box.top < view.bottom - 120;
  // Only the rows scroll, never what is around them.
  if (tall ? !startsInView : box.top < view.top + heads) body?.scrollBy({ top: box.top - view.top - heads - GAP });
  else if (!tall && box.bottom > view.bottom) body?.scrollBy({ top: box.bottom - view.bottom + GAP });
  return true;
}

/** The rows scroll; in a low window the head scrolls with them. */
function scrollerOf(element: HTMLElement): HTMLElement | null {
  const rows = element.closest<HTMLElement>(".m-body");
  return rows && getComputedStyle(rows).overflowY === "visible" ? rows.closest<HTMLElement>(".merge") : rows;
}

/** What can be seen of it: not what lies under the bars that stay at its foot. */
function viewOf(body: HTMLElement): { top: number; bottom: number; height: number } {
  const { top, bottom } = body.getBoundingClientRect();
  const under = [...body.querySelectorAll<HTMLElement>(":scope > .m-foot, :scope > .bar.dock")].reduce((sum, bar) => sum + bar.offsetHeight, 0);
  return { top, bottom: bottom - under, height: bottom - under - top };
}

/** The row the focus is in, and whether the focus is on the row itself or one of its radios. */
export function rowAt(target: EventTarget | null): { row: number; onRow: boolean; onRadio: boolean } | undefined {
  if (!(target instanceof HTMLElement)) return undefined;
  const element = target.closest<HTMLElement>("[data-row]");
  if (!element) return undefined;
  const onRadio = target instanceof HTMLInputElement && target.type === "radio";
  return { row: Number(element.dataset.row), onRow: target === element || onRadio, onRadio };
}

/** The next row element after this row, in page order; `undefined` at the end. */
export function neighbour(root: HTMLElement, row: number, step: 1 | -1): HTMLElement | undefined {
  const all = rowElements(root);
  const at = all.findIndex((element) => Number(element.dataset.row) === row);
  return at < 0 ? all[0] : all[at + step];
}
