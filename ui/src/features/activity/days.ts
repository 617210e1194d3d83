/** Entries under the day they happened. */
import type { ActivityEntry } from "$lib/backend/generated/ipc";

export interface Day {
  title: string;
  entries: ActivityEntry[];
}

export function byDay(
  entries: readonly ActivityEntry[],
  name: (at: number) => string,
  words: { today: string; yesterday: string },
  now = Date.now(),
): Day[] {
  const today = new Date(now).toDateString();
  const yesterday = new Date(now - 86_400_000).toDateString();
  const days: Day[] = [];
  for (const entry of entries) {
    const date = new Date(entry.at).toDateString();
    const title = date === today ? words.today : date === yesterday ? words.yesterday : name(entry.at);
    const last = days.at(-1);
    if (last?.title === title) last.entries.push(entry);
    else days.push({ title, entries: [entry] });
  }
  return days;
}
