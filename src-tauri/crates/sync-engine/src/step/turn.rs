//! A record's turn: look first, judge what is known, then send with a precondition.

use super::desk::Desk;
use crate::{
    Body, Change, Creates, Effect, Fate, IdempotencyKey, InFlight, Precondition, Read, Record, RefusalKind,
    RemoteId, Sent, State, WaitReason, What, Write,
};

impl Desk<'_> {
    pub fn due(&mut self, state: State, key: IdempotencyKey) {
        match state {
            State::Uncertain | State::Contested => self.look(),
            State::Sending if self.r.in_flight.as_ref().is_some_and(|f| f.fate == Fate::Accepted) => {
                self.look()
            }
            State::Edited => self.turn(key),
            State::Sending | State::Synced | State::NeedsYou | State::Rejected => {}
        }
    }

    fn look(&mut self) {
        match (&self.r.id, &self.r.in_flight) {
            (Some(id), _) => self.effects.push(Effect::Look(Read { id: id.clone() })),
            (None, Some(f)) if !f.asks => self.effects.push(Effect::SearchTwins),
            _ => {}
        }
    }

    fn turn(&mut self, key: IdempotencyKey) {
        let Some(edit) = self.r.edit.clone() else { return };
        if edit.wait == Some(WaitReason::NoVersionMark) {
            // Reads go on while the edit is held or may not be sent.
            if self.r.theirs.is_none() && !self.mark_is_usable() {
                return self.read_mark();
            }
            self.mark_is_read();
        }
        if edit.held || !self.cx.rules.may_send() {
            return;
        }
        self.judge(false);
        if self.gone || self.r.state(self.cx.run) != Ok(State::Edited) {
            return;
        }
        let waited = edit.not_before;
        let Some(edit) = self.r.edit.clone() else { return };
        // Judged to come back later.
        if edit.not_before != waited && edit.not_before.is_some_and(|at| at > self.cx.now) {
            return;
        }
        if matches!(&edit.change, Change::Replace(body) if self.base_body() == Some(body)) {
            return self.drop_empty_edit();
        }
        match (&edit.change, self.r.id.clone()) {
            (Change::Create(body), id) => self.send_create(body.clone(), id, key),
            (Change::Replace(body), Some(id)) => self.send_to(id, Some(body.clone())),
            (Change::Delete, Some(id)) => self.send_to(id, None),
            (Change::Replace(_) | Change::Delete, None) => {
                self.refuse(RefusalKind::Protocol, "The record has no address on the server.");
            }
        }
    }

    fn send_create(&mut self, body: Body, id: Option<RemoteId>, key: IdempotencyKey) {
        let compares = self.cx.rules.compares();
        let precondition = match (self.cx.rules.creates, &id) {
            (Creates::No, _) => {
                self.refuse(RefusalKind::Protocol, "This source does not take new records.");
                return;
            }
            (_, Some(_)) if compares => Precondition::ComparedJustBefore { hash: None },
            (_, Some(_)) => Precondition::MustNotExist,
            (Creates::OwnAddress, None) => {
                self.refuse(RefusalKind::Protocol, "The new record has no address.");
                return;
            }
            (Creates::PostWithKey, None) => {
                let kept = self.r.edit.as_mut().map(|e| e.key.get_or_insert(key).clone());
                Precondition::PostNew { key: kept }
            }
            (Creates::Post, None) => Precondition::PostNew { key: None },
        };
        self.put_on_wire(Sent::Create(body.clone()), Write::Create { id, body, precondition });
    }

    fn send_to(&mut self, id: RemoteId, body: Option<Body>) {
        let Some(precondition) = self.protecting() else { return };
        match body {
            Some(body) => {
                self.put_on_wire(Sent::Replace(body.clone()), Write::Replace { id, body, precondition });
            }
            None => self.put_on_wire(Sent::Delete, Write::Delete { id, precondition }),
        }
    }

    /// The precondition for a record that exists; without one, the record is read first.
    fn protecting(&mut self) -> Option<Precondition> {
        if self.cx.rules.compares() {
            return Some(Precondition::ComparedJustBefore { hash: self.base_body().map(Body::hash) });
        }
        let validator = self.r.base.as_ref().and_then(|b| b.validator.clone());
        let refused = self.r.edit.as_ref().and_then(|e| e.refused_validator.clone());
        if refused.is_some() && refused == validator {
            self.refuse(
                RefusalKind::Protocol,
                "The server refuses the version mark that it gives itself, so this write cannot be protected.",
            );
            return None;
        }
        match validator.as_ref().and_then(|v| self.cx.rules.validators.admit(v)) {
            Some(usable) => Some(Precondition::IfMatch(usable)),
            None => {
                self.read_mark();
                None
            }
        }
    }

    fn mark_is_usable(&self) -> bool {
        let validator = self.r.base.as_ref().and_then(|b| b.validator.as_ref());
        self.cx.rules.compares() || self.cx.rules.validators.admits(validator)
    }

    fn read_mark(&mut self) {
        if let Some(edit) = &mut self.r.edit {
            edit.attempts += 1;
        }
        self.back_off(WaitReason::NoVersionMark);
        self.look();
    }

    fn put_on_wire(&mut self, sent: Sent, write: Write) {
        let Some(edit) = &mut self.r.edit else { return };
        edit.attempts += 1;
        edit.not_before = None;
        edit.wait = None;
        let first = !std::mem::replace(&mut edit.was_sent, true);
        self.r.in_flight = Some(InFlight {
            sent: sent.clone(),
            rev: self.r.rev,
            precondition: Record::precondition_line(write.precondition()),
            run: self.cx.run,
            fate: Fate::Open,
            twins: Vec::new(),
            asks: false,
        });
        if first {
            self.remember(What::Sent, true, sent.body().cloned(), None);
        }
        self.effects.push(Effect::Send(write));
    }
}
