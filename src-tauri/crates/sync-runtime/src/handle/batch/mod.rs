//! One decision for many records (merge.md M38, M39): planned for all to see, confirmed once, carried out record by
//! record, stopped, gone on with, undone.
//!
//! What was decided is kept back in the outbox and let go a few at a time, so that "stop" stops and a crash in the middle
//! sends nothing more by itself: at the next start the batch says how far it came and waits for the person.

mod back;
mod follow;
mod show;
mod undo;
mod work;

pub(crate) use follow::follow;

use super::records::{context, place};
use super::{SyncHandle, key};
use crate::clock;
use crate::engine::Sources;
use crate::fault::{Answered, Fault};
use crate::view::{self, GroupRules, Planned};
use ipc_types::{
    BatchField, BatchHead, BatchKey, BatchView, ErrorCode, GroupField, GroupPlan, GroupRequest, GroupRule,
    LeftOut, MergeRuleView, PlanRow, StartBatch, ValueType,
};
use record_store::{BatchId, BatchState, BatchWhat, ItemState, NewBatch, NewItem, Priority, Tx};
use std::collections::BTreeSet;
use sync_engine::{LocalKey, Record};

/// Records read at once for a plan.
const AT_ONCE: usize = 100;
/// Records of one batch.
const MOST: usize = 10_000;

impl SyncHandle {
    /// What rules would do to the records of a group. Nothing is changed.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn group_plan(&self, wanted: GroupRequest) -> Answered<GroupPlan> {
        let keys = wanted.keys.iter().map(|k| key(k)).collect::<Answered<Vec<_>>>()?;
        let rules = GroupRules::new(wanted.kind, &wanted.patterns, &wanted.rules);
        let mut plan = GroupPlan {
            fields: Vec::new(),
            rows: Vec::with_capacity(keys.len()),
            left_out: Vec::new(),
            complete: rules.complete(),
            writes: 0,
        };
        let mut fields = Fields::default();
        for keys in keys.chunks(AT_ONCE) {
            let found = self.with_times(keys.to_vec()).await?;
            let (sources, said, run) = (self.inner.sources(), rules.clone(), self.inner.store.run());
            let judged = tokio::task::spawn_blocking(move || {
                found
                    .into_iter()
                    .map(|(record, title, at)| (judge(&sources, &record, &said, at, run), record, title))
                    .collect::<Vec<_>>()
            });
            let judged = judged
                .await
                .map_err(|_| Fault::new(ErrorCode::Internal, "The records could not be compared."))?;
            for (fit, record, title) in judged {
                let key = record.key.to_string();
                match fit {
                    Ok(planned) => {
                        fields.meet(&rules, &planned);
                        plan.writes += u32::from(planned.writes);
                        let seen = view::seen_of(&record);
                        plan.rows.push(PlanRow {
                            key,
                            title,
                            seen,
                            cells: planned.cells,
                            writes: planned.writes,
                        });
                    }
                    Err(words) => plan.left_out.push(LeftOut { key, title, words }),
                }
            }
        }
        plan.fields = self.fields_of(&rules, fields, &keys).await?;
        Ok(plan)
    }

    /// Records with their titles and the time of the server's version; those that are gone are left out.
    async fn with_times(&self, keys: Vec<LocalKey>) -> Answered<Vec<(Record, String, Option<i64>)>> {
        let read = self.inner.store.read(move |r| {
            let mut found = Vec::with_capacity(keys.len());
            for key in keys {
                let Some(record) = r.load(key)? else { continue };
                let title = r.brief(key)?.map_or_else(|| key.to_string(), |brief| brief.title);
                let at = r.shape(key)?.and_then(|shape| shape.made_at).map(|at| at.0);
                found.push((record, title, at));
            }
            Ok(found)
        });
        Ok(read.await?)
    }

    async fn fields_of(
        &self,
        rules: &GroupRules,
        mut found: Fields,
        keys: &[LocalKey],
    ) -> Answered<Vec<GroupField>> {
        let Some(first) = keys.first().copied() else { return Ok(Vec::new()) };
        let record = self.inner.store.read(move |r| r.load(first)).await?;
        let sources = self.inner.sources();
        let at = record.as_ref().and_then(|record| place(&sources, record).ok());
        let made = match at {
            Some((_, coll)) => self.rules_of(coll.id()).await?,
            None => Vec::new(),
        };
        let fields = rules.fields().into_iter().enumerate().map(|(number, pattern)| {
            let mut offered: Vec<GroupRule> =
                found.offers.get_mut(number).map(std::mem::take).unwrap_or_default().into_iter().collect();
            offered.push(GroupRule::Later);
            let others = found.others.get(number).cloned().unwrap_or_default();
            let same = |row: &Vec<String>, rule: &MergeRuleView| {
                rule.how.is_none() && rule.pattern == pattern && *row == others
            };
            let field = record_merge::Path::from_pointer(&format!("/{pattern}")).ok();
            let field = field.and_then(|path| at.and_then(|(_, coll)| coll.schema.field(&path)));
            GroupField {
                pattern: pattern.to_owned(),
                label: found.labels.get(number).cloned().unwrap_or_default(),
                rules: offered,
                numeric: found.numeric.get(number).copied().unwrap_or(false),
                unit: field.and_then(|field| field.unit.clone()),
                once: found.once.get(number).copied().filter(|once| *once),
                made: made.iter().find(|(row, rule)| same(row, rule)).map(|(_, rule)| rule.clone()),
            }
        });
        Ok(fields.collect())
    }

    /// The one confirmation: the batch is on disk when this answers, and goes on by itself.
    ///
    /// # Errors
    /// No records; more than 10,000; a field without a rule that could be kept.
    pub async fn start_batch(&self, wanted: StartBatch) -> Answered<BatchView> {
        if wanted.members.is_empty() || wanted.members.len() > MOST {
            return Err(Fault::bad("A group to decide at once has 1 to 10,000 records."));
        }
        let rules = GroupRules::new(wanted.kind, &wanted.patterns, &wanted.rules);
        let ready = wanted.patterns.is_empty() && wanted.rules.is_empty();
        if !ready && rules.rules.is_empty() {
            return Err(Fault::new(ErrorCode::StillOpen, "Choose a rule for a field first."));
        }
        let keys = wanted.members.iter().map(|m| key(&m.key)).collect::<Answered<Vec<_>>>()?;
        let fields = self.batch_fields(&rules, &keys).await?;
        if !wanted.keep.is_empty() {
            self.keep_rules(&keys, &fields, &wanted.keep).await?;
        }
        let sources = self.inner.sources();
        let now = clock::now();
        let made = self
            .inner
            .store
            .try_write(Priority::Person, move |tx: &mut Tx<'_>| -> Answered<BatchId> {
                let mut places = BTreeSet::new();
                let mut items = Vec::with_capacity(keys.len());
                for (key, member) in keys.iter().zip(&wanted.members) {
                    let Some(record) = tx.load(*key)? else { continue };
                    let title = tx.brief(*key)?.map_or_else(|| key.to_string(), |brief| brief.title);
                    if let Ok((live, coll)) = place(&sources, &record) {
                        places.insert((live.name().to_owned(), coll.row.settings.title.clone()));
                    }
                    items.push(NewItem { key: *key, title, seen: member.seen.clone() });
                }
                let mut places = places.into_iter();
                let (source, collection) = match (places.next(), places.next()) {
                    (Some(only), None) => only,
                    _ => Default::default(),
                };
                let new = NewBatch {
                    what: if ready { BatchWhat::Ready } else { BatchWhat::Group },
                    source,
                    collection,
                    kind: (!ready).then_some(show::kind_back(wanted.kind)),
                    fields: show::json(&fields.iter().map(|of| &of.field).collect::<Vec<_>>())?,
                    items,
                };
                Ok(tx.add_batch(&new, now)?)
            })
            .await?;
        self.inner.work_on(made);
        self.batch_view(made).await
    }

    /// The fields of a batch by name, with their rules, each with the other fields of its row.
    async fn batch_fields(&self, rules: &GroupRules, keys: &[LocalKey]) -> Answered<Vec<FieldOfBatch>> {
        let mut fields = Fields::default();
        for keys in keys.chunks(AT_ONCE) {
            let sources = self.inner.sources();
            for (record, _, at) in self.with_times(keys.to_vec()).await? {
                if let Ok(planned) = judge(&sources, &record, rules, at, self.inner.store.run()) {
                    fields.meet(rules, &planned);
                    break;
                }
            }
            if !fields.labels.is_empty() {
                break;
            }
        }
        let named = rules.fields().into_iter().enumerate().map(|(number, pattern)| {
            let field = BatchField {
                pattern: pattern.to_owned(),
                label: fields.labels.get(number).cloned().unwrap_or_default(),
                rule: rules.rules.get(pattern).copied().unwrap_or(GroupRule::Later),
                numeric: fields.numeric.get(number).copied().unwrap_or(false),
            };
            FieldOfBatch {
                field,
                others: fields.others.get(number).cloned().unwrap_or_default(),
                once: fields.once.get(number).copied().unwrap_or(false),
            }
        });
        Ok(named.collect())
    }

    /// A batch with what became of each record.
    ///
    /// # Errors
    /// No such batch (any more).
    pub async fn batch(&self, wanted: BatchKey) -> Answered<BatchView> {
        self.batch_view(batch_id(&wanted)?).await
    }

    /// The batches kept, newest first.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn batches(&self) -> Answered<Vec<BatchHead>> {
        let found = self.inner.store.read(|r| {
            let mut found = Vec::new();
            for batch in r.batches()? {
                let counts = r.batch_counts(batch.id)?;
                found.push((batch, counts));
            }
            Ok(found)
        });
        Ok(found.await?.iter().map(|(batch, counts)| show::head(batch, counts)).collect())
    }

    /// Stops a batch: what is on the wire is waited for, the rest is kept back in the outbox.
    ///
    /// # Errors
    /// It is not running.
    pub async fn stop_batch(&self, wanted: BatchKey) -> Answered<BatchView> {
        let id = batch_id(&wanted)?;
        self.change(id, &[BatchState::Running], BatchState::Stopping, "This does not run any more.").await
    }

    /// Goes on with a batch that stopped.
    ///
    /// # Errors
    /// It did not stop.
    pub async fn go_on_batch(&self, wanted: BatchKey) -> Answered<BatchView> {
        let id = batch_id(&wanted)?;
        self.change(id, &[BatchState::Stopped], BatchState::Running, "This has not stopped.").await
    }

    /// Undoes a batch: what was not sent is open again. What was sent is taken back by new edits that check first, and is
    /// open again once the server has what it had before.
    ///
    /// # Errors
    /// It was undone already.
    pub async fn undo_batch(&self, wanted: BatchKey) -> Answered<BatchView> {
        let id = batch_id(&wanted)?;
        const FROM: [BatchState; 4] =
            [BatchState::Running, BatchState::Stopping, BatchState::Stopped, BatchState::Done];
        self.change(id, &FROM, BatchState::Undoing, "This was undone already.").await
    }

    async fn change(
        &self,
        id: BatchId,
        from: &'static [BatchState],
        to: BatchState,
        otherwise: &'static str,
    ) -> Answered<BatchView> {
        let work = move |tx: &mut Tx<'_>| -> Answered<()> {
            let batch = tx.batch(id)?.ok_or_else(|| Fault::missing("such batch any more"))?;
            if !from.contains(&batch.state) {
                return Err(Fault::new(ErrorCode::NotNow, otherwise));
            }
            Ok(tx.set_batch_state(id, to, None)?)
        };
        self.inner.store.try_write(Priority::Person, work).await?;
        self.inner.work_on(id);
        self.batch_view(id).await
    }
}

/// A field of a batch, and what a rule that is kept for it is about.
pub(super) struct FieldOfBatch {
    pub field: BatchField,
    /// The other fields of its row.
    pub others: Vec<String>,
    /// No rule for later ones answers it.
    pub once: bool,
}

/// What can be said about the fields of a group: what each of its records offers.
#[derive(Default)]
struct Fields {
    offers: Vec<BTreeSet<GroupRule>>,
    labels: Vec<String>,
    /// The other fields of each row.
    others: Vec<Vec<String>>,
    /// A question of some record that no rule answers.
    once: Vec<bool>,
    numeric: Vec<bool>,
}

impl Fields {
    fn meet(&mut self, rules: &GroupRules, planned: &Planned) {
        let first = self.offers.is_empty();
        let is_number = |at: usize| {
            let number = |v: &ipc_types::Value| matches!(v.r#type, ValueType::Number | ValueType::Missing);
            planned.cells.get(at).is_some_and(|cell| number(&cell.theirs) && number(&cell.mine))
        };
        for (at, pattern) in rules.fields().into_iter().enumerate() {
            let offered = planned.offers.get(at).cloned().unwrap_or_default();
            let mut own = planned.fields.iter().filter(|field| field.pattern == pattern);
            let once = own.clone().any(|field| field.once);
            if first {
                let field = own.next();
                self.once.push(once);
                self.labels.push(field.map(|field| field.label.clone()).unwrap_or_default());
                self.others.push(field.map(|field| field.others.clone()).unwrap_or_default());
                self.offers.push(offered);
                self.numeric.push(is_number(at));
                continue;
            }
            if let Some(known) = self.offers.get_mut(at) {
                known.retain(|rule| offered.contains(rule));
            }
            if let Some(known) = self.once.get_mut(at) {
                *known |= once;
            }
            if let Some(numeric) = self.numeric.get_mut(at) {
                *numeric &= is_number(at);
            }
        }
    }
}

/// The rules on one record; `Err` = left out, and why.
fn judge(
    sources: &Sources,
    record: &Record,
    rules: &GroupRules,
    theirs_at: Option<i64>,
    run: sync_engine::RunId,
) -> view::Fit {
    let (live, coll) = place(sources, record).map_err(|_| "is in no source any more".to_owned())?;
    match view::plan(&context(live, coll, run), record, rules, theirs_at) {
        Ok(fit) => fit,
        Err(_) => Err("does not need you any more".to_owned()),
    }
}

fn batch_id(wanted: &BatchKey) -> Answered<BatchId> {
    wanted.batch.parse().map(BatchId).map_err(|_| Fault::missing(format!("batch \"{}\"", wanted.batch)))
}

/// States in which a record of a batch has its result.
const ENDED: [ItemState; 7] = [
    ItemState::Decided,
    ItemState::Sent,
    ItemState::Settled,
    ItemState::ChangedAgain,
    ItemState::Refused,
    ItemState::LeftOut,
    ItemState::TakenBack,
];
