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
  const body = element.closest<HTMLElement>(".m-body");
  const box = element.getBoundingClientRect();
  const view = body?.getBoundingClientRect();
  if (!view) return true;
  const heads = body?.querySelector<HTMLElement>(".m-cols")?.offsetHeight ?? 0;
  const tall = box.height > view.height - heads;
  const startsInView = box.top >= view.top + heads && box.top < view.bottom - 120;
  // Only the rows scroll, never what is around them.
  if (tall ? !startsInView : box.top < view.top + heads) body?.scrollBy({ top: box.top - view.top - heads - GAP });
  else if (!tall && box.bottom > view.bottom) body?.scrollBy({ top: box.bottom - view.bottom + GAP });
  return true;
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
