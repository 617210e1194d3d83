/** A picture for a collection, guessed from what its records are called. */
import type { CollectionView } from "./backend/generated/ipc";
import type { IconName } from "$components/icons";

const GUESSES: [RegExp, IconName][] = [
  [/tool/, "tool"],
  // Before "lend": a calendar lends nothing.
  [/event|calendar|appointment|task|todo/, "calendar"],
  [/loan|lend|borrow/, "swap"],
  [/contact|person|people|user|member|card|neighbour|address/, "card"],
  [/case|ticket|order|job/, "case"],
  [/part|item|product|box|stock/, "box"],
  [/note|doc|text|page|article|post|recipe/, "note"],
];

export function collectionIcon(collection: Pick<CollectionView, "name" | "noun" | "title">): IconName {
  const names = `${collection.noun} ${collection.name} ${collection.title}`.toLowerCase();
  return GUESSES.find(([pattern]) => pattern.test(names))?.[1] ?? "stack";
}
