//! What a look, a fetch, a confirmation or a listing shows.

use super::desk::Desk;
use crate::judge::{arrived, base_with_sent, same};
use crate::{
    Base, Body, Change, Current, Effect, Fate, PauseReason, ReadOutcome, RefusalKind, RemoteId, Sent, State,
    StepError, Theirs, Version, WaitReason, What,
};

impl Desk<'_> {
    pub fn looked(&mut self, outcome: ReadOutcome, state: State) {
        match outcome {
            ReadOutcome::Found(version) => {
                self.r.answered = self.cx.seq;
                self.seen(Theirs::Present(version), state);
            }
            ReadOutcome::Gone => {
                self.r.answered = self.cx.seq;
                self.seen(Theirs::Gone, state);
            }
            ReadOutcome::Later { not_before, .. } => self.wait_until(not_before),
            ReadOutcome::Unknown { .. } | ReadOutcome::Forbidden { .. } => {
                if let Some(edit) = &mut self.r.edit {
                    edit.attempts += 1;
                }
                self.back_off(WaitReason::BackOff);
            }
            ReadOutcome::NotSent { .. } => self.effects.push(Effect::Unreachable),
            ReadOutcome::NotOurs { .. } => self.effects.push(Effect::PauseSource(PauseReason::NetworkSignIn)),
            ReadOutcome::SignIn(reason) => self.effects.push(Effect::PauseSource(reason)),
        }
    }

    pub fn theirs_seen(&mut self, theirs: Theirs, state: State) {
        self.seen(theirs, state);
    }

    fn seen(&mut self, theirs: Theirs, state: State) {
        match state {
            State::Synced => self.news_for_synced(theirs),
            State::Edited | State::Rejected => self.news_for_edited(theirs),
            State::Sending => match self.r.in_flight.as_ref().map(|f| f.fate) {
                Some(Fate::Accepted) => self.confirmed(theirs),
                // Judged after the answer.
                _ => self.set_theirs(theirs),
            },
            State::Uncertain => self.settled(theirs),
            State::Contested => self.fetched(match theirs {
                Theirs::Present(v) => Current::Present(v),
                Theirs::Gone => Current::Gone,
            }),
            State::NeedsYou => {
                self.set_theirs(theirs);
                self.judge(true);
            }
        }
    }

    fn news_for_synced(&mut self, theirs: Theirs) {
        let version = match theirs {
            Theirs::Gone => return self.lose(What::Gone, false),
            Theirs::Present(version) => version,
        };
        let same_bytes = self.base_body() == Some(&version.body);
        if same_bytes {
            if let Some(base) = &mut self.r.base {
                base.validator = version.validator;
            }
            return;
        }
        self.r.rev = self.r.rev.next();
        self.set_base(version);
    }

    fn news_for_edited(&mut self, theirs: Theirs) {
        let version = match theirs {
            Theirs::Gone if self.r.base.is_none() => return,
            Theirs::Gone => {
                self.set_theirs(Theirs::Gone);
                if self.r.edit.as_ref().is_some_and(|e| e.change == Change::Delete) {
                    self.clear_edit();
                    self.lose(What::Gone, false);
                }
                return;
            }
            Theirs::Present(version) => version,
        };
        let mine = self.r.edit.as_ref().and_then(|e| e.change.body());
        if mine.is_some_and(|mine| same(mine, &version.body, self.cx.rules)) {
            self.clear_edit();
            self.set_base(version);
        } else if self.equals_base(&version.body) {
            let validator = version.validator;
            if let Some(edit) = &mut self.r.edit {
                edit.base_validator.clone_from(&validator);
                if edit.wait == Some(WaitReason::NoVersionMark)
                    && self.cx.rules.validators.admits(validator.as_ref())
                {
                    edit.wait = None;
                    edit.not_before = None;
                }
            }
            if let Some(base) = &mut self.r.base {
                base.validator = validator;
            }
            self.r.theirs = None;
        } else {
            self.set_theirs(Theirs::Present(version));
        }
    }

    /// A read after a 2xx that did not say enough.
    fn confirmed(&mut self, theirs: Theirs) {
        let Some(flight) = self.r.in_flight.clone() else { return };
        match (flight.sent.body(), theirs) {
            (None, Theirs::Gone) => self.acknowledge(None),
            (Some(sent), Theirs::Present(v)) if arrived(self.base_body(), sent, &v.body, self.cx.rules) => {
                self.acknowledge(Some(v));
            }
            (_, theirs) => self.against(theirs, true),
        }
    }

    /// A read after a lost answer (sync.md 2.1).
    fn settled(&mut self, theirs: Theirs) {
        let Some(flight) = self.r.in_flight.clone() else { return };
        match (&flight.sent, theirs) {
            (Sent::Delete, Theirs::Gone) => self.acknowledge(None),
            (Sent::Create(_), Theirs::Gone) => self.send_again(),
            (Sent::Create(sent) | Sent::Replace(sent), Theirs::Present(v))
                if arrived(self.base_body(), sent, &v.body, self.cx.rules) =>
            {
                self.remember(What::Recognised, true, None, v.validator.clone());
                self.acknowledge(Some(v));
            }
            (Sent::Create(sent), Theirs::Present(v)) if self.r.id_is_ours => {
                // Nobody else can have made it: what we sent was applied, then changed.
                self.applied_then_changed(sent.clone(), v);
            }
            (_, Theirs::Present(v)) if self.equals_base(&v.body) => {
                let unmoved = self.r.base.as_ref().is_some_and(|b| b.validator == v.validator);
                self.send_again();
                if !unmoved {
                    self.set_theirs(Theirs::Present(v));
                    self.judge(false);
                }
            }
            (_, theirs) => self.against(theirs, false),
        }
    }

    /// It was not applied: the same write goes out again with the same precondition.
    fn send_again(&mut self) {
        self.r.in_flight = None;
        if let Some(edit) = &mut self.r.edit {
            edit.not_before = None;
            edit.wait = None;
            if self.r.base.is_none() && edit.change == Change::Delete {
                // Created and removed here, and the create never arrived.
                self.lose(What::Deleted, true);
            }
        }
    }

    fn applied_then_changed(&mut self, sent: Body, now_there: Version) {
        let newer = self.r.in_flight.take().is_some_and(|f| f.rev != self.r.rev);
        let change = self.r.edit.as_ref().map(|e| e.change.clone());
        if !newer {
            self.clear_edit();
            self.r.rev = self.r.rev.next();
            return self.set_base(now_there);
        }
        self.set_base(Version { body: sent, validator: None });
        let change = match change {
            Some(Change::Delete) | None => Change::Delete,
            Some(Change::Create(body) | Change::Replace(body)) => Change::Replace(body),
        };
        self.r.edit = Some(self.edit_on_base(change));
        self.set_theirs(Theirs::Present(now_there));
        self.judge(true);
    }

    /// What the server has after it refused a write.
    pub fn fetched(&mut self, current: Current) {
        let Some(flight) = self.r.in_flight.clone() else { return };
        let version = match (current, &flight.sent) {
            (Current::Gone, Sent::Delete) => return self.acknowledge(None),
            (Current::Gone, Sent::Create(_)) => return self.create_has_no_place(),
            (Current::Gone, Sent::Replace(_)) => return self.against(Theirs::Gone, false),
            (Current::Present(version), _) => version,
        };
        if flight.sent.body().is_some_and(|sent| same(sent, &version.body, self.cx.rules)) {
            self.remember(What::Recognised, true, None, version.validator.clone());
            return self.acknowledge(Some(version));
        }
        let refused = self.r.edit.as_ref().and_then(|e| e.refused_validator.clone());
        if refused.is_some() && refused == version.validator && self.equals_base(&version.body) {
            self.refuse(
                RefusalKind::Protocol,
                "The server refuses the version mark that it gives itself, so this write cannot be protected.",
            );
            return;
        }
        self.against(Theirs::Present(version), false);
    }

    /// Refused as "already there", yet nothing is there; or the collection is missing.
    fn create_has_no_place(&mut self) {
        self.send_again();
        let Some(edit) = &mut self.r.edit else { return };
        edit.touched += 1;
        if edit.touched > 2 {
            self.refuse(
                RefusalKind::Protocol,
                "The server has no place for this record: its collection is not there.",
            );
        } else {
            self.back_off(WaitReason::BackOff);
        }
    }

    /// Base, mine and theirs differ, and the write in flight is settled: compare them.
    fn against(&mut self, theirs: Theirs, must_look: bool) {
        let Some(flight) = self.r.in_flight.take() else { return };
        let newer = flight.rev != self.r.rev;
        if let (true, Some(sent), Theirs::Present(v), Some(base)) =
            (newer, flight.sent.body(), &theirs, &self.r.base)
        {
            let body = base_with_sent(&base.body, sent, &v.body, self.cx.rules);
            if body != base.body {
                self.r.base = Some(Base { body, validator: base.validator.clone(), seen_at: base.seen_at });
            }
        }
        self.set_theirs(theirs);
        self.judge(must_look || newer);
    }

    pub fn twins_searched(&mut self, found: Vec<(RemoteId, Version)>) {
        let Some(flight) = self.r.in_flight.clone() else { return };
        let Some(sent) = flight.sent.body() else { return };
        let twins: Vec<_> = found.into_iter().filter(|(_, v)| same(sent, &v.body, self.cx.rules)).collect();
        let idempotent = self.r.edit.as_ref().is_some_and(|e| e.key.is_some());
        match (twins.as_slice(), idempotent) {
            ([], true) => self.send_again(),
            ([(id, version)], true) => {
                self.r.id = Some(id.clone());
                self.acknowledge(Some(version.clone()));
            }
            _ => {
                if let Some(f) = &mut self.r.in_flight {
                    f.twins = twins.into_iter().map(|(id, _)| id).collect();
                    f.asks = true;
                }
            }
        }
    }

    pub fn settled_as(&mut self, id: RemoteId, version: Version, state: State) -> Result<(), StepError> {
        let flight = self.asked(state)?;
        self.r.id = Some(id);
        self.r.answered = self.cx.seq;
        match flight.sent.body() {
            Some(sent) if !same(sent, &version.body, self.cx.rules) => {
                let sent = sent.clone();
                self.applied_then_changed(sent, version);
            }
            _ => self.acknowledge(Some(version)),
        }
        Ok(())
    }

    pub fn settled_as_new(&mut self, state: State) -> Result<(), StepError> {
        self.asked(state)?;
        self.send_again();
        Ok(())
    }

    fn asked(&self, state: State) -> Result<crate::InFlight, StepError> {
        match &self.r.in_flight {
            Some(f) if state == State::Uncertain && self.r.id.is_none() => Ok(f.clone()),
            _ => Err(StepError::NotNow("nothing is to be settled: the fate of this record is known")),
        }
    }
}
