/** Marks over lines as lines with a sign; long equal stretches become one line with their count. */
import type { Mark } from "$lib/backend/generated/ipc";
import { counted } from "$lib/words";

export interface DiffLine {
  kind: "equal" | "removed" | "added" | "folded";
  text: string;
}

const AROUND = 2;

export function diffLines(marks: readonly Mark[]): DiffLine[] {
  return marks.flatMap((mark, at): DiffLine[] => {
    const lines = mark.text.replace(/\n$/, "").split("\n").map((text): DiffLine => ({ kind: mark.kind, text }));
    if (mark.kind !== "equal") return lines;
    const head = at === 0 ? 0 : AROUND;
    const tail = at === marks.length - 1 ? 0 : AROUND;
    const hidden = lines.length - head - tail;
    if (hidden < 2) return lines;
    return [...lines.slice(0, head), { kind: "folded", text: counted(hidden, "equal line") }, ...lines.slice(lines.length - tail)];
  });
}
