//! `resolve`: the decisions are taken, and the result is queued or only shown.

use super::{Home, local_key, state_of, wrote};
use crate::args;
use crate::exit::{Exit, usage};
use crate::output::{Output, say};
use ipc_types::{Header, RequestPreview, Side};
use serde::{Serialize, Serializer};
use sync_runtime::{ConflictHead, Fault, SyncHandle};

/// The request that would be sent; headers as an object.
#[derive(Serialize)]
struct Request<'a> {
    method: Option<&'a str>,
    url: Option<&'a str>,
    #[serde(serialize_with = "as_object")]
    headers: &'a [Header],
    body: Option<&'a str>,
}

fn as_object<S: Serializer>(headers: &&[Header], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(headers.iter().map(|header| (&header.name, &header.value)))
}

/// Takes the decisions and queues the result.
pub async fn resolve(home: &Home, args: args::Resolve, out: &mut Output) -> anyhow::Result<Exit> {
    if args.ready {
        return resolve_ready(&home.open().await?, args.target.as_deref(), out).await;
    }
    let record = args.target.ok_or_else(|| usage("Name a record, or say --ready."))?;
    let all = args.all.map(|side| match side {
        args::Side::Theirs => Side::Theirs,
        args::Side::Mine => Side::Mine,
    });
    let handle = if args.dry_run { home.open_to_read().await? } else { home.open().await? };
    let key = handle.find(&record).await?;
    let head = handle.conflict_head(key).await?;
    let two = head.two_records && all.is_none();
    if args.dry_run {
        if let Some(seen) = &args.seen {
            handle.still_seen(key, seen).await?;
        }
        let request = if two { None } else { handle.dry_resolve(key, all).await? };
        return preview(request.as_ref(), two, out);
    }
    let wanted = ipc_types::Resolve { key: key.to_string(), seen: args.seen, all };
    let saved = if two { handle.keep_both(wanted).await } else { handle.resolve(wanted).await };
    let saved = saved.map_err(|fault| open_rows(fault, &head))?;
    wrote(&handle, &saved, out).await
}

/// A refusal because of open rows says how many there are, and what to do.
fn open_rows(fault: Fault, head: &ConflictHead) -> Fault {
    if fault.code() != ipc_types::ErrorCode::StillOpen {
        return fault;
    }
    let words = format!(
        "{} of its rows are open. Decide them (`matchbookctl conflict {}` lists them), or take one side with --all.",
        head.open, head.record
    );
    Fault::new(ipc_types::ErrorCode::StillOpen, words)
}

fn preview(request: Option<&RequestPreview>, two: bool, out: &mut Output) -> anyhow::Result<Exit> {
    if request.is_none() {
        say(match two {
            true => "two records: the server's stays as it is, and yours is sent as a new one",
            false => "nothing would be sent: the server's version is taken",
        });
    }
    if out.json() {
        out.object(&Request {
            method: request.map(|r| r.method.as_str()),
            url: request.map(|r| r.url.as_str()),
            headers: request.map(|r| r.headers.as_slice()).unwrap_or_default(),
            body: request.and_then(|r| r.body.as_deref()),
        })?;
    } else if let Some(request) = request {
        out.line(&format!("{} {}", request.method, request.url))?;
        for header in &request.headers {
            out.line(&format!("{}: {}", header.name, header.value))?;
        }
        out.line("")?;
        out.line(request.body.as_deref().unwrap_or_default())?;
    }
    Ok(Exit::Done)
}

async fn resolve_ready(handle: &SyncHandle, source: Option<&str>, out: &mut Output) -> anyhow::Result<Exit> {
    let ready = handle.resolve_ready_of(source).await?;
    for key in &ready.queued {
        state_of(handle, local_key(key)?, out).await?;
    }
    let mut exit = Exit::Done;
    for left in ready.left_out {
        let key = local_key(&left.key)?;
        let head = handle.conflict_head(key).await?;
        if head.two_records {
            let wanted = ipc_types::Resolve { key: left.key, seen: Some(head.seen), all: None };
            wrote(handle, &handle.keep_both(wanted).await?, out).await?;
        } else {
            say(&format!("{} is left: {}", head.record, left.words));
            exit = Exit::NeedsPerson;
        }
    }
    Ok(exit)
}
