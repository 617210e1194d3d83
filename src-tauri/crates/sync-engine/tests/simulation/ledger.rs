//! What is remembered outside the engine, and what must always hold.
//!
//! I1: nothing typed is lost: it waits, is on the wire, was applied, or is in the history. I2: no value and no version
//! of another writer is overwritten or removed that the person was not shown. I6: a question to the person does not go
//! away by itself, unless both sides became equal. I8: edits reach the server in their order.

use crate::server::{Applied, Server};
use crate::text::{Fields, fields};
use std::collections::{BTreeMap, BTreeSet};
use sync_engine::*;

#[derive(Debug, Default)]
pub struct Ledger {
    /// What the person wants there, typed and not taken back: member to value.
    pub wanted: Fields,
    /// All values typed that were not replaced by further typing before they were sent.
    pub typed: BTreeSet<u64>,
    /// All values ever typed here.
    own: BTreeSet<u64>,
    /// Values in history entries and copies.
    kept: BTreeSet<u64>,
    /// Values the person was shown.
    shown: BTreeSet<u64>,
    /// Versions of the server the person was shown.
    versions: BTreeSet<u64>,
    /// Our writes that were applied, and whether this computer knows it.
    applied: BTreeMap<u64, (Fields, bool)>,
    last_rev: Rev,
}

fn values(body: Option<&Body>) -> Vec<u64> {
    body.map(|b| fields(&b.bytes).into_values().collect()).unwrap_or_default()
}

/// What people typed, without what the server adds.
fn members(bytes: &[u8]) -> Fields {
    let mut members = fields(bytes);
    members.retain(|name, _| name != "_v" && name != "stamp");
    members
}

fn theirs(record: &Record) -> Option<&Version> {
    match record.theirs.as_ref().map(|t| &t.what) {
        Some(Theirs::Present(version)) => Some(version),
        _ => None,
    }
}

fn number(validator: Option<&Validator>) -> Option<u64> {
    validator.and_then(|v| v.as_str().trim_matches('"').parse().ok())
}

impl Ledger {
    /// The person types: what they typed before and did not send is folded into it.
    pub fn typing(&mut self, record: &Record, new: &Fields, changed: &[String]) {
        let sent = values(record.in_flight.as_ref().and_then(|f| f.sent.body()));
        for old in values(record.edit.as_ref().and_then(|e| e.change.body())) {
            if !sent.contains(&old) && !new.values().any(|v| *v == old) {
                self.typed.remove(&old);
            }
        }
        for name in changed {
            self.wanted.remove(name);
            if let Some(value) = new.get(name) {
                self.wanted.insert(name.clone(), *value);
                self.typed.insert(*value);
                self.own.insert(*value);
            }
        }
    }

    /// The person typed a value of their own into the merge.
    pub fn typed_decision(&mut self, value: u64) {
        self.own.insert(value);
    }

    pub fn after(
        &mut self,
        before: &Record,
        state: State,
        event: &Event,
        done: &Step,
        after: Option<State>,
        server: &Server,
    ) {
        if matches!(event, Event::TakenIn) {
            self.versions.extend(number(theirs(before).and_then(|v| v.validator.as_ref())));
        }
        for entry in &done.history {
            self.kept.extend(values(entry.body.as_ref()));
        }
        for copy in &done.copies {
            self.kept.extend(values(Some(copy)));
        }
        self.by_person(event, done);
        self.nothing_is_lost(before, event, done, server);
        if state == State::NeedsYou && after != Some(State::NeedsYou) && !is_persons(event) {
            let seen = theirs(before).map(|v| &v.body);
            let equal = match event {
                Event::TheirsSeen { theirs: Theirs::Present(v), .. }
                | Event::Looked(ReadOutcome::Found(v)) => {
                    after == Some(State::Synced)
                        && done.record.as_ref().and_then(Record::visible) == Some(&v.body)
                }
                _ => after.is_none() && before.visible().is_none(),
            };
            assert!(equal, "I6: a question went away: {before:?} {event:?} {seen:?} {done:?}");
        }
        let Some(record) = &done.record else {
            self.know_all();
            return;
        };
        self.shown.extend(values(record.visible()));
        match after {
            Some(State::Synced) => {
                self.versions.extend(number(record.base.as_ref().and_then(|b| b.validator.as_ref())));
                self.know_all();
            }
            Some(State::NeedsYou) => {
                self.shown.extend(values(theirs(record).map(|v| &v.body)));
                self.versions.extend(number(theirs(record).and_then(|v| v.validator.as_ref())));
                self.know_all();
            }
            _ => {}
        }
        if let Event::Answered(WriteOutcome::Applied { validator, .. }) = event
            && let Some(seq) = number(validator.as_ref())
        {
            self.applied.entry(seq).and_modify(|own| own.1 = true);
        }
    }

    fn know_all(&mut self) {
        self.applied.values_mut().for_each(|own| own.1 = true);
    }

    /// Decisions of the person change what they want.
    fn by_person(&mut self, event: &Event, done: &Step) {
        let edit = done.record.as_ref().and_then(|r| r.edit.as_ref()).and_then(|e| e.change.body());
        match event {
            Event::Discarded | Event::DeleteSaved | Event::KeptBoth { .. } => self.wanted.clear(),
            Event::Resolved { .. } | Event::TakenIn | Event::MergeUndone(_) => {
                let left: Fields = edit.map(|b| fields(&b.bytes)).unwrap_or_default();
                self.wanted.retain(|name, value| left.get(name) == Some(value));
                self.typed.extend(left.values().filter(|v| self.own.contains(v)));
            }
            _ => {}
        }
    }

    fn nothing_is_lost(&self, before: &Record, event: &Event, done: &Step, server: &Server) {
        let record = done.record.as_ref();
        let mut alive: BTreeSet<u64> = BTreeSet::new();
        if let Some(record) = record {
            alive.extend(values(record.edit.as_ref().and_then(|e| e.change.body())));
            alive.extend(values(record.in_flight.as_ref().and_then(|f| f.sent.body())));
        }
        for value in self.wanted.values() {
            assert!(
                alive.contains(value) || server.ever.contains(value),
                "I1: {value} is wanted, and nobody has it: {before:?} {event:?} {done:?}"
            );
        }
        for value in &self.typed {
            assert!(
                alive.contains(value) || server.ever.contains(value) || self.kept.contains(value),
                "I1: {value} was typed and is nowhere: {before:?} {event:?} {done:?}"
            );
        }
    }

    /// The server applied a write of ours.
    pub fn applied(&mut self, applied: &Applied, write: &Write, rev: Option<Rev>, strict: bool) {
        if let Some(rev) = rev {
            assert!(rev >= self.last_rev, "I8: an earlier edit arrived after a later one: {write:?}");
            self.last_rev = rev;
        }
        let new: Fields = write.body().map(|b| fields(&b.bytes)).unwrap_or_default();
        if let Some(held) = &applied.replaced {
            for (name, value) in fields(&held.bytes) {
                let machine = name == "_v" || name == "stamp";
                let stays = new.get(&name) == Some(&value);
                assert!(
                    machine || stays || self.shown.contains(&value) || self.own.contains(&value),
                    "I2: {name}={value} was never shown and is overwritten by {write:?}"
                );
            }
            let known = held.ours || self.versions.contains(&held.seq);
            let there = members(&held.bytes);
            let last = self.applied.range(..held.seq).next_back();
            let undone = last.is_some_and(|(_, (ours, known))| !known && *ours != there);
            assert!(
                !strict || known || !undone || applied.unmatched,
                "I2: version {} was made after ours was applied, was not shown, and is overwritten by {write:?}",
                held.seq
            );
        }
        if !applied.deleted {
            let ours = write.body().map(|b| members(&b.bytes)).unwrap_or_default();
            self.applied.insert(applied.seq, (ours, false));
        }
    }
}

/// What only a person does.
pub fn is_persons(event: &Event) -> bool {
    matches!(
        event,
        Event::EditSaved(_)
            | Event::DeleteSaved
            | Event::Discarded
            | Event::Decided(_)
            | Event::Resolved { .. }
            | Event::KeptBoth { .. }
            | Event::SettledAs { .. }
            | Event::SettledAsNew
            | Event::TakenIn
            | Event::BroughtBack { .. }
            | Event::MergeUndone(_)
    )
}
