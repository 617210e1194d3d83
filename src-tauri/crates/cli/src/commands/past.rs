//! `history`, `undo` and `restore`.

use super::{Home, wrote};
use crate::args::{self, ExportAs};
use crate::exit::Exit;
use crate::output::Output;
use ipc_types::{
    Clock, ExportFormat, ExportHistory, HistoryEntry, MergeReason, RecordKey, Side, UndoMerge, UndoneHow,
    VersionKey,
};
use serde::Serialize;
use std::path::Path;
use sync_runtime::rfc3339;

#[derive(Serialize)]
struct Entry<'a> {
    version: u32,
    at: String,
    what: &'a str,
    by: &'a str,
    validator: Option<&'a str>,
    from_validator: Option<&'a str>,
    /// Whose clock `at` is.
    clock: Clock,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<&'a str>,
    changed: &'a [String],
    /// Why each field of a merge is as it is.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    why: &'a [MergeReason],
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

impl<'a> Entry<'a> {
    fn of(entry: &'a HistoryEntry) -> Self {
        Self {
            version: entry.version,
            at: rfc3339(entry.at),
            what: &entry.what,
            by: &entry.by,
            validator: entry.validator.as_deref(),
            from_validator: entry.from_validator.as_deref(),
            clock: entry.clock,
            seen_at: entry.seen_at.map(rfc3339),
            device: entry.device.as_deref(),
            changed: &entry.changed,
            why: entry.merge.as_ref().map(|merge| merge.rows.as_slice()).unwrap_or_default(),
            words: entry.words.as_deref(),
            request_id: entry.request_id.as_deref(),
        }
    }
}

/// Lists the versions of a record, oldest first, or writes those of many to a file.
pub async fn history(home: &Home, args: args::History, out: &mut Output) -> anyhow::Result<Exit> {
    let handle = home.open_to_read().await?;
    let key = match &args.record {
        Some(record) => Some(handle.find(record).await?.to_string()),
        None => None,
    };
    if let Some(file) = args.export {
        let wanted = ExportHistory {
            format: format(&file, args.format),
            key,
            source: args.source,
            collection: args.collection,
            path: file.display().to_string(),
        };
        let done = handle.export_history(wanted).await?;
        if out.json() {
            out.object(&done)?;
        } else {
            out.line(&format!("{} versions of {} records in {}", done.versions, done.records, done.path))?;
        }
        return Ok(Exit::Done);
    }
    let Some(key) = key else { anyhow::bail!("Name a record, or a file with --export.") };
    let entries = handle.history(RecordKey { key }).await?;
    if !out.json() {
        let rows: Vec<_> = entries
            .iter()
            .map(|entry| {
                let number = entry.version.to_string();
                vec![
                    number,
                    rfc3339(entry.at),
                    entry.what.clone(),
                    entry.by.clone(),
                    entry.changed.join(", "),
                ]
            })
            .collect();
        out.table(&rows)?;
        return Ok(Exit::Done);
    }
    for entry in &entries {
        out.object(&Entry::of(entry))?;
    }
    Ok(Exit::Done)
}

fn format(file: &Path, wanted: Option<ExportAs>) -> ExportFormat {
    match wanted {
        Some(ExportAs::Csv) => ExportFormat::Csv,
        Some(ExportAs::Json) => ExportFormat::Json,
        None if file.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")) => ExportFormat::Csv,
        None => ExportFormat::Json,
    }
}

/// Brings a version back.
pub async fn restore(home: &Home, args: args::Restore, out: &mut Output) -> anyhow::Result<Exit> {
    let handle = home.open().await?;
    let key = handle.find(&args.record).await?;
    let saved = handle.restore(VersionKey { key: key.to_string(), version: args.version }).await?;
    wrote(&handle, &saved, out).await
}

/// Undoes a merge.
pub async fn undo(home: &Home, args: args::Undo, out: &mut Output) -> anyhow::Result<Exit> {
    let handle = home.open().await?;
    let key = handle.find(&args.record).await?;
    let to = args.to.map(|side| match side {
        args::Side::Theirs => Side::Theirs,
        args::Side::Mine => Side::Mine,
    });
    let undone = handle.undo_merge(UndoMerge { key: key.to_string(), version: args.version, to }).await?;
    let exit = wrote(&handle, &undone.saved, out).await?;
    Ok(match undone.how {
        UndoneHow::Reopened | UndoneHow::NeedsYou => Exit::NeedsPerson,
        UndoneHow::Queued | UndoneHow::Nothing => exit,
    })
}
