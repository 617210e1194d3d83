//! Undo of a merge, also after it was sent (merge.md M49).

use super::as_new;
use crate::desk::Applied;
use crate::fault::{Answered, Fault};
use crate::handle::{SyncHandle, edits, key};
use ipc_types::{ErrorCode, Side, UndoMerge, Undone, UndoneHow};
use record_store::{KeptVersion, Priority, Tx};
use sync_engine::{Base, Body, Event, LocalKey, MergeNote, Note, State, Undo};

impl SyncHandle {
    /// Undoes a merge. Before it was sent it is open again, with the choices as they were. After that the earlier version
    /// is brought back by a new three-way merge with what the server has now: without a clash a new edit waits to be sent
    /// (under *Review* it is shown first), with one the record needs the person.
    ///
    /// # Errors
    /// `not_found` if there is no such merge or its versions are not kept any more; `not_now` while an answer is awaited,
    /// while the record needs a choice, or while a later edit touches the same fields.
    pub async fn undo_merge(&self, wanted: UndoMerge) -> Answered<Undone> {
        let key = key(&wanted.key)?;
        let desk = self.inner.desk();
        let to_mine = wanted.to == Some(Side::Mine);
        let work = move |tx: &mut Tx<'_>| -> Answered<(Applied, UndoneHow)> {
            let number = match wanted.version {
                Some(number) => number,
                None => tx.newest_merge(key)?.ok_or_else(|| Fault::missing("merge of this record"))?,
            };
            let merged = Merged::read(tx, key, number)?;
            let (record, is_gone) = match (tx.load(key)?, tx.gone(key)?) {
                (Some(record), _) => (record, false),
                (None, Some(gone)) => (as_new(key, gone), true),
                (None, None) => return Err(Fault::missing("such record")),
            };
            edits::writable(&desk, &record)?;
            let (back, version) = merged.back(tx, key, to_mine)?;
            let event = match merged.result {
                // The record was deleted by it, or since: what is brought back is a new record at its old place.
                Some(_) | None if is_gone => Event::BroughtBack { body: back, version },
                None => return Err(Fault::missing("version that this merge made")),
                Some(result) => {
                    let (mine, before, sent) = (merged.mine, merged.before, merged.sent);
                    Event::MergeUndone(Box::new(Undo { version: number, result, sent, back, mine, before }))
                }
            };
            let waits = matches!(&event, Event::MergeUndone(undo) if waits_as(&record, &undo.result.body));
            let applied = desk.step_loaded(tx, record, event)?;
            let how = match applied.state {
                Some(State::NeedsYou) if waits => UndoneHow::Reopened,
                Some(State::NeedsYou) => UndoneHow::NeedsYou,
                Some(State::Synced) | None => UndoneHow::Nothing,
                Some(_) => UndoneHow::Queued,
            };
            Ok((applied, how))
        };
        let (applied, how) = self.inner.store.try_write(Priority::Person, work).await?;
        Ok(Undone { saved: self.saved(&applied)?, how })
    }
}

/// The edit that waits is the merged version itself: it was not sent.
fn waits_as(record: &sync_engine::Record, result: &Body) -> bool {
    record.edit.as_ref().and_then(|e| e.change.body()) == Some(result)
}

/// A merge as the history keeps it.
struct Merged {
    note: MergeNote,
    /// What it made, as the server confirmed it; `None` = a removal.
    result: Option<Base>,
    /// It was on the wire at least once.
    sent: bool,
    mine: Option<Body>,
    before: Option<Base>,
}

impl Merged {
    fn read(tx: &Tx<'_>, key: LocalKey, number: u32) -> Answered<Self> {
        let gone = || Fault::missing("version any more that this merge was made of");
        let kept = tx.version(key, number)?.ok_or_else(gone)?;
        let Some(Note::Merge(note)) = kept.version.note.clone() else {
            return Err(Fault::new(ErrorCode::NotNow, "This version was not put together from two."));
        };
        let one = |number: Option<u32>| -> Answered<Option<KeptVersion>> {
            Ok(match number {
                Some(number) => Some(tx.version(key, number)?.ok_or_else(gone)?),
                None => None,
            })
        };
        let mine = one(note.mine)?.and_then(|kept| kept.body);
        let before = one(note.before)?.and_then(as_base);
        let sent = tx.history(key)?.iter().any(|line| line.version > number && line.what == "sent");
        Ok(Self { result: confirmed(tx, key, kept)?, sent, note, mine, before })
    }

    /// What is brought back, and its number.
    fn back(&self, tx: &Tx<'_>, key: LocalKey, to_mine: bool) -> Answered<(Body, u32)> {
        let number = if to_mine { self.note.mine } else { self.note.theirs };
        let kept = match number {
            Some(number) => tx.version(key, number)?,
            None => None,
        };
        let found = kept.and_then(|kept| Some((kept.body?, kept.version.version)));
        found.ok_or_else(|| Fault::missing("version any more to go back to"))
    }
}

fn as_base(kept: KeptVersion) -> Option<Base> {
    Some(Base { body: kept.body?, validator: kept.version.validator, seen_at: kept.version.at })
}

/// The merged version with the mark the server gave it: that of the line that sent it, or of what the server made of it.
pub(crate) fn confirmed(tx: &Tx<'_>, key: LocalKey, merged: KeptVersion) -> Answered<Option<Base>> {
    let Some(body) = merged.body.clone() else { return Ok(None) };
    if merged.version.validator.is_some() {
        return Ok(as_base(merged));
    }
    for number in merged.version.version.saturating_add(1)..=merged.version.version.saturating_add(2) {
        let Some(next) = tx.version(key, number)? else { break };
        let sent = next.version.what == "sent" && next.body.as_ref() == Some(&body);
        if sent && next.version.validator.is_some() {
            return Ok(as_base(next));
        }
        if !sent && next.version.what == "seen" && next.body.as_ref() == Some(&body) {
            return Ok(as_base(next));
        }
        if !sent {
            break;
        }
    }
    Ok(as_base(merged))
}
