//! The world: a server, a network, a clock, and one computer with a few records.

use crate::ledger::Ledger;
use crate::server::{Manners, Server};
use crate::text::Chance;
use std::collections::{BTreeMap, BTreeSet};
use sync_engine::*;

/// Under way for one record: at most one request.
#[derive(Clone, Debug)]
pub enum Wire {
    Idle,
    Write(Write, Rev),
    Answer(WriteOutcome),
    Look(Read),
    Looked(ReadOutcome),
    Search,
}

/// One record of this computer, and what is remembered about it outside the engine.
#[derive(Debug)]
pub struct Slot {
    pub record: Option<Record>,
    pub wire: Wire,
    pub ledger: Ledger,
    /// `answered` of the record that was here.
    pub gone_at: Seq,
    /// Requests at this moment.
    pub rush: (i64, u32),
    /// The last merge, as the history keeps it.
    pub undo: Option<Undo>,
}

/// A listing the server made, not arrived yet.
#[derive(Debug)]
pub struct Listing {
    pub began: Seq,
    pub items: Vec<(RemoteId, Version)>,
    pub marks: bool,
}

#[derive(Debug)]
pub struct World {
    pub server: Server,
    pub chance: Chance,
    pub slots: Vec<Slot>,
    pub listings: Vec<Listing>,
    /// Accepted with 202, to be applied some time.
    pub late: Vec<(usize, Write)>,
    pub rules: Rules,
    pub now: Timestamp,
    pub run: RunId,
    pub seq: i64,
    pub value: u64,
    pub gate: Gate,
    pub faults: bool,
    pub sent_again_by_person: bool,
    pub requests: u64,
    pub reached: BTreeMap<String, u64>,
    talk: bool,
}

/// Cells of sync.md 3.1 and outcomes that every long run must have visited.
pub const EXPECTED: &[&str] = &[
    "edited/edit",
    "sending/edit",
    "uncertain/edit",
    "contested/edit",
    "needs_you/edit",
    "rejected/edit",
    "edited/theirs",
    "sending/theirs",
    "uncertain/theirs",
    "contested/theirs",
    "needs_you/theirs",
    "rejected/theirs",
    "edited/discard",
    "contested/discard",
    "needs_you/discard",
    "rejected/discard",
    "edited/retry",
    "rejected/retry",
    "needs_you/resolve",
    "needs_you/decide",
    "edited/take_in",
    "edited/open_news",
    "sending/answer",
    "uncertain/look",
    "contested/look",
    "sending/look",
    "synced/edit",
    "synced/delete",
    "uncertain/delete",
    "sending/delete",
    "needs_you/keep_both",
    "history/recognised",
    "history/merged",
    "history/set_aside",
    "history/deleted",
    "history/gone",
];

pub const SOURCE: SourceId = SourceId(1);

impl World {
    pub fn new(manners: Manners, policy: MergePolicy, mut chance: Chance, talk: bool) -> Self {
        let merge = record_merge::Policy { server_kept: vec!["/_v".to_owned()], ..Default::default() };
        let (confirm, creates) = (manners.rewrites, manners.creates);
        let rules = Rules { merge, policy, confirm, creates, grade: Grade::Protected, ..Rules::default() };
        let slots = (0..=chance.below(3)).map(|_| Slot::new()).collect();
        Self {
            server: Server::new(manners),
            chance,
            slots,
            listings: Vec::new(),
            late: Vec::new(),
            rules,
            now: Timestamp(1_000_000),
            run: RunId(1),
            seq: 10,
            value: 100,
            gate: Gate { lanes: 8, ..Gate::default() },
            faults: true,
            sent_again_by_person: false,
            requests: 0,
            reached: BTreeMap::new(),
            talk,
        }
    }

    pub fn say(&self, words: impl FnOnce() -> String) {
        if self.talk {
            eprintln!("{:>9} {}", self.now.0, words());
        }
    }

    pub fn state(&self, i: usize) -> Option<State> {
        let record = self.slots[i].record.as_ref()?;
        Some(record.state(self.run).expect("rows that fit a state"))
    }

    pub fn next_value(&mut self) -> u64 {
        self.value += 1;
        self.value
    }

    pub fn next_seq(&mut self) -> Seq {
        self.seq += 1;
        Seq(self.seq)
    }

    /// One event for one record, with everything that must hold afterwards.
    pub fn step(&mut self, i: usize, event: Event) -> Result<(), StepError> {
        let Some(before) = self.slots[i].record.clone() else { return Ok(()) };
        let fresh = before.base.is_none() && before.edit.is_none();
        let state = if fresh { State::Synced } else { before.state(self.run).expect("a state") };
        let seq = self.next_seq();
        let jitter = self.chance.unit();
        let name = name(&event);
        let cx = Context { now: self.now, run: self.run, seq, rules: &self.rules, jitter, prepared: None };
        let done = match step(before.clone(), event.clone(), &cx) {
            Ok(done) => done,
            Err(StepError::State(error)) => panic!("{state:?} {event:?}: {error}\n{before:?}"),
            Err(error) => {
                self.say(|| format!("{i} {} {name}: {error}", state.name()));
                return Err(error);
            }
        };
        *self.reached.entry(format!("{}/{name}", state.name())).or_default() += 1;
        for entry in &done.history {
            *self.reached.entry(format!("history/{}", entry.what.name())).or_default() += 1;
        }
        let after = done.record.as_ref().map(|r| r.state(self.run).expect("a state"));
        self.say(|| format!("{i} {} {event:?}\n            => {after:?} {:?}", state.name(), done.record));
        assert!(done.record.as_ref().is_none_or(|r| r.rev >= before.rev), "rev never falls");
        if done.record.as_ref().is_some_and(|r| r.visible() != before.visible()) {
            let rev = done.record.as_ref().map(|r| r.rev);
            assert!(rev > Some(before.rev), "another view has another rev: {before:?} {event:?} {done:?}");
        }
        if done.record.is_none() {
            self.slots[i].gone_at = seq;
        }
        let slot = &mut self.slots[i];
        if crate::ledger::is_persons(&event) {
            slot.rush = (0, 0);
        }
        if let Some(undo) = undo_of(&before, &done, self.now) {
            slot.undo = Some(undo);
        }
        slot.ledger.after(&before, state, &event, &done, after, &self.server);
        slot.record.clone_from(&done.record);
        for effect in done.effects {
            self.effect(i, effect);
        }
        Ok(())
    }

    fn effect(&mut self, i: usize, effect: Effect) {
        let rev = self.slots[i].record.as_ref().map_or(Rev(0), |r| r.rev);
        let wire = match effect {
            Effect::Send(write) => Wire::Write(write, rev),
            Effect::Look(read) => Wire::Look(read),
            Effect::SearchTwins => Wire::Search,
            Effect::PauseSource(PauseReason::ServerFull) => return self.gate.writes_closed = true,
            Effect::PauseSource(_) | Effect::Unreachable => return self.gate.closed = true,
            Effect::SourceNotBefore(at) => return self.gate.not_before = self.gate.not_before.max(Some(at)),
        };
        // One lane per record: a hint that comes while it is busy is dropped.
        if !matches!(self.slots[i].wire, Wire::Idle) {
            return;
        }
        self.requests += 1;
        let slot = &mut self.slots[i];
        slot.rush = if slot.rush.0 == self.now.0 { (self.now.0, slot.rush.1 + 1) } else { (self.now.0, 1) };
        assert!(slot.rush.1 <= 14, "{} requests for one record without a pause", slot.rush.1);
        slot.wire = wire;
    }

    /// What a record has to do, as the store derives it from the rows.
    fn waiting(&self, i: usize) -> Option<Waiting> {
        let record = self.slots[i].record.as_ref()?;
        let edit = record.edit.as_ref()?;
        let task = match &record.in_flight {
            Some(f) if f.asks || (f.fate == Fate::Open && f.run == self.run) => return None,
            Some(_) => Task::Read,
            None if record.conflict.is_some() || record.refusal.is_some() => return None,
            None if edit.wait == Some(WaitReason::NoVersionMark) => Task::Read,
            None => Task::Write,
        };
        let key = LocalKey(i64::try_from(i).expect("few records"));
        let (not_before, held) = (edit.not_before, edit.held);
        Some(Waiting { key, source: SOURCE, task, not_before, held, may_send: self.rules.may_send() })
    }

    pub fn decide(&self) -> Next {
        let waiting: Vec<Waiting> = (0..self.slots.len()).filter_map(|i| self.waiting(i)).collect();
        let busy: BTreeSet<LocalKey> = (0..self.slots.len())
            .filter(|i| !matches!(self.slots[*i].wire, Wire::Idle))
            .map(|i| LocalKey(i64::try_from(i).expect("few records")))
            .collect();
        let gates = BTreeMap::from([(SOURCE, self.gate)]);
        next(&waiting, &gates, &busy, &BTreeMap::new(), false, self.now)
    }

    /// Lets go what is due now. Says whether anything was.
    pub fn drive(&mut self) -> bool {
        let Next::Send(keys) = self.decide() else { return false };
        for key in keys {
            let i = usize::try_from(key.0).expect("a slot");
            let before = (self.waiting(i), self.requests);
            let drawn = self.next_value();
            let turn = self.step(i, Event::Due { key: IdempotencyKey(format!("k{drawn}")) });
            turn.expect("a turn is always possible");
            let after = (self.waiting(i), self.requests);
            assert!(before != after, "a turn that changes nothing would come again at once: {before:?}");
        }
        true
    }

    /// The program ends at any point and starts again.
    pub fn crash(&mut self) {
        self.say(|| "-- switched off".to_owned());
        for i in 0..self.slots.len() {
            let wire = std::mem::replace(&mut self.slots[i].wire, Wire::Idle);
            if let Wire::Write(write, rev) = wire
                && self.chance.one_in(2)
            {
                self.apply(i, &write, Some(rev));
            }
        }
        self.listings.clear();
        self.run = RunId(self.run.0 + 1);
        self.gate = Gate { lanes: 8, ..Gate::default() };
    }

    /// Time goes by: to the next moment something is due, or a little.
    pub fn tick(&mut self) {
        let little = i64::try_from(self.chance.below(20_000)).expect("small");
        self.gate.closed = false;
        self.gate.writes_closed = false;
        self.now = match self.decide() {
            Next::WaitUntil(at) if self.chance.one_in(2) => at,
            _ => self.now.plus_millis(little + 1),
        };
    }

    /// The server gets a write.
    pub fn apply(&mut self, i: usize, write: &Write, rev: Option<Rev>) -> WriteOutcome {
        let (outcome, applied) = self.server.write(write);
        self.say(|| format!("{i} server: {write:?} -> {outcome:?}"));
        if let Some(applied) = &applied {
            let strict = !self.server.manners.hash_tags && self.rules.policy == MergePolicy::Review;
            self.slots[i].ledger.applied(applied, write, rev, strict);
        }
        outcome
    }
}

impl Slot {
    pub fn new() -> Self {
        Self {
            record: None,
            wire: Wire::Idle,
            ledger: Ledger::default(),
            gone_at: Seq(0),
            rush: (0, 0),
            undo: None,
        }
    }
}

/// What the history keeps of a merge, for its undo.
fn undo_of(before: &Record, done: &Step, now: Timestamp) -> Option<Undo> {
    let merged = done.history.iter().find(|h| matches!(h.note, Some(Note::Merge(_))))?;
    let Some(Theirs::Present(theirs)) = before.theirs.as_ref().map(|t| &t.what) else { return None };
    Some(Undo {
        version: 1,
        result: Base { body: merged.body.clone()?, validator: None, seen_at: now },
        sent: true,
        back: theirs.body.clone(),
        mine: before.edit.as_ref().and_then(|e| e.change.body().cloned()),
        before: before.base.clone(),
    })
}

fn name(event: &Event) -> &'static str {
    match event {
        Event::EditSaved(_) => "edit",
        Event::DeleteSaved => "delete",
        Event::Discarded => "discard",
        Event::Retried => "retry",
        Event::Held(_) => "hold",
        Event::Due { .. } => "due",
        Event::Answered(_) => "answer",
        Event::Looked(_) => "look",
        Event::TwinsSearched(_) => "search",
        Event::TheirsSeen { .. } => "theirs",
        Event::TakenIn => "take_in",
        Event::NewsOpened => "open_news",
        Event::Decided(_) => "decide",
        Event::Resolved { .. } => "resolve",
        Event::KeptBoth { .. } => "keep_both",
        Event::SettledAs { .. } => "settle",
        Event::SettledAsNew => "settle_new",
        Event::BroughtBack { .. } => "bring_back",
        Event::MergeUndone(_) => "undo",
        Event::Reopened { .. } => "reopen",
        Event::SentUndone(_) => "undo many",
    }
}
