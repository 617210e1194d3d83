//! What a look, a fetch, a confirmation or a listing shows.

use super::answers::NO_PLACE;
use super::desk::Desk;
use crate::judge::{arrived, base_with_sent, same};
use crate::{
    Base, Body, Change, Current, Effect, Fate, PauseReason, Read, ReadOutcome, RefusalKind, RemoteId, Sent,
    State, StepError, Theirs, Version, WaitReason, What,
};

/// May our own write be part of what the server has?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// No: it was refused.
    No,
    /// Perhaps: a person looks where it seems so.
    Perhaps,
    /// It was applied, or looks as if it was taken back: a person looks.
    Sure,
}

impl Desk<'_> {
    pub fn looked(&mut self, outcome: ReadOutcome, state: State) {
        match outcome {
            // The list that was searched is not there: it says nothing about a record without an address.
            ReadOutcome::Found(_) | ReadOutcome::Gone if self.r.id.is_none() && self.waits_for_it(state) => {
                self.tried();
                self.back_off(WaitReason::BackOff);
            }
            ReadOutcome::Found(version) => {
                self.r.answered = self.cx.seq;
                self.seen(Theirs::Present(version), state);
            }
            ReadOutcome::Gone => {
                self.r.answered = self.cx.seq;
                self.seen(Theirs::Gone, state);
            }
            ReadOutcome::Later { not_before, .. } if self.waits_for_it(state) => {
                self.tried();
                self.wait_until(not_before);
            }
            ReadOutcome::Later { not_before, .. } => {
                self.effects.extend(not_before.map(Effect::SourceNotBefore));
            }
            ReadOutcome::Forbidden { words } if self.may_be_refused(state) => {
                self.not_applied();
                self.refuse(RefusalKind::Permission, &words);
            }
            ReadOutcome::Unknown { .. } | ReadOutcome::Forbidden { .. } if self.waits_for_it(state) => {
                self.tried();
                self.back_off(self.reason_to_wait());
            }
            // A read out of interest: the edit goes its own way.
            ReadOutcome::Unknown { .. } | ReadOutcome::Forbidden { .. } => {}
            ReadOutcome::NotSent { .. } => self.effects.push(Effect::Unreachable),
            ReadOutcome::NotOurs { .. } => self.effects.push(Effect::PauseSource(PauseReason::NetworkSignIn)),
            ReadOutcome::SignIn(reason) => self.effects.push(Effect::PauseSource(reason)),
        }
    }

    /// The record cannot go on without a read.
    fn waits_for_it(&self, state: State) -> bool {
        match state {
            State::Uncertain | State::Contested => true,
            State::Sending => self.r.in_flight.as_ref().is_some_and(|f| f.fate == Fate::Accepted),
            State::Edited => self.reason_to_wait() == WaitReason::NoVersionMark,
            State::Synced | State::NeedsYou | State::Rejected => false,
        }
    }

    /// Nothing of it is applied and it cannot go on: the server's words go to the person.
    fn may_be_refused(&self, state: State) -> bool {
        state == State::Contested || (state == State::Edited && self.waits_for_it(state))
    }

    fn reason_to_wait(&self) -> WaitReason {
        let mark = self.r.edit.as_ref().is_some_and(|e| e.wait == Some(WaitReason::NoVersionMark));
        if mark { WaitReason::NoVersionMark } else { WaitReason::BackOff }
    }

    fn tried(&mut self) {
        if let Some(edit) = &mut self.r.edit {
            edit.attempts += 1;
        }
    }

    pub fn theirs_seen(&mut self, theirs: Theirs, state: State) {
        let unmarked =
            matches!(&theirs, Theirs::Present(v) if v.validator.is_none() && self.equals_base(&v.body));
        if unmarked && self.r.in_flight.is_some() && self.waits_for_it(state) {
            // Without the mark it does not say whether somebody was there since: that takes the read that is due.
            return;
        }
        // Lists often leave the mark out. The one known with this content is as good: a write with it is refused if
        // it moved.
        let theirs = match theirs {
            Theirs::Present(Version { body, validator: None }) if self.equals_base(&body) => {
                let validator = self.r.base.as_ref().and_then(|b| b.validator.clone());
                Theirs::Present(Version { body, validator })
            }
            theirs => theirs,
        };
        self.seen(theirs, state);
    }

    /// A listing that began before the last answer: it may show an older version than we know, or a newer one. Where
    /// nothing else would find that out, the record is read.
    pub fn seen_too_late(&mut self, theirs: &Theirs, state: State) {
        let known = match theirs {
            Theirs::Present(version) => self.base_body() == Some(&version.body),
            Theirs::Gone => false,
        };
        if let (State::Synced, false, Some(id)) = (state, known, &self.r.id) {
            self.effects.push(Effect::Look(Read { id: id.clone() }));
        }
    }

    fn seen(&mut self, theirs: Theirs, state: State) {
        if self.waits_for_it(state) {
            // What a listing showed before is older.
            self.r.theirs = None;
        }
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
        if self.base_body() != Some(&version.body) {
            self.r.rev = self.r.rev.next();
        }
        self.renew_base(version);
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
            self.settle_on(version);
        } else if self.equals_base(&version.body) {
            if self.cx.rules.validators.admits(version.validator.as_ref()) {
                self.mark_is_read();
            }
            self.renew_base(version);
            self.r.theirs = None;
        } else {
            self.set_theirs(Theirs::Present(version));
        }
    }

    /// The edit need not wait for a read any more.
    pub fn mark_is_read(&mut self) {
        if let Some(edit) = self.r.edit.as_mut().filter(|e| e.wait == Some(WaitReason::NoVersionMark)) {
            edit.wait = None;
            edit.not_before = None;
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
            // Not done yet, or an older copy was read: only the server's own version, unmoved, says so.
            (_, theirs) if self.as_before(&flight.sent, &theirs) && self.poll_again() => {}
            (_, theirs) => self.against(theirs, Doubt::Sure),
        }
    }

    /// The server shows what it had before the write.
    fn as_before(&self, sent: &Sent, theirs: &Theirs) -> bool {
        match (sent, theirs) {
            (Sent::Create(_), Theirs::Gone) => true,
            (_, Theirs::Present(v)) => self.equals_base(&v.body) && self.unmoved(v),
            _ => false,
        }
    }

    fn unmoved(&self, version: &Version) -> bool {
        self.r.base.as_ref().is_some_and(|b| b.validator == version.validator)
    }

    /// A read after a lost answer (sync.md 2.1).
    fn settled(&mut self, theirs: Theirs) {
        let Some(flight) = self.r.in_flight.clone() else { return };
        match (&flight.sent, theirs) {
            (Sent::Delete, Theirs::Gone) => self.acknowledge(None),
            (Sent::Create(_), Theirs::Gone) => {
                // It may have been there for a while: from now on others may know the address.
                self.r.id_is_ours = false;
                self.send_again();
            }
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
            (_, Theirs::Present(v)) if self.equals_base(&v.body) && self.unmoved(&v) => self.send_again(),
            // The content of before under a new mark: our write may have been applied and taken back by somebody.
            (_, Theirs::Present(v)) if self.equals_base(&v.body) => {
                self.against(Theirs::Present(v), Doubt::Sure);
            }
            (_, theirs) => self.against(theirs, Doubt::Perhaps),
        }
    }

    /// It was not applied: the same write goes out again with the same precondition.
    fn send_again(&mut self) {
        self.r.in_flight = None;
        if let Some(edit) = &mut self.r.edit {
            edit.not_before = None;
            edit.wait = None;
        }
        self.drop_empty_edit();
    }

    fn applied_then_changed(&mut self, sent: Body, now_there: Version) {
        let newer = self.r.in_flight.take().is_some_and(|f| f.rev != self.r.rev);
        let change = self.r.edit.as_ref().map(|e| e.change.clone());
        if !newer {
            return self.settle_on(now_there);
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
            (Current::Gone, Sent::Replace(_)) => return self.against(Theirs::Gone, Doubt::No),
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
        self.against(Theirs::Present(version), Doubt::No);
    }

    /// Refused as "already there", yet nothing is there; or the collection is missing.
    fn create_has_no_place(&mut self) {
        self.send_again();
        let Some(edit) = self.r.edit.as_mut().filter(|_| !self.gone) else { return };
        edit.touched += 1;
        if edit.touched > 2 {
            self.refuse(RefusalKind::Protocol, NO_PLACE);
        } else {
            self.back_off(WaitReason::BackOff);
        }
    }

    /// Base, mine and theirs differ, and the write in flight is settled: compare them.
    /// Where theirs holds what was sent, that is the base (sync.md 2.1); such a row is never sent without a look.
    fn against(&mut self, theirs: Theirs, doubt: Doubt) {
        let Some(flight) = self.r.in_flight.take() else { return };
        let newer = flight.rev != self.r.rev;
        let mut must_look = doubt == Doubt::Sure;
        if let (true, Some(sent), Theirs::Present(v), Some(base)) =
            (newer || doubt == Doubt::Perhaps, flight.sent.body(), &theirs, &self.r.base)
        {
            let body = base_with_sent(&base.body, sent, &v.body, self.cx.rules);
            if body != base.body {
                must_look = true;
                if newer {
                    let base = Base { body, validator: base.validator.clone(), seen_at: base.seen_at };
                    self.r.base = Some(base);
                }
            }
        }
        self.set_theirs(theirs);
        self.judge(must_look);
    }

    pub fn twins_searched(&mut self, found: Vec<(RemoteId, Version)>) {
        let Some(flight) = self.r.in_flight.clone() else { return };
        let Some(sent) = flight.sent.body() else { return };
        if self.r.id.is_some() {
            return;
        }
        // Those that hold all of it may be ours, too, with what the server added: the person can tell.
        let alike = found.iter().filter(|(_, v)| arrived(None, sent, &v.body, self.cx.rules));
        let alike: Vec<RemoteId> = alike.map(|(id, _)| id.clone()).collect();
        let twins: Vec<_> = found.into_iter().filter(|(_, v)| same(sent, &v.body, self.cx.rules)).collect();
        let newer = flight.rev != self.r.rev;
        // A 2xx came, so there is one; with a key there is at most one.
        let taken = flight.fate == Fate::Accepted;
        let keyed = self.r.edit.as_ref().is_some_and(|e| e.key.is_some());
        let removed = self.r.edit.as_ref().is_some_and(|e| e.change == Change::Delete);
        match twins.as_slice() {
            [] if taken && self.poll_again() => {}
            // A key vouches for one body only: with another one the person is asked first.
            [] if !taken && (removed || (keyed && !newer)) => self.send_again(),
            [(id, version)] if taken || keyed => {
                self.r.id = Some(id.clone());
                self.r.answered = self.cx.seq;
                self.acknowledge(Some(version.clone()));
            }
            _ => {
                if let Some(f) = &mut self.r.in_flight {
                    f.twins = alike;
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
        let flight = self.asked(state)?;
        if let Some(edit) = self.r.edit.as_mut().filter(|_| flight.rev != self.r.rev) {
            edit.key = None;
        }
        self.send_again();
        Ok(())
    }

    fn asked(&self, state: State) -> Result<crate::InFlight, StepError> {
        match &self.r.in_flight {
            Some(f) if (state == State::Uncertain || f.asks) && self.r.id.is_none() => Ok(f.clone()),
            _ => Err(StepError::NotNow("nothing is to be settled: the fate of this record is known")),
        }
    }
}
