//! `outbox`, and what a person does with an edit that waits.

use super::{Home, state_of, wrote};
use crate::args;
use crate::exit::Exit;
use crate::output::Output;
use ipc_types::{EditKind, Hold, OutboxEntry, RecordKey, RecordState, Settle};
use serde::Serialize;

#[derive(Serialize)]
struct Waiting<'a> {
    record: &'a str,
    kind: EditKind,
    state: RecordState,
    held: bool,
    attempts: u32,
    reason: &'a str,
    base_validator: Option<&'a str>,
    precondition: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'a str>,
}

/// Lists what waits to be sent.
pub async fn outbox(home: &Home, out: &mut Output) -> anyhow::Result<Exit> {
    let Some(handle) = home.open_to_list().await? else { return Ok(Exit::Done) };
    let entries = handle.outbox().await?.entries;
    if !out.json() {
        let rows: Vec<_> = entries.iter().map(row).collect();
        out.table(&rows)?;
        return Ok(Exit::Done);
    }
    for entry in &entries {
        out.object(&Waiting {
            record: &entry.address,
            kind: entry.kind,
            state: entry.state,
            held: entry.held,
            attempts: entry.attempts,
            reason: &entry.reason,
            base_validator: entry.base_validator.as_deref(),
            precondition: entry.precondition.as_deref(),
            words: entry.words.as_deref(),
        })?;
    }
    Ok(Exit::Done)
}

fn row(entry: &OutboxEntry) -> Vec<String> {
    let kind = match entry.kind {
        EditKind::Create => "create",
        EditKind::Change => "change",
        EditKind::Delete => "delete",
    };
    let why = match &entry.words {
        Some(words) => format!("{}: {words}", entry.reason),
        None => entry.reason.clone(),
    };
    vec![kind.to_owned(), entry.address.clone(), why, entry.title.clone()]
}

/// Lets the next sync try it again.
pub async fn retry(home: &Home, args: args::One, out: &mut Output) -> anyhow::Result<Exit> {
    let handle = home.open().await?;
    let key = handle.find(&args.record).await?;
    let saved = handle.send_now(RecordKey { key: key.to_string() }).await?;
    wrote(&handle, &saved, out).await
}

/// Keeps an edit back, or lets it go.
pub async fn hold(home: &Home, args: args::One, held: bool, out: &mut Output) -> anyhow::Result<Exit> {
    let handle = home.open().await?;
    let key = handle.find(&args.record).await?;
    handle.hold(Hold { keys: vec![key.to_string()], held }).await?;
    state_of(&handle, key, out).await?;
    Ok(Exit::Done)
}

/// Takes an edit back.
pub async fn discard(home: &Home, args: args::One, out: &mut Output) -> anyhow::Result<Exit> {
    let handle = home.open().await?;
    let key = handle.find(&args.record).await?;
    let saved = handle.take_back(RecordKey { key: key.to_string() }).await?;
    wrote(&handle, &saved, out).await
}

/// Says what became of a new record.
pub async fn settle(home: &Home, args: args::Settle, out: &mut Output) -> anyhow::Result<Exit> {
    let handle = home.open().await?;
    let key = handle.find(&args.record).await?;
    let saved = handle.settle(Settle { key: key.to_string(), is: args.is }).await?;
    wrote(&handle, &saved, out).await
}
