/**
 * Word marks for the few places where the back end sends none: a version against another in the history, and a
 * server's value against the one it had when the person chose.
 */
import type { Mark } from "../backend/generated/ipc";

/** Words compared at most; beyond that the whole value is marked, so that a screen never waits. */
const MOST_WORDS = 600;

export function wordMarks(before: string, after: string): Mark[] {
  if (before === after) return before === "" ? [] : [{ kind: "equal", text: before }];
  const a = words(before);
  const b = words(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const midA = a.slice(head, a.length - tail);
  const midB = b.slice(head, b.length - tail);
  const marks = new Marks();
  marks.add("equal", a.slice(0, head));
  if (midA.length > MOST_WORDS || midB.length > MOST_WORDS) {
    marks.add("removed", midA);
    marks.add("added", midB);
  } else {
    middle(midA, midB, marks);
  }
  marks.add("equal", a.slice(a.length - tail));
  return marks.list;
}

/** A word with the spaces before it is one piece; every other sign is its own. */
function words(text: string): string[] {
  return text.match(/\s*[\p{L}\p{N}_]+(?:[.,:/@-][\p{L}\p{N}_]+)*|\s*[^\s\p{L}\p{N}_]|\s+$/gu) ?? [];
}

/** Longest common subsequence, removals before additions. */
function middle(a: string[], b: string[], marks: Marks): void {
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => length[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      length[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const wordA = a[i];
    const wordB = b[j];
    if (wordA !== undefined && wordA === wordB) {
      marks.add("equal", [wordA]);
      i += 1;
      j += 1;
    } else if (wordA !== undefined && (wordB === undefined || at(i + 1, j) >= at(i, j + 1))) {
      marks.add("removed", [wordA]);
      i += 1;
    } else if (wordB !== undefined) {
      marks.add("added", [wordB]);
      j += 1;
    }
  }
}

class Marks {
  list: Mark[] = [];

  add(kind: Mark["kind"], pieces: string[]): void {
    const text = pieces.join("");
    if (text === "") return;
    const last = this.list.at(-1);
    if (last?.kind === kind) last.text += text;
    else this.list.push({ kind, text });
  }
}
