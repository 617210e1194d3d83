-- Version 1. Bodies are BLOBs exactly as received or written. Times are milliseconds since 1970 UTC.
-- The rows of a record say its state (architecture.md section 3); foreign keys, CHECKs and triggers make every other
-- combination unstorable. `state`, `task` and `due` repeat what the rows say so that lists and the queue go by index.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY CHECK (name <> ''),
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    name              TEXT NOT NULL UNIQUE CHECK (name <> ''),
    url               TEXT NOT NULL CHECK (url <> ''),
    family            TEXT NOT NULL CHECK (family <> ''),
    user              TEXT,
    headers           TEXT NOT NULL CHECK (json_type(headers) = 'array'),
    profile           TEXT,
    policy            TEXT NOT NULL CHECK (policy IN ('review', 'auto')),
    allow_unprotected INTEGER NOT NULL CHECK (allow_unprotected IN (0, 1)),
    paused            TEXT CHECK (paused <> ''),
    synced_at         INTEGER,
    demo              INTEGER NOT NULL CHECK (demo IN (0, 1))
) STRICT;

CREATE TABLE collection (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id INTEGER NOT NULL REFERENCES source (id),
    name      TEXT NOT NULL,
    title     TEXT NOT NULL,
    noun      TEXT NOT NULL,
    schema    TEXT,
    cursor    TEXT,
    rules     TEXT NOT NULL CHECK (json_type(rules) = 'object'),
    may_send  INTEGER NOT NULL CHECK (may_send IN (0, 1)),
    report    TEXT CHECK (report IS NULL OR json_valid(report)),
    guard     TEXT CHECK (guard IS NULL OR json_valid(guard)),
    UNIQUE (source_id, name),
    UNIQUE (id, source_id)
) STRICT;

CREATE TABLE record (
    key           INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id     INTEGER NOT NULL,
    collection_id INTEGER NOT NULL,
    remote_id     TEXT CHECK (remote_id <> ''),
    id_is_ours    INTEGER NOT NULL CHECK (id_is_ours IN (0, 1)),
    rev           INTEGER NOT NULL CHECK (rev >= 0),
    answered      INTEGER NOT NULL CHECK (answered >= 0),
    versions      INTEGER NOT NULL CHECK (versions >= 0),
    title         TEXT NOT NULL,
    sort_key      TEXT NOT NULL,
    text_hash     INTEGER NOT NULL,
    state         TEXT NOT NULL CHECK (state IN
                  ('synced', 'edited', 'sending', 'uncertain', 'contested', 'needs_you', 'rejected')),
    changed_at    INTEGER NOT NULL,
    task          TEXT CHECK (task IN ('read', 'write')),
    held          INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
    due           INTEGER NOT NULL DEFAULT 0,
    queued_at     INTEGER NOT NULL DEFAULT 0,
    CHECK (task IS NULL OR state NOT IN ('synced', 'needs_you', 'rejected')),
    UNIQUE (collection_id, remote_id),
    FOREIGN KEY (collection_id, source_id) REFERENCES collection (id, source_id)
) STRICT;

CREATE INDEX record_by_title ON record (collection_id, sort_key, key, state);
CREATE INDEX record_by_title_all ON record (sort_key, key, source_id, state);
CREATE INDEX record_by_change ON record (changed_at, key, collection_id, source_id, state);
CREATE INDEX record_unsynced ON record (state, sort_key, key, collection_id, source_id) WHERE state <> 'synced';
CREATE INDEX record_queue ON record (collection_id, task, held, due, queued_at) WHERE task IS NOT NULL;

-- The last representation the server confirmed. `version` is its number in the history; unless `in_history`, this
-- row is that version and moves into the history when it is replaced.
CREATE TABLE base (
    key            INTEGER PRIMARY KEY REFERENCES record (key) ON DELETE CASCADE,
    body           BLOB NOT NULL,
    media_type     TEXT NOT NULL,
    validator      TEXT,
    seen_at        INTEGER NOT NULL,
    version        INTEGER NOT NULL CHECK (version >= 1),
    in_history     INTEGER NOT NULL CHECK (in_history IN (0, 1)),
    from_validator TEXT
) STRICT;

CREATE INDEX base_changed ON base (seen_at) WHERE version > 1 AND in_history = 0;

CREATE TABLE edit (
    key               INTEGER PRIMARY KEY REFERENCES record (key) ON DELETE CASCADE,
    change            TEXT NOT NULL CHECK (change IN ('create', 'replace', 'delete')),
    body              BLOB,
    media_type        TEXT,
    base_validator    TEXT,
    base_hash         BLOB CHECK (length(base_hash) = 32),
    refused_validator TEXT,
    not_before        INTEGER,
    wait              TEXT,
    attempts          INTEGER NOT NULL CHECK (attempts >= 0),
    touched           INTEGER NOT NULL CHECK (touched >= 0),
    held              INTEGER NOT NULL CHECK (held IN (0, 1)),
    saved_at          INTEGER NOT NULL,
    was_sent          INTEGER NOT NULL CHECK (was_sent IN (0, 1)),
    idempotency_key   TEXT,
    CHECK ((change = 'delete') = (body IS NULL)),
    CHECK ((body IS NULL) = (media_type IS NULL))
) STRICT;

CREATE TABLE in_flight (
    key          INTEGER PRIMARY KEY REFERENCES record (key) ON DELETE CASCADE REFERENCES edit (key),
    sent         TEXT NOT NULL CHECK (sent IN ('create', 'replace', 'delete')),
    body         BLOB,
    media_type   TEXT,
    rev          INTEGER NOT NULL CHECK (rev >= 0),
    precondition TEXT NOT NULL CHECK (precondition <> ''),
    run          INTEGER NOT NULL,
    fate         TEXT NOT NULL CHECK (fate IN ('open', 'lost', 'accepted', 'refused')),
    twins        TEXT NOT NULL CHECK (json_type(twins) = 'array'),
    asks         INTEGER NOT NULL CHECK (asks IN (0, 1)),
    CHECK ((sent = 'delete') = (body IS NULL)),
    CHECK ((body IS NULL) = (media_type IS NULL))
) STRICT;

CREATE TABLE theirs (
    key        INTEGER PRIMARY KEY REFERENCES record (key) ON DELETE CASCADE REFERENCES edit (key),
    gone       INTEGER NOT NULL CHECK (gone IN (0, 1)),
    body       BLOB,
    media_type TEXT,
    validator  TEXT,
    seen_at    INTEGER NOT NULL,
    CHECK (gone = (body IS NULL)),
    CHECK ((body IS NULL) = (media_type IS NULL)),
    CHECK (NOT gone OR validator IS NULL)
) STRICT;

CREATE TABLE conflict (
    key       INTEGER PRIMARY KEY REFERENCES record (key) ON DELETE CASCADE REFERENCES edit (key)
              REFERENCES theirs (key),
    kind      TEXT NOT NULL CHECK (kind IN ('edit_edit', 'edit_delete', 'delete_edit', 'create_create')),
    must_look INTEGER NOT NULL CHECK (must_look IN (0, 1))
) STRICT;

-- What a person chose: for the conflict there is (`earlier` = 0), or in the merge an edit came from (`earlier` = 1).
CREATE TABLE decision (
    key         INTEGER NOT NULL REFERENCES edit (key) ON DELETE CASCADE,
    earlier     INTEGER NOT NULL CHECK (earlier IN (0, 1)),
    position    INTEGER NOT NULL CHECK (position >= 0),
    path        TEXT NOT NULL CHECK (json_type(path) = 'array'),
    part        INTEGER CHECK (part >= 0),
    choice      TEXT NOT NULL CHECK (choice IN ('theirs', 'mine', 'both', 'edit')),
    value       TEXT,
    validator   TEXT,
    theirs_then TEXT,
    mine_then   TEXT,
    PRIMARY KEY (key, earlier, position)
) STRICT, WITHOUT ROWID;

-- The numbers rows keep for the life of their conflict.
CREATE TABLE row_number (
    key    INTEGER NOT NULL REFERENCES conflict (key) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 1),
    path   TEXT NOT NULL CHECK (json_type(path) = 'array'),
    part   INTEGER CHECK (part >= 0),
    PRIMARY KEY (key, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE refusal (
    key      INTEGER PRIMARY KEY REFERENCES record (key) ON DELETE CASCADE REFERENCES edit (key),
    kind     TEXT NOT NULL CHECK (kind IN ('content', 'permission', 'protocol')),
    words    TEXT NOT NULL,
    pointers TEXT NOT NULL CHECK (json_type(pointers) = 'array')
) STRICT;

-- Versions, never changed once written but for the validator a sent version gets with its answer. No foreign key:
-- history outlives the record.
CREATE TABLE history (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    key            INTEGER NOT NULL,
    version        INTEGER NOT NULL CHECK (version >= 1),
    at             INTEGER NOT NULL,
    what           TEXT NOT NULL CHECK (what <> ''),
    by_me          INTEGER NOT NULL CHECK (by_me IN (0, 1)),
    body           BLOB,
    media_type     TEXT,
    validator      TEXT,
    from_validator TEXT,
    UNIQUE (key, version),
    CHECK ((body IS NULL) = (media_type IS NULL))
) STRICT;

CREATE INDEX history_by_time ON history (at);

-- Records that are no more, so that their history can still be found and brought back.
CREATE TABLE gone (
    key           INTEGER PRIMARY KEY,
    source_id     INTEGER NOT NULL,
    collection_id INTEGER NOT NULL,
    remote_id     TEXT,
    rev           INTEGER NOT NULL,
    answered      INTEGER NOT NULL,
    versions      INTEGER NOT NULL,
    title         TEXT NOT NULL,
    at            INTEGER NOT NULL,
    FOREIGN KEY (collection_id, source_id) REFERENCES collection (id, source_id)
) STRICT;

CREATE INDEX gone_by_address ON gone (collection_id, remote_id);

-- Full text. Contentless: what is found is read from the record. Beside the words of the record there is one for its
-- source and one for its collection (src/text.rs), so that matches are counted without a look at the records. No prefix
-- indexes: they double the time of a first pull and the size, and win little.
CREATE VIRTUAL TABLE record_text USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
-- Every commit adds a segment to the index. By default four of a kind are merged inside the next commit: that was half of
-- the time of a first pull, and the slowest edits waited for it. A search opens a few segments more instead.
INSERT INTO record_text (record_text, rank) VALUES ('automerge', 16);
INSERT INTO record_text (record_text, rank) VALUES ('crisismerge', 64);

-- Rows that exclude each other. A change of a record never synced makes sense only while its creation is under way.
CREATE TRIGGER in_flight_alone BEFORE INSERT ON in_flight
WHEN EXISTS (SELECT 1 FROM conflict WHERE key = NEW.key) OR EXISTS (SELECT 1 FROM refusal WHERE key = NEW.key)
BEGIN SELECT RAISE (ABORT, 'a request under way beside a conflict or a refusal'); END;

CREATE TRIGGER conflict_alone BEFORE INSERT ON conflict
WHEN EXISTS (SELECT 1 FROM in_flight WHERE key = NEW.key) OR EXISTS (SELECT 1 FROM refusal WHERE key = NEW.key)
BEGIN SELECT RAISE (ABORT, 'a conflict beside a request under way or a refusal'); END;

CREATE TRIGGER refusal_alone BEFORE INSERT ON refusal
WHEN EXISTS (SELECT 1 FROM in_flight WHERE key = NEW.key) OR EXISTS (SELECT 1 FROM conflict WHERE key = NEW.key)
BEGIN SELECT RAISE (ABORT, 'a refusal beside a request under way or a conflict'); END;

CREATE TRIGGER edit_inserted AFTER INSERT ON edit
WHEN NEW.change = 'replace' AND NOT EXISTS (SELECT 1 FROM base WHERE key = NEW.key)
    AND NOT EXISTS (SELECT 1 FROM in_flight WHERE key = NEW.key)
BEGIN SELECT RAISE (ABORT, 'a change of a record that was never synced'); END;

CREATE TRIGGER edit_updated AFTER UPDATE OF change ON edit
WHEN NEW.change = 'replace' AND NOT EXISTS (SELECT 1 FROM base WHERE key = NEW.key)
    AND NOT EXISTS (SELECT 1 FROM in_flight WHERE key = NEW.key)
BEGIN SELECT RAISE (ABORT, 'a change of a record that was never synced'); END;

CREATE TRIGGER in_flight_deleted AFTER DELETE ON in_flight
WHEN NOT EXISTS (SELECT 1 FROM base WHERE key = OLD.key)
    AND EXISTS (SELECT 1 FROM edit WHERE key = OLD.key AND change = 'replace')
    AND EXISTS (SELECT 1 FROM record WHERE key = OLD.key)
BEGIN SELECT RAISE (ABORT, 'a change of a record that was never synced'); END;

CREATE TRIGGER base_deleted AFTER DELETE ON base
WHEN EXISTS (SELECT 1 FROM record WHERE key = OLD.key) AND (
    NOT EXISTS (SELECT 1 FROM edit WHERE key = OLD.key)
    OR (EXISTS (SELECT 1 FROM edit WHERE key = OLD.key AND change = 'replace')
        AND NOT EXISTS (SELECT 1 FROM in_flight WHERE key = OLD.key)))
BEGIN SELECT RAISE (ABORT, 'a record without its synced version'); END;

CREATE TRIGGER edit_deleted AFTER DELETE ON edit
WHEN EXISTS (SELECT 1 FROM record WHERE key = OLD.key) AND NOT EXISTS (SELECT 1 FROM base WHERE key = OLD.key)
BEGIN SELECT RAISE (ABORT, 'a record with neither a synced version nor an edit'); END;

CREATE TRIGGER history_kept BEFORE UPDATE OF key, version, at, what, by_me, body, media_type, from_validator ON history
BEGIN SELECT RAISE (ABORT, 'a version in the history never changes'); END;
