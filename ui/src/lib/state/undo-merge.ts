/** Undo of what was put together, from wherever it is offered: the history, Activity, right after sending. */
import type { Side, Undone } from "../backend/generated/ipc";
import { mergeLocation } from "../places";
import type { App } from "./app.svelte";
import { sendingNotice, sentWords } from "./sent-notice";

export const undoWords = {
  reopened: "It is open again, with your choices as they were. Nothing was sent.",
  queued: "The version before waits in the Outbox. What was put together stays in the history.",
  sent: "The version before is on the server again. What was put together stays in the history.",
  nothing: "The server has that version already.",
  show: "Show",
};

/** Undoes the newest merge of a record, or that of a version; tells what became of it. */
export async function undoMerge(app: App, key: string, version?: number, to?: Side): Promise<Undone | undefined> {
  const undone = await app.try("undo_merge", { key, version, to });
  if (undone) tellUndone(app, key, undone);
  return undone;
}

/** What became of an undo, in a bar with the next step. */
export function tellUndone(app: App, key: string, undone: Undone): void {
  switch (undone.how) {
    case "reopened":
    case "needs_you":
      app.notices.show({
        tone: "news", icon: "undo", words: undone.how === "reopened" ? undoWords.reopened : sentWords.needsYou,
        action: { label: sentWords.decide, run: () => app.nav.go(mergeLocation(key)) },
      });
      break;
    case "queued":
      sendingNotice(
        app, [key],
        { tone: "news", icon: "undo", words: undoWords.queued, action: { label: undoWords.show, run: () => app.nav.go({ place: "outbox", key }) } },
        { tone: "news", icon: "check", words: undoWords.sent },
      );
      break;
    case "nothing":
      app.notices.show({ tone: "news", icon: "check", words: undoWords.nothing });
  }
}
