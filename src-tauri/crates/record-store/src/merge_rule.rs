//! Table `merge_rule`: what a person said about one field of one collection, or about fields that are one row: what
//! answers its clashes ("use this for similar ones from now on"), and how it merges.

use crate::columns::{Columns, from_name, to_json, to_name};
use crate::{CollectionId, Reader, Result, Tx};
use record_merge::Rule;
use sync_engine::Timestamp;

/// Names a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub i64);

/// What a rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// What answers a clash.
    Answer(Rule),
    /// The server keeps the field by itself.
    Follow,
    /// It is one value.
    Atomic,
    /// It is a list without order.
    Set,
    /// It is one row together with the other fields.
    Together,
}

impl Said {
    fn name(self) -> Result<String> {
        Ok(match self {
            Said::Answer(rule) => return to_name(&rule),
            Said::Follow => "follow",
            Said::Atomic => "atomic",
            Said::Set => "set",
            Said::Together => "together",
        }
        .to_owned())
    }

    fn read(name: &str) -> std::result::Result<Self, serde::de::value::Error> {
        Ok(match name {
            "follow" => Said::Follow,
            "atomic" => Said::Atomic,
            "set" => Said::Set,
            "together" => Said::Together,
            name => Said::Answer(from_name(name)?),
        })
    }

    /// The names of which a field has at most one, as a JSON list.
    fn sort(self) -> &'static str {
        match self {
            Said::Answer(_) => r#"["mine","server","newest","union","sum","higher"]"#,
            Said::Follow => r#"["follow"]"#,
            Said::Atomic | Said::Set => r#"["atomic","set"]"#,
            Said::Together => r#"["together"]"#,
        }
    }
}

/// A rule to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMergeRule {
    /// Its collection.
    pub collection: CollectionId,
    /// The field, as a pattern of a merge policy.
    pub pattern: String,
    /// The other fields, where several are one row: it is about that row, and none of them alone.
    pub others: Vec<String>,
    /// Its name for people, as it was when the rule was made.
    pub label: String,
    /// What it says.
    pub said: Said,
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
                    said: {
                        let name: String = columns.take()?;
                        Said::read(&name).map_err(|error| columns.wrong(error))?
                    },
                },
                enabled: columns.take()?,
                made_at: Timestamp(columns.take()?),
            })
        })
    }
}

impl Tx<'_> {
    /// Keeps a rule, switched on. One of the same sort for the same row is replaced.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn set_merge_rule(&mut self, rule: &NewMergeRule, now: Timestamp) -> Result<RuleId> {
        let others = to_json(&rule.others)?;
        self.execute(
            "DELETE FROM merge_rule WHERE collection_id = ?1 AND pattern = ?2 AND (others = ?3 OR rule = 'together')
             AND rule IN (SELECT value FROM json_each(?4))",
            (rule.collection.0, &rule.pattern, &others, rule.said.sort()),
        )?;
        let id = self.insert(
            &rule.label,
            "INSERT INTO merge_rule (collection_id, pattern, others, label, rule, enabled, made_at)
             VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)",
            (rule.collection.0, &rule.pattern, &others, &rule.label, rule.said.name()?, now.0),
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
