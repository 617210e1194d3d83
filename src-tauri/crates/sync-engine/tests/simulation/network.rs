//! The network: requests arrive or do not, and so do their answers.

use crate::world::{Wire, World};
use sync_engine::*;

fn words() -> String {
    "words of the server".to_owned()
}

impl World {
    /// What is under way for a record goes one step further.
    pub fn deliver(&mut self, i: usize) {
        match std::mem::replace(&mut self.slots[i].wire, Wire::Idle) {
            Wire::Idle => {}
            Wire::Write(write, rev) => self.send(i, &write, rev),
            Wire::Answer(outcome) => {
                self.step(i, Event::Answered(outcome)).expect("an answer is always stored")
            }
            Wire::Look(read) => {
                let outcome = self.look(&read);
                if self.faults && self.chance.one_in(5) {
                    self.slots[i].wire = Wire::Looked(outcome);
                } else {
                    self.step(i, Event::Looked(outcome)).expect("a look is always stored");
                }
            }
            Wire::Looked(outcome) => self.step(i, Event::Looked(outcome)).expect("a look is always stored"),
            Wire::Search => {
                let event = match self.read_fault() {
                    Some(fault) => Event::Looked(fault),
                    None => Event::TwinsSearched(self.strangers(i)),
                };
                self.step(i, event).expect("a search is always stored");
            }
        }
    }

    fn strangers(&self, i: usize) -> Vec<(RemoteId, Version)> {
        let known = |id: &RemoteId| {
            let others = self.slots.iter().enumerate().filter(|(n, _)| *n != i);
            others.filter_map(|(_, s)| s.record.as_ref()).any(|r| r.id.as_ref() == Some(id))
        };
        self.server.all().into_iter().filter(|(id, _)| !known(id)).collect()
    }

    fn send(&mut self, i: usize, write: &Write, rev: Rev) {
        let outcome = match if self.faults { self.chance.below(26) } else { 25 } {
            0 | 1 => WriteOutcome::Unknown { words: words() },
            2..5 => {
                self.apply(i, write, Some(rev));
                WriteOutcome::Unknown { words: words() }
            }
            5 => WriteOutcome::NotSent { words: words() },
            6 => {
                let at = self.now.plus_millis(2_000);
                WriteOutcome::Later { not_before: self.chance.one_in(2).then_some(at), words: words() }
            }
            7 => {
                let refusal = Refusal { kind: RefusalKind::Content, words: words(), pointers: Vec::new() };
                WriteOutcome::Refused(refusal)
            }
            8 => WriteOutcome::SignIn(PauseReason::SignIn),
            9 => WriteOutcome::Full { words: words() },
            10 => WriteOutcome::NotOurs { words: words() },
            11 => {
                self.apply(i, write, Some(rev));
                WriteOutcome::Accepted
            }
            // Taken, and done some time; or never.
            12 if !self.server.manners.hash_tags => {
                if self.chance.one_in(2) {
                    self.late.push((i, write.clone()));
                }
                WriteOutcome::Accepted
            }
            13..16 => {
                let outcome = self.apply(i, write, Some(rev));
                self.slots[i].wire = Wire::Answer(outcome);
                return;
            }
            _ => self.apply(i, write, Some(rev)),
        };
        self.step(i, Event::Answered(outcome)).expect("an answer is always stored");
    }

    fn read_fault(&mut self) -> Option<ReadOutcome> {
        if !self.faults {
            return None;
        }
        match self.chance.below(16) {
            0 | 1 => Some(ReadOutcome::Unknown { words: words() }),
            2 => Some(ReadOutcome::NotSent { words: words() }),
            3 => Some(ReadOutcome::Later { not_before: None, words: words() }),
            4 if self.chance.one_in(4) => Some(ReadOutcome::Forbidden { words: words() }),
            5 => Some(ReadOutcome::NotOurs { words: words() }),
            _ => None,
        }
    }

    fn look(&mut self, read: &Read) -> ReadOutcome {
        self.read_fault().unwrap_or_else(|| self.server.read(&read.id))
    }
}
