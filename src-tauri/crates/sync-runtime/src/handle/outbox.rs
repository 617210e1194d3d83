//! The outbox, and what exactly will be sent.

use super::records::{context, place, view_fault};
use super::{SyncHandle, key};
use crate::clock;
use crate::fault::{Answered, Fault};
use crate::transport::RECORD_LIMIT;
use crate::view::{self, OutboxInput};
use connectors::{DryRun, Request};
use ipc_types::{DryRunReply, ErrorCode, Header, Outbox, RecordKey, RefusedField, RequestPreview};
use sync_engine::{Body, Effect, Event, Grade, Precondition, Record, Rules, State, Write, WriteOutcome};

/// What the outbox shows: everything that waits but what needs the person.
pub(crate) const OUTBOX_STATES: [State; 5] =
    [State::Edited, State::Sending, State::Uncertain, State::Contested, State::Rejected];

impl SyncHandle {
    /// The outbox, in the order of sending.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn outbox(&self) -> Answered<Outbox> {
        let records = self
            .inner
            .store
            .read(|r| {
                let mut records = Vec::new();
                for row in r.outbox(&OUTBOX_STATES, usize::MAX >> 1)? {
                    records.extend(r.load(row.record.key)?);
                }
                Ok(records)
            })
            .await?;
        let sources = self.inner.sources();
        let gates = self.inner.gates.all();
        let run = self.inner.store.run();
        let offline = self.inner.offline();
        let mut entries = Vec::with_capacity(records.len());
        for record in &records {
            let Ok((live, coll)) = place(&sources, record) else { continue };
            let gate = gates.get(&record.source).copied().unwrap_or_default();
            let unreachable = self.inner.gates.state(record.source).unreachable;
            let input = OutboxInput { gate, offline: offline || unreachable };
            entries
                .extend(view::outbox_entry(&context(live, coll, run), record, &input).map_err(view_fault)?);
        }
        Ok(Outbox { entries })
    }

    /// The exact request a waiting edit will be sent with.
    ///
    /// # Errors
    /// There is no edit; nothing would be sent.
    pub async fn request_preview(&self, wanted: RecordKey) -> Answered<RequestPreview> {
        let record = self.load(key(&wanted.key)?).await?;
        self.preview_of(&record)?
            .ok_or_else(|| Fault::new(ErrorCode::NotNow, "Nothing of this record will be sent."))
    }

    /// Asks the server what it would say, without storing anything.
    ///
    /// # Errors
    /// The source offers no dry run, or cannot be reached.
    pub async fn check_with_server(&self, wanted: RecordKey) -> Answered<DryRunReply> {
        let record = self.load(key(&wanted.key)?).await?;
        let live = self.inner.live(record.source)?;
        if !live.connector.offers_dry_run() {
            return Err(Fault::new(
                ErrorCode::NotNow,
                format!("{} cannot check without storing.", live.name()),
            ));
        }
        if self.inner.offline() {
            return Err(Fault::new(ErrorCode::Offline, "You are working offline."));
        }
        let rules = &live.coll(&record.collection)?.rules;
        let write = write_of(&record, rules)
            .ok_or_else(|| Fault::new(ErrorCode::NotNow, "Nothing of this record will be sent."))?;
        let request = live.connector.write(&record.collection, &write, true)?;
        let answer = self.inner.perform(&live, request, RECORD_LIMIT).await;
        self.inner.note_reached(live.id, &answer);
        let reply = live.connector.dry_run_answer(&record.collection, &write, &answer, clock::now());
        let sources = self.inner.sources();
        let (live, coll) = place(&sources, &record)?;
        let ctx = context(live, coll, self.inner.store.run());
        Ok(match reply {
            DryRun::WouldApply => DryRunReply {
                ok: true,
                words: "The server would take it as it is.".to_owned(),
                fields: Vec::new(),
            },
            DryRun::WouldNot(outcome) => would_not(&ctx, &record, outcome),
            DryRun::NotKept { words } => return Err(Fault::new(ErrorCode::Server, words)),
        })
    }

    /// What would be sent for a record as it is; `None` = nothing.
    pub(crate) fn preview_of(&self, record: &Record) -> Answered<Option<RequestPreview>> {
        let sources = self.inner.sources();
        let (live, coll) = place(&sources, record)?;
        let Some(write) = write_of(record, &coll.rules) else { return Ok(None) };
        let request = live.connector.write(&record.collection, &write, false)?;
        let ctx = context(live, coll, self.inner.store.run());
        let compares = matches!(write.precondition(), Precondition::ComparedJustBefore { .. });
        let risk = compares.then(|| {
            format!(
                "{} cannot protect this write. It is read and compared just before; a change made in between could be lost.",
                live.name()
            )
        });
        Ok(Some(preview(&ctx, record, &write, &request, risk)))
    }
}

/// The write that is due for a record, whatever keeps it waiting.
fn write_of(record: &Record, rules: &Rules) -> Option<Write> {
    let mut record = record.clone();
    record.theirs = None;
    record.in_flight = None;
    record.refusal = None;
    record.conflict = None;
    if let Some(edit) = &mut record.edit {
        edit.held = false;
        edit.refused_validator = None;
    }
    let mut rules = rules.clone();
    if !rules.may_send() {
        rules.allow_unprotected = true;
        rules.grade = if rules.grade == Grade::Unprotected { Grade::Unprotected } else { Grade::Protected };
    }
    let context = sync_engine::Context {
        now: clock::now(),
        run: sync_engine::RunId(0),
        seq: sync_engine::Seq(0),
        rules: &rules,
        jitter: 0.5,
        prepared: None,
    };
    let step = sync_engine::step(record, Event::Due { key: clock::idempotency_key() }, &context).ok()?;
    step.effects.into_iter().find_map(|effect| match effect {
        Effect::Send(write) => Some(write),
        _ => None,
    })
}

fn preview(
    ctx: &view::ViewContext<'_>,
    record: &Record,
    write: &Write,
    request: &Request,
    risk: Option<String>,
) -> RequestPreview {
    let base = record.base.as_ref().map(|b| &b.body);
    let body = request.body.as_ref();
    let size = body.map_or(0, |b| b.len());
    let before = base.map_or(0, |b| b.bytes.len());
    let after: Option<&Body> = write.body();
    let difference = i64::try_from(after.map_or(0, |b| b.bytes.len())).unwrap_or(i64::MAX)
        - i64::try_from(before).unwrap_or(i64::MAX);
    RequestPreview {
        method: request.method.to_string(),
        url: request.url.to_string(),
        headers: request
            .headers
            .iter()
            .map(|(name, value)| Header { name: name.clone(), value: value.clone() })
            .collect(),
        body: body.and_then(|b| std::str::from_utf8(b).ok()).map(str::to_owned),
        size: u32::try_from(size).unwrap_or(u32::MAX),
        size_change: i32::try_from(difference).unwrap_or(i32::MAX),
        diff: after.map(|after| view::body_diff(base, after)).unwrap_or_default(),
        changes: view::field_changes(ctx, base, after),
        fields: after.map_or(0, view::count_fields),
        risk,
    }
}

fn would_not(ctx: &view::ViewContext<'_>, record: &Record, outcome: WriteOutcome) -> DryRunReply {
    let (words, fields): (String, Vec<RefusedField>) = match outcome {
        WriteOutcome::Refused(refusal) => {
            let shown = view::refusal_view(ctx, &refusal, record.visible());
            (shown.words, shown.fields)
        }
        WriteOutcome::PreconditionFailed { .. } => (
            "The record changed on the server meanwhile. You will see both versions before anything is sent."
                .to_owned(),
            Vec::new(),
        ),
        WriteOutcome::NotThere => ("The record is not on the server any more.".to_owned(), Vec::new()),
        WriteOutcome::Later { words, .. }
        | WriteOutcome::Unknown { words }
        | WriteOutcome::NotSent { words }
        | WriteOutcome::NotOurs { words }
        | WriteOutcome::Full { words } => (words, Vec::new()),
        WriteOutcome::SignIn(_) => ("The server asks you to sign in.".to_owned(), Vec::new()),
        WriteOutcome::Applied { .. } | WriteOutcome::Accepted | WriteOutcome::Differs { .. } => {
            ("The server would take it.".to_owned(), Vec::new())
        }
    };
    DryRunReply { ok: false, words, fields }
}
