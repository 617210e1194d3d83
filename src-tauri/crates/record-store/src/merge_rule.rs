//! Table `merge_rule`: "use this for similar ones from now on", made by a person, for one field of one collection,
//! or for fields that are one row.

use crate::columns::{Columns, to_json, to_name};
use crate::{CollectionId, Reader, Result, Tx};
use record_merge::Rule;
use sync_engine::Timestamp;

/// Names a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub i64);

/// A rule to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMergeRule {
    /// Its collection.
    pub collection: CollectionId,
    /// The field, as a pattern of a merge policy.
    pub pattern: String,
    /// The other fields, where several are one row: it answers that row, and none of them alone.
    pub others: Vec<String>,
    /// Its name for people, as it was when the rule was made.
    pub label: String,
    /// What it answers.
    pub rule: Rule,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeRule {
    /// Names it.
    pub id: RuleId,
    /// What was made.
    pub settings: NewMergeRule,
    /// It is switched on.
    pub enabled: bool,
    /// When it was made.
    pub made_at: Timestamp,
}

impl Reader<'_> {
    /// Every rule, in the order they were made.
    ///
    /// # Errors
    /// Those of the disk; [`crate::StoreError::Row`] for a damaged row.
    pub fn merge_rules(&self) -> Result<Vec<MergeRule>> {
        let sql = "SELECT id, collection_id, pattern, others, label, rule, enabled, made_at FROM merge_rule ORDER BY id";
        self.rows(sql, [], |row| {
            let mut columns = Columns::new(row, "merge_rule", 0);
            let id = columns.take()?;
            columns.set_id(id);
            Ok(MergeRule {
                id: RuleId(id),
                settings: NewMergeRule {
                    collection: CollectionId(columns.take()?),
                    pattern: columns.take()?,
                    others: columns.json()?,
                    label: columns.take()?,
                    rule: columns.name()?,
                },
                enabled: columns.take()?,
                made_at: Timestamp(columns.take()?),
            })
        })
    }
}

impl Tx<'_> {
    /// Keeps a rule, switched on. One for the same row is replaced.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn set_merge_rule(&mut self, rule: &NewMergeRule, now: Timestamp) -> Result<RuleId> {
        let others = to_json(&rule.others)?;
        self.execute(
            "DELETE FROM merge_rule WHERE collection_id = ?1 AND pattern = ?2 AND others = ?3",
            (rule.collection.0, &rule.pattern, &others),
        )?;
        let id = self.insert(
            &rule.label,
            "INSERT INTO merge_rule (collection_id, pattern, others, label, rule, enabled, made_at)
             VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)",
            (rule.collection.0, &rule.pattern, &others, &rule.label, to_name(&rule.rule)?, now.0),
        )?;
        Ok(RuleId(id))
    }

    /// Switches a rule on or off; says whether there is one.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn enable_merge_rule(&mut self, id: RuleId, enabled: bool) -> Result<bool> {
        Ok(self.execute("UPDATE merge_rule SET enabled = ?2 WHERE id = ?1", (id.0, enabled))? == 1)
    }

    /// Removes a rule; says whether there was one.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn remove_merge_rule(&mut self, id: RuleId) -> Result<bool> {
        Ok(self.execute("DELETE FROM merge_rule WHERE id = ?1", [id.0])? == 1)
    }
}
