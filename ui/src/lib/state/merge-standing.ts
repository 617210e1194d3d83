/** How a row stands: what the view says, with a choice that is still on its way laid over it. */
import type { Choice, MergeRow, Provenance, Value } from "../backend/generated/ipc";
import { chosenWay, wayFrom, type Way } from "./merge-both";
import { valueOf } from "./merge-json";
import type { Said } from "./merge-undo";

/** A choice not in the view yet. */
export interface Overlay {
  said: Said;
  /** Number of the wish, so that an answer clears only its own. */
  asked?: number;
  /** It is on the disk, and laid over an older view. */
  kept?: boolean;
  /** Not taken: the server had changed. Said again after `Show` where nothing changed. */
  failed?: boolean;
  /** Not taken, and the server's value here is another now: only suggested. */
  suggested?: Choice;
  /** The server's value when it was chosen. */
  then?: Value;
}

/** Why a choice is suggested: it was the earlier one, the setting or a rule says so, or words were put together. */
export type SuggestedBy = "earlier" | "setting" | "rule" | "words";

export interface RowLook {
  decided: boolean;
  /** The choice that acts. */
  choice?: Choice;
  /** The choice that waits for a yes; the row is open. */
  suggested?: Choice;
  suggestedBy?: SuggestedBy;
  /** What a yes says. */
  suggestion?: Said;
  /** The server's value was taken and changed since. */
  followed: boolean;
  /** How both sides are kept. */
  way?: Way;
  /** The server's value when the person chose. */
  then?: Value;
  result?: Value;
  provenance?: Provenance;
  error?: string;
}

export function rowLook(row: MergeRow, over?: Overlay, newer?: MergeRow): RowLook {
  if (over) return overlaid(row, over, newer);
  const decided = row.standing !== "undecided" && row.standing !== "suggested";
  const way = chosenWay(row);
  const choice = way === undefined ? row.choice : "both";
  return {
    decided,
    choice: decided ? choice : undefined,
    way: decided ? way : undefined,
    ...(row.standing === "suggested" ? { suggested: choice, suggestedBy: "earlier" } : {}),
    followed: row.standing === "followed",
    then: row.theirs_then,
    result: decided ? row.result : undefined,
    provenance: decided ? (way && row.provenance === "edited" ? wayFrom(way) : row.provenance) : undefined,
    error: row.error,
  };
}

function overlaid(row: MergeRow, over: Overlay, newer?: MergeRow): RowLook {
  const { choice, json } = over.said;
  const look = { decided: true, choice, followed: false };
  switch (choice) {
    case "theirs":
      return { ...look, result: row.theirs, provenance: "server" };
    case "mine":
      return { ...look, result: row.mine, provenance: "mine" };
    case "both":
      return { ...look, result: row.both ?? newer?.both, provenance: "both", way: "server_first" };
    case "edit":
      if (over.said.ready !== undefined) return { ...look, choice: "both", way: over.said.ready, result: valueOf(json), provenance: wayFrom(over.said.ready) };
      return { ...look, result: valueOf(json), provenance: "edited" };
    case "later":
      // An automatic row goes back to what was put together; the answer tells the value.
      return row.open
        ? { decided: false, followed: false, ...(over.suggested ? { suggested: over.suggested, suggestedBy: "earlier" } : {}), then: over.then }
        : { decided: true, followed: false, result: row.result, provenance: row.provenance };
  }
}
