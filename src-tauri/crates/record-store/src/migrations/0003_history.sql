-- Version 3: who made a version, where and why; the server's own log; how much the versions take.

-- The computer it was made on, for versions of this program.
ALTER TABLE history ADD COLUMN device TEXT CHECK (device <> '');
-- Why it is as it is: the rows of a merge with what was taken, what was brought back or undone, the server's words.
ALTER TABLE history ADD COLUMN note TEXT CHECK (note IS NULL OR json_valid(note));

DROP TRIGGER history_kept;
CREATE TRIGGER history_kept
BEFORE UPDATE OF key, version, at, what, by_me, body, media_type, from_validator, device, note ON history
BEGIN SELECT RAISE (ABORT, 'a version in the history never changes'); END;

-- Merges, for Activity and undo.
CREATE INDEX history_merged ON history (key, version) WHERE what IN ('merged', 'merged_by_itself', 'taken_in');

-- The server's own log of a record, as it was read last, so that it can be read offline. No foreign key: it outlives the
-- record. `position` is the place in the server's list.
CREATE TABLE audit (
    key            INTEGER NOT NULL,
    position       INTEGER NOT NULL CHECK (position >= 0),
    at             INTEGER,
    who            TEXT,
    from_validator TEXT,
    to_validator   TEXT,
    changed        TEXT NOT NULL CHECK (json_type(changed) = 'array'),
    request_id     TEXT,
    seen_at        INTEGER NOT NULL,
    PRIMARY KEY (key, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX gone_by_time ON gone (at, key);
