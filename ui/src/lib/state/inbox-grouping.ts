/** The other ways to look at "Needs you": the records of a collection, or of a day, whatever clashes in them. */
import type { NeedsYouGroup, NeedsYouRecord } from "../backend/generated/ipc";
import { daysBetween, longDay } from "../format";
import type { InboxGroup } from "./inbox.svelte";

export type Grouping = "shape" | "collection" | "time";
export const GROUPINGS: readonly Grouping[] = ["shape", "collection", "time"];

interface Mixed {
  id: string;
  title: string;
  members: { record: NeedsYouRecord; shape: NeedsYouGroup }[];
}

/** Where a record stands in the list by time, and the time it came there with. */
interface Place {
  at: number;
  time: number;
}

/** The places of records by time. Who has one keeps it while the list is looked at; new ones come last. */
export class Places {
  #all = new Map<string, Place>();

  forget(): void {
    this.#all.clear();
  }

  take(groups: readonly NeedsYouGroup[]): void {
    const records = groups.flatMap((group) => group.records);
    const there = new Set(records.map((record) => record.key));
    for (const key of this.#all.keys()) if (!there.has(key)) this.#all.delete(key);
    const last = Math.max(-1, ...[...this.#all.values()].map((place) => place.at));
    const fresh = records.filter((record) => !this.#all.has(record.key)).sort((a, b) => timeOf(b) - timeOf(a));
    for (const [number, record] of fresh.entries()) this.#all.set(record.key, { at: last + 1 + number, time: timeOf(record) });
  }

  of(record: NeedsYouRecord | undefined): Place {
    return (record && this.#all.get(record.key)) ?? { at: Infinity, time: timeOf(record) };
  }
}

/** Records of several shapes under one title. The order of the shapes is that of the list. */
export function mixedGroups(shapes: readonly InboxGroup[], by: Exclude<Grouping, "shape">, places: Places, now = Date.now()): InboxGroup[] {
  const found = new Map<string, Mixed>();
  for (const { group, records } of shapes) {
    for (const record of records) {
      const one = by === "collection" ? collectionOf(group) : dayOf(places.of(record).time, now);
      const known = found.get(one.id) ?? { ...one, members: [] };
      known.members.push({ record, shape: group });
      found.set(one.id, known);
    }
  }
  const groups = [...found.values()];
  if (by === "time") {
    for (const { members } of groups) members.sort((a, b) => places.of(a.record).at - places.of(b.record).at);
    groups.sort((a, b) => places.of(a.members[0]?.record).at - places.of(b.members[0]?.record).at);
  } else {
    groups.sort((a, b) => a.title.localeCompare(b.title));
  }
  return groups.map(together);
}

/** When the server's version was made, or seen. */
function timeOf(record: NeedsYouRecord | undefined): number {
  return record?.theirs_at ?? record?.seen_at ?? 0;
}

function collectionOf(group: NeedsYouGroup): Pick<Mixed, "id" | "title"> {
  return { id: `collection:${JSON.stringify([group.source, group.collection])}`, title: `${group.collection}, ${group.source}` };
}

function dayOf(at: number, now: number): Pick<Mixed, "id" | "title"> {
  const ago = daysBetween(at, now);
  return { id: `day:${new Date(at).toDateString()}`, title: ago <= 0 ? "Today" : ago === 1 ? "Yesterday" : longDay(at) };
}

function together({ id, title, members }: Mixed): InboxGroup {
  const shapes = [...new Set(members.map((one) => one.shape))];
  const records = members.map((one) => one.record);
  const [first] = shapes;
  const group: NeedsYouGroup = { source: first?.source ?? "", noun: "record", collection: title, kind: first?.kind ?? "edit_edit", fields: [], patterns: [], records };
  return { id, group, records, mixed: { title, shapes, shapeOf: new Map(members.map((one) => [one.record.key, one.shape])) } };
}
