//! What happened lately, over all records.

use crate::fault::Answered;
use crate::handle::SyncHandle;
use crate::view;
use ipc_types::ActivityEntry;
use record_store::{Activity, Reader};
use sync_engine::Note;

/// Lines of Activity.
const ACTIVITY: usize = 300;

impl SyncHandle {
    /// What happened lately, newest first.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn activity(&self) -> Answered<Vec<ActivityEntry>> {
        let entries = self.inner.store.read(|r| {
            let lines = r.activity(ACTIVITY)?;
            lines.into_iter().map(|line| Ok(entry(who(r, &line)?, line))).collect()
        });
        Ok(entries.await?)
    }
}

/// Who made a version of the server, as far as its log was read.
fn who(r: &Reader<'_>, line: &Activity) -> record_store::Result<Option<String>> {
    if line.version.by_me {
        return Ok(None);
    }
    let log = r.audit(line.key)?;
    let to = line.version.validator.as_ref();
    let removal = line.version.what == "gone";
    let mut fitting = log
        .into_iter()
        .rev()
        .filter(|l| if removal { l.to.is_none() } else { to.is_some() && l.to.as_ref() == to });
    Ok(fitting.next().and_then(|line| line.who))
}

fn entry(who: Option<String>, line: Activity) -> ActivityEntry {
    let version = line.version;
    let by = if version.by_me { "you".to_owned() } else { who.unwrap_or_else(|| "server".to_owned()) };
    let (merge, words) = match version.note {
        Some(Note::Merge(note)) => (Some(view::tally(&note)), None),
        Some(Note::Rejected { words }) => (None, Some(words)),
        _ => (None, None),
    };
    ActivityEntry {
        at: version.at.0,
        key: Some(line.key.to_string()),
        title: Some(line.title),
        what: version.what,
        by,
        changed: Vec::new(),
        version: version.version,
        merge,
        words,
    }
}
