-- Version 2: "Needs you" for many. What meets in each conflict is kept beside it, so that the list is one read by index;
-- rules that a person made; batches, and what became of each of their records.

-- What clashes in a record that needs a person. Derived from its versions, its decisions and the rules of its collection,
-- and written in the transaction that changes one of them. Where it is missing, or `made_by` is not the fingerprint of the
-- rules and the schema as they are now, it is derived again when somebody looks.
CREATE TABLE shape (
    key       INTEGER PRIMARY KEY REFERENCES conflict (key) ON DELETE CASCADE,
    made_by   INTEGER NOT NULL,
    fields    TEXT NOT NULL CHECK (json_type(fields) = 'array'),
    open      INTEGER NOT NULL CHECK (open >= 0),
    decided   INTEGER NOT NULL CHECK (decided >= 0),
    automatic INTEGER NOT NULL CHECK (automatic >= 0),
    look      INTEGER NOT NULL CHECK (look IN (0, 1)),
    who       TEXT,
    asked     INTEGER NOT NULL CHECK (asked IN (0, 1)),
    made_at   INTEGER,
    theirs    TEXT CHECK (theirs IS NULL OR json_valid(theirs)),
    mine      TEXT CHECK (mine IS NULL OR json_valid(mine))
) STRICT;

-- "Use this for similar ones from now on": made by a person, limited to one field of one collection.
CREATE TABLE merge_rule (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    pattern       TEXT NOT NULL CHECK (pattern <> ''),
    label         TEXT NOT NULL,
    rule          TEXT NOT NULL CHECK (rule IN ('mine', 'server', 'newest', 'union', 'sum', 'higher')),
    enabled       INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    made_at       INTEGER NOT NULL,
    UNIQUE (collection_id, pattern)
) STRICT;

-- One decision for many records. `run` is the run that works on it: what another run left running has stopped.
CREATE TABLE batch (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    what       TEXT NOT NULL CHECK (what IN ('group', 'ready')),
    source     TEXT NOT NULL,
    collection TEXT NOT NULL,
    kind       TEXT CHECK (kind IN ('edit_edit', 'edit_delete', 'delete_edit', 'create_create')),
    fields     TEXT NOT NULL CHECK (json_type(fields) = 'array'),
    state      TEXT NOT NULL CHECK (state IN ('running', 'stopping', 'stopped', 'done', 'undoing', 'undone')),
    run        INTEGER NOT NULL,
    made_at    INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT;

-- What became of each record. No foreign key to it: what was done outlives the record. `base_version` and
-- `mine_version` number the versions in the history that an undo goes back to; `decisions` are those there were before.
CREATE TABLE batch_item (
    batch_id     INTEGER NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL CHECK (position >= 0),
    key          INTEGER NOT NULL,
    title        TEXT NOT NULL,
    seen         TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'decided', 'queued', 'sending', 'sent', 'settled', 'changed_again', 'refused',
                 'left_out', 'taken_back')),
    undone       TEXT CHECK (undone IN ('open_again', 'written_back', 'kept')),
    words        TEXT,
    value        TEXT CHECK (value IS NULL OR json_valid(value)),
    base_version INTEGER,
    mine_version INTEGER,
    decisions    TEXT CHECK (decisions IS NULL OR json_type(decisions) = 'array'),
    back         TEXT CHECK (back IS NULL OR json_type(back) = 'array'),
    at           INTEGER NOT NULL,
    PRIMARY KEY (batch_id, position)
) STRICT, WITHOUT ROWID;

-- The record whose answer is awaited is found by each step of a record: this index is empty unless a batch runs.
CREATE INDEX batch_item_awaited ON batch_item (key) WHERE state IN ('queued', 'sending');
CREATE INDEX batch_item_by_state ON batch_item (batch_id, state);
