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

/** Records of several shapes under one title. The order of the shapes is that of the list. */
export function mixedGroups(shapes: readonly InboxGroup[], by: Exclude<Grouping, "shape">, now = Date.now()): InboxGroup[] {
  const found = new Map<string, Mixed>();
  for (const { group, records } of shapes) {
    for (const record of records) {
      const one = by === "collection" ? collectionOf(group) : dayOf(timeOf(record), now);
      const known = found.get(one.id) ?? { ...one, members: [] };
      known.members.push({ record, shape: group });
      found.set(one.id, known);
    }
  }
  const groups = [...found.values()];
  if (by === "time") {
    for (const { members } of groups) members.sort((a, b) => timeOf(b.record) - timeOf(a.record));
    groups.sort((a, b) => timeOf(b.members[0]?.record) - timeOf(a.members[0]?.record));
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
