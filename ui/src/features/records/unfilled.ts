/** A new record nobody wrote anything into yet: it is kept back so that nothing empty is sent. */
import type { RecordView } from "$lib/backend/generated/ipc";

export function unfilled(view: RecordView): boolean {
  return view.edit === "create" && view.state === "edited" && view.held && view.changed.length === 0;
}
