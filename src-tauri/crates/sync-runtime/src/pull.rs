//! Reading a collection: conditional, by pages, each page and its cursor in one transaction.

use crate::clock;
use crate::engine::Inner;
use crate::fault::{Answered, Fault};
use crate::live::{Coll, Live};
use crate::page::{Clerk, Line};
use crate::transport::PAGE_LIMIT;
use connectors::{Failed, Item, ItemWhat, ListOutcome, PageNext};
use futures_util::StreamExt as _;
use record_store::Facts;
use std::collections::BTreeSet;
use std::sync::Arc;
use sync_engine::{Read, ReadOutcome, RemoteId, Seq, State, Theirs};

/// What a reading found, for the report of a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PullCount {
    pub new: u32,
    pub changed: u32,
    pub deleted: u32,
    pub unchanged: u32,
}

impl PullCount {
    pub fn add(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.deleted += other.deleted;
        self.unchanged += other.unchanged;
    }
}

/// Why a reading ended early.
#[derive(Clone, Debug)]
pub(crate) enum PullEnd {
    /// Everything was read.
    Done,
    /// The list shrank suddenly: a person is asked.
    Asks,
    /// The server gave nothing usable.
    Failed(Failed),
}

/// A page that was requested: what came, and when the request began.
struct Asked {
    began: Seq,
    answer: connectors::Answer,
}

/// More records than this, and more than a fifth of them, missing at once: ask (sync.md rule 11).
const MANY: usize = 50;

impl Inner {
    /// Reads one collection to its end.
    pub async fn pull(self: &Arc<Self>, live: &Arc<Live>, name: &str) -> Answered<(PullCount, PullEnd)> {
        let coll = Arc::clone(live.coll(name)?);
        let mut count = PullCount::default();
        // Read anew: the source in use is as old as the last change of its settings, the cursor moves with each reading.
        let id = coll.id();
        let kept = self.store.read(move |r| r.collection(id)).await?;
        let mut cursor = kept.and_then(|row| row.cursor).filter(|c| !c.is_empty());
        // Ids of a listing from the beginning: what is missing at its end is gone.
        let mut seen: Option<BTreeSet<RemoteId>> = cursor.is_none().then(BTreeSet::new);
        let mut ahead: Option<Asked> = None;
        loop {
            let Asked { began, answer } = match ahead.take() {
                Some(asked) => asked,
                None => self.ask_page(live, name, cursor.as_deref()).await?,
            };
            self.note_reached(live.id, &answer);
            let outcome = live.connector.listed(name, cursor.as_deref(), &answer, clock::now());
            let (items, next) = match outcome {
                ListOutcome::Page { items, next, .. } => (items, next),
                ListOutcome::Unchanged => return Ok((count, PullEnd::Done)),
                ListOutcome::CursorLost { words } => {
                    let source = live.name();
                    tracing::warn!(source, collection = name, words, "reading from the beginning");
                    (cursor, seen) = (None, Some(BTreeSet::new()));
                    continue;
                }
                ListOutcome::Failed(failed) => return Ok((count, PullEnd::Failed(failed))),
            };
            let items: Vec<Item> = items.into_iter().filter(|item| !is_scratch(&item.id)).collect();
            if let Some(seen) = &mut seen {
                seen.extend(items.iter().filter(|i| i.what != ItemWhat::Gone).map(|i| i.id.clone()));
            }
            let lines = self.lines(live, &coll, items, &mut count).await?;
            // A listing from the beginning is only whole if it was read in one go: its cursor is kept at the end.
            let keep =
                (seen.is_none() || matches!(next, PageNext::Done { .. })).then(|| next.cursor().to_owned());
            let last = matches!(next, PageNext::Done { complete: true, .. }) && seen.is_some();
            let keep_now = if last { None } else { keep.clone() };
            // The next page is on its way while this one is stored.
            let more = next_cursor(&next).filter(|more| Some(*more) != cursor.as_deref());
            let (stored, fetched) = tokio::join!(
                self.store_page(live, &coll, lines, began, keep_now),
                self.ask_page_if(live, name, more)
            );
            count.add(stored?);
            ahead = fetched?;
            self.note_reading(&coll, count);
            match next {
                PageNext::More(next) if Some(&next) == cursor.as_ref() => return Ok((count, PullEnd::Done)),
                PageNext::More(next) => cursor = Some(next),
                PageNext::Done { complete, .. } => {
                    return match (complete, seen) {
                        (true, Some(seen)) => self.end_listing(live, &coll, seen, began, keep, count).await,
                        _ => Ok((count, PullEnd::Done)),
                    };
                }
            }
        }
    }

    /// Requests one page.
    async fn ask_page(&self, live: &Live, name: &str, cursor: Option<&str>) -> Answered<Asked> {
        let began = self.store.next_seq();
        let request = live.connector.list(name, cursor)?;
        Ok(Asked { began, answer: self.perform(live, request, PAGE_LIMIT).await })
    }

    /// Requests the page at this cursor, if there is one.
    async fn ask_page_if(&self, live: &Live, name: &str, cursor: Option<&str>) -> Answered<Option<Asked>> {
        match cursor {
            Some(cursor) => self.ask_page(live, name, Some(cursor)).await.map(Some),
            None => Ok(None),
        }
    }

    fn note_reading(&self, coll: &Coll, count: PullCount) {
        let mut reading = self.figures.reading.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let collection = coll.row.settings.title.clone();
        *reading = Some(ipc_types::Reading { collection, records: count.new + count.changed });
        self.hub.status();
    }

    /// Items that only say "there is another version" are read, a few at a time.
    async fn lines(
        &self,
        live: &Arc<Live>,
        coll: &Arc<Coll>,
        items: Vec<Item>,
        count: &mut PullCount,
    ) -> Answered<Vec<Line>> {
        let mut lines = Vec::with_capacity(items.len());
        let mut stale = Vec::new();
        for item in items {
            match item.what {
                ItemWhat::Present(version) => {
                    lines.push(Line { id: item.id, theirs: Theirs::Present(version) })
                }
                ItemWhat::Gone => lines.push(Line { id: item.id, theirs: Theirs::Gone }),
                ItemWhat::Stale(validator) => stale.push((item.id, validator)),
            }
        }
        if stale.is_empty() {
            return Ok(lines);
        }
        let id = coll.id();
        let wanted: Vec<RemoteId> = self
            .store
            .read(move |r| {
                let mut wanted = Vec::new();
                for (remote, validator) in stale {
                    let known = r.facts(id, &remote)?;
                    if validator.is_none() || known.is_none_or(|k| k.validator != validator) {
                        wanted.push(remote);
                    }
                }
                Ok(wanted)
            })
            .await?;
        let reads = wanted.into_iter().map(|id| async move {
            let read = Read { id };
            (self.look(live, coll.name(), &read).await, read.id)
        });
        let mut reads = futures_util::stream::iter(reads).buffer_unordered(crate::gates::LANES);
        while let Some((outcome, id)) = reads.next().await {
            match outcome {
                ReadOutcome::Found(version) => lines.push(Line { id, theirs: Theirs::Present(version) }),
                ReadOutcome::Gone => lines.push(Line { id, theirs: Theirs::Gone }),
                // The cursor must not pass what could not be read.
                ReadOutcome::SignIn(_) | ReadOutcome::NotSent { .. } | ReadOutcome::NotOurs { .. } => {
                    return Err(Fault::new(ipc_types::ErrorCode::Offline, "The reading was interrupted."));
                }
                ReadOutcome::Later { words, .. } | ReadOutcome::Unknown { words } => {
                    return Err(Fault::new(ipc_types::ErrorCode::Server, words));
                }
                ReadOutcome::Forbidden { .. } => count.unchanged += 1,
            }
        }
        Ok(lines)
    }

    /// Stores a page; cut into several transactions where a person's edit waits, the cursor with the last.
    async fn store_page(
        &self,
        live: &Arc<Live>,
        coll: &Arc<Coll>,
        lines: Vec<Line>,
        began: Seq,
        cursor: Option<String>,
    ) -> Answered<PullCount> {
        let mut count = PullCount::default();
        let mut rest = lines;
        loop {
            let desk = self.desk();
            let (at, to, cursor) = (Arc::clone(live), Arc::clone(coll), cursor.clone());
            let stored = self
                .store
                .try_write_relaxed(move |tx| {
                    Clerk::new(tx, &desk, &at, &to, began).store(rest, cursor.as_deref())
                })
                .await?;
            count.add(stored.count);
            if !stored.changed.is_empty() {
                self.hub.records(stored.changed);
            }
            for (key, read) in stored.looks {
                self.look_at(live, coll.name(), key, read).await;
            }
            if stored.left.is_empty() {
                return Ok(count);
            }
            rest = stored.left;
        }
    }

    /// The end of a whole listing: records it does not name are gone, unless that is suspiciously many.
    async fn end_listing(
        self: &Arc<Self>,
        live: &Arc<Live>,
        coll: &Arc<Coll>,
        seen: BTreeSet<RemoteId>,
        began: Seq,
        cursor: Option<String>,
        mut count: PullCount,
    ) -> Answered<(PullCount, PullEnd)> {
        let id = coll.id();
        let listed = seen.len();
        let (kept, missing) = self
            .store
            .read(move |r| {
                let mut kept = 0_usize;
                let mut missing: Vec<Facts> = Vec::new();
                r.each_address(id, |facts| {
                    kept += 1;
                    if !seen.contains(&facts.id) {
                        missing.push(facts);
                    }
                    Ok(())
                })?;
                Ok((kept, missing))
            })
            .await?;
        // A record of ours that was never confirmed is not missing.
        let missing: Vec<Facts> =
            missing.into_iter().filter(|f| f.validator.is_some() || f.state == State::Synced).collect();
        let answer = self.guard_answer(coll).await?;
        if kept > MANY && missing.len() * 5 > kept && answer != GuardAnswer::Deleted {
            if answer == GuardAnswer::Keep {
                self.finish_cursor(coll, cursor).await?;
                return Ok((count, PullEnd::Done));
            }
            self.ask(live, coll, listed, kept).await?;
            return Ok((count, PullEnd::Asks));
        }
        let lines = missing.into_iter().map(|f| Line { id: f.id, theirs: Theirs::Gone }).collect();
        count.add(self.store_page(live, coll, lines, began, cursor).await?);
        self.set_guard_answer(coll, GuardAnswer::None).await?;
        Ok((count, PullEnd::Done))
    }

    async fn finish_cursor(&self, coll: &Coll, cursor: Option<String>) -> Answered<()> {
        let id = coll.id();
        Ok(self.store.write_relaxed(move |tx| tx.set_cursor(id, cursor.as_deref())).await?)
    }

    async fn ask(&self, live: &Live, coll: &Coll, listed: usize, kept: usize) -> Answered<()> {
        tracing::warn!(
            source = live.name(),
            collection = coll.name(),
            listed,
            kept,
            "the list shrank: asking"
        );
        let guard = format!("{{\"listed\":{listed},\"kept\":{kept}}}");
        let id = coll.id();
        self.store.write_relaxed(move |tx| tx.set_guard(id, Some(&guard))).await?;
        self.reload().await
    }

    async fn guard_answer(&self, coll: &Coll) -> Answered<GuardAnswer> {
        let name = guard_setting(coll);
        let text = self.store.read(move |r| r.setting(&name)).await?;
        Ok(match text.as_deref() {
            Some("keep") => GuardAnswer::Keep,
            Some("deleted") => GuardAnswer::Deleted,
            _ => GuardAnswer::None,
        })
    }

    /// What the person said to the question of a shrunken list.
    pub async fn set_guard_answer(&self, coll: &Coll, answer: GuardAnswer) -> Answered<()> {
        let name = guard_setting(coll);
        let text = match answer {
            GuardAnswer::None => None,
            GuardAnswer::Keep => Some("keep"),
            GuardAnswer::Deleted => Some("deleted"),
        };
        let id = coll.id();
        let had = coll.row.guard.is_some();
        self.store
            .write_relaxed(move |tx| {
                tx.set_setting(&name, text)?;
                if had { tx.set_guard(id, None) } else { Ok(()) }
            })
            .await?;
        if had { self.reload().await } else { Ok(()) }
    }
}

/// Where the next page is, if there is one.
fn next_cursor(next: &PageNext) -> Option<&str> {
    match next {
        PageNext::More(cursor) => Some(cursor),
        PageNext::Done { .. } => None,
    }
}

/// Scratch records of check-ups, ours or another Matchbook's, are nobody's records.
fn is_scratch(id: &RemoteId) -> bool {
    id.0.starts_with(crate::check_up::SCRATCH)
}

/// The person's answer to a shrunken list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GuardAnswer {
    /// None yet, or the list is whole again.
    None,
    /// Keep the records here.
    Keep,
    /// They were really deleted.
    Deleted,
}

fn guard_setting(coll: &Coll) -> String {
    format!("guard/{}", coll.id().0)
}
