/** How states and grades look: word, icon, tone. */
import type { Grade, RecordState } from "./backend/generated/ipc";
import type { IconName } from "$components/icons";
import { words } from "./words";

export interface Look {
  word: string;
  icon: IconName;
  tone: string;
}

const STATES: Record<RecordState, Look> = {
  synced: { word: words.states.synced, icon: "check", tone: "synced" },
  edited: { word: words.states.edited, icon: "pencil", tone: "edited" },
  sending: { word: words.states.sending, icon: "send", tone: "sending" },
  uncertain: { word: words.states.uncertain, icon: "question", tone: "uncertain" },
  contested: { word: words.states.checking, icon: "question", tone: "uncertain" },
  needs_you: { word: words.states.needsYou, icon: "fork", tone: "needs" },
  rejected: { word: words.states.rejected, icon: "xcircle", tone: "rejected" },
};
const HELD: Look = { word: words.states.held, icon: "pause", tone: "held" };
const QUEUED: Look = { word: words.states.queued, icon: "clock", tone: "queued" };

/** Held is a pause on a waiting edit; the other states say more and win. */
export function stateLook(state: RecordState, held = false, queue = false): Look {
  if (state === "edited" && held) return HELD;
  if (state === "edited" && queue) return QUEUED;
  return STATES[state];
}

export const stateOrder: readonly RecordState[] = [
  "synced", "edited", "sending", "contested", "uncertain", "needs_you", "rejected",
];

const GRADES: Record<Grade, Look> = {
  protected: { word: words.grades.protected, icon: "shield", tone: "ok" },
  partly: { word: words.grades.partly, icon: "shieldhalf", tone: "warn" },
  unprotected: { word: words.grades.unprotected, icon: "shieldoff", tone: "bad" },
  unknown: { word: words.grades.unknown, icon: "question", tone: "quiet" },
  not_checked: { word: words.grades.notChecked, icon: "question", tone: "quiet" },
};

export function gradeLook(grade: Grade): Look {
  return GRADES[grade];
}
