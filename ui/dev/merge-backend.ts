/**
 * A back end of views in memory that decides as the real one does: durable choices, `seen` checked, decisions
 * carried to a newer version. For the gallery and for tests of the state class; the app never sees it.
 */
import type { Argument, CommandName, Reply } from "../src/lib/backend/backend";
import type { Decide, DecideMany, ErrorReply, ExternalTools, FieldChange, MergePreview, MergeRow, MergeView, SaveTyped, SourceCheck, SourceText, Value } from "../src/lib/backend/generated/ipc";
import { sameValue } from "../src/lib/state/merge-values";
import { valueOf } from "../src/lib/state/merge-json";

export class MergeBackend {
  view: MergeView;
  /** Every call, in order. */
  calls: { name: string; argument: unknown }[] = [];
  /** Fails the next call of a name. */
  fails = new Map<string, ErrorReply>();
  /** Answers of a name wait for this. */
  waits = new Map<string, Promise<void>>();
  over = false;
  /** Takes choices about a version that was shown lately, as the real one does for a while. */
  remembers = false;
  #looked = new Map<string, readonly MergeRow[]>();
  /** What the preview says of lists and long texts, one line each as the real one does. */
  #lists: { change: FieldChange[]; take: FieldChange[] };

  constructor(view: MergeView, lists: { change: FieldChange[]; take: FieldChange[] } = { change: [], take: [] }) {
    this.view = view;
    this.#lists = lists;
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
    this.#looked.set(this.view.seen, this.view.rows);
    const rows = this.view.rows.map((row): MergeRow => {
      const theirs = change[row.row];
      if (!theirs || sameValue(theirs, row.theirs)) return row;
      const next = { ...row, theirs, theirs_marks: [], theirs_then: row.theirs };
      if (row.standing === "undecided") return { ...next, theirs_then: undefined };
      if (row.choice === "theirs") return { ...next, standing: "followed", result: theirs };
      if (row.standing === "automatic") return { ...next, theirs_then: undefined, ...taken(next) };
      // What was chosen instead of the automatic result is asked again, too.
      return { ...next, open: true, standing: "suggested", wrote: row.wrote ?? (row.choice === "edit" ? row.result : undefined), result: undefined, provenance: undefined };
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
      case "decide_many":
        return this.#decideMany(argument as DecideMany);
      case "save_typed":
        this.#keep(argument as SaveTyped);
        return null;
      case "check_source":
        return checkSource((argument as SourceText).text);
      case "decide_source":
        this.view = { ...this.view, source_typed: undefined, source: { ...this.view.source, result: (argument as SourceText).text } };
        return this.view;
      case "external_tools":
        return tools;
      case "set_external_tool":
        return { ...tools, command: (argument as { command?: string }).command, name: "Meld" };
      case "open_external":
        this.view = { ...this.view, external: { name: "Meld", standing: "open", words: "Meld is open with this record. Nothing changes here before it ends.", at: 0, can_undo: false } };
        return this.view;
      case "leave_external":
        this.view = { ...this.view, external: undefined };
        return this.view;
      case "ask_for_file":
        return { path: `Documents/${(argument as { name: string }).name}` };
      case "export_conflict":
        return { text: JSON.stringify({ title: (argument as { redact: boolean }).redact ? "xxxx" : this.view.title }, null, 2), file: (argument as { file?: string }).file };
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
    const then = this.remembers ? this.#looked.get(decide.seen) : undefined;
    if (decide.seen !== this.view.seen && !then) throw { code: "changed_on_server", words: "The server changed it meanwhile." } satisfies ErrorReply;
    const rows = this.view.rows.map((row) => (decide.rows.includes(row.row) ? decidedThen(row, then?.find((one) => one.row === row.row), decide) : row));
    const open = rows.filter((row) => row.open);
    this.view = { ...this.view, rows, choices: open.length, decided: open.filter(isDecided).length };
    return this.view;
  }

  #decideMany(many: DecideMany): MergeView {
    for (const one of many.rows) this.#decide({ key: many.key, seen: many.seen, rows: [one.row], choice: one.choice, json: one.json });
    return this.view;
  }

  #keep({ row, text }: SaveTyped): void {
    const typed = text === undefined ? undefined : { text, at: 0 };
    if (row === undefined) this.view = { ...this.view, source_typed: typed };
    else this.view = { ...this.view, rows: this.view.rows.map((one) => (one.row === row ? { ...one, typed } : one)) };
  }

  #resolve(argument: { seen?: string }): unknown {
    if (argument.seen !== undefined && argument.seen !== this.view.seen) throw { code: "changed_on_server", words: "The server changed it meanwhile." } satisfies ErrorReply;
    if (this.view.rows.some((row) => row.open && !isDecided(row))) throw { code: "still_open", words: "Rows are open." } satisfies ErrorReply;
    this.over = true;
    return { key: this.view.key, state: "edited", rev: 2, saved_at: 0 };
  }

  #preview(): MergePreview {
    const words = (row: MergeRow, value: Value): Value => (value.type === "number" && row.field.unit ? { ...value, text: `${value.text} ${row.field.unit}` } : value);
    const shown = this.view.rows.filter((row) => row.paragraphs.length === 0 && row.part === undefined && row.list === undefined);
    const line = (row: MergeRow, from: Value): FieldChange => ({ label: [...row.breadcrumbs, row.field.label].join(", "), from: words(row, from), to: words(row, row.result ?? row.theirs), provenance: row.provenance });
    const gone = this.view.kind === "edit_delete";
    const kept = gone && this.view.rows[0]?.choice === "mine";
    return {
      change: gone ? (kept ? this.view.changes : []) : [...shown.filter((row) => row.result && !sameValue(row.result, row.theirs)).map((row) => line(row, row.theirs)), ...this.#lists.change],
      take: gone ? [] : [...shown.filter((row) => row.result && sameValue(row.result, row.theirs)).map((row) => line(row, row.mine)), ...this.#lists.take],
      same: this.view.unchanged,
      seen: this.view.seen,
      request: gone && !kept ? undefined : {
        method: "PUT", url: "https://tools.riverside.example/api/tools/118",
        headers: [{ name: gone ? "If-None-Match" : "If-Match", value: gone ? "*" : (this.view.theirs_validator ?? "") }, { name: "Content-Type", value: "application/json" }, { name: "Accept", value: "application/json" }, { name: "User-Agent", value: "Matchbook" }],
        body: this.view.source.result, size: 1412, size_change: 38, changes: [], fields: 17,
        diff: [{ kind: "equal", text: "{\n" }, { kind: "removed", text: '  "deposit": 25.00,\n' }, { kind: "added", text: '  "deposit": 30.00,\n' }, { kind: "equal", text: '  "shelf": "A4"\n}\n' }],
      },
    };
  }
}

function isDecided(row: MergeRow): boolean {
  return row.standing !== "undecided" && row.standing !== "suggested";
}

function checkSource(text: string): SourceCheck {
  try {
    JSON.parse(text);
    return { ok: true, fields: [], changes: [] };
  } catch {
    return { ok: false, error: "A comma is missing here.", line: 3, column: 5, fields: [], changes: [] };
  }
}

const tools: ExternalTools = { presets: [{ id: "meld", name: "Meld", command: "meld {server} {result} {yours}", found: true }, { id: "kdiff3", name: "KDiff3", command: "kdiff3 {before} {server} {yours} -o {result}", found: false }] };

function decided(asked: MergeRow, { choice, json, ready }: Decide): MergeRow {
  const automatic = asked.kind === "theirs_only" || asked.kind === "mine_only";
  if (automatic && asked.standing === "suggested" && choice === "later") return asked;
  const before = automatic ? { ...asked, open: false } : asked;
  const made = before.ready.find((one) => one.kind === ready || (ready === undefined && choice === "edit" && one.value.json === json));
  const row: MergeRow = { ...before, ready: before.ready.map((one) => ({ ...one, chosen: one === made })) };
  const base = { ...row, choice, theirs_then: undefined, typed: undefined, wrote: undefined };
  if (made) return { ...base, standing: "decided", result: made.value, provenance: made.kind === "combined" ? "combined" : "both" };
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

/** Decided on a version before this one. */
function decidedThen(row: MergeRow, then: MergeRow | undefined, decide: Decide): MergeRow {
  if (!then || sameValue(then.theirs, row.theirs)) return decided(row, decide);
  if (decide.choice === "later") return decided(row, decide);
  const said = decided({ ...row, theirs: then.theirs }, decide);
  const next = { ...said, theirs: row.theirs, theirs_then: then.theirs };
  if (decide.choice === "theirs") return { ...next, standing: "followed", result: row.theirs };
  return { ...next, open: true, standing: "suggested", wrote: decide.choice === "edit" ? said.result : undefined, result: undefined, provenance: undefined };
}

function taken(row: MergeRow): Pick<MergeRow, "result" | "provenance" | "choice"> {
  const mine = row.kind === "mine_only";
  return { result: mine ? row.mine : row.theirs, provenance: mine ? "mine" : "server", choice: mine ? "mine" : "theirs" };
}
