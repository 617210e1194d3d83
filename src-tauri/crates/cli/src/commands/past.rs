//! `history` and `restore`.

use super::{Home, when, wrote};
use crate::args;
use crate::exit::Exit;
use crate::output::Output;
use ipc_types::{RecordKey, VersionKey};
use serde::Serialize;

#[derive(Serialize)]
struct Entry<'a> {
    version: u32,
    at: String,
    what: &'a str,
    by: &'a str,
    validator: Option<&'a str>,
    from_validator: Option<&'a str>,
}

/// Lists the versions of a record, oldest first.
pub async fn history(home: &Home, args: args::One, out: &mut Output) -> anyhow::Result<Exit> {
    let handle = home.open_to_read().await?;
    let key = handle.find(&args.record).await?;
    let entries = handle.history(RecordKey { key: key.to_string() }).await?;
    if !out.json() {
        let rows: Vec<_> = entries
            .iter()
            .map(|entry| {
                let number = entry.version.to_string();
                vec![number, when(entry.at), entry.what.clone(), entry.by.clone(), entry.changed.join(", ")]
            })
            .collect();
        out.table(&rows)?;
        return Ok(Exit::Done);
    }
    for entry in &entries {
        out.object(&Entry {
            version: entry.version,
            at: when(entry.at),
            what: &entry.what,
            by: &entry.by,
            validator: entry.validator.as_deref(),
            from_validator: entry.from_validator.as_deref(),
        })?;
    }
    Ok(Exit::Done)
}

/// Brings a version back.
pub async fn restore(home: &Home, args: args::Restore, out: &mut Output) -> anyhow::Result<Exit> {
    let handle = home.open().await?;
    let key = handle.find(&args.record).await?;
    let saved = handle.restore(VersionKey { key: key.to_string(), version: args.version }).await?;
    wrote(&handle, &saved, out).await
}
