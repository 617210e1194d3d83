/** The outbox as rows: a head for each group that has entries, then its entries. */
import type { OutboxEntry } from "$lib/backend/generated/ipc";
import { groupOf, type OutboxGroup } from "$lib/state/outbox.svelte";

export interface OutboxRow {
  head?: OutboxGroup;
  count: number;
  entry?: OutboxEntry;
}

const ORDER: readonly OutboxGroup[] = ["look", "on_the_way", "waiting", "held"];

export function listRows(entries: readonly OutboxEntry[]): OutboxRow[] {
  return ORDER.flatMap((group) => {
    const of = entries.filter((entry) => groupOf(entry) === group);
    if (of.length === 0) return [];
    return [{ head: group, count: of.length }, ...of.map((entry) => ({ entry, count: 0 }))];
  });
}
