//! `records` and `show`.

use super::{GONE, Home};
use crate::args;
use crate::exit::Exit;
use crate::output::{Output, say};
use base64::Engine as _;
use serde::Serialize;
use std::io::IsTerminal;
use sync_engine::State;
use sync_runtime::{ListRequest, ListedRecord, VersionBytes, Which};
use tokio::sync::mpsc;

#[derive(Serialize)]
struct Listed<'a> {
    record: &'a str,
    title: &'a str,
    state: &'static str,
    validator: Option<&'a str>,
}

/// Lists records, page by page: a reader of a long list need not wait, and no list is too long.
pub async fn records(home: &Home, args: args::Records, out: &mut Output) -> anyhow::Result<Exit> {
    let Some(handle) = home.open_to_list().await? else { return Ok(Exit::Done) };
    let (sender, mut pages) = mpsc::channel(2);
    let request = ListRequest {
        source: args.source,
        collection: args.collection,
        text: args.query,
        state: args.state.map(state),
        limit: args.limit,
    };
    let listing = tokio::spawn(async move { handle.list_records(request, sender).await });
    while let Some(page) = pages.recv().await {
        print(&page, out)?;
        if out.closed() {
            break;
        }
    }
    // Tells the listing that nobody waits for more.
    drop(pages);
    listing.await??;
    Ok(Exit::Done)
}

fn print(page: &[ListedRecord], out: &mut Output) -> anyhow::Result<()> {
    if !out.json() {
        let rows: Vec<_> = page
            .iter()
            .map(|found| vec![found.state.name().to_owned(), found.record.clone(), found.title.clone()])
            .collect();
        return out.table(&rows);
    }
    for found in page {
        out.object(&Listed {
            record: &found.record,
            title: &found.title,
            state: found.state.name(),
            validator: found.validator.as_deref(),
        })?;
    }
    Ok(())
}

fn state(state: args::State) -> State {
    match state {
        args::State::Synced => State::Synced,
        args::State::Edited => State::Edited,
        args::State::Sending => State::Sending,
        args::State::Uncertain => State::Uncertain,
        args::State::Contested => State::Contested,
        args::State::NeedsYou => State::NeedsYou,
        args::State::Rejected => State::Rejected,
    }
}

/// A version's name: a word, or the number of the history.
#[derive(Serialize)]
#[serde(untagged)]
enum Label {
    Word(&'static str),
    Number(u32),
}

#[derive(Serialize)]
struct Shown<'a> {
    record: &'a str,
    state: &'static str,
    version: Label,
    validator: Option<&'a str>,
    media_type: Option<&'a str>,
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

/// Prints the bytes of a record.
pub async fn show(home: &Home, args: args::Show, out: &mut Output) -> anyhow::Result<Exit> {
    let handle = home.open_to_read().await?;
    let key = handle.find(&args.record).await?;
    let (which, version) = match args.version {
        args::Version::Current => (Which::Current, Label::Word("current")),
        args::Version::Base => (Which::Base, Label::Word("base")),
        args::Version::Mine => (Which::Mine, Label::Word("mine")),
        args::Version::Theirs => (Which::Theirs, Label::Word("theirs")),
        args::Version::Number(number) => (Which::Number(number), Label::Number(number)),
    };
    let found = handle.version_bytes(key, which).await?;
    if out.json() {
        out.object(&shown(&found, version))?;
    } else {
        match &found.body {
            // Exactly the bytes, so that they can be kept in a file; on a screen the prompt begins on a new line.
            Some(body) if std::io::stdout().is_terminal() => {
                out.line(&String::from_utf8_lossy(&body.bytes))?
            }
            Some(body) => out.bytes(&body.bytes)?,
            None => say("this version is a removal: there is nothing to show"),
        }
    }
    Ok(Exit::Done)
}

fn shown(found: &VersionBytes, version: Label) -> Shown<'_> {
    let (body, encoding) = match found.body.as_ref().map(|body| &body.bytes) {
        None => (None, None),
        Some(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => (Some(text.to_owned()), None),
            Err(_) => (Some(base64::engine::general_purpose::STANDARD.encode(bytes)), Some("base64")),
        },
    };
    Shown {
        record: &found.record,
        state: found.state.map_or(GONE, |state| state.name()),
        version,
        validator: found.validator.as_deref(),
        media_type: found.body.as_ref().map(|body| &*body.media_type),
        body,
        encoding,
    }
}
