-- Version 5: besides what answers a clash, a person says how a field merges: it follows the server, is one value, a list
-- without order, or one row together with others. A row has at most one of each sort.

CREATE TABLE merge_rule_5 (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    pattern       TEXT NOT NULL CHECK (pattern <> ''),
    others        TEXT NOT NULL CHECK (json_type(others) = 'array'),
    label         TEXT NOT NULL,
    rule          TEXT NOT NULL CHECK (rule IN ('mine', 'server', 'newest', 'union', 'sum', 'higher',
                      'follow', 'atomic', 'set', 'together')),
    enabled       INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    made_at       INTEGER NOT NULL,
    UNIQUE (collection_id, pattern, others, rule)
) STRICT;
INSERT INTO merge_rule_5 SELECT id, collection_id, pattern, others, label, rule, enabled, made_at FROM merge_rule;
DROP TABLE merge_rule;
ALTER TABLE merge_rule_5 RENAME TO merge_rule;
