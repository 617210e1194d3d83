/** What the sides did to an entry of a list: "added on server", "changed by you and moved on server". */
import type { RowEntry } from "$lib/backend/generated/ipc";
import { screenWords as words } from "./words";

export function entryWords(entry: RowEntry): string {
  const said = [entry.mine && words.entry.mine[entry.mine], entry.theirs && words.entry.theirs[entry.theirs]];
  return said.filter((one) => one !== undefined).join(", ");
}
