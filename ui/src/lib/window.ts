/** Which rows of a long list exist. */

/** Rows kept above and below what can be seen, so that a quick turn of the wheel shows no gap. */
const SPARE = 8;

export interface Scrolled {
  /** Pixels scrolled. */
  top: number;
  /** Height of the window onto the list. */
  height: number;
  rowHeight: number;
  total: number;
}

/** First row, and one past the last. At most what is visible plus twice the spare. */
export function windowOf({ top, height, rowHeight, total }: Scrolled): { first: number; last: number } {
  const visible = Math.ceil(Math.max(0, height) / rowHeight) + 1;
  const at = Math.min(Math.floor(Math.max(0, top) / rowHeight), Math.max(0, total - visible));
  return { first: Math.max(0, at - SPARE), last: Math.min(total, at + visible + SPARE) };
}
