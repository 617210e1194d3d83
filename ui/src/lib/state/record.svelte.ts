/**
 * One open record and what is typed into it. Typing never waits: it changes a draft here; the draft is
 * saved 300 ms after the last key, or at once on blur, Ctrl+S and close. What was typed is never replaced by an
 * answer: a draft goes away only when it is saved, shown by the newest view, and its field has no focus.
 */
import { asErrorReply, hasCode, type Backend } from "../backend/backend";
import { touchesRecord, type ChangeFeed } from "../backend/changes";
import type { BodyOperation, ErrorReply, FieldView, RecordView, Value } from "../backend/generated/ipc";
import { findField, missingObjects, sameValue } from "../fields";
import type { DraftShelf } from "./draftShelf";
import { Refresh } from "./refresh";

const DEBOUNCE = 300;

export interface FieldDraft {
  pointer: string;
  /** What the field shows. */
  typed: string;
  /** How it is saved; absent while it is no valid value. */
  operation?: BodyOperation;
  /** Why it cannot be saved. */
  error?: string;
  /** `rev` of the view it was typed on. */
  basedOn: number;
  /** Counts the keystrokes: a save settles only what it carried. */
  turn: number;
  saved: boolean;
  /** Saved, and the newest view has it. */
  shown?: boolean;
  /** Counts the stays in a field: all typing of one stay is one step of undo. */
  stay: number;
  /** Value before the first key of this draft, for undo. */
  before?: Value;
  /** Somebody else changed the field meanwhile; nothing of it is saved until the person says which. */
  clash?: Value;
  /** Refused once although the field is as the person saw it: refused again, the person decides. */
  again?: boolean;
}

interface UndoStep {
  stay: number;
  pointer: string;
  from: Value;
  to: FieldDraft;
}

export interface RecordStateOptions {
  backend: Backend;
  feed: ChangeFeed;
  shelf?: DraftShelf;
  /** Told after each save. */
  saved?: () => void;
}

export class RecordState {
  readonly key: string;
  view = $state.raw<RecordView | undefined>();
  /** Why there is no view. */
  failure = $state.raw<ErrorReply | undefined>();
  drafts = $state.raw<ReadonlyMap<string, FieldDraft>>(new Map());
  saving = $state(false);
  /** Not saved on this computer: the words stay until a save works. */
  unsaved = $state.raw<ErrorReply | undefined>();
  undoable = $state(0);
  redoable = $state(0);

  #backend: Backend;
  #refresh: Refresh;
  #stop: () => void;
  #shelf: DraftShelf | undefined;
  #told: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  /** `rev` that what is shown stands on. */
  #basis = 0;
  #focused: { pointer: string; basis: number; stay: number; value: Value | undefined } | undefined;
  #undo: UndoStep[] = [];
  #redo: UndoStep[] = [];
  #turn = 0;
  /** Objects made by a save that the view does not show yet: making them again would empty them. */
  #made = new Set<string>();
  #stays = 0;
  /** Saves so far: a view read while one was on its way may be older than it. */
  #saves = 0;

  constructor(key: string, options: RecordStateOptions) {
    this.key = key;
    this.#backend = options.backend;
    this.#shelf = options.shelf;
    this.#told = options.saved;
    this.#refresh = new Refresh(() => this.#read());
    this.#stop = options.feed.subscribe((changes) => {
      if (touchesRecord(changes, key)) void this.read();
    });
    const kept = options.shelf?.take(key);
    if (kept) this.drafts = kept;
  }

  read(): Promise<void> {
    return this.#refresh.run();
  }

  draft(pointer: string): FieldDraft | undefined {
    return this.drafts.get(pointer);
  }

  /** A key was pressed. No call is made here. */
  type(pointer: string, typed: string, operation: BodyOperation | undefined, error?: string): void {
    const before = this.drafts.get(pointer);
    const focused = this.#focused?.pointer === pointer ? this.#focused : undefined;
    const shown = this.#field(pointer)?.value;
    const moved = !before && focused?.value && shown && !sameValue(focused.value, shown) ? shown : undefined;
    const start = before && !before.saved ? before.before : (focused?.value ?? shown);
    this.#put({
      pointer, typed, operation, error, turn: ++this.#turn, saved: false, stay: focused?.stay ?? ++this.#stays,
      basedOn: before?.basedOn ?? focused?.basis ?? this.#basis,
      ...(start ? { before: start } : {}),
      ...((before?.clash ?? moved) ? { clash: before?.clash ?? moved } : {}),
    });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), DEBOUNCE);
  }

  focus(pointer: string): void {
    if (this.#focused?.pointer === pointer) return;
    this.#focused = { pointer, basis: this.#basis, stay: ++this.#stays, value: this.#field(pointer)?.value };
  }

  /** The focus left the field: what was typed is saved at once. */
  blur(pointer: string): void {
    if (this.#focused?.pointer !== pointer) return;
    this.#focused = undefined;
    void this.flush();
    this.#settle();
  }

  /** Saves everything that can be saved; resolves when nothing is left to do. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running ??= this.#saveAll().finally(() => {
      this.#running = undefined;
      if (this.#due().length > 0 && !this.unsaved) void this.flush();
    });
    return this.#running;
  }

  /** Sets a value at once (a choice, a tag, Put back). */
  async set(pointer: string, operation: BodyOperation, typed: string): Promise<void> {
    this.type(pointer, typed, operation);
    await this.flush();
  }

  /** The field as the last synced version has it. */
  putBack(field: FieldView): Promise<void> {
    const before = field.before;
    if (!before) return Promise.resolve();
    return this.set(field.meta.pointer, toOperation(field.meta.pointer, before), before.text);
  }

  /**
   * Adds or removes an element. Pointers behind it move, so drafts below the list are saved before and dropped
   * after, and the newest view is read before anything else can be typed on it.
   */
  async restructure(list: string, operation: BodyOperation): Promise<void> {
    await this.flush();
    this.#dropBelow(list);
    await this.set(operation.op === "replace" ? "" : operation.pointer, operation, "");
    await this.read();
    this.#dropBelow(list);
  }

  /** After a clash: keep what was typed (on top of the newest value), or take that value. */
  async decideClash(pointer: string, keepTyped: boolean): Promise<void> {
    const draft = this.drafts.get(pointer);
    if (!draft) return;
    if (keepTyped) {
      await this.read();
      this.#put({ ...draft, clash: undefined, basedOn: this.#basis });
      await this.flush();
    } else {
      this.#drop(pointer);
      await this.read();
    }
  }

  /** Everything typed and not saved, to be kept elsewhere. */
  typedText(): string {
    return [...this.#open().values()].map((draft) => (draft.pointer === "" ? draft.typed : `${draft.pointer}: ${draft.typed}`)).join("\n");
  }

  async undo(): Promise<string | undefined> {
    await this.flush();
    const step = this.#undo.pop();
    if (!step) return undefined;
    this.#redo.push(step);
    await this.#jump(step.pointer, toOperation(step.pointer, step.from), step.from.text);
    return step.pointer;
  }

  async redo(): Promise<string | undefined> {
    const step = this.#redo.pop();
    if (!step?.to.operation) return undefined;
    this.#undo.push(step);
    await this.#jump(step.pointer, step.to.operation, step.to.typed);
    return step.pointer;
  }

  /** Saves and lets go. What cannot be saved is put on the shelf and is there again when the record is opened. */
  close(): void {
    this.#focused = undefined;
    const saved = this.flush();
    this.#stop();
    void saved.finally(() => this.#shelve());
  }

  /** After each pause of typing: the app may be killed, or its window closed, before the record is left. */
  #shelve(): void {
    try {
      this.#shelf?.put(this.key, this.#open());
    } catch {
      // No room: the record itself says that it is not saved.
    }
  }

  async #jump(pointer: string, operation: BodyOperation, typed: string): Promise<void> {
    const steps: [UndoStep[], UndoStep[]] = [[...this.#undo], [...this.#redo]];
    this.#drop(pointer);
    await this.set(pointer, operation, typed);
    [this.#undo, this.#redo] = steps;
    this.#countSteps();
    await this.read();
    this.#drop(pointer);
  }

  async #read(): Promise<void> {
    const saves = this.#saves;
    try {
      const view = await this.#backend.call("record", { key: this.key });
      if (saves !== this.#saves) return void this.#refresh.run();
      this.failure = undefined;
      this.#take(view);
    } catch (error) {
      this.failure = asErrorReply(error);
    }
  }

  #take(view: RecordView): void {
    this.view = view;
    this.#made.clear();
    this.#basis = view.rev;
    this.drafts = new Map([...this.drafts].map(([pointer, draft]) => [pointer, draft.saved ? { ...draft, shown: true } : draft]));
    this.#settle();
  }

  /** Drops what is saved and shown; keeps the field one is in. */
  #settle(): void {
    const stays = [...this.drafts].filter(([pointer, draft]) => !draft.shown || this.#focused?.pointer === pointer);
    if (stays.length !== this.drafts.size) this.drafts = new Map(stays);
  }

  #due(): FieldDraft[] {
    return [...this.drafts.values()].filter((draft) => !draft.saved && draft.operation && !draft.error && !draft.clash);
  }

  /** Typed and not saved. */
  #open(): Map<string, FieldDraft> {
    return new Map([...this.drafts].filter(([, draft]) => !draft.saved));
  }

  async #saveAll(): Promise<void> {
    this.saving = true;
    try {
      for (let due = this.#due(); due.length > 0; due = this.#due()) {
        // One call carries the drafts that stand on the same rev: a wrong rev would find a clash with ourselves.
        const basedOn = Math.min(...due.map((draft) => draft.basedOn));
        if (!(await this.#save(basedOn, due.filter((draft) => draft.basedOn === basedOn)))) return;
      }
      this.unsaved = undefined;
    } finally {
      this.saving = false;
      this.#shelve();
    }
  }

  /** `false`: stop, it would fail again. */
  async #save(basedOn: number, drafts: FieldDraft[]): Promise<boolean> {
    const made = drafts.flatMap((draft) => missingObjects(this.view?.form.fields ?? [], draft.pointer)).filter((pointer) => !this.#made.has(pointer));
    const objects = [...new Set(made)].map((pointer): BodyOperation => ({ op: "set", pointer, json: "{}" }));
    const operations = [...objects, ...drafts.flatMap((draft) => (draft.operation ? [draft.operation] : []))];
    try {
      const reply = await this.#backend.call("save_edit", { key: this.key, based_on_rev: basedOn, operations });
      for (const pointer of made) this.#made.add(pointer);
      this.#saved(basedOn, drafts, reply.rev);
      return true;
    } catch (error) {
      if (hasCode(error, "changed_here") && error.pointer !== undefined) {
        return await this.#clash(drafts, error);
      }
      this.unsaved = asErrorReply(error);
      return false;
    }
  }

  #saved(basedOn: number, drafts: FieldDraft[], rev: number): void {
    // Nobody else wrote in between: everything shown stands on the new rev as well.
    this.#saves++;
    const alone = rev === basedOn + 1;
    if (alone && this.#basis === basedOn) this.#basis = rev;
    if (alone && this.#focused?.basis === basedOn) this.#focused.basis = rev;
    const next = new Map(this.drafts);
    for (const [pointer, draft] of next) {
      const carried = drafts.find((one) => one.pointer === pointer);
      if (carried) {
        next.set(pointer, { ...draft, basedOn: rev, saved: carried.turn === draft.turn, again: false });
        this.#remember(carried);
      } else if (alone && draft.basedOn === basedOn) next.set(pointer, { ...draft, basedOn: rev });
    }
    this.drafts = next;
    this.#told?.();
  }

  /**
   * Somebody else wrote meanwhile. A field that still has the value the person saw is saved on top of the newest version;
   * of one that has another, the person says which.
   */
  async #clash(drafts: FieldDraft[], error: ErrorReply): Promise<boolean> {
    const hit = drafts.filter((draft) => touches(draft.pointer, error.pointer ?? ""));
    if (hit.length === 0) {
      this.unsaved = error;
      return false;
    }
    await this.read();
    for (const { pointer } of hit) {
      const draft = this.drafts.get(pointer);
      if (!draft) continue;
      const now = this.#field(pointer)?.value ?? error.value ?? { type: "missing", text: "", json: "" };
      if (!draft.again && draft.before && sameValue(draft.before, now)) this.#put({ ...draft, basedOn: this.#basis, again: true });
      else this.#put({ ...draft, clash: now });
    }
    return true;
  }

  #remember(draft: FieldDraft): void {
    if (!draft.before) return;
    const last = this.#undo.at(-1);
    if (last?.stay === draft.stay) last.to = draft;
    else this.#undo.push({ stay: draft.stay, pointer: draft.pointer, from: draft.before, to: draft });
    this.#redo = [];
    this.#countSteps();
  }

  #countSteps(): void {
    this.undoable = this.#undo.length;
    this.redoable = this.#redo.length;
  }

  #put(draft: FieldDraft): void {
    this.drafts = new Map(this.drafts).set(draft.pointer, draft);
  }

  #drop(pointer: string): void {
    const next = new Map(this.drafts);
    next.delete(pointer);
    this.drafts = next;
  }

  #dropBelow(list: string): void {
    this.drafts = new Map([...this.drafts].filter(([pointer, draft]) => !pointer.startsWith(`${list}/`) || !draft.saved && draft.pointer === list));
  }

  #field(pointer: string): FieldView | undefined {
    return this.view ? findField(this.view.form.fields, pointer) : undefined;
  }
}

function touches(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`) || one === "" || other === "";
}

export function toOperation(pointer: string, value: Value): BodyOperation {
  return value.type === "missing" ? { op: "unset", pointer } : { op: "set", pointer, json: value.json };
}
