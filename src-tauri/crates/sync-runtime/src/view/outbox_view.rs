//! The waiting edits.

use super::context::address;
use super::record_view::{edit_kind, state_of};
use super::{ViewContext, ViewError, count_fields, field_changes};
use ipc_types::OutboxEntry;
use sync_engine::{Change, Creates, Edit, Gate, Grade, Precondition, Record, State, Timestamp, WaitReason};

/// What holds for the record's source.
#[derive(Clone, Copy, Debug, Default)]
pub struct OutboxInput {
    /// Its gate.
    pub gate: Gate,
    /// Nothing goes out: the person works offline, or no server can be reached.
    pub offline: bool,
}

/// The record's entry in the outbox; `None` if nothing waits, or if it waits for the person in "Needs you".
///
/// # Errors
/// [`ViewError::State`] if its rows fit no state.
pub fn outbox_entry(
    ctx: &ViewContext<'_>,
    record: &Record,
    input: &OutboxInput,
) -> Result<Option<OutboxEntry>, ViewError> {
    let state = record.state(ctx.run)?;
    let Some(edit) = record.edit.as_ref().filter(|_| state != State::NeedsYou) else { return Ok(None) };
    let base = record.base.as_ref().map(|base| &base.body);
    let fields = match &edit.change {
        Change::Create(body) => count_fields(body),
        Change::Replace(body) => {
            u32::try_from(field_changes(ctx, base, Some(body)).len()).unwrap_or(u32::MAX)
        }
        Change::Delete => 0,
    };
    let not_before = edit.not_before.max(input.gate.not_before).filter(|at| *at > ctx.now);
    Ok(Some(OutboxEntry {
        key: record.key.to_string(),
        address: address(ctx.source, record),
        title: ctx.title_of(record),
        state: state_of(state),
        kind: edit_kind(&edit.change),
        fields,
        held: edit.held,
        attempts: edit.attempts,
        reason: reason(ctx, state, edit, input, record.in_flight.is_some()).to_owned(),
        not_before: not_before.map(|at| at.0),
        words: record.refusal.as_ref().map(|refusal| refusal.words.clone()),
        base_validator: edit.base_validator.as_ref().map(|v| v.as_str().to_owned()),
        precondition: match &record.in_flight {
            Some(in_flight) => Some(in_flight.precondition.clone()),
            None => precondition(ctx, record, edit).map(|p| Record::precondition_line(&p)),
        },
        saved_at: edit.saved_at.0,
    }))
}

/// Why it waits. What a person did or can do comes before what only time changes.
fn reason(
    ctx: &ViewContext<'_>,
    state: State,
    edit: &Edit,
    input: &OutboxInput,
    on_wire: bool,
) -> &'static str {
    let rules = ctx.rules;
    let waits = |at: Option<Timestamp>| at.is_some_and(|at| at > ctx.now);
    match state {
        State::Sending | State::Contested => return "on_the_way",
        State::Uncertain => return "lost_answer",
        State::Rejected => return "refused",
        State::Synced | State::Edited | State::NeedsYou => {}
    }
    if edit.held && rules.creates == Creates::No && matches!(edit.change, Change::Create(_)) {
        // A second record that the server would not take (M17).
        "stays_here"
    } else if edit.held {
        "held"
    } else if !rules.may_send() && rules.grade == Grade::Unprotected {
        "unprotected"
    } else if input.offline {
        "offline"
    } else if !rules.may_send() {
        "not_checked"
    } else if input.gate.closed || (input.gate.writes_closed && !on_wire) {
        "paused"
    } else if edit.wait == Some(WaitReason::NoVersionMark) {
        "no_version_mark"
    } else if waits(input.gate.not_before) {
        "server_busy"
    } else if waits(edit.not_before) {
        if edit.wait == Some(WaitReason::ServerBusy) { "server_busy" } else { "back_off" }
    } else {
        "next"
    }
}

/// The condition it will be sent with, as far as it is known now.
fn precondition(ctx: &ViewContext<'_>, record: &Record, edit: &Edit) -> Option<Precondition> {
    if ctx.rules.compares() {
        return Some(Precondition::ComparedJustBefore { hash: edit.base_hash });
    }
    match &edit.change {
        Change::Create(_) => match ctx.rules.creates {
            Creates::OwnAddress => Some(Precondition::MustNotExist),
            Creates::PostWithKey => Some(Precondition::PostNew { key: edit.key.clone() }),
            Creates::Post => Some(Precondition::PostNew { key: None }),
            Creates::No => None,
        },
        Change::Replace(_) | Change::Delete => {
            let base = record.base.as_ref().and_then(|base| base.validator.as_ref());
            ctx.rules.validators.admit(edit.base_validator.as_ref().or(base)?).map(Precondition::IfMatch)
        }
    }
}
