/**
 * A back end of views in memory that decides as the real one does: durable choices, `seen` checked, decisions
 * carried to a newer version. For the gallery and for tests of the state class; the app never sees it.
 */
import type { Argument, CommandName, Reply } from "../src/lib/backend/backend";
import type { Decide, ErrorReply, FieldChange, MergePreview, MergeRow, MergeView, Value } from "../src/lib/backend/generated/ipc";
import { sameValue } from "../src/lib/state/merge-values";
import { valueOf } from "../src/lib/state/merge-standing";

export class MergeBackend {
  view: MergeView;
  /** Every call, in order. */
  calls: { name: string; argument: unknown }[] = [];
  /** Fails the next call of a name. */
  fails = new Map<string, ErrorReply>();
  /** Answers of a name wait for this. */
  waits = new Map<string, Promise<void>>();
  over = false;

  constructor(view: MergeView) {
    this.view = view;
  }

  call = async <K extends CommandName>(name: K, argument: Argument<K>): Promise<Reply<K>> => {
    this.calls.push({ name, argument });
    await this.waits.get(name);
    const failure = this.fails.get(name);
    this.fails.delete(name);
    // What crosses the boundary is a copy, and a refusal is a plain object.
    if (failure) throw failure;
    return structuredClone(this.#answer(name, argument)) as Reply<K>;
  };

  named(name: string): unknown[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.argument);
  }

  /** The server changes again: decisions are carried over as M47 says. */
  serverChanges(change: Partial<Record<number, Value>>, seen: string): void {
    const rows = this.view.rows.map((row): MergeRow => {
      const theirs = change[row.row];
      if (!theirs || sameValue(theirs, row.theirs)) return row;
      const next = { ...row, theirs, theirs_marks: [], theirs_then: row.theirs };
      if (row.standing === "undecided") return { ...next, theirs_then: undefined };
      if (row.choice === "theirs") return { ...next, standing: "followed", result: theirs };
      return { ...next, standing: "suggested", result: undefined, provenance: undefined };
    });
    this.view = { ...this.view, rows, seen };
  }

  #answer(name: CommandName, argument: unknown): unknown {
    switch (name) {
      case "merge":
        if (this.over) throw { code: "not_now", words: "This record needs no choice." } satisfies ErrorReply;
        return this.view;
      case "decide":
        return this.#decide(argument as Decide);
      case "merge_preview":
        return this.#preview();
      case "resolve":
      case "keep_both":
        return this.#resolve(argument as { seen?: string });
      default:
        throw { code: "internal", words: `No answer for ${name}` } satisfies ErrorReply;
    }
  }

  #decide(decide: Decide): MergeView {
    if (decide.seen !== this.view.seen) throw { code: "changed_on_server", words: "The server changed it meanwhile." } satisfies ErrorReply;
    const rows = this.view.rows.map((row) => (decide.rows.includes(row.row) ? decided(row, decide) : row));
    const open = rows.filter((row) => row.open);
    this.view = { ...this.view, rows, choices: open.length, decided: open.filter(isDecided).length };
    return this.view;
  }

  #resolve(argument: { seen?: string }): unknown {
    if (argument.seen !== undefined && argument.seen !== this.view.seen) throw { code: "changed_on_server", words: "The server changed it meanwhile." } satisfies ErrorReply;
    if (this.view.rows.some((row) => row.open && !isDecided(row))) throw { code: "still_open", words: "Rows are open." } satisfies ErrorReply;
    this.over = true;
    return { key: this.view.key, state: "edited", rev: 2, saved_at: 0 };
  }

  #preview(): MergePreview {
    const words = (row: MergeRow, value: Value): Value => (value.type === "number" && row.field.unit ? { ...value, text: `${value.text} ${row.field.unit}` } : value);
    const line = (row: MergeRow, from: Value): FieldChange => ({ label: [...row.breadcrumbs, row.field.label].join(", "), from: words(row, from), to: words(row, row.result ?? row.theirs), provenance: row.provenance });
    const gone = this.view.kind === "edit_delete";
    const kept = gone && this.view.rows[0]?.choice === "mine";
    return {
      change: gone ? (kept ? this.view.changes : []) : this.view.rows.filter((row) => row.result && !sameValue(row.result, row.theirs)).map((row) => line(row, row.theirs)),
      take: gone ? [] : this.view.rows.filter((row) => row.result && sameValue(row.result, row.theirs)).map((row) => line(row, row.mine)),
      same: this.view.unchanged,
      seen: this.view.seen,
      request: gone && !kept ? undefined : {
        method: "PUT", url: "https://tools.riverside.example/api/tools/118",
        headers: [{ name: gone ? "If-None-Match" : "If-Match", value: gone ? "*" : (this.view.theirs_validator ?? "") }, { name: "Content-Type", value: "application/json" }],
        body: this.view.source.result, size: 1412, size_change: 38, changes: [], fields: 17,
        diff: [{ kind: "equal", text: "{\n" }, { kind: "removed", text: '  "deposit": 25.00,\n' }, { kind: "added", text: '  "deposit": 30.00,\n' }, { kind: "equal", text: '  "shelf": "A4"\n}\n' }],
      },
    };
  }
}

function isDecided(row: MergeRow): boolean {
  return row.standing !== "undecided" && row.standing !== "suggested";
}

function decided(row: MergeRow, { choice, json }: Decide): MergeRow {
  const base = { ...row, choice, theirs_then: undefined };
  switch (choice) {
    case "later":
      return row.open
        ? { ...base, choice: undefined, standing: "undecided", result: undefined, provenance: undefined }
        : { ...base, standing: "automatic", ...taken(row) };
    case "theirs":
      return { ...base, standing: row.open ? "decided" : "overridden", result: row.theirs, provenance: "server" };
    case "mine":
      return { ...base, standing: row.open ? "decided" : "overridden", result: row.mine, provenance: "mine" };
    case "both":
      return { ...base, standing: row.open ? "decided" : "overridden", result: valueOf(JSON.stringify(`${row.theirs.text}\n${row.mine.text}`)), provenance: "both" };
    case "edit":
      return { ...base, standing: row.open ? "decided" : "overridden", result: valueOf(json), provenance: "edited" };
  }
}

function taken(row: MergeRow): Pick<MergeRow, "result" | "provenance" | "choice"> {
  const mine = row.kind === "mine_only";
  return { result: mine ? row.mine : row.theirs, provenance: mine ? "mine" : "server", choice: mine ? "mine" : "theirs" };
}
