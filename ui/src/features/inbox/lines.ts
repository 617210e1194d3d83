/** Where each line of the list is: groups, their heads and their records have heights of their own. */
import type { InboxLine } from "$lib/state/inbox.svelte";

/** Heights in rem, as in inbox.css. */
const GROUP = 2.75;
const HEAD = 1.375;
const ROW = 1.75;
/** Pixels kept above and below what can be seen. */
const SPARE = 300;

/** Top of each line in pixels, and the height of all as the last. */
export function lineTops(lines: readonly InboxLine[], rem: number): number[] {
  const tops = [0];
  let top = 0;
  for (const line of lines) {
    top += (line.what === "group" ? GROUP + (line.head ? HEAD : 0) : ROW) * rem;
    tops.push(top);
  }
  return tops;
}

/** First line to draw, and one past the last. */
export function linesAt(tops: readonly number[], top: number, height: number): { first: number; last: number } {
  const count = tops.length - 1;
  const first = Math.max(0, at(tops, top - SPARE));
  return { first, last: Math.min(count, at(tops, top + height + SPARE) + 1) };
}

/** The line at a height, by halving. */
function at(tops: readonly number[], y: number): number {
  let [low, high] = [0, tops.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}
