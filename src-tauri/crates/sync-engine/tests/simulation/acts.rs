//! What happens in the world: the person, the other writer, the network, the switch.

use crate::server::Server;
use crate::text::{Fields, body, fields};
use crate::world::{Listing, SOURCE, Wire, World};
use record_merge::{Choice, Decision};
use sync_engine::*;

const NAMES: [&str; 3] = ["a", "b", "c"];

impl World {
    /// A life: some dozens of acts in any order.
    pub fn live(&mut self) {
        for i in 0..self.slots.len() {
            if self.chance.one_in(3) {
                continue;
            }
            let content = self.content();
            self.server.put(&format!("c{i}"), &content, false);
        }
        self.list();
        self.arrive(0);
        for _ in 0..20 + self.chance.below(40) {
            let i = usize::try_from(self.chance.below(self.slots.len() as u64)).expect("small");
            match self.chance.below(100) {
                0..24 => self.person(i),
                24..34 => self.other_writer(i),
                34..54 => drop(self.drive()),
                54..80 => self.deliver(i),
                80..84 => self.list(),
                84..88 if !self.listings.is_empty() => {
                    let n = self.chance.below(self.listings.len() as u64);
                    self.arrive(usize::try_from(n).expect("small"));
                }
                88..95 => self.tick(),
                95..97 => self.crash(),
                97..99 if !self.late.is_empty() => {
                    let (i, write) = self.late.remove(0);
                    self.apply(i, &write, None);
                }
                _ => drop(self.drive()),
            }
        }
    }

    /// Faults and the other writer stop, and the person answers every question: soon all is at rest and equal.
    pub fn come_to_rest(&mut self) {
        self.faults = false;
        for (i, write) in std::mem::take(&mut self.late) {
            self.apply(i, &write, None);
        }
        self.say(|| "-- rest".to_owned());
        for turn in 0..120 {
            self.gate = Gate { lanes: 8, ..Gate::default() };
            for i in 0..self.slots.len() {
                self.settle_questions(i, turn);
                self.deliver(i);
            }
            let busy = self.drive() || self.slots.iter().any(|s| !matches!(s.wire, Wire::Idle));
            if turn % 5 == 4 {
                self.listings.clear();
                self.list();
                self.arrive(0);
            }
            let done = (0..self.slots.len()).all(|i| self.state(i).is_none_or(|s| s == State::Synced));
            if done && !busy && turn > 10 {
                return self.is_equal();
            }
            if !busy && let Next::WaitUntil(at) = self.decide() {
                self.now = at;
            }
        }
        panic!("no rest: {:?}", self.slots);
    }

    fn settle_questions(&mut self, i: usize, turn: u64) {
        let Some(record) = self.slots[i].record.clone() else { return };
        if record.edit.as_ref().is_some_and(|e| e.held) {
            self.step(i, Event::Held(false)).expect("an edit can be released");
        }
        match self.state(i) {
            // What the server does not take as it is can only be taken back.
            Some(State::NeedsYou) if turn > 30 => {
                self.step(i, Event::Discarded).expect("an edit can be taken back");
            }
            Some(State::NeedsYou) => {
                let all = if self.chance.one_in(2) { Choice::Mine } else { Choice::Theirs };
                self.step(i, Event::Resolved { seen: None, all: Some(all) }).expect("one side can be taken");
            }
            Some(State::Rejected) if turn < 40 && self.chance.one_in(2) => {
                self.step(i, Event::Retried).expect("a refused edit can be tried");
            }
            Some(State::Rejected) => {
                self.step(i, Event::Discarded).expect("a refused edit can be taken back")
            }
            _ if record.in_flight.as_ref().is_some_and(|f| f.asks) => self.settle(i),
            _ => {}
        }
    }

    fn is_equal(&self) {
        for slot in &self.slots {
            let Some(record) = &slot.record else { continue };
            let base = record.base.as_ref().expect("a synced version");
            let there = self.server.now.get(&record.id.as_ref().expect("an address").0);
            let there = there.map(Server::version).expect("it is on the server");
            assert_eq!(base.body, there.body, "I4: here and there differ");
        }
        if !self.sent_again_by_person {
            let mut contents = self.server.posted.clone();
            contents.sort();
            contents.dedup();
            assert_eq!(contents.len(), self.server.posted.len(), "I3: made twice");
        }
        assert_eq!(self.decide(), Next::Idle, "nothing is left to do");
    }

    fn content(&mut self) -> Fields {
        NAMES.iter().map(|name| ((*name).to_owned(), self.next_value())).collect()
    }

    fn person(&mut self, i: usize) {
        let Some(record) = self.slots[i].record.clone() else { return self.create(i) };
        let conflict = self.state(i) == Some(State::NeedsYou);
        let asks = record.in_flight.as_ref().is_some_and(|f| f.asks);
        match self.chance.below(30) {
            0..14 => self.type_something(i, &record),
            14 => self.back_to_base(i, &record),
            15 => drop(self.step(i, Event::DeleteSaved)),
            16 => drop(self.step(i, Event::Discarded)),
            17 => drop(self.step(i, Event::Retried)),
            18 => {
                let held = self.chance.one_in(2);
                drop(self.step(i, Event::Held(held)));
            }
            19..21 if !conflict => drop(self.step(i, Event::TakenIn)),
            21 if !conflict => drop(self.step(i, Event::NewsOpened)),
            _ if asks => self.settle(i),
            19..26 if conflict => self.decide_row(i, &record),
            26 if conflict => drop(self.step(i, Event::KeptBoth { seen: None })),
            _ if conflict => {
                let seen = self.seen(&record);
                let all = match self.chance.below(3) {
                    0 => None,
                    1 => Some(Choice::Mine),
                    _ => Some(Choice::Theirs),
                };
                drop(self.step(i, Event::Resolved { seen, all }));
            }
            27..29 => self.undo(i, &record),
            29 => self.bring_back(i, &record),
            _ => {}
        }
    }

    /// The person undoes the last merge of the record, to the server's version before it or to their own.
    fn undo(&mut self, i: usize, record: &Record) {
        let Some(mut undo) = self.slots[i].undo.clone() else { return };
        if let Some(base) = record.base.as_ref().filter(|b| b.body == undo.result.body) {
            undo.result.validator.clone_from(&base.validator);
        }
        if self.chance.one_in(3)
            && let Some(mine) = &undo.mine
        {
            undo.back = mine.clone();
        }
        drop(self.step(i, Event::MergeUndone(Box::new(undo))));
    }

    fn bring_back(&mut self, i: usize, record: &Record) {
        let Some(body) = self.slots[i].undo.as_ref().map(|u| u.back.clone()) else { return };
        let content = fields(&body.bytes);
        let now = record.visible().map(|b| fields(&b.bytes)).unwrap_or_default();
        let changed: Vec<String> =
            NAMES.iter().filter(|n| now.get(**n) != content.get(**n)).map(|n| (*n).to_owned()).collect();
        self.slots[i].ledger.typing(record, &content, &changed);
        self.step(i, Event::BroughtBack { body, version: 1 }).expect("a version can always be brought back");
    }

    /// What the person looks at: mostly the newest.
    fn seen(&mut self, record: &Record) -> Option<Seen> {
        match record.theirs.as_ref().map(|t| &t.what) {
            _ if self.chance.one_in(3) => None,
            Some(Theirs::Present(v)) if self.chance.one_in(8) => {
                Some(Seen::Present(None, sync_engine::Hash([v.body.hash().0[0]; 32])))
            }
            Some(Theirs::Present(v)) => Some(Seen::Present(v.validator.clone(), v.body.hash())),
            Some(Theirs::Gone) => Some(Seen::Gone),
            None => None,
        }
    }

    fn create(&mut self, i: usize) {
        let drawn = self.next_value();
        let own = self.rules.creates == Creates::OwnAddress;
        let id = own.then(|| RemoteId(format!("n{drawn}")));
        let mut record = Record::new(LocalKey(1), SOURCE, "things", id);
        record.id_is_ours = own;
        self.slots[i] = crate::world::Slot::new();
        let content = self.content();
        self.slots[i].ledger.typing(&record, &content, &NAMES.map(str::to_owned));
        self.slots[i].record = Some(record);
        self.step(i, Event::EditSaved(Body::json(body(&content)))).expect("a new record");
    }

    fn type_something(&mut self, i: usize, record: &Record) {
        let mut content = record.visible().map(|b| fields(&b.bytes)).unwrap_or_default();
        let mut changed = Vec::new();
        for _ in 0..1 + self.chance.below(2) {
            let name = NAMES[usize::try_from(self.chance.below(3)).expect("small")].to_owned();
            let value = self.next_value();
            content.insert(name.clone(), value);
            changed.push(name);
        }
        self.save(i, record, &content, &changed);
    }

    fn back_to_base(&mut self, i: usize, record: &Record) {
        let Some(base) = &record.base else { return };
        let content = fields(&base.body.bytes);
        let now = record.visible().map(|b| fields(&b.bytes)).unwrap_or_default();
        let changed: Vec<String> =
            NAMES.iter().filter(|n| now.get(**n) != content.get(**n)).map(|n| (*n).to_owned()).collect();
        self.save(i, record, &content, &changed);
    }

    fn save(&mut self, i: usize, record: &Record, content: &Fields, changed: &[String]) {
        self.slots[i].ledger.typing(record, content, changed);
        self.step(i, Event::EditSaved(Body::json(body(content)))).expect("an edit can always be saved");
    }

    fn decide_row(&mut self, i: usize, record: &Record) {
        let merge = merge_of(record, &self.rules);
        let Some(conflict) = &record.conflict else { return };
        let Some(row) =
            merge.rows.get(usize::try_from(self.chance.below(merge.rows.len() as u64)).expect("small"))
        else {
            return;
        };
        let choice =
            row.choices[usize::try_from(self.chance.below(row.choices.len() as u64)).expect("small")];
        let whole = row.path.0.is_empty();
        if choice == Choice::Later || (whole && choice == Choice::Edit) {
            return;
        }
        let value = (choice == Choice::Edit).then(|| self.next_value());
        value.into_iter().for_each(|v| self.slots[i].ledger.typed_decision(v));
        let mut decisions: Vec<Decision> = conflict.decisions.clone();
        decisions.retain(|d| d.path != row.path);
        let validator = match record.theirs.as_ref().map(|t| &t.what) {
            Some(Theirs::Present(v)) => v.validator.as_ref().map(ToString::to_string),
            _ => None,
        };
        decisions.push(Decision {
            path: row.path.clone(),
            part: row.part,
            choice,
            value: value.map(|v| v.to_string()),
            validator,
            theirs_then: row.theirs.clone(),
            mine_then: row.mine.clone(),
        });
        self.step(i, Event::Decided(decisions)).expect("a row can be decided");
    }

    /// "This one is mine", or "Send it again" if nothing was found.
    fn settle(&mut self, i: usize) {
        let Some(flight) = self.slots[i].record.as_ref().and_then(|r| r.in_flight.clone()) else { return };
        let found = flight
            .twins
            .iter()
            .find_map(|id| Some((id.clone(), Server::version(self.server.now.get(&id.0)?))));
        if let Some((id, version)) = found {
            self.step(i, Event::SettledAs { id, version }).expect("an answer to a question");
        } else {
            self.sent_again_by_person = true;
            self.step(i, Event::SettledAsNew).expect("an answer to a question");
        }
    }

    fn other_writer(&mut self, i: usize) {
        let known = self.slots[i].record.as_ref().and_then(|r| r.id.clone());
        let id = known.map_or(format!("c{i}"), |id| id.0);
        let held = self.server.now.get(&id).cloned();
        let Some(held) = held else {
            if self.chance.one_in(3) && self.server.addresses.contains(&id) {
                let content = self.content();
                self.say(|| format!("{i} other writer: makes {id} {content:?}"));
                self.server.put(&id, &content, false);
            }
            return;
        };
        let mut content = fields(&held.bytes);
        match self.chance.below(10) {
            0 => {
                self.say(|| format!("{i} other writer: deletes {id}"));
                self.server.remove(&id);
                return;
            }
            // Saved unchanged: another version, the same content.
            1 => {}
            // Taken back: the content of some time before, as far as this computer knows it.
            2 | 3 => {
                let base = self.slots[i].record.as_ref().and_then(|r| r.base.as_ref());
                if let Some(base) = base {
                    content = fields(&base.body.bytes);
                }
            }
            _ => {
                let name = NAMES[usize::try_from(self.chance.below(3)).expect("small")];
                content.insert(name.to_owned(), self.next_value());
            }
        }
        self.say(|| format!("{i} other writer: {id} {content:?}"));
        self.server.put(&id, &content, false);
    }

    fn list(&mut self) {
        let began = self.next_seq();
        let marks = !self.chance.one_in(6);
        self.listings.push(Listing { began, items: self.server.all(), marks });
    }

    /// A listing arrives, whatever happened since it was made.
    fn arrive(&mut self, n: usize) {
        let listing = self.listings.remove(n);
        for i in 0..self.slots.len() {
            let Some(record) = &self.slots[i].record else { continue };
            let Some(id) = record.id.clone() else { continue };
            let found = listing.items.iter().find(|(item, _)| *item == id).map(|(_, v)| v.clone());
            let confirmed = record.base.is_some();
            let theirs = match found {
                Some(mut version) => {
                    version.validator = version.validator.filter(|_| listing.marks);
                    Theirs::Present(version)
                }
                None if confirmed => Theirs::Gone,
                None => continue,
            };
            self.step(i, Event::TheirsSeen { theirs, began: listing.began })
                .expect("news can always be told");
        }
        self.newcomers(&listing);
    }

    fn newcomers(&mut self, listing: &Listing) {
        let nameless = self.slots.iter().any(|s| s.record.as_ref().is_some_and(|r| r.id.is_none()));
        for (id, version) in &listing.items {
            let taken =
                self.slots.iter().any(|s| s.record.as_ref().is_some_and(|r| r.id.as_ref() == Some(id)));
            let free = self.slots.iter().position(|s| s.record.is_none() && s.gone_at < listing.began);
            let (false, false, Some(i)) = (nameless, taken, free) else { continue };
            self.slots[i] = crate::world::Slot::new();
            self.slots[i].record = Some(Record::new(LocalKey(1), SOURCE, "things", Some(id.clone())));
            let theirs = Theirs::Present(version.clone());
            self.step(i, Event::TheirsSeen { theirs, began: listing.began }).expect("a new record");
        }
    }
}
