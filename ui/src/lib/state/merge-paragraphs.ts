/**
 * The paragraphs of a long text around the ones that need a choice, where the back end sends only those: what lies
 * between two of them was put together and is equal, or taken from one side (M7).
 */
import type { Mark, MergeRow, Paragraph } from "../backend/generated/ipc";
import { wordMarks } from "./merge-diff";

/** `whole` is the row of the text, `parts` the open ones in reading order. */
export function paragraphsOf(whole: MergeRow, parts: readonly MergeRow[]): Paragraph[] {
  if (whole.paragraphs.length > 0) return whole.paragraphs;
  const sides = (["before", "theirs", "mine"] as const).map((side) => gaps(whole[side].text, parts.map((part) => part[side].text)));
  // Where a stretch cannot be found, nothing is claimed about what is around it.
  if (sides.some((side) => side === undefined)) return [];
  const [before = [], theirs = [], mine = []] = sides as string[][];
  return parts.flatMap((part, at): Paragraph[] => [...between(before[at], theirs[at], mine[at]), clash(part)])
    .concat(between(before[parts.length], theirs[parts.length], mine[parts.length]));
}

function clash(part: MergeRow): Paragraph {
  return { kind: "clash", count: 1, before: part.before.text, theirs: part.theirs.text, mine: part.mine.text, theirs_marks: part.theirs_marks, mine_marks: part.mine_marks, row: part.row };
}

/** The text around the stretches, one more than there are stretches; `undefined` when one is not found in its turn. */
function gaps(text: string, stretches: readonly string[]): string[] | undefined {
  const found: string[] = [];
  let from = 0;
  for (const stretch of stretches) {
    const at = stretch === "" ? from : text.indexOf(stretch, from);
    if (at < 0) return undefined;
    found.push(text.slice(from, at));
    from = at + stretch.length;
  }
  return [...found, text.slice(from)];
}

const split = (text: string) => text.split(/\r?\n[ \t]*(?:\r?\n)+|\r?\n/).map((one) => one.trim()).filter((one) => one !== "");

/** Paragraphs between two questions: runs of equal ones folded, the others told one by one. */
function between(before = "", theirs = "", mine = ""): Paragraph[] {
  const [was, there, here] = [split(before), split(theirs), split(mine)];
  const lines: Paragraph[] = [];
  let run: string[] = [];
  const fold = () => {
    if (run.length > 0) lines.push({ kind: "equal", count: run.length, before: run.join("\n\n"), theirs: run.join("\n\n"), mine: run.join("\n\n"), theirs_marks: [], mine_marks: [] });
    run = [];
  };
  for (const step of align(there, here)) {
    if (step.there !== undefined && step.there === step.here) {
      run.push(step.there);
      continue;
    }
    fold();
    lines.push(taken(step, was));
  }
  fold();
  return lines;
}

interface Step { there?: string; here?: string }

/** Equal paragraphs against each other; what differs between two equal ones side by side. */
function align(there: readonly string[], here: readonly string[]): Step[] {
  const steps: Step[] = [];
  let at = 0;
  let from = 0;
  const differing = (end: number, stop: number) => {
    while (at < end || from < stop) steps.push({ there: at < end ? there[at++] : undefined, here: from < stop ? here[from++] : undefined });
  };
  for (let index = 0; index < there.length; index += 1) {
    const match = here.indexOf(there[index] ?? "", from);
    if (index < at || match < 0) continue;
    differing(index, match);
    steps.push({ there: there[at++], here: here[from++] });
  }
  differing(there.length, here.length);
  return steps;
}

/** The side whose paragraph is not the one of before changed it. */
function taken({ there, here }: Step, was: readonly string[]): Paragraph {
  const serverChanged = there === undefined ? was.includes(here ?? "") : !was.includes(there);
  const old = serverChanged ? (here !== undefined && was.includes(here) ? here : undefined) : there;
  const fresh = serverChanged ? there : here;
  const marks: Mark[] = old === undefined ? [{ kind: "added", text: fresh ?? "" }] : fresh === undefined ? [{ kind: "removed", text: old }] : wordMarks(old, fresh);
  return { kind: serverChanged ? "server" : "mine", count: 1, before: old, theirs: there, mine: here, theirs_marks: serverChanged ? marks : [], mine_marks: serverChanged ? [] : marks };
}
