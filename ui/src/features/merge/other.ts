/** "Use other" of an automatic row: the one other side, or back to what was put together. */
import type { Choice, MergeRow } from "$lib/backend/generated/ipc";
import { screenWords as words } from "./words";

/** `undefined`: there is more than one other way; the row then offers its choices. */
export function otherChoice(row: MergeRow): { choice: Choice; words: string } | undefined {
  if (row.standing === "overridden") return { choice: "later", words: words.putBack };
  if (row.provenance === "server" && row.choices.includes("mine")) return { choice: "mine", words: words.useOther };
  if (row.provenance === "mine" && row.choices.includes("theirs")) return { choice: "theirs", words: words.useOther };
  return undefined;
}
