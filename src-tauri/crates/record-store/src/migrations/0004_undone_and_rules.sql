-- Version 4: the undo of a batch opens its records again once what was sent is taken back; a rule for fields that are one
-- row.

-- Before, "written back" was where an undo ended: nothing follows for those.
UPDATE batch_item SET undone = 'kept', words = 'it was written back' WHERE undone = 'written_back';
-- The record that an undo waits for is found by each step of a record: empty unless one is on its way. `back` is not used
-- any more: what goes back is in the history.
CREATE INDEX batch_item_written_back ON batch_item (key) WHERE undone = 'written_back';

-- The other fields of the row: one rule answers all of them together, and none of them alone. Beside it there may be one for
-- the first of them.
CREATE TABLE merge_rule_4 (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    pattern       TEXT NOT NULL CHECK (pattern <> ''),
    others        TEXT NOT NULL CHECK (json_type(others) = 'array'),
    label         TEXT NOT NULL,
    rule          TEXT NOT NULL CHECK (rule IN ('mine', 'server', 'newest', 'union', 'sum', 'higher')),
    enabled       INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    made_at       INTEGER NOT NULL,
    UNIQUE (collection_id, pattern, others)
) STRICT;
INSERT INTO merge_rule_4 SELECT id, collection_id, pattern, '[]', label, rule, enabled, made_at FROM merge_rule;
DROP TABLE merge_rule;
ALTER TABLE merge_rule_4 RENAME TO merge_rule;
