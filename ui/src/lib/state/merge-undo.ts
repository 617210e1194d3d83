/** Undo and redo of decisions: every step holds what the rows were before and after it. */
import type { Choice, ReadyKind } from "../backend/generated/ipc";

/** A choice as it is told to the back end. `later` = open (or, for an automatic row, automatic again). */
export interface Said {
  choice: Choice;
  json?: string;
  /** With `edit`: a value made ready from both sides; `json` tells which. */
  ready?: ReadyKind;
}

export interface RowChange {
  row: number;
  from: Said;
  to: Said;
}

export interface Step {
  changes: RowChange[];
  /** Typing goes on: further text in the same row folds into this step. */
  typing?: boolean;
}

export class UndoStack {
  #done: Step[] = [];
  #undone: Step[] = [];

  push(step: Step): void {
    const last = this.#done.at(-1);
    const change = step.changes[0];
    const before = last?.changes[0];
    this.#undone = [];
    if (step.typing && last?.typing && change && before && before.row === change.row) {
      before.to = change.to;
      return;
    }
    if (step.changes.length > 0) this.#done.push(step);
  }

  /** Ends a run of typing. */
  seal(): void {
    const last = this.#done.at(-1);
    if (last) last.typing = false;
  }

  undo(): Step | undefined {
    const step = this.#done.pop();
    if (step) this.#undone.push({ ...step, typing: false });
    return step;
  }

  redo(): Step | undefined {
    const step = this.#undone.pop();
    if (step) this.#done.push(step);
    return step;
  }
}

export function sameSaid(a: Said, b: Said): boolean {
  return a.choice === b.choice && a.ready === b.ready && (a.choice !== "edit" || a.json === b.json);
}

/** One call for all rows that get the same choice. */
export function groupSaid(changes: { row: number; said: Said }[]): { rows: number[]; said: Said }[] {
  const groups: { rows: number[]; said: Said }[] = [];
  for (const { row, said } of changes) {
    const group = groups.find((one) => sameSaid(one.said, said));
    if (group) group.rows.push(row);
    else groups.push({ rows: [row], said });
  }
  return groups;
}
