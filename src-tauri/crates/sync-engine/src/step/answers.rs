//! The answer to the write in flight (sync.md section 2).

use super::desk::Desk;
use crate::judge::{arrived, same};
use crate::{
    Body, Change, Current, Effect, Fate, Note, PauseReason, Refusal, RefusalKind, RemoteId, Sent, Theirs,
    Validator, Version, WaitReason, What, WriteOutcome,
};

/// Words for a new record that has nowhere to go.
pub(super) const NO_PLACE: &str = "The server has no place for this record: its collection is not there.";

impl Desk<'_> {
    pub fn answered(&mut self, outcome: WriteOutcome) {
        // An answer nobody waits for: the request is settled already, or is to be settled by a look.
        if !self.r.in_flight.as_ref().is_some_and(|f| f.fate == Fate::Open && f.run == self.cx.run) {
            return;
        }
        if says_what_is_there(&outcome) {
            self.r.answered = self.cx.seq;
        }
        match outcome {
            WriteOutcome::Applied { validator, body, id } => self.applied(validator, body, id),
            WriteOutcome::Accepted => {
                self.taken();
                self.back_off(WaitReason::BackOff);
            }
            WriteOutcome::PreconditionFailed { words, .. } if self.r.id.is_none() => {
                self.refused(Refusal { kind: RefusalKind::Content, words, pointers: Vec::new() });
            }
            WriteOutcome::NotThere if self.r.id.is_none() => self.refused(Refusal {
                kind: RefusalKind::Protocol,
                words: NO_PLACE.to_owned(),
                pointers: Vec::new(),
            }),
            WriteOutcome::PreconditionFailed { current, .. } => self.precondition_failed(current, true),
            WriteOutcome::Differs { current } => self.precondition_failed(Some(current), false),
            WriteOutcome::NotThere if self.sent_delete() => self.acknowledge(None),
            WriteOutcome::NotThere => self.precondition_failed(None, true),
            WriteOutcome::Refused(refusal) => self.refused(refusal),
            WriteOutcome::Later { not_before, .. } => {
                self.not_applied();
                self.wait_until(not_before);
            }
            WriteOutcome::Unknown { .. } => self.lost(),
            WriteOutcome::NotOurs { .. } => {
                self.lost();
                self.effects.push(Effect::PauseSource(PauseReason::NetworkSignIn));
            }
            WriteOutcome::NotSent { .. } => {
                self.not_applied();
                self.effects.push(Effect::Unreachable);
            }
            WriteOutcome::SignIn(reason) => {
                self.not_applied();
                self.effects.push(Effect::PauseSource(reason));
            }
            WriteOutcome::Full { .. } => {
                self.not_applied();
                self.effects.push(Effect::PauseSource(PauseReason::ServerFull));
            }
        }
    }

    fn sent_delete(&self) -> bool {
        self.r.in_flight.as_ref().is_some_and(|f| f.sent == Sent::Delete)
    }

    /// Surely not applied. What was typed since may be what the server wants: it is sent in its turn.
    fn refused(&mut self, refusal: Refusal) {
        let newer = self.not_applied();
        if let Some(edit) = self.r.edit.as_mut().filter(|_| newer) {
            // The server made nothing of the first body; the key stays with that.
            edit.key = None;
        }
        let waits = !self.gone && self.r.edit.is_some();
        if waits {
            let note = Note::Rejected { words: refusal.words.clone() };
            self.remember_why(What::Rejected, false, None, None, Some(note));
        }
        self.r.refusal = (waits && !newer).then_some(refusal);
    }

    pub fn fate(&mut self, fate: Fate) {
        if let Some(f) = &mut self.r.in_flight {
            f.fate = fate;
        }
    }

    /// A 2xx: what became of it is read.
    fn taken(&mut self) {
        self.fate(Fate::Accepted);
        if let Some(edit) = &mut self.r.edit {
            edit.not_before = None;
            edit.wait = None;
            edit.touched = 0;
        }
    }

    fn lost(&mut self) {
        self.fate(Fate::Lost);
        self.back_off(WaitReason::BackOff);
    }

    fn applied(&mut self, validator: Option<Validator>, body: Option<Body>, id: Option<RemoteId>) {
        let Some(flight) = self.r.in_flight.clone() else { return };
        if let (Some(id), Sent::Create(_)) = (id, &flight.sent) {
            self.r.id_is_ours &= self.r.id.as_ref() == Some(&id);
            self.r.id = Some(id);
        }
        self.taken();
        // A listing showed something while the request was out: which came first is not known, so read.
        let overtaken = self.r.theirs.take().is_some();
        let Some(sent) = flight.sent.body() else {
            if !overtaken {
                self.acknowledge(None);
            }
            return;
        };
        let usable = self.cx.rules.validators.admits(validator.as_ref());
        // Without an address there is nothing to read: the list is searched for what was made.
        if overtaken || !usable || self.cx.rules.confirm || self.r.id.is_none() {
            return;
        }
        match body {
            Some(body) if arrived(self.base_body(), sent, &body, self.cx.rules) => {
                self.acknowledged(Some(Version { body, validator }), true);
            }
            Some(_) => {}
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
        self.acknowledged(now_there, false);
    }

    /// `told` = the answer to the write itself carries the version, so nobody else's change can be in it.
    fn acknowledged(&mut self, now_there: Option<Version>, told: bool) {
        let Some(flight) = self.r.in_flight.take() else { return };
        let newer = flight.rev != self.r.rev;
        self.r.theirs = None;
        self.r.refusal = None;
        self.r.conflict = None;
        let change = self.r.edit.as_ref().map(|e| e.change.clone());
        match (now_there, change) {
            (Some(version), Some(change)) if newer => {
                self.reversion(version, &flight.sent, change, told);
            }
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
                // The address was known to everybody: what is found there may be anybody's.
                self.r.id_is_ours = false;
                self.r.edit = Some(self.edit_on_base(Change::Create(body)));
            }
            (None, _) => {
                self.r.edit = None;
                self.lose(What::Deleted, true);
            }
        }
    }

    fn reversion(&mut self, version: Version, sent: &Sent, change: Change, told: bool) {
        let change = match change {
            Change::Create(body) | Change::Replace(body) => Change::Replace(body),
            Change::Delete => Change::Delete,
        };
        let as_sent = sent.body().is_some_and(|f| same(f, &version.body, self.cx.rules))
            || (told && change == Change::Delete);
        match sent.body() {
            // The server has more than what we sent. What it adjusted goes under what was typed since; what may be
            // somebody else's meets it as anybody's change.
            Some(f) if !as_sent => {
                self.set_base(Version { body: f.clone(), validator: None });
                self.r.edit = Some(self.edit_on_base(change));
                self.set_theirs(Theirs::Present(version));
                if told {
                    self.rebase_by_itself(What::MergedByItself);
                }
            }
            _ => {
                let same_again =
                    change.body().is_some_and(|mine| *mine == version.body || Some(mine) == sent.body());
                if same_again {
                    return self.settle_on(version);
                }
                self.set_base(version);
                self.r.edit = Some(self.edit_on_base(change));
            }
        }
    }
}

/// The server's version of the record is another one, or may be, or is told: what a reading that began earlier shows
/// does not count any more.
fn says_what_is_there(outcome: &WriteOutcome) -> bool {
    match outcome {
        WriteOutcome::Applied { .. }
        | WriteOutcome::Accepted
        | WriteOutcome::PreconditionFailed { .. }
        | WriteOutcome::NotThere
        | WriteOutcome::Unknown { .. }
        | WriteOutcome::NotOurs { .. }
        | WriteOutcome::Differs { .. } => true,
        WriteOutcome::Refused(_)
        | WriteOutcome::Later { .. }
        | WriteOutcome::NotSent { .. }
        | WriteOutcome::SignIn(_)
        | WriteOutcome::Full { .. } => false,
    }
}
