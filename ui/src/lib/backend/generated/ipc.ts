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
limit: number, };

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

export type HistoryEntry = { 
/**
 * Number, rising.
 */
version: number, 
/**
 * When.
 */
at: number, 
/**
 * What happened: `seen`, `edited`, `sent`, `set_aside`, `merged`, `merged_by_itself`,
 * `recognised` (our own write, its answer was lost), `deleted`, `gone` (deleted on the server), `discarded`, `server`.
 */
what: string, 
/**
 * Who: "you", a person, or "server".
 */
by: string, 
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
restorable: boolean, };

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
options: Array<FieldOption>, };

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
 * Open (needs a choice) or put together automatically.
 */
open: boolean, 
/**
 * Why it is there, as in `record-merge` (`edited_differently`, `theirs_only`, ...).
 */
kind: string, 
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
 * Server's against yours (key X).
 */
sides_marks: Array<Mark>, 
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
 * What may be chosen, server's first.
 */
choices: Array<Choice>, 
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
error?: string, };

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
 * Group 3.
 */
unchanged: Array<UnchangedField>, 
/**
 * For edit_delete and delete_edit: what the living side changed against before.
 */
changes: Array<FieldChange>, 
/**
 * A second record can be created (save my copy as new, keep both).
 */
can_create: boolean, 
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
 * `seen` of the view decided on.
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
 * Kind.
 */
kind: ConflictKind, 
/**
 * Names of the clashing fields; empty = nothing clashes, ready to send after a look.
 */
fields: Array<string>, 
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
 * `unprotected`, `lost_answer`, `refused`, `back_off`, `on_the_way`.
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
key: string, } | { "what": "source_changed" } | { "what": "status_changed" };

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
changed: Array<string>, };

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
  merge_preview: { argument: RecordKey; reply: MergePreview };
  resolve: { argument: Resolve; reply: Saved };
  resolve_ready: { argument: null; reply: ResolvedReady };
  keep_both: { argument: Resolve; reply: Saved };
  history: { argument: RecordKey; reply: Array<HistoryEntry> };
  version: { argument: VersionKey; reply: VersionView };
  restore: { argument: VersionKey; reply: Saved };
  activity: { argument: null; reply: Array<ActivityEntry> };
  tour: { argument: null; reply: Tour };
  tour_step: { argument: TourStep; reply: Tour };
};
