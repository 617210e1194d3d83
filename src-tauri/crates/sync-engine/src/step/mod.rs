//! The policy for one record.

mod answers;
mod decisions;
mod desk;
mod edits;
mod looks;
mod turn;
mod undo;

use crate::{Context, Event, Record, State, Step, StepError};
use desk::Desk;

/// Decides what an event means for a record. The record is answered as it is to be saved; on an error nothing
/// changes.
///
/// # Errors
/// [`StepError`] when the event is not possible in the record's present state.
pub fn step(record: Record, event: Event, context: &Context<'_>) -> Result<Step, StepError> {
    // A record that exists nowhere yet has no state; its first edit or its first listing gives it one.
    let fresh = record.base.is_none() && record.edit.is_none();
    let state = if fresh { State::Synced } else { record.state(context.run)? };
    let mut desk = Desk::new(record, *context);
    match event {
        Event::EditSaved(body) => desk.edit_saved(body, state),
        Event::DeleteSaved => desk.delete_saved(state)?,
        Event::Discarded => desk.discarded(state)?,
        Event::Retried => desk.retried(state)?,
        Event::Held(held) => desk.held(held)?,
        Event::Due { key } => desk.due(state, key),
        Event::Answered(outcome) => desk.answered(outcome),
        Event::Looked(outcome) => desk.looked(outcome, state),
        Event::TwinsSearched(found) => desk.twins_searched(found),
        Event::TheirsSeen { theirs, began } if began >= desk.r.answered => desk.theirs_seen(theirs, state),
        Event::TheirsSeen { theirs, .. } => desk.seen_too_late(&theirs, state),
        Event::TakenIn => desk.taken_in(state)?,
        Event::NewsOpened => desk.news_opened(state)?,
        Event::Decided(decisions) => desk.decided(decisions)?,
        Event::Resolved { seen, all } => desk.resolved(seen, all, state)?,
        Event::KeptBoth { seen } => desk.kept_both(seen, state)?,
        Event::SettledAs { id, version } => desk.settled_as(id, version, state)?,
        Event::SettledAsNew => desk.settled_as_new(state)?,
        Event::BroughtBack { body, version } => desk.brought_back(body, version, state),
        Event::MergeUndone(undo) => desk.merge_undone(*undo, state)?,
        Event::SentUndone(undo) => desk.sent_undone(*undo, state)?,
        Event::Reopened { undo, decisions } => desk.reopened(*undo, decisions, state)?,
    }
    desk.finish()
}

/// Something like `State::Sending | State::Uncertain`: an answer is awaited, nothing may be taken back.
fn awaits_answer(state: State) -> bool {
    matches!(state, State::Sending | State::Uncertain)
}
