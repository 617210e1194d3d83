//! Storing a page of a listing: one transaction, cut where a person's edit waits.

use crate::desk::Desk;
use crate::fault::{Answered, Fault};
use crate::live::{Coll, Live};
use crate::pull::PullCount;
use record_store::{Pulled, Tx};
use sync_engine::{Base, Effect, Event, LocalKey, Read, RemoteId, Seq, Theirs, Version};

/// One thing a page says.
pub(crate) struct Line {
    pub id: RemoteId,
    pub theirs: Theirs,
}

/// What became of a page.
#[derive(Default)]
pub(crate) struct StoredPage {
    pub count: PullCount,
    /// To go on with in the next transaction; the cursor is stored with the last.
    pub left: Vec<Line>,
    pub changed: Vec<LocalKey>,
    /// Records about which the page said too little.
    pub looks: Vec<(LocalKey, Read)>,
}

/// Stores lines inside a transaction.
pub(crate) struct Clerk<'a, 'c> {
    tx: &'a mut Tx<'c>,
    desk: &'a Desk,
    live: &'a Live,
    coll: &'a Coll,
    began: Seq,
    stored: StoredPage,
}

impl<'a, 'c> Clerk<'a, 'c> {
    pub fn new(tx: &'a mut Tx<'c>, desk: &'a Desk, live: &'a Live, coll: &'a Coll, began: Seq) -> Self {
        Self { tx, desk, live, coll, began, stored: StoredPage::default() }
    }

    pub fn store(mut self, lines: Vec<Line>, cursor: Option<&str>) -> Answered<StoredPage> {
        let mut lines = lines.into_iter();
        while let Some(line) = lines.next() {
            self.line(line)?;
            if lines.len() > 0 && self.tx.should_pause() {
                self.stored.left = lines.collect();
                return Ok(self.stored);
            }
        }
        if let Some(cursor) = cursor {
            self.tx.set_cursor(self.coll.id(), Some(cursor))?;
        }
        Ok(self.stored)
    }

    fn line(&mut self, line: Line) -> Answered<()> {
        let key = match &line.theirs {
            Theirs::Present(version) => match self.present(&line.id, version)? {
                Pulled::New(key) => {
                    self.stored.count.new += 1;
                    self.stored.changed.push(key);
                    return Ok(());
                }
                Pulled::Same(_) | Pulled::Stale(_) => {
                    self.stored.count.unchanged += 1;
                    return Ok(());
                }
                Pulled::Known(key) => key,
            },
            Theirs::Gone => match self.tx.facts(self.coll.id(), &line.id)? {
                Some(facts) => facts.key,
                None => return Ok(()),
            },
        };
        self.known(key, line.theirs)
    }

    /// A record that is here: the engine says what the news means.
    fn known(&mut self, key: LocalKey, theirs: Theirs) -> Answered<()> {
        let gone = theirs == Theirs::Gone;
        let record = self.tx.load(key)?.ok_or_else(|| Fault::missing("such record"))?;
        let before = record.clone();
        let event = Event::TheirsSeen { theirs, began: self.began };
        let applied = self.desk.step_loaded(self.tx, record, event)?;
        let count = &mut self.stored.count;
        match (&applied.record, gone) {
            (None, _) => count.deleted += 1,
            (Some(after), _) if *after == before => count.unchanged += 1,
            (Some(_), true) => count.deleted += 1,
            (Some(_), false) => count.changed += 1,
        }
        if applied.record.as_ref() != Some(&before) {
            self.stored.changed.push(key);
        }
        for effect in applied.effects {
            if let Effect::Look(read) = effect {
                self.stored.looks.push((key, read));
            }
        }
        Ok(())
    }

    fn present(&mut self, id: &RemoteId, version: &Version) -> Answered<Pulled> {
        let (desk, coll) = (self.desk, self.coll);
        let base =
            Base { body: version.body.clone(), validator: version.validator.clone(), seen_at: desk.now };
        let meta = || desk.meta_of_new(&version.body, &id.0, coll);
        Ok(self.tx.pull((self.live.id, coll.id()), id, &base, self.began, meta)?)
    }
}
