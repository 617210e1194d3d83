/** Lines of a body against the version before, with long equal stretches folded. */
import type { Mark } from "$lib/backend/generated/ipc";

export type DiffLine =
  | { kind: "equal" | "removed" | "added"; indent: string; text: string }
  | { kind: "fold"; count: number };

/** Equal lines kept beside a change. */
const BESIDE = 1;
/** A stretch shorter than this is shown whole: folding it would save nothing. */
const WORTH = 3;

export function foldedDiff(marks: readonly Mark[]): DiffLine[] {
  return marks.flatMap((mark, at): DiffLine[] => {
    const lines = mark.text.replace(/\r?\n$/, "").split(/\r?\n/);
    if (mark.kind !== "equal") return lines.map((text) => line(mark.kind, text));
    const equal = (text: string) => line("equal", text);
    const head = at === 0 ? 0 : BESIDE;
    const tail = at === marks.length - 1 ? 0 : BESIDE;
    if (lines.length - head - tail < WORTH) return lines.map(equal);
    return [
      ...lines.slice(0, head).map(equal),
      { kind: "fold", count: lines.length - head - tail },
      ...lines.slice(lines.length - tail).map(equal),
    ];
  });
}

/** The indent stands outside the marks: a struck space means nothing. */
function line(kind: Mark["kind"], whole: string): DiffLine {
  const text = whole.trimStart();
  return { kind, indent: whole.slice(0, whole.length - text.length), text };
}
