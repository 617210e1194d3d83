// Generated from src-tauri/crates/ipc-types. Do not edit: run `make types`.

export type ValueType = "missing" | "null" | "text" | "number" | "boolean" | "list" | "object";

export type Value = { 
/**
 * Its JSON type.
 */
type: ValueType, 
/**
 * For people: the unescaped text of a string, the spelling of a number, the JSON text of lists and objects.
 */
text: string, 
/**
 * The JSON text as the document spells it; empty when missing.
 */
json: string, };

export type Mark = { 
/**
 * Same in both, only in the first, only in the second.
 */
kind: MarkKind, 
/**
 * The piece.
 */
text: string, };

export type MarkKind = "equal" | "removed" | "added";

export type BodyOperation = { "op": "set", 
/**
 * Where.
 */
pointer: string, 
/**
 * JSON text of the new value.
 */
json: string, } | { "op": "unset", 
/**
 * Where.
 */
pointer: string, } | { "op": "replace", 
/**
 * The new document.
 */
text: string, };

export type ErrorCode = "bad_input" | "not_found" | "changed_here" | "changed_on_server" | "still_open" | "not_now" | "unprotected" | "would_lose" | "offline" | "sign_in" | "server" | "disk" | "locked" | "keychain" | "internal";

export type ErrorReply = { 
/**
 * What went wrong.
 */
code: ErrorCode, 
/**
 * What happened and what to do, in plain words.
 */
words: string, 
/**
 * The field concerned, as a JSON pointer.
 */
pointer?: string, 
/**
 * For `changed_here`: the value there now.
 */
value?: Value, };

export type RecordState = "synced" | "edited" | "sending" | "uncertain" | "contested" | "needs_you" | "rejected";

export type EditKind = "create" | "change" | "delete";

export type RecordsQuery = { 
/**
 * Only this source.
 */
source?: string, 
/**
 * Only this collection of it.
 */
collection?: string, 
/**
 * Full-text filter; empty = all.
 */
text: string, 
/**
 * Only this state.
 */
state?: RecordState, 
/**
 * Column to sort by: `title` (default), `state`, `changed`, or the JSON pointer of a column.
 */
sort?: string, 
/**
 * Sort downwards.
 */
descending: boolean, 
/**
 * First row.
 */
offset: number, 
/**
 * Rows wanted, at most 500.
 */
limit: number, 
/**
 * Local key: the page that holds this record instead of the one at `offset`, if the query finds it.
 */
around?: string, };

export type RecordsPage = { 
/**
 * All rows of the query.
 */
total: number, 
/**
 * First row of this page.
 */
offset: number, 
/**
 * Row of the record asked for by `around`; absent if the query does not find it.
 */
at?: number, 
/**
 * Extra columns of this collection, if one is chosen (at most 4).
 */
columns: Array<Column>, 
/**
 * The rows.
 */
rows: Array<RecordRow>, };

export type Column = { 
/**
 * JSON pointer of the member.
 */
pointer: string, 
/**
 * Its name for people.
 */
label: string, 
/**
 * Right-aligned.
 */
numeric: boolean, };

export type RecordRow = { 
/**
 * Local key.
 */
key: string, 
/**
 * Title for people.
 */
title: string, 
/**
 * State.
 */
state: RecordState, 
/**
 * Kept back by the person.
 */
held: boolean, 
/**
 * Deleted here, not yet on the server.
 */
deleted: boolean, 
/**
 * Source name.
 */
source: string, 
/**
 * Collection title.
 */
collection: string, 
/**
 * Cells, in the order of the page's columns.
 */
cells: Array<string>, 
/**
 * Last change known: the person's, else the server's.
 */
changed_at: number, };

export type News = { 
/**
 * Names of the fields the server changed; empty when the record was deleted there.
 */
fields: Array<string>, 
/**
 * Deleted on the server.
 */
gone: boolean, 
/**
 * Some of them were changed here too.
 */
overlap: boolean, 
/**
 * Names of the fields that both changed.
 */
both: Array<string>, 
/**
 * When the server's version was made, by the server's clock, if it says so.
 */
made_at?: number, 
/**
 * Who, if the server says so.
 */
who?: string, 
/**
 * When this computer saw it.
 */
seen_at: number, };

export type RecordView = { 
/**
 * Local key.
 */
key: string, 
/**
 * `source/collection/id` as the command line takes it.
 */
address: string, 
/**
 * Source name.
 */
source: string, 
/**
 * Collection, as the source names it.
 */
collection: string, 
/**
 * Collection title for people.
 */
collection_title: string, 
/**
 * What one record is called: "tool", "contact", else "record".
 */
noun: string, 
/**
 * Remote id, if the server knows it.
 */
id?: string, 
/**
 * Title.
 */
title: string, 
/**
 * State.
 */
state: RecordState, 
/**
 * Kept back by the person.
 */
held: boolean, 
/**
 * Kind of the waiting edit.
 */
edit?: EditKind, 
/**
 * Counts the edits of this record; goes into `save_edit`.
 */
rev: number, 
/**
 * The form.
 */
form: FormView, 
/**
 * The document as text (Source tab); absent when binary.
 */
text?: string, 
/**
 * What it is where it is no text: kind and size in words; the JSON of a picture holds its data address.
 */
file?: Value, 
/**
 * Media type.
 */
media_type: string, 
/**
 * Version mark of the last synced version.
 */
validator?: string, 
/**
 * When the last synced version was confirmed.
 */
synced_at?: number, 
/**
 * When the waiting edit was saved here.
 */
saved_at?: number, 
/**
 * Names of fields changed here.
 */
changed: Array<string>, 
/**
 * Can be edited now; else `read_only_why` says why.
 */
editable: boolean, 
/**
 * Why not.
 */
read_only_why?: string, 
/**
 * The server's words, when Rejected.
 */
refusal?: RefusalView, 
/**
 * What the server changed meanwhile, while the edit waits.
 */
news?: News, 
/**
 * Records that may be this one, after a lost answer to a create without an address.
 */
twins: Array<Twin>, };

export type Twin = { 
/**
 * Remote id.
 */
id: string, 
/**
 * Title.
 */
title: string, };

export type RefusalKind = "content" | "permission" | "protocol";

export type RefusalView = { 
/**
 * What is refused.
 */
kind: RefusalKind, 
/**
 * The server's words.
 */
words: string, 
/**
 * Fields it names.
 */
fields: Array<RefusedField>, };

export type RefusedField = { 
/**
 * JSON pointer.
 */
pointer: string, 
/**
 * Name for people.
 */
label: string, 
/**
 * The server's words.
 */
words: string, };

export type SaveEdit = { 
/**
 * Which record.
 */
key: string, 
/**
 * `rev` of the view the edit was made on.
 */
based_on_rev: number, 
/**
 * What changes.
 */
operations: Array<BodyOperation>, };

export type CreateRecord = { 
/**
 * Source name.
 */
source: string, 
/**
 * Collection.
 */
collection: string, 
/**
 * Its document; absent = the empty form of the collection.
 */
text?: string, 
/**
 * Its id, where the person chooses one.
 */
id?: string, };

export type Saved = { 
/**
 * Local key.
 */
key: string, 
/**
 * State now; absent when the record is gone.
 */
state?: RecordState, 
/**
 * Edit counter now.
 */
rev: number, 
/**
 * When it was saved.
 */
saved_at: number, };

export type Clock = "here" | "server";

export type HistoryEntry = { 
/**
 * Number, rising; 0 = only in the server's log.
 */
version: number, 
/**
 * When, by `clock`.
 */
at: number, 
/**
 * Whose clock `at` is.
 */
clock: Clock, 
/**
 * When this computer saw it, where `at` is the server's.
 */
seen_at?: number, 
/**
 * What happened: `seen`, `sent`, `set_aside`, `merged`, `merged_by_itself`, `taken_in`, `brought_back`, `undone`,
 * `rejected`, `recognised` (our own write, its answer was lost), `deleted`, `gone` (deleted on the server),
 * `discarded`, `server` (a line of the server's log without a version here).
 */
what: string, 
/**
 * Who: "you", a person, or "server".
 */
by: string, 
/**
 * Name of the computer it was made on, where that was this program.
 */
device?: string, 
/**
 * Version mark, if the server gave one.
 */
validator?: string, 
/**
 * Version mark of the version before.
 */
from_validator?: string, 
/**
 * Names of the fields that differ from the version before.
 */
changed: Array<string>, 
/**
 * The body is kept and can be brought back.
 */
restorable: boolean, 
/**
 * Bytes of the body.
 */
bytes: number, 
/**
 * This line only tells what became of that version: it was sent.
 */
sent_of?: number, 
/**
 * How a merge came about.
 */
merge?: HistoryMerge, 
/**
 * The version that was brought back, or the merge that was undone.
 */
of_version?: number, 
/**
 * The server's words, of a refusal.
 */
words?: string, 
/**
 * The other program it came back from, when its merge was over.
 */
program?: string, 
/**
 * Id of the request, as the server's log has it.
 */
request_id?: string, 
/**
 * It is in the server's own log.
 */
in_log: boolean, };

export type HistoryMerge = { 
/**
 * Number of the version before, if there was one.
 */
before?: number, 
/**
 * Number of the server's version.
 */
theirs?: number, 
/**
 * Number of the person's version.
 */
mine?: number, 
/**
 * Fields decided by the person.
 */
by_you: number, 
/**
 * Fields put together automatically.
 */
automatic: number, 
/**
 * Fields of the result that come from the server.
 */
from_server: number, 
/**
 * Fields of the result that come from the person.
 */
from_you: number, 
/**
 * The rows.
 */
rows: Array<MergeReason>, 
/**
 * It can be undone ([`UndoMerge`]).
 */
can_undo: boolean, };

export type MergeReason = { 
/**
 * Name of the field.
 */
label: string, 
/**
 * Where its value comes from.
 */
from: Provenance, 
/**
 * The person decided it (else it was put together automatically).
 */
by_you: boolean, 
/**
 * The rule, in words: "only the server changed it".
 */
words: string, };

export type VersionView = { 
/**
 * The entry.
 */
entry: HistoryEntry, 
/**
 * The body as text; absent when binary.
 */
text?: string, 
/**
 * Its form, compared with the version now.
 */
form: FormView, };

export type CompareVersions = { 
/**
 * Local key.
 */
key: string, 
/**
 * Version on the left; absent = nothing (all of `to` is new).
 */
from?: number, 
/**
 * Version on the right; absent = the record as it is now.
 */
to?: number, };

export type Comparison = { 
/**
 * Fields that differ, in document order.
 */
rows: Array<ComparedField>, 
/**
 * Fields that are the same in both.
 */
same: Array<SameField>, 
/**
 * Lines of the two texts, for records that have no fields.
 */
lines: Array<Mark>, 
/**
 * The version on the left as text; absent when binary or not there.
 */
from_text?: string, 
/**
 * The version on the right as text.
 */
to_text?: string, };

export type ComparedField = { 
/**
 * Opaque name of the place; goes into [`BringBackField`].
 */
place: string, 
/**
 * The field: elements of lists under the name of their list.
 */
label: string, 
/**
 * Which part of it: "Charger, serial number".
 */
part?: string, 
/**
 * What is known about it.
 */
field: FieldMeta, 
/**
 * Value on the left.
 */
from: Value, 
/**
 * Value on the right.
 */
to: Value, 
/**
 * Word marks: equal and removed pieces are the left value, equal and added ones the right.
 */
marks: Array<Mark>, 
/**
 * Name of a difference that cannot be seen (M26).
 */
invisible?: string, 
/**
 * Kept by the server: not to be brought back.
 */
kept: boolean, };

export type SameField = { 
/**
 * Name.
 */
label: string, 
/**
 * Value.
 */
value: Value, };

export type BringBackField = { 
/**
 * Local key.
 */
key: string, 
/**
 * The version to take it from.
 */
version: number, 
/**
 * The place, as [`ComparedField`] names it.
 */
place: string, };

export type UndoMerge = { 
/**
 * Local key.
 */
key: string, 
/**
 * Number of the merged version; absent = the newest merge of the record.
 */
version?: number, 
/**
 * What is to be brought back: the server's version before the merge (default), or the person's.
 */
to?: Side, };

export type UndoneHow = "reopened" | "queued" | "needs_you" | "nothing";

export type Undone = { 
/**
 * The record now.
 */
saved: Saved, 
/**
 * What became of it.
 */
how: UndoneHow, };

export type DeletedQuery = { 
/**
 * Only of this source.
 */
source?: string, 
/**
 * Only with this in the title.
 */
text: string, 
/**
 * First row.
 */
offset: number, 
/**
 * Rows wanted, at most 500.
 */
limit: number, };

export type DeletedPage = { 
/**
 * All of them.
 */
total: number, 
/**
 * First row of this page.
 */
offset: number, 
/**
 * The rows.
 */
rows: Array<DeletedRow>, };

export type DeletedRow = { 
/**
 * Local key.
 */
key: string, 
/**
 * Its last title.
 */
title: string, 
/**
 * Source name.
 */
source: string, 
/**
 * Collection title.
 */
collection: string, 
/**
 * When it went.
 */
at: number, 
/**
 * The person deleted it (else it was deleted on the server, or settled away).
 */
by_you: boolean, 
/**
 * Versions kept.
 */
versions: number, 
/**
 * The newest version that can be brought back.
 */
newest?: number, };

export type Keeping = { 
/**
 * Days; absent = for good.
 */
days?: number, 
/**
 * What the versions take, by source.
 */
sources: Array<KeptBySource>, 
/**
 * All versions.
 */
versions: number, 
/**
 * Bytes that all versions take on the disk, with what the file needs to find them.
 */
bytes: number, 
/**
 * Size of the file in all.
 */
file: number, 
/**
 * Bytes of the file that are free for new versions.
 */
free: number, 
/**
 * A clean-up is under way.
 */
cleaning: boolean, };

export type KeptBySource = { 
/**
 * Source name.
 */
source: string, 
/**
 * Versions.
 */
versions: number, 
/**
 * Bytes on the disk.
 */
bytes: number, 
/**
 * The oldest.
 */
oldest?: number, };

export type SetKeeping = { 
/**
 * Days; absent = for good.
 */
days?: number, };

export type KeepingPreview = { 
/**
 * Versions.
 */
versions: number, 
/**
 * Their bytes.
 */
bytes: number, 
/**
 * Deleted records that could not be brought back any more.
 */
records: number, 
/**
 * Versions that are old enough and stay: an unsent edit, an open choice, or an undo needs them.
 */
needed: number, };

export type ExportFormat = "json" | "csv";

export type ExportHistory = { 
/**
 * Format.
 */
format: ExportFormat, 
/**
 * Only this record (local key).
 */
key?: string, 
/**
 * Only this source.
 */
source?: string, 
/**
 * Only this collection of it.
 */
collection?: string, 
/**
 * The file to write; it is replaced only once the new one is complete.
 */
path: string, };

export type Exported = { 
/**
 * The file.
 */
path: string, 
/**
 * Records.
 */
records: number, 
/**
 * Versions and lines of the server's log.
 */
versions: number, 
/**
 * Size of the file.
 */
bytes: number, };

export type AskForFile = { 
/**
 * Proposed name, with its extension.
 */
name: string, };

export type ChosenFile = { 
/**
 * The file; absent = the person chose none.
 */
path?: string, };

export type Watched = { 
/**
 * Local key of the record that is open; absent = none.
 */
key?: string, 
/**
 * The window can be seen.
 */
shown: boolean, };

export type FormView = { 
/**
 * Fields in order; empty when the document is no JSON object (use the Source tab).
 */
fields: Array<FieldView>, };

export type FieldKind = "text" | "long_text" | "number" | "boolean" | "date" | "date_time" | "choice" | "tags" | "table" | "object" | "json";

export type FieldMeta = { 
/**
 * JSON pointer.
 */
pointer: string, 
/**
 * Name for people: schema title, else the key in words.
 */
label: string, 
/**
 * What it looks like.
 */
kind: FieldKind, 
/**
 * Must be there.
 */
required: boolean, 
/**
 * Kept by the server: shown, not editable.
 */
read_only: boolean, 
/**
 * Unit behind a number.
 */
unit?: string, 
/**
 * A sentence of help.
 */
help?: string, 
/**
 * What a choice offers.
 */
options: Array<FieldOption>, 
/**
 * Names for people of the members of an object, or of the entries of a list, by key, where the schema has them.
 */
titles?: { [key in string]: string }, };

export type FieldOption = { 
/**
 * JSON text of the value.
 */
json: string, 
/**
 * Name for people.
 */
title: string, };

export type FieldView = { 
/**
 * What is known about it.
 */
meta: FieldMeta, 
/**
 * Value now.
 */
value: Value, 
/**
 * Value of the last synced version, when it differs.
 */
before?: Value, 
/**
 * What is wrong with it, in words (schema, or the server's refusal).
 */
error?: string, 
/**
 * It is an open row of the merge screen.
 */
needs_choice: boolean, 
/**
 * Members of an object.
 */
fields: Array<FieldView>, 
/**
 * Columns of a table.
 */
columns: Array<FieldMeta>, 
/**
 * Rows of a table, each with its cells in the order of `columns`.
 */
rows: Array<Array<FieldView>>, };

export type ConflictKind = "edit_edit" | "edit_delete" | "delete_edit" | "create_create";

export type Choice = "theirs" | "mine" | "both" | "edit" | "later";

export type Standing = "undecided" | "decided" | "suggested" | "followed" | "automatic" | "overridden";

export type Provenance = "mine" | "server" | "both" | "edited" | "combined";

export type Absent = "not_there" | "no_value" | "empty" | "empty_list" | "removed";

export type RowAbsent = { 
/**
 * Before; never `removed`.
 */
before?: Absent, 
/**
 * On the server.
 */
theirs?: Absent, 
/**
 * Yours.
 */
mine?: Absent, 
/**
 * Will be sent; absent, too, while the row is open.
 */
result?: Absent, };

export type ReadyKind = "combined" | "mine_first";

export type ReadyValue = { 
/**
 * Which.
 */
kind: ReadyKind, 
/**
 * What would be sent.
 */
value: Value, 
/**
 * Its words against before.
 */
marks: Array<Mark>, 
/**
 * The row is decided so.
 */
chosen: boolean, 
/**
 * Both sides begin with a date, and this order is that of time (M13): offered first, "In order of date".
 */
by_date: boolean, };

export type RowMember = { 
/**
 * Name of the member in the JSON object that the row's values are: what `edit` sends is such an object.
 */
name: string, 
/**
 * Field, with label, kind and unit.
 */
field: FieldMeta, 
/**
 * Value before.
 */
before: Value, 
/**
 * On the server.
 */
theirs: Value, 
/**
 * Yours.
 */
mine: Value, 
/**
 * Will be sent; absent while undecided.
 */
result?: Value, 
/**
 * The server's change against before.
 */
theirs_marks: Array<Mark>, 
/**
 * Your change against before.
 */
mine_marks: Array<Mark>, 
/**
 * What stands for values that are not there.
 */
absent: RowAbsent, 
/**
 * What is wrong with the result of this member, in words.
 */
error?: string, };

export type EntryChange = "added" | "removed" | "changed" | "moved";

export type RowEntry = { 
/**
 * The server.
 */
theirs?: EntryChange, 
/**
 * You.
 */
mine?: EntryChange, };

export type ParagraphKind = "equal" | "server" | "mine" | "same" | "clash" | "combined";

export type Paragraph = { 
/**
 * How the versions stand to each other.
 */
kind: ParagraphKind, 
/**
 * Paragraphs in it: what the folded bar counts.
 */
count: number, 
/**
 * Before; absent = not there.
 */
before?: string, 
/**
 * On the server.
 */
theirs?: string, 
/**
 * Yours.
 */
mine?: string, 
/**
 * The server's change against before.
 */
theirs_marks: Array<Mark>, 
/**
 * Your change against before.
 */
mine_marks: Array<Mark>, 
/**
 * The row that decides it, where it has one of its own.
 */
row?: number, };

export type TypedText = { 
/**
 * As it was typed.
 */
text: string, 
/**
 * When it was kept.
 */
at: number, };

export type MergeRow = { 
/**
 * Number, stable for the life of the conflict.
 */
row: number, 
/**
 * Field, with label, kind and unit; pointer "" = the whole record.
 */
field: FieldMeta, 
/**
 * Names of the objects around it, outermost first.
 */
breadcrumbs: Array<string>, 
/**
 * Part of a text or list, from 0, where one place has several rows.
 */
part?: number, 
/**
 * Name of the part: "Paragraph 3", "Last paragraph, added by both".
 */
part_name?: string, 
/**
 * Pointer of the list it is in, the key of [`crate::MergeList`]; a row that is the list itself has its own pointer.
 */
list?: string, 
/**
 * What the sides did, where the row is about a whole element of a list.
 */
entry?: RowEntry, 
/**
 * Open (needs a choice) or put together automatically.
 */
open: boolean, 
/**
 * Why it is there, as in `record-merge` (`edited_differently`, `theirs_only`, ...).
 */
kind: string, 
/**
 * The rule that put it together, or why it needs a choice, in words: "Only the server changed it." (M53)
 */
rule: string, 
/**
 * It was put together by itself, but the outcome would not fit: why it needs a choice after all (M22).
 */
why?: string, 
/**
 * What else is to be known: "Both sides put the entries in another order; the server's order is used."
 */
notices: Array<string>, 
/**
 * What happened, in one plain sentence (M32): "Ines changed 'cellar' to 'attic'; you changed it to 'shed'."
 */
sentence: string, 
/**
 * Who changed it on the server, if the server's log says so for this field; else see the view's `who`.
 */
who?: string, 
/**
 * When, from the same line of the log.
 */
theirs_at?: number, 
/**
 * Value before.
 */
before: Value, 
/**
 * On the server.
 */
theirs: Value, 
/**
 * Yours.
 */
mine: Value, 
/**
 * Will be sent; absent while undecided.
 */
result?: Value, 
/**
 * What stands for values that are not there.
 */
absent: RowAbsent, 
/**
 * The server's change against before.
 */
theirs_marks: Array<Mark>, 
/**
 * Your change against before.
 */
mine_marks: Array<Mark>, 
/**
 * Server's against yours (key X).
 */
sides_marks: Array<Mark>, 
/**
 * The server's value now against the one when you chose, with `theirs_then`.
 */
then_marks: Array<Mark>, 
/**
 * Paragraphs of a long text; on the row of the whole text where it has parts.
 */
paragraphs: Array<Paragraph>, 
/**
 * The fields of a row that holds several; empty = it is one field.
 */
members: Array<RowMember>, 
/**
 * How it stands.
 */
standing: Standing, 
/**
 * The choice that acts, or is suggested.
 */
choice?: Choice, 
/**
 * For `suggested` and `followed`: the server's value when you chose.
 */
theirs_then?: Value, 
/**
 * For a suggested choice `edit`: what you wrote then.
 */
wrote?: Value, 
/**
 * What may be chosen, server's first.
 */
choices: Array<Choice>, 
/**
 * Values made ready from both sides, to choose beside `choices`.
 */
ready: Array<ReadyValue>, 
/**
 * What the choice `both` comes to, where it is offered: shown at once, so that nothing moves when the answer comes.
 */
both?: Value, 
/**
 * Where the result comes from.
 */
provenance?: Provenance, 
/**
 * Asks for a look (M20).
 */
please_look: boolean, 
/**
 * Name of an invisible difference (M26).
 */
invisible?: string, 
/**
 * What is wrong with the result, in words.
 */
error?: string, 
/**
 * Typed here, not a decision yet ("save_typed").
 */
typed?: TypedText, };

export type ListMode = "atomic" | "set" | "sequence" | "identity";

export type MergeList = { 
/**
 * JSON pointer; rows of the list name it.
 */
pointer: string, 
/**
 * Name, with what is around it.
 */
label: string, 
/**
 * How it is put together.
 */
mode: ListMode, 
/**
 * The same in words: "list, items matched by number".
 */
words: string, };

export type CheckValue = { 
/**
 * Local key.
 */
key: string, 
/**
 * Row.
 */
row: number, 
/**
 * JSON text of the value; absent = removed.
 */
json?: string, };

export type ValueCheck = { 
/**
 * In words, as a sentence; absent = nothing.
 */
error?: string, 
/**
 * For a row of several fields: by the name of the member.
 */
members: Array<RefusedField>, };

export type DecideMany = { 
/**
 * Local key.
 */
key: string, 
/**
 * What each row gets.
 */
rows: Array<RowDecision>, 
/**
 * `seen` of the view decided on.
 */
seen: string, };

export type RowDecision = { 
/**
 * Row.
 */
row: number, 
/**
 * The choice; `later` opens again.
 */
choice: Choice, 
/**
 * JSON text for `edit`; absent with `edit` = remove the field.
 */
json?: string, };

export type SaveTyped = { 
/**
 * Local key.
 */
key: string, 
/**
 * Row; absent = the source of the whole record.
 */
row?: number, 
/**
 * As it was typed; absent = forget it.
 */
text?: string, 
/**
 * Of the source: as it was before it was changed; absent = as it was kept before.
 */
shown?: string, };

export type SourceText = { 
/**
 * Local key.
 */
key: string, 
/**
 * The whole record as it is to be sent.
 */
text: string, 
/**
 * As it was before it was changed: where it still says the same, a row stays as it is, also open. Absent = as it was
 * kept with the typed text, else the result so far.
 */
shown?: string, 
/**
 * `seen` of the view decided on.
 */
seen: string, };

export type SourceCheck = { 
/**
 * It can be taken.
 */
ok: boolean, 
/**
 * What is wrong with it, as a sentence; absent = nothing.
 */
error?: string, 
/**
 * Line of the mistake, from 1.
 */
line?: number, 
/**
 * Column of the mistake, from 1, in characters.
 */
column?: number, 
/**
 * Fields that do not fit the schema; it can be taken all the same.
 */
fields: Array<RefusedField>, 
/**
 * What it changes on the server.
 */
changes: Array<FieldChange>, };

export type ToolPreset = { 
/**
 * Stable name.
 */
id: string, 
/**
 * Name for people.
 */
name: string, 
/**
 * Its command with the placeholders {before} {server} {yours} {result}.
 */
command: string, 
/**
 * It was found on this computer.
 */
found: boolean, };

export type ExternalTools = { 
/**
 * The command that is used; absent = none is chosen yet.
 */
command?: string, 
/**
 * Name of its program, for "Open in ...".
 */
name?: string, 
/**
 * Programs that are known.
 */
presets: Array<ToolPreset>, };

export type SetExternalTool = { 
/**
 * Its command; absent = none.
 */
command?: string, };

export type ExternalStanding = "open" | "taken" | "unchanged" | "failed";

export type ExternalView = { 
/**
 * Name of the program.
 */
name: string, 
/**
 * Where it stands.
 */
standing: ExternalStanding, 
/**
 * In a sentence.
 */
words: string, 
/**
 * Since when.
 */
at: number, 
/**
 * With `taken`: `leave_external { undo: true }` gives the decisions of before back.
 */
can_undo: boolean, };

export type LeaveExternal = { 
/**
 * Local key.
 */
key: string, 
/**
 * Give the decisions of before back, where its result was taken.
 */
undo: boolean, };

export type UnusedText = { 
/**
 * Its name, for `close_unused`.
 */
id: string, 
/**
 * Local key of the record; it may be gone.
 */
key: string, 
/**
 * Name of the record, where it is known.
 */
title?: string, 
/**
 * Name of the program.
 */
program: string, 
/**
 * When it came.
 */
at: number, 
/**
 * Number of the version in the record's history that holds it.
 */
version?: number, 
/**
 * The file it stays in, where no history could take it.
 */
file?: string, };

export type UnusedKey = { 
/**
 * As in [`UnusedText::id`].
 */
id: string, };

export type ExportConflict = { 
/**
 * Local key.
 */
key: string, 
/**
 * Values are replaced by others of the same shape: same lengths, equal stays equal. Names of fields stay.
 */
redact: boolean, 
/**
 * The file to write (from `ask_for_file`); absent = it is only shown.
 */
file?: string, };

export type ExportedConflict = { 
/**
 * Its text: what leaves this computer, to be looked at first.
 */
text: string, 
/**
 * Where it was written.
 */
file?: string, };

export type TrySample = { 
/**
 * The file with the decisions so far, as the last answer gave it; absent = the sample of the app.
 */
text?: string, 
/**
 * Decide rows of it first.
 */
decide?: Decide, };

export type SampleMerge = { 
/**
 * The file, for the next call.
 */
text: string, 
/**
 * Its screen. `key` is "sample".
 */
view: MergeView, };

export type UnchangedField = { 
/**
 * Name.
 */
label: string, 
/**
 * Value.
 */
value: Value, };

export type MergeView = { 
/**
 * Local key.
 */
key: string, 
/**
 * `source/collection/id`.
 */
address: string, 
/**
 * Source, collection title and number or id, for the line over the title.
 */
breadcrumbs: Array<string>, 
/**
 * Title.
 */
title: string, 
/**
 * What one record is called.
 */
noun: string, 
/**
 * Kind.
 */
kind: ConflictKind, 
/**
 * Who changed it on the server, if known.
 */
who?: string, 
/**
 * When the person's edit was made here.
 */
mine_at?: number, 
/**
 * When the server's version was made, if it says so.
 */
theirs_at?: number, 
/**
 * When this computer saw it.
 */
seen_at: number, 
/**
 * Version mark of the server's version shown; goes into `resolve`. Absent when deleted there.
 */
theirs_validator?: string, 
/**
 * Identifies this very view of the server's side, also when deleted there.
 */
seen: string, 
/**
 * Rows that need a choice first, then the automatic ones, each in document order.
 */
rows: Array<MergeRow>, 
/**
 * Choices in all (open group).
 */
choices: number, 
/**
 * Of them decided.
 */
decided: number, 
/**
 * Lists that differ, in document order: heads of the cards that rows with `list` stand in.
 */
lists: Array<MergeList>, 
/**
 * Earlier choices that have no row any more, because the texts are cut otherwise now. They decide nothing and are
 * shown, so that what was typed is not lost.
 */
orphans: Array<OrphanChoice>, 
/**
 * Group 3.
 */
unchanged: Array<UnchangedField>, 
/**
 * For edit_delete and delete_edit: what the living side changed against before.
 */
changes: Array<FieldChange>, 
/**
 * The server takes new records (save my copy as new, keep both). If not, the copy stays on this computer, and says
 * so.
 */
can_create: boolean, 
/**
 * Why the result could not be sent by this person, in the server's words of the last refusal.
 */
no_right?: string, 
/**
 * The source of the whole record as it was typed, not taken yet.
 */
source_typed?: TypedText, 
/**
 * The other program the versions were opened in.
 */
external?: ExternalView, 
/**
 * The three documents and the result so far as text (Show source); absent = not there.
 */
source: MergeSource, };

export type MergeSource = { 
/**
 * Before.
 */
before?: string, 
/**
 * On the server.
 */
theirs?: string, 
/**
 * Yours.
 */
mine?: string, 
/**
 * Will be sent, open rows at the server's value.
 */
result?: string, };

export type OrphanChoice = { 
/**
 * The field.
 */
label: string, 
/**
 * It was about a paragraph of it.
 */
part: boolean, 
/**
 * What was chosen.
 */
choice: Choice, 
/**
 * What it came to: the text typed, or the value of the side chosen then. Absent = nothing there, or both.
 */
value?: Value, };

export type FieldChange = { 
/**
 * Name.
 */
label: string, 
/**
 * From.
 */
from: Value, 
/**
 * To.
 */
to: Value, 
/**
 * Whose value it is.
 */
provenance?: Provenance, };

export type Decide = { 
/**
 * Local key.
 */
key: string, 
/**
 * Row numbers; several = one step ("All mine").
 */
rows: Array<number>, 
/**
 * The choice; `later` opens again.
 */
choice: Choice, 
/**
 * JSON text for `edit`; absent with `edit` = remove the field.
 */
json?: string, 
/**
 * With `edit`: take this value made ready from both sides; `json` is not read then.
 */
ready?: ReadyKind, 
/**
 * `seen` of the view decided on. An earlier one of this run may be named: the decision is kept as made against
 * that version, and the answer shows the newest (M46).
 */
seen: string, };

export type MergePreview = { 
/**
 * You change on the server.
 */
change: Array<FieldChange>, 
/**
 * You take from the server.
 */
take: Array<FieldChange>, 
/**
 * Left as it is.
 */
same: Array<UnchangedField>, 
/**
 * The exact request; absent when nothing will be sent.
 */
request?: RequestPreview, 
/**
 * `seen` it was made for.
 */
seen: string, };

export type Side = "theirs" | "mine";

export type Resolve = { 
/**
 * Local key.
 */
key: string, 
/**
 * `seen` of the view the person looked at; absent = take the newest.
 */
seen?: string, 
/**
 * One side for every open row.
 */
all?: Side, };

export type NeedsYou = { 
/**
 * Records in all.
 */
total: number, 
/**
 * Groups by shape: same collection, same clashing fields, same kind.
 */
groups: Array<NeedsYouGroup>, };

export type NeedsYouGroup = { 
/**
 * Source name.
 */
source: string, 
/**
 * Collection title.
 */
collection: string, 
/**
 * What one record is called.
 */
noun: string, 
/**
 * Kind.
 */
kind: ConflictKind, 
/**
 * Names of the clashing fields; empty = nothing clashes, ready to send after a look.
 */
fields: Array<string>, 
/**
 * Where they are, as patterns, in the same order.
 */
patterns: Array<string>, 
/**
 * The records.
 */
records: Array<NeedsYouRecord>, };

export type NeedsYouRecord = { 
/**
 * Local key.
 */
key: string, 
/**
 * Title.
 */
title: string, 
/**
 * Rows still open.
 */
open: number, 
/**
 * Rows decided.
 */
decided: number, 
/**
 * Rows put together automatically.
 */
automatic: number, 
/**
 * Something was put together in it that asks for a look.
 */
look: boolean, 
/**
 * When the person's change was saved.
 */
mine_at: number, 
/**
 * When the server's version was made, if it says so.
 */
theirs_at?: number, 
/**
 * Who changed it on the server.
 */
who?: string, 
/**
 * When it was seen.
 */
seen_at: number, 
/**
 * First clashing value on the server, for the list.
 */
theirs?: Value, 
/**
 * First clashing value here.
 */
mine?: Value, };

export type ResolvedReady = { 
/**
 * Keys of the records queued.
 */
queued: Array<string>, 
/**
 * Left out, with the reason.
 */
left_out: Array<LeftOut>, };

export type LeftOut = { 
/**
 * Local key.
 */
key: string, 
/**
 * Title.
 */
title: string, 
/**
 * Why.
 */
words: string, };

export type GroupRule = "theirs" | "mine" | "both" | "newest" | "higher" | "sum" | "union" | "later";

export type FieldRule = { 
/**
 * Where: a pattern of a merge policy; "" = the whole record.
 */
pattern: string, 
/**
 * The rule.
 */
rule: GroupRule, };

export type GroupRequest = { 
/**
 * Local keys, in the order of the list.
 */
keys: Array<string>, 
/**
 * The kind they share.
 */
kind: ConflictKind, 
/**
 * The clashing fields they share, as patterns.
 */
patterns: Array<string>, 
/**
 * A rule for each; a field without one is decided later.
 */
rules: Array<FieldRule>, };

export type GroupField = { 
/**
 * Where.
 */
pattern: string, 
/**
 * Its name; "" for the whole record.
 */
label: string, 
/**
 * What every record of the group offers here, server's first, `later` last.
 */
rules: Array<GroupRule>, 
/**
 * It is a number: shown to the right.
 */
numeric: boolean, 
/**
 * Unit behind a number.
 */
unit?: string, 
/**
 * It is a question about these records that no rule answers later: there is no "from now on".
 */
once?: boolean, 
/**
 * The rule that holds for it from now on, if the person made one.
 */
made?: MergeRuleView, };

export type PlanCell = { 
/**
 * Value before.
 */
before: Value, 
/**
 * On the server.
 */
theirs: Value, 
/**
 * Yours.
 */
mine: Value, 
/**
 * Will be sent; absent while it is to be decided later.
 */
result?: Value, 
/**
 * Where that comes from.
 */
provenance?: Provenance, 
/**
 * The person decided this one by hand before: the rule does not touch it.
 */
by_hand: boolean, 
/**
 * Other entries of a list in this record that clash in the same field, decided alike.
 */
more: number, };

export type PlanRow = { 
/**
 * Local key.
 */
key: string, 
/**
 * Title.
 */
title: string, 
/**
 * The server's version shown; goes into `start_batch`.
 */
seen: string, 
/**
 * One for each field of the group, in its order.
 */
cells: Array<PlanCell>, 
/**
 * It would be written to the server (else the server has it already).
 */
writes: boolean, };

export type GroupPlan = { 
/**
 * Fields with what can be said about them.
 */
fields: Array<GroupField>, 
/**
 * Every record that would be decided.
 */
rows: Array<PlanRow>, 
/**
 * Left out, with the reason; they stay open.
 */
left_out: Array<LeftOut>, 
/**
 * Records that would be sent or settled (else some field is decided later).
 */
complete: boolean, 
/**
 * Writes it would take.
 */
writes: number, };

export type BatchMember = { 
/**
 * Local key.
 */
key: string, 
/**
 * `seen` of its plan row.
 */
seen: string, };

export type StartBatch = { 
/**
 * Which, each for the version shown.
 */
members: Array<BatchMember>, 
/**
 * The kind they share.
 */
kind: ConflictKind, 
/**
 * The clashing fields they share, as patterns; empty with no rules = they need no choice.
 */
patterns: Array<string>, 
/**
 * A rule for each.
 */
rules: Array<FieldRule>, 
/**
 * Patterns whose rule is to hold for similar ones from now on.
 */
keep: Array<string>, };

export type BatchKey = { 
/**
 * Its number.
 */
batch: string, };

export type BatchState = "running" | "stopping" | "stopped" | "done" | "undoing" | "undone";

export type BatchItemState = "waiting" | "decided" | "queued" | "sending" | "sent" | "settled" | "changed_again" | "refused" | "left_out" | "taken_back";

export type BatchUndone = "open_again" | "written_back" | "kept";

export type BatchItem = { 
/**
 * Local key.
 */
key: string, 
/**
 * Title.
 */
title: string, 
/**
 * How it stands.
 */
state: BatchItemState, 
/**
 * What undo did.
 */
undone?: BatchUndone, 
/**
 * What was decided, one for each field.
 */
values: Array<Value>, 
/**
 * What happened, in words; the server's own in quotation marks.
 */
words?: string, 
/**
 * The record is not here any more.
 */
gone: boolean, };

export type BatchField = { 
/**
 * Where.
 */
pattern: string, 
/**
 * Its name.
 */
label: string, 
/**
 * The rule.
 */
rule: GroupRule, 
/**
 * It is a number.
 */
numeric: boolean, };

export type BatchView = { 
/**
 * Its number.
 */
batch: string, 
/**
 * How it stands.
 */
state: BatchState, 
/**
 * Source name; "" = several.
 */
source: string, 
/**
 * Collection title; "" = several.
 */
collection: string, 
/**
 * The kind its records share; absent for records that needed no choice.
 */
kind?: ConflictKind, 
/**
 * What was said; empty = they needed no choice.
 */
fields: Array<BatchField>, 
/**
 * When it began.
 */
made_at: number, 
/**
 * When it ended.
 */
ended_at?: number, 
/**
 * Records in all.
 */
all: number, 
/**
 * Of them with a result.
 */
done: number, 
/**
 * Sent.
 */
sent: number, 
/**
 * Nothing had to be sent.
 */
settled: number, 
/**
 * Changed again.
 */
changed_again: number, 
/**
 * Refused.
 */
refused: number, 
/**
 * Left out, partly decided or taken back.
 */
other: number, 
/**
 * Records an undo would change.
 */
undoable: number, 
/**
 * Of those, records that need a new write.
 */
undo_writes: number, 
/**
 * Why nothing moves, in words: working offline, no connection, sign-in.
 */
waits?: string, 
/**
 * It stopped because Matchbook was closed or ended in the middle.
 */
interrupted: boolean, 
/**
 * The records, in order.
 */
items: Array<BatchItem>, };

export type BatchHead = { 
/**
 * Its number.
 */
batch: string, 
/**
 * How it stands.
 */
state: BatchState, 
/**
 * Collection title; "" = several.
 */
collection: string, 
/**
 * What was said.
 */
fields: Array<BatchField>, 
/**
 * When it began.
 */
made_at: number, 
/**
 * Records in all.
 */
all: number, 
/**
 * Of them with a result.
 */
done: number, };

export type MergeRuleView = { 
/**
 * Its number.
 */
id: string, 
/**
 * Source name.
 */
source: string, 
/**
 * Collection title.
 */
collection: string, 
/**
 * Where.
 */
pattern: string, 
/**
 * Name of the field.
 */
field: string, 
/**
 * What it answers; `later` where it says something else.
 */
rule: GroupRule, 
/**
 * How the field merges, where that is what it says.
 */
how: FieldHow | null, 
/**
 * Names of the fields that are one row with it.
 */
with: Array<string>, 
/**
 * It is switched on.
 */
enabled: boolean, 
/**
 * When it was made.
 */
made_at: number, };

export type SetMergeRule = { 
/**
 * Its number.
 */
id: string, 
/**
 * On or off.
 */
enabled: boolean, };

export type MergeRuleKey = { 
/**
 * Its number.
 */
id: string, };

export type FieldHow = "follow" | "atomic" | "set" | "together";

export type RulePlace = { 
/**
 * Source name.
 */
source: string, 
/**
 * Collection name.
 */
collection: string, };

export type RuleField = { 
/**
 * Where: a pattern of a merge policy.
 */
pattern: string, 
/**
 * Its name.
 */
label: string, 
/**
 * What can answer its clashes.
 */
rules: Array<GroupRule>, 
/**
 * How it can merge.
 */
how: Array<FieldHow>, };

export type AddMergeRule = { 
/**
 * Source name.
 */
source: string, 
/**
 * Collection name.
 */
collection: string, 
/**
 * Pattern of the field.
 */
pattern: string, 
/**
 * What answers its clashes.
 */
rule: GroupRule | null, 
/**
 * How it merges.
 */
how: FieldHow | null, 
/**
 * Patterns of the other fields; only for `together`.
 */
with: Array<string>, };

export type Outbox = { 
/**
 * Entries; those that need a person are not here but in "Needs you".
 */
entries: Array<OutboxEntry>, };

export type OutboxEntry = { 
/**
 * Local key.
 */
key: string, 
/**
 * `source/collection/id`.
 */
address: string, 
/**
 * Title.
 */
title: string, 
/**
 * State.
 */
state: RecordState, 
/**
 * Create, change or delete.
 */
kind: EditKind, 
/**
 * Number of fields changed.
 */
fields: number, 
/**
 * Kept back by the person.
 */
held: boolean, 
/**
 * Requests made so far.
 */
attempts: number, 
/**
 * Why it waits: `next`, `held`, `offline`, `paused`, `server_busy`, `no_version_mark`, `not_checked`,
 * `unprotected`, `lost_answer`, `refused`, `back_off`, `on_the_way`, `stays_here` (a second record that the server
 * does not take).
 */
reason: string, 
/**
 * Not before.
 */
not_before?: number, 
/**
 * The server's words, when Rejected.
 */
words?: string, 
/**
 * Version mark of the version edited.
 */
base_validator?: string, 
/**
 * The precondition it will be sent with, as a header line (`If-Match: "..."`).
 */
precondition?: string, 
/**
 * When it was saved here.
 */
saved_at: number, };

export type RequestPreview = { 
/**
 * Method.
 */
method: string, 
/**
 * URL.
 */
url: string, 
/**
 * Headers in order, without credentials.
 */
headers: Array<Header>, 
/**
 * Body as text; absent = no body or binary.
 */
body?: string, 
/**
 * Size of the body in bytes.
 */
size: number, 
/**
 * Bytes more (or less) than the last synced version.
 */
size_change: number, 
/**
 * Lines of the body against the last synced version.
 */
diff: Array<Mark>, 
/**
 * Fields changed.
 */
changes: Array<FieldChange>, 
/**
 * Fields in all.
 */
fields: number, 
/**
 * The risk in words, where the source cannot protect the write (M45).
 */
risk?: string, };

export type Header = { 
/**
 * Name.
 */
name: string, 
/**
 * Value.
 */
value: string, };

export type DryRunReply = { 
/**
 * It would be taken.
 */
ok: boolean, 
/**
 * In words.
 */
words: string, 
/**
 * Fields it would refuse.
 */
fields: Array<RefusedField>, };

export type Grade = "not_checked" | "unknown" | "protected" | "partly" | "unprotected";

export type MergePolicy = "review" | "auto";

export type Family = { 
/**
 * Name for programs: `rest`, `kinto`.
 */
name: string, 
/**
 * Name for people.
 */
title: string, 
/**
 * What address to give.
 */
hint: string, };

export type SourceView = { 
/**
 * Name, unique.
 */
name: string, 
/**
 * Address.
 */
url: string, 
/**
 * Family.
 */
family: string, 
/**
 * User name, if signed in.
 */
user?: string, 
/**
 * Lowest grade of its collections.
 */
grade: Grade, 
/**
 * The person allowed sending although it is unprotected.
 */
allow_unprotected: boolean, 
/**
 * What happens without a clash.
 */
policy: MergePolicy, 
/**
 * Why nothing is sent now: `sign_in`, `proxy`, `network_sign_in`, `server_full`, `offline`, `server_busy`.
 */
paused?: string, 
/**
 * In words.
 */
paused_words?: string, 
/**
 * It is the demo on this computer.
 */
demo: boolean, 
/**
 * Its collections.
 */
collections: Array<CollectionView>, 
/**
 * Last successful round.
 */
synced_at?: number, };

export type CollectionView = { 
/**
 * As the source names it.
 */
name: string, 
/**
 * Name for people.
 */
title: string, 
/**
 * What one record is called.
 */
noun: string, 
/**
 * Records kept here.
 */
count: number, 
/**
 * Its grade.
 */
grade: Grade, 
/**
 * Records can be created.
 */
can_create: boolean, 
/**
 * A question that stops the reading of this collection: the listing is suddenly (nearly) empty.
 */
guard?: Guard, };

export type Guard = { 
/**
 * Records the server lists now.
 */
listed: number, 
/**
 * Records kept here.
 */
kept: number, };

export type AnswerGuard = { 
/**
 * Source name.
 */
source: string, 
/**
 * Collection.
 */
collection: string, 
/**
 * `true`: keep the records here; `false`: they were really deleted.
 */
keep: boolean, };

export type AddSource = { 
/**
 * Name for people, unique.
 */
name: string, 
/**
 * Address.
 */
url: string, 
/**
 * Family.
 */
family: string, 
/**
 * Collections to keep; empty = all.
 */
collections: Array<string>, 
/**
 * User name.
 */
user?: string, 
/**
 * Password or token; goes into the keychain.
 */
secret?: string, 
/**
 * A declarative profile (TOML) for family `rest`.
 */
profile?: string, 
/**
 * Extra headers for every request.
 */
headers: Array<Header>, };

export type ProbeAddress = { 
/**
 * Address.
 */
url: string, 
/**
 * Family; absent = find out.
 */
family?: string, 
/**
 * User name.
 */
user?: string, 
/**
 * Password or token.
 */
secret?: string, };

export type ProbeReply = { 
/**
 * Address to use.
 */
url: string, 
/**
 * Family found.
 */
family?: string, 
/**
 * It asks to sign in.
 */
needs_sign_in: boolean, 
/**
 * Collections it offers.
 */
collections: Array<FoundCollection>, 
/**
 * In words.
 */
words: string, };

export type FoundCollection = { 
/**
 * As the server names it.
 */
name: string, 
/**
 * Name for people.
 */
title: string, 
/**
 * Records, if the server tells.
 */
count?: number, };

export type CheckTest = { 
/**
 * Name for programs: `put_stale_if_match`, `delete_stale_if_match`, `create_if_none_match`,
 * `validator_in_answer`, `body_kept`.
 */
test: string, 
/**
 * What it tests, for people.
 */
title: string, 
/**
 * `pass`, `fail`, `care` or `unknown`.
 */
result: string, 
/**
 * What the server did.
 */
detail: string, };

export type CheckReport = { 
/**
 * Collection tested.
 */
collection: string, 
/**
 * The tests.
 */
tests: Array<CheckTest>, 
/**
 * The grade.
 */
grade: Grade, 
/**
 * What was learnt, as JSON text (`profile` of the command line).
 */
profile: string, 
/**
 * Scratch records made and removed.
 */
scratch: number, 
/**
 * How long it took, in milliseconds.
 */
millis: number, };

export type SetSource = { 
/**
 * Source name.
 */
name: string, 
/**
 * Policy.
 */
policy?: MergePolicy, 
/**
 * Allow sending although unprotected.
 */
allow_unprotected?: boolean, 
/**
 * User name.
 */
user?: string, 
/**
 * New password or token.
 */
secret?: string, };

export type RemoveSource = { 
/**
 * Source name.
 */
name: string, 
/**
 * Also when edits or decisions were not sent.
 */
discard_unsent: boolean, };

export type Connection = "online" | "no_connection" | "working_offline";

export type Status = { 
/**
 * Connection.
 */
connection: Connection, 
/**
 * Last successful round.
 */
synced_at?: number, 
/**
 * Last edit saved on this computer.
 */
saved_at?: number, 
/**
 * Records kept.
 */
records: number, 
/**
 * Edits in the outbox (without those that need a person).
 */
outbox: number, 
/**
 * Records that need a person.
 */
needs_you: number, 
/**
 * Sending now: done and all of this run; absent when idle.
 */
sending?: Progress, 
/**
 * Reading now, as a collection title and records so far; absent when idle.
 */
reading?: Reading, 
/**
 * Trouble of the disk or the lock that must be seen.
 */
trouble?: string, 
/**
 * Versions are kept for so many days; absent = for good.
 */
keep_days?: number, 
/**
 * A text of another program that came back when its merge was over: told until the person has seen it. One at a time.
 */
unused?: UnusedText, 
/**
 * Newest event number.
 */
event: number, };

export type Progress = { 
/**
 * Done.
 */
done: number, 
/**
 * All.
 */
all: number, };

export type Reading = { 
/**
 * Collection title.
 */
collection: string, 
/**
 * Records so far.
 */
records: number, };

export type Change = { "what": "records_changed", 
/**
 * Local keys.
 */
keys: Array<string>, } | { "what": "outbox_changed" } | { "what": "conflict_changed", 
/**
 * Local key.
 */
key: string, } | { "what": "batch_changed", 
/**
 * Its number.
 */
batch: string, } | { "what": "source_changed" } | { "what": "status_changed" };

export type Event = { 
/**
 * Rising by one.
 */
number: number, 
/**
 * What changed, folded over 100 ms.
 */
changes: Array<Change>, };

export type ActivityEntry = { 
/**
 * When.
 */
at: number, 
/**
 * Local key of the record concerned.
 */
key?: string, 
/**
 * Its title.
 */
title?: string, 
/**
 * As in [`crate::HistoryEntry`] `what`.
 */
what: string, 
/**
 * Who.
 */
by: string, 
/**
 * Names of the fields concerned.
 */
changed: Array<string>, 
/**
 * Number of the version in the record's history.
 */
version: number, 
/**
 * How a merge came about; it says whether it can be undone.
 */
merge?: HistoryMerge, 
/**
 * The server's words, of a refusal.
 */
words?: string, };

export type Tour = { 
/**
 * It is shown.
 */
active: boolean, 
/**
 * Step 1 to 4; 5 = done.
 */
step: number, 
/**
 * Local key of the record the tour uses, once it is known.
 */
key?: string, 
/**
 * Collection of that record.
 */
collection?: string, 
/**
 * Name of the demo source.
 */
source?: string, 
/**
 * What the colleague did, in words, once done.
 */
colleague?: string, };

export type TourAction = "start" | "do_it" | "next" | "leave";

export type RecordKey = { 
/**
 * Local key.
 */
key: string, };

export type VersionKey = { 
/**
 * Local key.
 */
key: string, 
/**
 * Version number of the history.
 */
version: number, };

export type Hold = { 
/**
 * Local keys; empty = all in the outbox.
 */
keys: Array<string>, 
/**
 * `true`: keep back; `false`: release.
 */
held: boolean, };

export type CheckUp = { 
/**
 * Source name.
 */
source: string, 
/**
 * Only this collection.
 */
collection?: string, };

export type SyncNow = { 
/**
 * Only this source.
 */
source?: string, };

export type SetOffline = { 
/**
 * On or off.
 */
offline: boolean, };

export type Settle = { 
/**
 * Local key.
 */
key: string, 
/**
 * It is this one; absent = send it again.
 */
is?: string, };

export type TourStep = { 
/**
 * What to do.
 */
action: TourAction, };

/** Every command: its argument and its reply. */
export type Commands = {
  status: { argument: null; reply: Status };
  sources: { argument: null; reply: Array<SourceView> };
  families: { argument: null; reply: Array<Family> };
  probe_address: { argument: ProbeAddress; reply: ProbeReply };
  add_source: { argument: AddSource; reply: SourceView };
  set_source: { argument: SetSource; reply: SourceView };
  remove_source: { argument: RemoveSource; reply: null };
  check_up: { argument: CheckUp; reply: Array<CheckReport> };
  answer_guard: { argument: AnswerGuard; reply: null };
  sync_now: { argument: SyncNow; reply: null };
  set_offline: { argument: SetOffline; reply: Status };
  records: { argument: RecordsQuery; reply: RecordsPage };
  record: { argument: RecordKey; reply: RecordView };
  save_edit: { argument: SaveEdit; reply: Saved };
  create_record: { argument: CreateRecord; reply: Saved };
  delete_record: { argument: RecordKey; reply: Saved };
  take_back: { argument: RecordKey; reply: Saved };
  send_now: { argument: RecordKey; reply: Saved };
  hold: { argument: Hold; reply: null };
  take_in_now: { argument: RecordKey; reply: Saved };
  settle: { argument: Settle; reply: Saved };
  outbox: { argument: null; reply: Outbox };
  request_preview: { argument: RecordKey; reply: RequestPreview };
  check_with_server: { argument: RecordKey; reply: DryRunReply };
  needs_you: { argument: null; reply: NeedsYou };
  merge: { argument: RecordKey; reply: MergeView };
  decide: { argument: Decide; reply: MergeView };
  decide_many: { argument: DecideMany; reply: MergeView };
  check_value: { argument: CheckValue; reply: ValueCheck };
  save_typed: { argument: SaveTyped; reply: null };
  check_source: { argument: SourceText; reply: SourceCheck };
  decide_source: { argument: SourceText; reply: MergeView };
  external_tools: { argument: null; reply: ExternalTools };
  set_external_tool: { argument: SetExternalTool; reply: ExternalTools };
  open_external: { argument: RecordKey; reply: MergeView };
  leave_external: { argument: LeaveExternal; reply: MergeView };
  close_unused: { argument: UnusedKey; reply: Status };
  export_conflict: { argument: ExportConflict; reply: ExportedConflict };
  try_sample: { argument: TrySample; reply: SampleMerge };
  merge_preview: { argument: RecordKey; reply: MergePreview };
  resolve: { argument: Resolve; reply: Saved };
  resolve_ready: { argument: null; reply: ResolvedReady };
  keep_both: { argument: Resolve; reply: Saved };
  group_plan: { argument: GroupRequest; reply: GroupPlan };
  start_batch: { argument: StartBatch; reply: BatchView };
  batch: { argument: BatchKey; reply: BatchView };
  batches: { argument: null; reply: Array<BatchHead> };
  stop_batch: { argument: BatchKey; reply: BatchView };
  go_on_batch: { argument: BatchKey; reply: BatchView };
  undo_batch: { argument: BatchKey; reply: BatchView };
  merge_rules: { argument: null; reply: Array<MergeRuleView> };
  set_merge_rule: { argument: SetMergeRule; reply: Array<MergeRuleView> };
  remove_merge_rule: { argument: MergeRuleKey; reply: Array<MergeRuleView> };
  rule_fields: { argument: RulePlace; reply: Array<RuleField> };
  add_merge_rule: { argument: AddMergeRule; reply: Array<MergeRuleView> };
  history: { argument: RecordKey; reply: Array<HistoryEntry> };
  version: { argument: VersionKey; reply: VersionView };
  restore: { argument: VersionKey; reply: Saved };
  compare_versions: { argument: CompareVersions; reply: Comparison };
  bring_back_field: { argument: BringBackField; reply: Saved };
  undo_merge: { argument: UndoMerge; reply: Undone };
  deleted_records: { argument: DeletedQuery; reply: DeletedPage };
  keeping: { argument: null; reply: Keeping };
  keeping_preview: { argument: SetKeeping; reply: KeepingPreview };
  set_keeping: { argument: SetKeeping; reply: Keeping };
  shrink_file: { argument: null; reply: Keeping };
  ask_for_file: { argument: AskForFile; reply: ChosenFile };
  export_history: { argument: ExportHistory; reply: Exported };
  watch: { argument: Watched; reply: null };
  activity: { argument: null; reply: Array<ActivityEntry> };
  tour: { argument: null; reply: Tour };
  tour_step: { argument: TourStep; reply: Tour };
};
