//! Decisions of the merge screen: rows, several at once, the whole record as text. Each is durable when it is answered.

use super::records::{context, place, view_fault};
use super::{SyncHandle, key, typed};
use crate::desk::{Applied, Desk};
use crate::fault::{Answered, Fault};
use crate::view::{self, MergeState, ViewContext, ViewError};
use ipc_types::{
    CheckValue, Choice, Decide, DecideMany, ErrorCode, MergeView, ReadyKind, RefusedField, RowDecision,
    SourceCheck, SourceText, ValueCheck,
};
use record_merge::json::Document;
use record_merge::{Decision, Path};
use record_store::{Priority, Tx};
use sync_engine::{Body, Event, LocalKey, Record, RunId};

/// What one row gets.
struct Said {
    row: u32,
    choice: Choice,
    json: Option<String>,
    ready: Option<ReadyKind>,
}

/// What one step made of the decisions of a record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decided {
    /// Those there were.
    pub before: Vec<Decision>,
    /// Those it left.
    pub made: Vec<Decision>,
}

impl Decided {
    /// The decisions of the record as it is now, without this step.
    pub fn taken_back(&self, record: &Record) -> Vec<Decision> {
        let now = record.conflict.as_ref().map(|c| c.decisions.as_slice()).unwrap_or_default();
        view::without_step(now, &self.made, &self.before)
    }
}

/// A record in a merge, within the transaction that decides on it.
pub(super) struct AtMerge<'a, 'tx> {
    pub tx: &'a mut Tx<'tx>,
    pub desk: &'a Desk,
    pub record: Record,
    /// The record with the server's version that the screen showed.
    then: Record,
}

impl AtMerge<'_, '_> {
    /// Looks at the merge that the screen showed.
    pub fn look<T>(
        &self,
        run: RunId,
        look: impl FnOnce(&ViewContext<'_>, &MergeState<'_>) -> Answered<T>,
    ) -> Answered<T> {
        let (live, coll) = self.desk.place(&self.then)?;
        let ctx = context(live, coll, run);
        look(&ctx, &self.desk.merge_of(&ctx, &self.then, coll).map_err(view_fault)?)
    }

    /// These are the decisions now.
    pub fn decided(self, list: Vec<Decision>) -> Answered<Applied> {
        self.desk.step_loaded(self.tx, self.record, Event::Decided(list))
    }
}

impl SyncHandle {
    /// Decides rows; durable when this answers.
    ///
    /// # Errors
    /// `changed_on_server` if the version decided on is neither the newest nor one that a screen showed lately; a
    /// choice the row does not offer.
    pub async fn decide(&self, decide: Decide) -> Answered<MergeView> {
        let Decide { key, rows, choice, json, ready, seen } = decide;
        let said = rows.into_iter().map(|row| Said { row, choice, json: json.clone(), ready });
        self.say(&key, seen, said.collect()).await
    }

    /// Decides several rows, each its own way, in one transaction: undo and redo.
    ///
    /// # Errors
    /// As [`SyncHandle::decide`]; nothing is decided then.
    pub async fn decide_many(&self, decide: DecideMany) -> Answered<MergeView> {
        let said = |RowDecision { row, choice, json }| Said { row, choice, json, ready: None };
        self.say(&decide.key, decide.seen, decide.rows.into_iter().map(said).collect()).await
    }

    async fn say(&self, name: &str, seen: String, said: Vec<Said>) -> Answered<MergeView> {
        let key = key(name)?;
        let run = self.inner.store.run();
        self.at_merge(key, seen, move |at| {
            let (list, places) = at.look(run, |_, state| decisions(state, &said))?;
            typed::decided(at.tx, key, &places)?;
            Ok((at.decided(list)?, ()))
        })
        .await?;
        self.merge_by_key(key).await
    }

    /// One transaction on a record that is in a merge, as the screen that asks has seen it.
    pub(super) async fn at_merge<T: Send + 'static>(
        &self,
        key: LocalKey,
        seen: String,
        work: impl FnOnce(AtMerge<'_, '_>) -> Answered<(Applied, T)> + Send + 'static,
    ) -> Answered<T> {
        let desk = self.inner.desk();
        let looked = std::sync::Arc::clone(&self.inner.looked);
        let whole = move |tx: &mut Tx<'_>| {
            let record = tx.load(key)?.ok_or_else(|| Fault::missing("such record any more"))?;
            let then = looked.as_seen(&record, &seen).ok_or_else(changed_again)?;
            work(AtMerge { tx, desk: &desk, record, then })
        };
        let (applied, out) = self.inner.store.try_write(Priority::Person, whole).await?;
        self.saved(&applied)?;
        Ok(out)
    }

    /// Reads the merge of a record on a thread of its own. Nothing is written.
    pub(super) async fn look_at_merge<T: Send + 'static>(
        &self,
        key: LocalKey,
        look: impl FnOnce(&ViewContext<'_>, &MergeState<'_>) -> Answered<T> + Send + 'static,
    ) -> Answered<T> {
        let record = self.load(key).await?;
        self.look_at(record, look).await
    }

    /// As [`SyncHandle::look_at_merge`], of a record that is loaded.
    pub(super) async fn look_at<T: Send + 'static>(
        &self,
        record: Record,
        look: impl FnOnce(&ViewContext<'_>, &MergeState<'_>) -> Answered<T> + Send + 'static,
    ) -> Answered<T> {
        let sources = self.inner.sources();
        let run = self.inner.store.run();
        let merges = std::sync::Arc::clone(&self.inner.merges);
        off_thread(move || {
            let (live, coll) = place(&sources, &record)?;
            let merge = match record.conflict {
                Some(_) => merges.shown(&record, &coll.rules).merge(),
                None => return Err(view_fault(ViewError::NotInMerge)),
            };
            let state = MergeState::new(&record, merge).map_err(view_fault)?;
            look(&context(live, coll, run), &state)
        })
        .await
    }

    /// What would be wrong with a value of a row, before it is a decision (M15). Nothing is written.
    ///
    /// # Errors
    /// The record has no merge, or no such row.
    pub async fn check_value(&self, wanted: CheckValue) -> Answered<ValueCheck> {
        self.look_at_merge(key(&wanted.key)?, move |ctx, state| {
            let known = state.place_of(wanted.row);
            let (path, part) = known.ok_or_else(|| Fault::missing(format!("row {}", wanted.row)))?;
            Ok(checked(ctx, state, &path, part, wanted.json.as_deref()))
        })
        .await
    }

    /// What the whole result, written as text, comes to. Nothing is written.
    ///
    /// # Errors
    /// The record has no merge.
    pub async fn check_source(&self, text: SourceText) -> Answered<SourceCheck> {
        self.look_at_merge(key(&text.key)?, move |ctx, state| {
            let body = body_of(state, text.text.into_bytes());
            Ok(view::check_source(ctx, state.theirs_body(), &body))
        })
        .await
    }

    /// Takes one step of the decisions back. What was decided since stays.
    pub(crate) async fn take_step_back(&self, key: LocalKey, step: Decided) -> Answered<()> {
        let desk = self.inner.desk();
        let work = move |tx: &mut Tx<'_>| {
            let record = tx.load(key)?.ok_or_else(|| Fault::missing("such record any more"))?;
            let list = step.taken_back(&record);
            desk.step_loaded(tx, record, Event::Decided(list))
        };
        let applied = self.inner.store.try_write(Priority::Person, work).await?;
        self.saved(&applied).map(drop)
    }
}

/// Runs what may take a while on a thread of its own.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Answered<T> + Send + 'static,
) -> Answered<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Fault::new(ErrorCode::Internal, "The comparison could not be made."))?
}

fn changed_again() -> Fault {
    Fault::new(
        ErrorCode::ChangedOnServer,
        "The server changed again. Look at what changed, your choices are kept.",
    )
}

/// The result as a body of the kind the server keeps.
pub(super) fn body_of(state: &MergeState<'_>, bytes: Vec<u8>) -> Body {
    let kept = state.theirs_body().or(state.edit.change.body()).or(state.base);
    Body::new(bytes, kept.map_or_else(|| "application/json".into(), |body| body.media_type.clone()))
}

fn checked(
    ctx: &ViewContext<'_>,
    state: &MergeState<'_>,
    path: &Path,
    part: Option<u32>,
    json: Option<&str>,
) -> ValueCheck {
    let fine = ValueCheck { error: None, members: Vec::new() };
    if part.is_some() {
        return fine;
    }
    let sentence = |words: String| format!("{}.", view::capitalised(&words));
    let one = |path: &Path, json: Option<&str>| {
        let required = ctx.schema.is_required(path);
        match ctx.schema.field(path) {
            Some(field) => view::problem(field, required, json),
            None => (required && json.is_none()).then(|| "is needed".to_owned()),
        }
        .map(sentence)
    };
    let Some(text) = json else { return ValueCheck { error: one(path, None), ..fine } };
    let document = match Document::parse(text.as_bytes()) {
        Ok(document) => document,
        Err(error) => return ValueCheck { error: Some(format!("This is not JSON yet: {error}.")), ..fine },
    };
    // Only an object can be the value of a row with several fields.
    let with = if document.kind(document.root()) == record_merge::json::Kind::Object {
        let row = state.merge.row(path, None);
        row.map(|row| row.with.clone()).unwrap_or_default()
    } else {
        Vec::new()
    };
    if with.is_empty() {
        return ValueCheck { error: one(path, Some(text)), ..fine };
    }
    let member = |path: &Path| {
        let Some(record_merge::Token::Member(name)) = path.0.last() else { return None };
        let value = document.member(document.root(), name).map(|id| document.text(id));
        let words = one(path, value)?;
        Some(RefusedField { pointer: path.to_pointer(), label: view::label(name), words })
    };
    let members: Vec<_> = std::iter::once(path).chain(&with).filter_map(member).collect();
    ValueCheck { error: members.first().map(|m| format!("{}: {}", m.label, m.words)), members }
}

pub(crate) fn choice(choice: Choice) -> record_merge::Choice {
    match choice {
        Choice::Theirs => record_merge::Choice::Theirs,
        Choice::Mine => record_merge::Choice::Mine,
        Choice::Both => record_merge::Choice::Both,
        Choice::Edit => record_merge::Choice::Edit,
        Choice::Later => record_merge::Choice::Later,
    }
}

pub(super) type Place = (Path, Option<u32>);

/// The decisions with those said now in place of earlier ones, and the places of the rows.
pub(crate) fn decided(ctx: &ViewContext<'_>, record: &Record, decide: &Decide) -> Answered<Vec<Decision>> {
    let said =
        |row: &u32| Said { row: *row, choice: decide.choice, json: decide.json.clone(), ready: decide.ready };
    let state = view::merge_of(ctx, record).map_err(view_fault)?;
    Ok(decisions(&state, &decide.rows.iter().map(said).collect::<Vec<_>>())?.0)
}

fn decisions(state: &MergeState<'_>, said: &[Said]) -> Answered<(Vec<Decision>, Vec<Place>)> {
    let mut list = state.conflict.decisions.clone();
    let mut places = Vec::new();
    for said in said {
        let at = state.numbers.iter().position(|number| *number == said.row);
        let Some(reviewed) = at.and_then(|at| state.reviewed.get(at)) else {
            return Err(Fault::missing(format!("row {}", said.row)));
        };
        let row = &reviewed.row;
        places.push((row.path.clone(), row.part));
        // Without its earlier choice a reopened row that nothing clashes in would be put together by itself again: "Decide
        // later" leaves the question as it is.
        let stays = said.choice == Choice::Later
            && row.group == record_merge::Group::Automatic
            && matches!(reviewed.standing, record_merge::Standing::Suggested(_));
        if !stays {
            view::undecide(&mut list, row);
            list.extend(decision(state, row, said)?);
        }
    }
    Ok((list, places))
}

/// What was said about a row, as a decision; `None` = it is open again.
fn decision(state: &MergeState<'_>, row: &record_merge::Row, said: &Said) -> Answered<Option<Decision>> {
    let wanted = choice(said.choice);
    if wanted == record_merge::Choice::Later {
        return Ok(None);
    }
    let not_offered = || Fault::bad(format!("Row {} does not offer this choice.", said.row));
    if !row.choices.contains(&wanted) {
        return Err(not_offered());
    }
    let (wanted, value) = match (wanted, said.ready) {
        (record_merge::Choice::Edit, Some(kind)) => {
            view::ready_value(&state.merge, row, kind).ok_or_else(not_offered)?
        }
        (record_merge::Choice::Edit, None) => (wanted, said.json.clone()),
        (record_merge::Choice::Both, _) => (wanted, view::both_value(&state.merge, row)),
        _ => (wanted, None),
    };
    if let Some(json) = &value {
        Document::parse(json.as_bytes()).map_err(|e| {
            Fault::bad(format!("Your own value is not JSON: {e}. Text stands in double quotes."))
        })?;
    }
    if let (record_merge::Choice::Edit, true, Some(json)) =
        (wanted, row.path.is_root() && row.part.is_none(), &value)
    {
        whole_record(state, json)?;
    }
    Ok(Some(state.decision(row, wanted, value)))
}

/// What is written as a whole record must be one: nothing reads it again before it is sent.
fn whole_record(state: &MergeState<'_>, json: &str) -> Answered<()> {
    let text = match state.merge.format() {
        record_merge::Format::Json => json.to_owned(),
        _ => serde_json::from_str(json)
            .map_err(|_| Fault::bad("This record is a text. Write all of it, as a text in double quotes."))?,
    };
    super::edits::well_formed(&body_of(state, text.into_bytes()))
}
