/** The button that sends names its outcome. */
import type { MergePreview, MergeView } from "$lib/backend/generated/ipc";
import type { Sent } from "$lib/state/merge-sending.svelte";
import { previewWords as words, wholeWords } from "./words";

export function sendWords(view: MergeView, what: Sent, preview: MergePreview | undefined, lines = preview?.change.length ?? 0, keepEdit = false): string {
  if (what === "second") return words.second(view.noun);
  const request = preview?.request;
  if (!preview || !request) {
    if (view.kind === "edit_delete") return view.rows.some((row) => row.choice === "both") ? wholeWords.copyHere[0] : words.letDeleted;
    if (view.kind === "delete_edit") return wholeWords.options.delete_edit[keepEdit ? "keep_edit" : "theirs"][0];
    return words.takeServers;
  }
  if (request.risk) return words.checkThenSend;
  if (request.method === "DELETE") return words.sendDelete;
  if (view.kind === "edit_delete") return view.rows.some((row) => row.choice === "both") ? words.second(view.noun) : words.bringBack;
  return words.send(lines);
}
