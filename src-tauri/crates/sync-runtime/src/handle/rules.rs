//! Rules that a person made ("use this for similar ones from now on", M40): visible, switched on and off, removed.

use super::SyncHandle;
use super::batch::FieldOfBatch;
use super::records::place;
use crate::clock;
use crate::fault::{Answered, Fault};
use crate::live::Coll;
use crate::view;
use ipc_types::{
    AddMergeRule, FieldHow, GroupRule, MergeRuleKey, MergeRuleView, RuleField, RulePlace, SetMergeRule,
};
use record_merge::{Format, Rule};
use record_store::{CollectionId, MergeRule, NewMergeRule, Priority, Reader, RuleId, Said, Tx};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use sync_engine::{Body, LocalKey};

/// Records looked at for the fields there are.
const SAMPLE: usize = 20;

impl SyncHandle {
    /// Every rule that the person made.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn merge_rules(&self) -> Answered<Vec<MergeRuleView>> {
        let (rules, formats) = self.inner.store.read(rules_and_formats).await?;
        let sources = self.inner.sources();
        let view_of = |rule: &MergeRule| {
            let mut all = sources.values().flat_map(|live| live.collections.values().map(move |c| (live, c)));
            let (live, coll) = all.find(|(_, coll)| coll.id() == rule.settings.collection)?;
            let (answer, how) = shown(rule.settings.said);
            let with = rule.settings.others.iter().filter(|_| how.is_some());
            let format = formats.get(&coll.id()).copied().unwrap_or(Format::Json);
            let with = with.map(|pattern| view::field_label(&coll.schema, format, pattern)).collect();
            Some(MergeRuleView {
                id: rule.id.0.to_string(),
                source: live.name().to_owned(),
                collection: coll.row.settings.title.clone(),
                pattern: rule.settings.pattern.clone(),
                field: rule.settings.label.clone(),
                rule: answer,
                how,
                with,
                enabled: rule.enabled,
                made_at: rule.made_at.0,
            })
        };
        Ok(rules.iter().filter_map(view_of).collect())
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

    /// The fields of a collection that a rule can be made for: those of its schema, and those its records have.
    ///
    /// # Errors
    /// No such collection; those of the disk.
    pub async fn rule_fields(&self, wanted: RulePlace) -> Answered<Vec<RuleField>> {
        let coll = self.rule_place(&wanted.source, &wanted.collection)?;
        self.fields_to_rule(coll).await
    }

    /// Makes a rule. It holds at once, also for what waits for the person.
    ///
    /// # Errors
    /// No such collection or field; a rule that the field cannot have.
    pub async fn add_merge_rule(&self, wanted: AddMergeRule) -> Answered<Vec<MergeRuleView>> {
        let coll = self.rule_place(&wanted.source, &wanted.collection)?;
        let collection = coll.id();
        let fields = self.fields_to_rule(coll).await?;
        let field = fields.iter().find(|field| field.pattern == wanted.pattern);
        let field = field.ok_or_else(|| Fault::bad("Choose a field of this collection."))?;
        let (said, others) = said(&wanted, field, &fields)?;
        let (pattern, label) = (field.pattern.clone(), field.label.clone());
        let new = NewMergeRule { collection, pattern, others, label, said };
        let now = clock::now();
        self.change_rules(move |tx| tx.set_merge_rule(&new, now).map(|_| true)).await
    }

    fn rule_place(&self, source: &str, collection: &str) -> Answered<Arc<Coll>> {
        let sources = self.inner.sources();
        let live = sources.values().find(|live| live.name() == source);
        let live = live.ok_or_else(|| Fault::missing(format!("source \"{source}\"")))?;
        live.coll(collection).map(Arc::clone)
    }

    async fn fields_to_rule(&self, coll: Arc<Coll>) -> Answered<Vec<RuleField>> {
        let id = coll.id();
        let read = move |r: &record_store::Reader<'_>| -> record_store::Result<Vec<Body>> {
            let mut bodies = Vec::new();
            for key in r.first(id, SAMPLE)? {
                bodies.extend(r.visible(key)?);
            }
            Ok(bodies)
        };
        let bodies = self.inner.store.read(read).await?;
        Ok(view::rule_fields(&coll.schema, &bodies))
    }

    /// Keeps the rules of a batch for the fields named (each with the others of its row), in the collections of these
    /// records.
    pub(super) async fn keep_rules(
        &self,
        keys: &[LocalKey],
        fields: &[FieldOfBatch],
        keep: &[String],
    ) -> Answered<()> {
        let mut wanted = Vec::new();
        for FieldOfBatch { field, others, once } in
            fields.iter().filter(|of| keep.contains(&of.field.pattern))
        {
            let rule = kept(field.rule).filter(|_| !field.pattern.is_empty() && !once).ok_or_else(|| {
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
                        said: Said::Answer(*rule),
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

/// Every rule, and what the records are of those collections where several fields go together: what a field is called
/// depends on it.
fn rules_and_formats(
    r: &Reader<'_>,
) -> record_store::Result<(Vec<MergeRule>, BTreeMap<CollectionId, Format>)> {
    let rules = r.merge_rules()?;
    let mut formats = BTreeMap::new();
    for rule in rules.iter().filter(|rule| !rule.settings.others.is_empty()) {
        let id = rule.settings.collection;
        for key in r.first(id, 1)? {
            formats.extend(r.visible(key)?.map(|body| (id, body.format())));
        }
    }
    Ok((rules, formats))
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

fn shown(said: Said) -> (GroupRule, Option<FieldHow>) {
    let how = match said {
        Said::Answer(rule) => return (answer(rule), None),
        Said::Follow => FieldHow::Follow,
        Said::Atomic => FieldHow::Atomic,
        Said::Set => FieldHow::Set,
        Said::Together => FieldHow::Together,
    };
    (GroupRule::Later, Some(how))
}

/// What a wanted rule says, and the other fields it is about.
fn said(wanted: &AddMergeRule, field: &RuleField, all: &[RuleField]) -> Answered<(Said, Vec<String>)> {
    let cannot = || Fault::bad(format!("{} cannot have this rule. Choose another one.", field.label));
    match (wanted.rule, wanted.how) {
        (Some(rule), None) if field.rules.contains(&rule) => {
            kept(rule).map(|rule| (Said::Answer(rule), Vec::new())).ok_or_else(cannot)
        }
        (None, Some(how)) if field.how.contains(&how) => match how {
            FieldHow::Follow => Ok((Said::Follow, Vec::new())),
            FieldHow::Atomic => Ok((Said::Atomic, Vec::new())),
            FieldHow::Set => Ok((Said::Set, Vec::new())),
            FieldHow::Together => Ok((Said::Together, together(wanted, field, all)?)),
        },
        _ => Err(cannot()),
    }
}

fn together(wanted: &AddMergeRule, field: &RuleField, all: &[RuleField]) -> Answered<Vec<String>> {
    let others: Vec<String> = wanted.with.iter().filter(|other| **other != field.pattern).cloned().collect();
    if others.is_empty() {
        return Err(Fault::bad(format!(
            "Choose at least one field that goes together with {}.",
            field.label
        )));
    }
    let around = |pattern: &str| pattern.rsplit_once('/').map(|(around, _)| around.to_owned());
    for other in &others {
        let known = all.iter().any(|one| one.pattern == *other && one.how.contains(&FieldHow::Together));
        if !known || around(other) != around(&field.pattern) {
            return Err(Fault::bad("Fields that go together are members of the same thing. Choose others."));
        }
    }
    Ok(others)
}

fn answer(rule: Rule) -> GroupRule {
    match rule {
        Rule::Server => GroupRule::Theirs,
        Rule::Mine => GroupRule::Mine,
        Rule::Newest => GroupRule::Newest,
        Rule::Higher => GroupRule::Higher,
        Rule::Sum => GroupRule::Sum,
        Rule::Union => GroupRule::Union,
    }
}
