/** The ways out when one side deleted the record, the server's first. */
import type { Choice, MergeRow, MergeView } from "$lib/backend/generated/ipc";
import { wholeWords } from "./words";

/** `keep_edit`: keep the server's and open it for editing. */
export type WholeChoice = Choice | "keep_edit";

export interface WholeOption {
  choice: WholeChoice;
  title: string;
  text: string;
  /** Nothing is sent. */
  silent: boolean;
}

export function wholeRow(view: MergeView): MergeRow | undefined {
  if (view.kind !== "edit_delete" && view.kind !== "delete_edit") return undefined;
  return view.rows.find((row) => row.kind === view.kind) ?? view.rows.find((row) => row.field.pointer === "");
}

/** A file has no source to show, and no other program can put two together; nor is there anything to, where one side is deleted. */
export function hasSource(view: MergeView): boolean {
  return wholeRow(view) === undefined && (view.source.theirs !== undefined || view.source.mine !== undefined);
}

export function wholeOptions(view: MergeView, row: MergeRow): WholeOption[] {
  const kind = view.kind === "delete_edit" ? "delete_edit" : "edit_delete";
  const texts: Partial<Record<WholeChoice, readonly [string, (noun: string) => string]>> = wholeWords.options[kind];
  // Where the server takes no new records nothing can be created there again: a copy stays on this computer instead.
  const createsThere = kind === "delete_edit" || view.can_create;
  const offered: WholeChoice[] = createsThere ? ["theirs", "mine"] : ["theirs"];
  if (kind === "edit_delete" && row.choices.includes("both")) offered.push("both");
  if (kind === "delete_edit") offered.push("keep_edit");
  offered.push("later");
  return offered.flatMap((choice) => {
    const text = choice === "both" && !createsThere ? wholeWords.copyHere : texts[choice];
    if (!text) return [];
    return [{ choice, title: text[0], text: text[1](view.noun), silent: choice === "theirs" || choice === "keep_edit" || (choice === "both" && !createsThere) }];
  });
}
