//! What the person does to a record: save, delete, take back, try, hold.

use super::awaits_answer;
use super::desk::Desk;
use crate::{Body, Change, State, StepError, Theirs, What};

impl Desk<'_> {
    /// Coalescing keeps the first base: the base row does not move while an edit is there (sync.md rule 2).
    pub fn edit_saved(&mut self, body: Body, state: State) {
        if self.r.visible() == Some(&body) {
            return;
        }
        self.r.rev = self.r.rev.next();
        let back_to_base = self.base_body() == Some(&body);
        let change = match self.r.edit.as_ref().map(|e| &e.change) {
            Some(Change::Create(_)) => Change::Create(body),
            _ if self.r.base.is_some() => Change::Replace(body),
            // Written again after a removal that waited for the answer to the create.
            _ => Change::Create(body),
        };
        let Some(edit) = &mut self.r.edit else {
            let mut edit = self.edit_on_base(change);
            edit.saved_at = self.cx.now;
            self.r.edit = Some(edit);
            return;
        };
        edit.change = change;
        edit.saved_at = self.cx.now;
        edit.was_sent = false;
        if self.r.in_flight.is_none() {
            edit.refused_validator = None;
            edit.touched = 0;
        }
        if state == State::Rejected {
            // Another body after a refusal is another request. In any other state the key stays: an earlier try may
            // have arrived, and is not to be made twice.
            edit.key = None;
        }
        self.r.refusal = None;
        match state {
            State::NeedsYou => self.judge(true),
            State::Edited | State::Rejected if back_to_base => {
                match self.r.theirs.as_ref().map(|t| &t.what) {
                    Some(Theirs::Gone) => {}
                    _ => {
                        let rev = self.r.rev;
                        self.take_theirs();
                        self.r.rev = rev.max(self.r.rev);
                    }
                }
            }
            _ => {}
        }
    }

    pub fn delete_saved(&mut self, state: State) -> Result<(), StepError> {
        let known = self.r.edit.as_ref().is_some_and(|e| e.change == Change::Delete);
        if known && self.r.refusal.is_none() {
            return Ok(());
        }
        self.r.rev = self.r.rev.next();
        let mine = self.r.edit.as_ref().and_then(|e| e.change.body().cloned());
        let theirs = self.r.theirs.as_ref().map(|t| t.what.clone());
        if self.r.base.is_none() && self.r.in_flight.is_none() && state != State::NeedsYou {
            // Never on the wire, or surely not applied: nothing is left to do.
            self.remember(What::Deleted, true, mine, None);
            match theirs {
                // Somebody else's record is there: it was not shown yet, so it is not what was removed.
                Some(Theirs::Present(version)) => self.settle_on(version),
                _ => self.gone = true,
            }
            return Ok(());
        }
        if mine.is_some() {
            self.remember(What::SetAside, true, mine, None);
        }
        match &mut self.r.edit {
            Some(edit) => {
                edit.change = Change::Delete;
                edit.saved_at = self.cx.now;
                edit.was_sent = false;
                if self.r.in_flight.is_none() {
                    edit.refused_validator = None;
                    edit.touched = 0;
                }
            }
            None => {
                let mut edit = self.edit_on_base(Change::Delete);
                edit.saved_at = self.cx.now;
                self.r.edit = Some(edit);
            }
        }
        self.r.refusal = None;
        let both_gone = theirs == Some(Theirs::Gone) && self.r.in_flight.is_none();
        if state == State::NeedsYou || both_gone {
            self.judge(state == State::NeedsYou);
        }
        Ok(())
    }

    pub fn discarded(&mut self, state: State) -> Result<(), StepError> {
        match state {
            State::Synced => return Err(StepError::NotNow("there is no edit to take back")),
            s if awaits_answer(s) => {
                return Err(StepError::NotNow(
                    "the server's answer is not known yet; take it back once it is",
                ));
            }
            _ => {}
        }
        let mine = self.r.edit.as_ref().and_then(|e| e.change.body().cloned());
        self.remember(What::Discarded, true, mine, None);
        self.take_theirs();
        Ok(())
    }

    pub fn retried(&mut self, state: State) -> Result<(), StepError> {
        let Some(edit) = &mut self.r.edit else { return Err(StepError::NotNow("there is nothing to send")) };
        edit.not_before = None;
        edit.wait = None;
        if state == State::Rejected {
            edit.refused_validator = None;
            edit.touched = 0;
            self.r.refusal = None;
        }
        if let Some(f) = &mut self.r.in_flight {
            // The list is searched again before the person is asked again.
            f.asks = false;
        }
        Ok(())
    }

    pub fn held(&mut self, held: bool) -> Result<(), StepError> {
        let Some(edit) = &mut self.r.edit else { return Err(StepError::NotNow("there is no edit to hold")) };
        edit.held = held;
        Ok(())
    }
}
