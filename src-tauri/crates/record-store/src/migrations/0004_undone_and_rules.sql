-- Version 4: the undo of a batch opens its records again once what was sent is taken back; a rule for fields that are one
-- row.

-- Before, "written back" was where an undo ended: nothing follows for those.
UPDATE batch_item SET undone = 'kept', words = 'it was written back' WHERE undone = 'written_back';
-- The record that an undo waits for is found by each step of a record: empty unless one is on its way. `back` is not used
-- any more: what goes back is in the history.
CREATE INDEX batch_item_written_back ON batch_item (key) WHERE undone = 'written_back';

-- The other fields of the row: one rule answers all of them, and none of them alone.
ALTER TABLE merge_rule ADD COLUMN others TEXT NOT NULL DEFAULT '[]' CHECK (json_type(others) = 'array');
