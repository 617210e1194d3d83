//! Rules that a person made ("use this for similar ones from now on", M40): visible, switched on and off, removed.

use super::SyncHandle;
use super::records::place;
use crate::clock;
use crate::fault::{Answered, Fault};
use ipc_types::{BatchField, GroupRule, MergeRuleKey, MergeRuleView, SetMergeRule};
use record_merge::Rule;
use record_store::{CollectionId, MergeRule, NewMergeRule, Priority, RuleId, Tx};
use std::collections::{BTreeMap, BTreeSet};
use sync_engine::LocalKey;

impl SyncHandle {
    /// Every rule that the person made.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn merge_rules(&self) -> Answered<Vec<MergeRuleView>> {
        let rules = self.inner.store.read(|r| r.merge_rules()).await?;
        let sources = self.inner.sources();
        let shown = |rule: &MergeRule| {
            let mut all = sources.values().flat_map(|live| live.collections.values().map(move |c| (live, c)));
            let (live, coll) = all.find(|(_, coll)| coll.id() == rule.settings.collection)?;
            Some(MergeRuleView {
                id: rule.id.0.to_string(),
                source: live.name().to_owned(),
                collection: coll.row.settings.title.clone(),
                pattern: rule.settings.pattern.clone(),
                field: rule.settings.label.clone(),
                rule: shown(rule.settings.rule),
                enabled: rule.enabled,
                made_at: rule.made_at.0,
            })
        };
        Ok(rules.iter().filter_map(shown).collect())
    }

    /// Those of one collection, each with the other fields of its row.
    pub(super) async fn rules_of(
        &self,
        collection: CollectionId,
    ) -> Answered<Vec<(Vec<String>, MergeRuleView)>> {
        let mut others: BTreeMap<String, Vec<String>> = self
            .inner
            .store
            .read(move |r| {
                let all = r.merge_rules()?;
                let own = all.into_iter().filter(|rule| rule.settings.collection == collection);
                Ok(own.map(|rule| (rule.id.0.to_string(), rule.settings.others)).collect())
            })
            .await?;
        let all = self.merge_rules().await?.into_iter();
        Ok(all.filter_map(|rule| Some((others.remove(&rule.id)?, rule))).collect())
    }

    /// Switches a rule on or off. It holds for what is refused from now on; nothing that was sent changes.
    ///
    /// # Errors
    /// No such rule.
    pub async fn set_merge_rule(&self, wanted: SetMergeRule) -> Answered<Vec<MergeRuleView>> {
        let id = id(&wanted.id)?;
        self.change_rules(move |tx| tx.enable_merge_rule(id, wanted.enabled)).await
    }

    /// Removes a rule.
    ///
    /// # Errors
    /// No such rule.
    pub async fn remove_merge_rule(&self, wanted: MergeRuleKey) -> Answered<Vec<MergeRuleView>> {
        let id = id(&wanted.id)?;
        self.change_rules(move |tx| tx.remove_merge_rule(id)).await
    }

    async fn change_rules(
        &self,
        change: impl FnOnce(&mut Tx<'_>) -> record_store::Result<bool> + Send + 'static,
    ) -> Answered<Vec<MergeRuleView>> {
        if !self.inner.store.write(Priority::Person, change).await? {
            return Err(Fault::missing("such rule any more"));
        }
        self.rules_changed().await?;
        self.merge_rules().await
    }

    async fn rules_changed(&self) -> Answered<()> {
        self.inner.reload().await?;
        // What needs the person is told apart by other rules now.
        self.inner.hub.records([]);
        Ok(())
    }

    /// Keeps the rules of a batch for the fields named (each with the others of its row), in the collections of these
    /// records.
    pub(super) async fn keep_rules(
        &self,
        keys: &[LocalKey],
        fields: &[(BatchField, Vec<String>)],
        keep: &[String],
    ) -> Answered<()> {
        let mut wanted = Vec::new();
        for (field, others) in fields.iter().filter(|(field, _)| keep.contains(&field.pattern)) {
            let rule = kept(field.rule).filter(|_| !field.pattern.is_empty()).ok_or_else(|| {
                Fault::bad(format!("What was chosen for {} cannot be a rule for later ones.", field.label))
            })?;
            wanted.push((field.pattern.clone(), others.clone(), field.label.clone(), rule));
        }
        let sources = self.inner.sources();
        let keys = keys.to_vec();
        let now = clock::now();
        let work = move |tx: &mut Tx<'_>| -> Answered<()> {
            let mut collections = BTreeSet::new();
            for key in keys {
                if let Some(record) = tx.load(key)? {
                    collections.insert(place(&sources, &record)?.1.id());
                }
            }
            for collection in collections {
                for (pattern, others, label, rule) in &wanted {
                    let new = NewMergeRule {
                        collection,
                        pattern: pattern.clone(),
                        others: others.clone(),
                        label: label.clone(),
                        rule: *rule,
                    };
                    tx.set_merge_rule(&new, now)?;
                }
            }
            Ok(())
        };
        self.inner.store.try_write(Priority::Person, work).await?;
        self.rules_changed().await
    }
}

fn id(text: &str) -> Answered<RuleId> {
    text.parse().map(RuleId).map_err(|_| Fault::missing(format!("rule \"{text}\"")))
}

/// A rule as it is kept; `None` = it is for one time only.
fn kept(rule: GroupRule) -> Option<Rule> {
    match rule {
        GroupRule::Theirs => Some(Rule::Server),
        GroupRule::Mine => Some(Rule::Mine),
        GroupRule::Newest => Some(Rule::Newest),
        GroupRule::Higher => Some(Rule::Higher),
        GroupRule::Sum => Some(Rule::Sum),
        GroupRule::Union => Some(Rule::Union),
        GroupRule::Both | GroupRule::Later => None,
    }
}

fn shown(rule: Rule) -> GroupRule {
    match rule {
        Rule::Server => GroupRule::Theirs,
        Rule::Mine => GroupRule::Mine,
        Rule::Newest => GroupRule::Newest,
        Rule::Higher => GroupRule::Higher,
        Rule::Sum => GroupRule::Sum,
        Rule::Union => GroupRule::Union,
    }
}
