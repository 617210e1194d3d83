/**
 * Lists and objects against what they were: one line an entry, each with its sign. Entries are paired by their human
 * key, so that a changed one reads as changed; entries that only changed places are "moved".
 */
import { inOrder, itemKey, memberName, memberWords, type Titles } from "./merge-items";
import { listItems, objectMembers } from "./merge-json";
import type { Piece } from "./merge-values";

export interface Line {
  sign: "" | "+" | "-" | "-+";
  pieces: Piece[];
  /** Stands at another place than before. */
  moved?: boolean;
}

/** `undefined` when one of them is no list. */
export function listLines(before: string, value: string, titles?: Titles): Line[] | undefined {
  const was = before === "" ? [] : listItems(before);
  const now = listItems(value);
  if (!was || !now) return undefined;
  const partner = pair(was, now);
  const moved = movedOf(partner);
  const kept = new Set(partner.filter((at) => at >= 0));
  const lines: Line[] = [];
  let next = 0;
  const removedUpTo = (end: number) => {
    for (; next < end; next += 1) if (!kept.has(next)) lines.push(removed(was[next] ?? "", titles));
  };
  now.forEach((item, at) => {
    const from = partner[at] ?? -1;
    if (from >= 0 && !moved.has(at)) removedUpTo(from);
    lines.push(from < 0 ? added(item, titles) : { ...changed(was[from] ?? "", item, titles), moved: moved.has(at) });
  });
  removedUpTo(was.length);
  return lines;
}

/** Members of an object against what they were; `undefined` when one of them is no object. */
export function objectLines(before: string, value: string, titles?: Titles): Line[] | undefined {
  const was = before === "" ? [] : objectMembers(before);
  const members = objectMembers(value);
  if (!was || !members) return undefined;
  const now = inOrder(members);
  const old = new Map(was);
  const names = new Set(now.map(([name]) => name));
  const lines = now.map(([name, part]): Line => {
    const then = old.get(name);
    if (then === part) return { sign: "", pieces: [{ kind: "equal", text: `${memberName(name, titles)}: ${memberWords(part, titles)}` }] };
    const head: Piece = { kind: "equal", text: `${memberName(name, titles)}: ` };
    const to: Piece = { kind: "added", text: memberWords(part, titles) };
    return then === undefined ? { sign: "+", pieces: [{ kind: "added", text: `${memberName(name, titles)}: ${memberWords(part, titles)}` }] } : { sign: "-+", pieces: [head, { kind: "removed", text: memberWords(then, titles) }, to] };
  });
  const gone = was.filter(([name]) => !names.has(name)).map(([name, part]): Line => ({ sign: "-", pieces: [{ kind: "removed", text: `${memberName(name, titles)}: ${memberWords(part, titles)}` }] }));
  return [...lines, ...gone];
}

function added(item: string, titles: Titles): Line {
  return { sign: "+", pieces: [{ kind: "added", text: memberWords(item, titles) }] };
}

function removed(item: string, titles: Titles): Line {
  return { sign: "-", pieces: [{ kind: "removed", text: memberWords(item, titles) }] };
}

/** An entry with the same key: what differs inside it. */
function changed(was: string, item: string, titles: Titles): Line {
  if (was === item) return { sign: "", pieces: [{ kind: "equal", text: memberWords(item, titles) }] };
  const lines = objectLines(was, item, titles);
  if (!lines) return { sign: "-+", pieces: [{ kind: "removed", text: memberWords(was, titles) }, { kind: "added", text: memberWords(item, titles) }] };
  const inside = lines.filter((line) => line.sign !== "").flatMap((line): Piece[] => [{ kind: "equal", text: ", " }, ...line.pieces]);
  return { sign: "-+", pieces: [{ kind: "equal", text: itemKey(item) }, ...inside] };
}

/** For each entry now, where it was before: equal entries first, then those with the same key. -1 = new. */
function pair(was: readonly string[], now: readonly string[]): number[] {
  const taken = new Set<number>();
  const find = (matches: (item: string) => boolean): number => {
    const at = was.findIndex((item, index) => !taken.has(index) && matches(item));
    if (at >= 0) taken.add(at);
    return at;
  };
  const partner = now.map((item) => find((one) => one === item));
  return now.map((item, at) => {
    const known = partner[at] ?? -1;
    const members = known < 0 && item.startsWith("{");
    return members ? find((one) => one.startsWith("{") && itemKey(one) === itemKey(item)) : known;
  });
}

/** Entries outside the longest run that keeps its order. */
function movedOf(partner: readonly number[]): Set<number> {
  const known = partner.map((from, at) => ({ from, at })).filter(({ from }) => from >= 0);
  const best: { length: number; before: number }[] = [];
  known.forEach(({ from }, index) => {
    let length = 1;
    let before = -1;
    for (let other = 0; other < index; other += 1) {
      if ((known[other]?.from ?? 0) < from && (best[other]?.length ?? 0) + 1 > length) {
        length = (best[other]?.length ?? 0) + 1;
        before = other;
      }
    }
    best.push({ length, before });
  });
  let at = best.reduce((top, one, index) => (one.length > (best[top]?.length ?? 0) ? index : top), 0);
  const stays = new Set<number>();
  while (at >= 0 && best[at]) {
    stays.add(known[at]?.at ?? -1);
    at = best[at]?.before ?? -1;
  }
  return new Set(known.map(({ at }) => at).filter((one) => !stays.has(one)));
}
