//! The answer to the write in flight (sync.md section 2).

use super::desk::Desk;
use crate::judge::{arrived, same};
use crate::{
    Body, Change, Current, Effect, Fate, PauseReason, RemoteId, Sent, Theirs, Validator, Version, WaitReason,
    What, WriteOutcome,
};

impl Desk<'_> {
    pub fn answered(&mut self, outcome: WriteOutcome) {
        if self.r.in_flight.is_none() {
            return;
        }
        self.r.answered = self.cx.seq;
        match outcome {
            WriteOutcome::Applied { validator, body, id } => self.applied(validator, body, id),
            WriteOutcome::Accepted => {
                self.fate(Fate::Accepted);
                self.back_off(WaitReason::BackOff);
            }
            WriteOutcome::PreconditionFailed { current, .. } => self.precondition_failed(current, true),
            WriteOutcome::Differs { current } => self.precondition_failed(Some(current), false),
            WriteOutcome::NotThere if self.sent_delete() => self.acknowledge(None),
            WriteOutcome::NotThere => self.precondition_failed(None, true),
            WriteOutcome::Refused(refusal) => {
                let newer = self.r.in_flight.take().is_some_and(|f| f.rev != self.r.rev);
                // What was typed since may be what the server wants: it is sent in its turn.
                self.r.refusal = (!newer).then_some(refusal);
            }
            WriteOutcome::Later { not_before, .. } => {
                self.r.in_flight = None;
                self.wait_until(not_before);
            }
            WriteOutcome::Unknown { .. } => self.lost(),
            WriteOutcome::NotOurs { .. } => {
                self.lost();
                self.effects.push(Effect::PauseSource(PauseReason::NetworkSignIn));
            }
            WriteOutcome::NotSent { .. } => {
                self.r.in_flight = None;
                self.effects.push(Effect::Unreachable);
            }
            WriteOutcome::SignIn(reason) => {
                self.r.in_flight = None;
                self.effects.push(Effect::PauseSource(reason));
            }
            WriteOutcome::Full { .. } => {
                self.r.in_flight = None;
                self.effects.push(Effect::PauseSource(PauseReason::ServerFull));
            }
        }
    }

    fn sent_delete(&self) -> bool {
        self.r.in_flight.as_ref().is_some_and(|f| f.sent == Sent::Delete)
    }

    pub fn fate(&mut self, fate: Fate) {
        if let Some(f) = &mut self.r.in_flight {
            f.fate = fate;
        }
    }

    fn lost(&mut self) {
        self.fate(Fate::Lost);
        self.back_off(WaitReason::BackOff);
    }

    fn applied(&mut self, validator: Option<Validator>, body: Option<Body>, id: Option<RemoteId>) {
        if let Some(id) = id {
            self.r.id = Some(id);
        }
        if let Some(edit) = &mut self.r.edit {
            edit.not_before = None;
            edit.wait = None;
        }
        let Some(flight) = self.r.in_flight.clone() else { return };
        // A listing showed something while the request was out: which came first is not known, so read.
        let overtaken = self.r.theirs.take().is_some();
        let Some(sent) = flight.sent.body() else {
            return if overtaken { self.fate(Fate::Accepted) } else { self.acknowledge(None) };
        };
        let usable = validator.as_ref().and_then(|v| self.cx.rules.validators.admit(v)).is_some();
        if overtaken || !usable || self.cx.rules.confirm {
            return self.fate(Fate::Accepted);
        }
        match body {
            Some(body) if arrived(self.base_body(), sent, &body, self.cx.rules) => {
                self.acknowledge(Some(Version { body, validator }));
            }
            Some(_) => self.fate(Fate::Accepted),
            None => self.acknowledge(Some(Version { body: sent.clone(), validator })),
        }
    }

    fn precondition_failed(&mut self, current: Option<Current>, by_validator: bool) {
        self.fate(Fate::Refused);
        let base_validator = self.r.base.as_ref().and_then(|b| b.validator.clone());
        if let Some(edit) = &mut self.r.edit {
            edit.refused_validator = base_validator.filter(|_| by_validator);
            edit.not_before = None;
            edit.wait = None;
        }
        match current {
            Some(current) => self.fetched(current),
            None => self.r.theirs = None,
        }
    }

    /// The write in flight is applied and this is what the server has now (`None`: the removal is done). What was
    /// typed meanwhile is re-versioned onto it, never overwritten (sync.md rule 2).
    pub fn acknowledge(&mut self, now_there: Option<Version>) {
        let Some(flight) = self.r.in_flight.take() else { return };
        let newer = flight.rev != self.r.rev;
        self.r.theirs = None;
        self.r.refusal = None;
        self.r.conflict = None;
        let change = self.r.edit.as_ref().map(|e| e.change.clone());
        match (now_there, change) {
            (Some(version), Some(change)) if newer => self.reversion(version, &flight.sent, change),
            (Some(version), _) => {
                // Bytes only the server knows (its own members) are news to the person's view.
                if self.r.visible() != Some(&version.body) {
                    self.r.rev = self.r.rev.next();
                }
                self.r.edit = None;
                self.set_base(version);
            }
            (None, Some(Change::Create(body) | Change::Replace(body))) if newer => {
                self.remember(What::Deleted, true, None, None);
                self.r.base = None;
                self.r.edit = Some(self.edit_on_base(Change::Create(body)));
            }
            (None, _) => {
                self.r.edit = None;
                self.lose(What::Deleted, true);
            }
        }
    }

    fn reversion(&mut self, version: Version, sent: &Sent, change: Change) {
        let change = match change {
            Change::Create(body) | Change::Replace(body) => Change::Replace(body),
            Change::Delete => Change::Delete,
        };
        let as_sent = sent.body().is_some_and(|f| same(f, &version.body, self.cx.rules));
        match sent.body() {
            // The server has more than what we sent: what was typed on top of it meets that as anybody's change.
            Some(f) if !as_sent => {
                self.set_base(Version { body: f.clone(), validator: None });
                self.r.edit = Some(self.edit_on_base(change));
                self.set_theirs(Theirs::Present(version));
            }
            _ => {
                self.set_base(version);
                let same_again = change.body().is_some_and(|mine| self.base_body() == Some(mine));
                self.r.edit = (!same_again).then(|| self.edit_on_base(change));
            }
        }
    }
}
