//! Who made the server's version, from the server's own history. Asked once per version, beside everything else: a
//! screen opens without it, and is told when it is known. What the server said is kept, so that it is known offline, too.

use super::SyncHandle;
use super::past::{keep_lines, known_lines};
use crate::clock;
use crate::engine::Inner;
use crate::transport::PAGE_LIMIT;
use crate::view;
use connectors::AuditLine;
use ipc_types::Millis;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use sync_engine::{LocalKey, Record, Theirs};

/// Versions remembered.
const KEPT: usize = 512;

/// Who made a version, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Author {
    pub who: Option<String>,
    pub at: Option<Millis>,
    /// Who changed each top field last since the version both sides began with, as the server's log says.
    pub log: BTreeMap<String, view::LogLine>,
}

/// What is known, by record and version; `None` = it is being asked.
#[derive(Debug, Default)]
pub(crate) struct Authors(Mutex<BTreeMap<(LocalKey, String), Option<Author>>>);

impl Authors {
    fn with<T>(&self, change: impl FnOnce(&mut BTreeMap<(LocalKey, String), Option<Author>>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl SyncHandle {
    /// Who made the server's version of a record that differs from the last synced one. Asks the server if that is
    /// not known yet; whoever watches is told once it is.
    pub(crate) fn author(&self, record: &Record) -> Author {
        if record.theirs.is_none() {
            return Author::default();
        }
        let name = (record.key, view::seen_of(record));
        let known = self.inner.authors.with(|all| all.get(&name).cloned());
        if let Some(known) = known {
            return known.unwrap_or_default();
        }
        self.inner.authors.with(|all| {
            if all.len() >= KEPT {
                all.clear();
            }
            all.insert(name.clone(), None);
        });
        tokio::spawn(ask(Arc::clone(&self.inner), record.clone(), name));
        Author::default()
    }
}

async fn ask(inner: Arc<Inner>, record: Record, name: (LocalKey, String)) {
    let found = find(&inner, &record).await;
    if let Some(author) = found.clone() {
        keep(&inner, &name, author).await;
    }
    let news = found.as_ref().is_some_and(|a| *a != Author::default());
    inner.authors.with(|all| match found {
        Some(author) => {
            all.insert(name, Some(author));
        }
        // Not answered: it may be asked again.
        None => {
            all.remove(&name);
        }
    });
    if news {
        inner.hub.records([record.key]);
        if record.conflict.is_some() {
            inner.hub.conflict(record.key);
        }
    }
}

/// Beside the conflict, so that the list names people without asking again, also offline and after a restart.
async fn keep(inner: &Inner, name: &(LocalKey, String), author: Author) {
    let (key, seen) = name.clone();
    let kept = inner.store.write_relaxed(move |tx| {
        if tx.load(key)?.is_some_and(|now| now.conflict.is_some() && view::seen_of(&now) == seen) {
            tx.set_author(key, author.who.as_deref(), author.at.map(sync_engine::Timestamp))?;
        }
        Ok(())
    });
    if let Err(error) = kept.await {
        tracing::warn!(key = key.0, %error, "who changed it could not be kept");
    }
}

/// What was read of the server's log before answers also without a connection; else the server is asked.
async fn find(inner: &Inner, record: &Record) -> Option<Author> {
    let kept = known_lines(inner, record.key).await;
    if kept.iter().any(|line| made(line, record)) {
        return Some(author_of(kept, record));
    }
    let can_ask = !inner.offline() && inner.store.writable() && !inner.gates.state(record.source).unreachable;
    if !can_ask {
        return None;
    }
    let live = inner.live(record.source).ok()?;
    let Some(request) = live.connector.history(&record.collection, record.id.as_ref()?) else {
        return Some(Author::default());
    };
    let answer = inner.perform(&live, request, PAGE_LIMIT).await;
    let lines = live.connector.history_answer(&answer, clock::now()).ok()?;
    keep_lines(inner, record.key, &lines).await;
    Some(author_of(lines, record))
}

fn author_of(lines: Vec<AuditLine>, record: &Record) -> Author {
    let log = by_field(&lines, record);
    let line = lines.into_iter().rev().find(|line| made(line, record));
    let (who, at) = line.map_or((None, None), |line| (line.actor, line.at.map(|at| at.0)));
    Author { who, at, log }
}

/// The newest line about each top field, of those after the base.
fn by_field(lines: &[AuditLine], record: &Record) -> BTreeMap<String, view::LogLine> {
    let base = record.base.as_ref().and_then(|base| base.validator.as_ref());
    let from =
        lines.iter().rposition(|line| base.is_some() && line.to.as_ref() == base).map_or(0, |at| at + 1);
    let mut log = BTreeMap::new();
    for line in lines.iter().skip(from) {
        let at = line.at.map(|at| at.0);
        for field in &line.changed {
            log.insert(field.clone(), view::LogLine { who: line.actor.clone(), at });
        }
    }
    log
}

/// This line made the version that the server has now.
fn made(line: &AuditLine, record: &Record) -> bool {
    match record.theirs.as_ref().map(|t| &t.what) {
        Some(Theirs::Present(version)) => line.to.is_some() && line.to == version.validator,
        Some(Theirs::Gone) => line.to.is_none(),
        None => false,
    }
}
