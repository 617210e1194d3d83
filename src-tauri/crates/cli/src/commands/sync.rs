//! `sync`: one full round.

use super::Home;
use crate::args;
use crate::exit::{self, Exit};
use crate::output::{Output, printable, say};
use serde::Serialize;
use sync_runtime::{RoundReport, RoundRequest};

#[derive(Serialize)]
struct Round<'a> {
    source: &'a str,
    pulled: Pulled,
    pushed: Pushed,
    needs_you: u32,
    requests: u32,
    seconds: f64,
}

#[derive(Serialize)]
struct Pulled {
    new: u32,
    changed: u32,
    deleted: u32,
    unchanged: u32,
}

#[derive(Serialize)]
struct Pushed {
    applied: u32,
    merged: u32,
    rejected: u32,
    uncertain: u32,
}

/// Reads and sends, source by source: trouble with one does not stop the others.
pub async fn sync(home: &Home, args: args::Sync, out: &mut Output) -> anyhow::Result<Exit> {
    let handle = home.open().await?;
    let names = match args.name {
        Some(name) => vec![name],
        None => handle.sources().await?.into_iter().map(|source| source.name).collect(),
    };
    let mut exit = Exit::Done;
    for name in names {
        let request = RoundRequest { source: Some(name), pull: !args.push, push: !args.pull };
        match handle.round(request).await {
            Ok(reports) => {
                for report in &reports {
                    print(report, out)?;
                    exit = exit.worse(ended(report));
                }
            }
            Err(fault) => {
                let error = anyhow::Error::new(fault);
                say(&exit::words(&error));
                let of = Exit::of(&error);
                exit = exit.worse(if of == Exit::Usage { Exit::Error } else { of });
            }
        }
        out.flush()?;
    }
    handle.stop().await;
    Ok(exit)
}

/// How a round ended, as the contract orders it.
fn ended(report: &RoundReport) -> Exit {
    let name = printable(&report.source);
    let mut exit = Exit::Done;
    if report.attention {
        exit = exit.worse(Exit::NeedsPerson);
    }
    let why = report.why.as_deref();
    if report.unreachable {
        let words = why.map_or_else(|| format!("{name} cannot be reached."), printable);
        say(&format!("{words} Everything is kept here; sync again later."));
        exit = exit.worse(Exit::Offline);
    } else if report.sign_in {
        let words = why.map_or_else(|| format!("{name} asks you to sign in."), printable);
        say(&format!(
            "{words} Give the password or token with `matchbookctl source set {name} --secret-stdin`."
        ));
        exit = exit.worse(Exit::SignIn);
    } else if let Some(words) = why {
        say(&printable(words));
    }
    if let Some(words) = &report.failed {
        say(&format!("{name}: {words}"));
        exit = exit.worse(Exit::Error);
    }
    exit
}

fn print(report: &RoundReport, out: &mut Output) -> anyhow::Result<()> {
    let [new, changed, deleted, unchanged] = report.pulled;
    let [applied, merged, rejected, uncertain] = report.pushed;
    if out.json() {
        return out.object(&Round {
            source: &report.source,
            pulled: Pulled { new, changed, deleted, unchanged },
            pushed: Pushed { applied, merged, rejected, uncertain },
            needs_you: report.needs_you,
            requests: report.requests,
            seconds: (report.seconds * 1000.0).round() / 1000.0,
        });
    }
    let name = printable(&report.source);
    out.line(&format!(
        "{name}: read {new} new, {changed} changed, {deleted} deleted, {unchanged} unchanged"
    ))?;
    out.line(&format!("{name}: sent {applied}, merged {merged}, refused {rejected}, not known {uncertain}"))?;
    if report.needs_you > 0 {
        out.line(&format!(
            "{name}: records that need you: {} (see `matchbookctl conflicts`)",
            report.needs_you
        ))?;
    } else if report.attention {
        out.line(&format!(
            "{name}: something needs you (see `matchbookctl outbox` and `matchbookctl source list`)"
        ))?;
    }
    out.line(&format!("{name}: {} requests in {:.1} s", report.requests, report.seconds))
}
