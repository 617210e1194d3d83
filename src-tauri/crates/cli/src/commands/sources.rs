//! `source` and `check`.

use super::{Home, file, secret};
use crate::args::{self, Answer, Policy, Source};
use crate::exit::{Exit, usage};
use crate::output::Output;
use ipc_types::{
    AddSource, CheckReport, CheckUp, ErrorCode, Grade, Header, MergePolicy, RemoveSource, SetSource,
    SourceView,
};
use serde::Serialize;
use serde_json::value::RawValue;
use sync_runtime::{Fault, Options, SyncHandle, rfc3339};

/// `source ...`.
pub async fn source(home: &Home, args: Source, out: &mut Output) -> anyhow::Result<Exit> {
    match args {
        Source::Add(args) => add(home, args, out).await,
        Source::List => list(home, out).await,
        Source::Families => families(home, out).await,
        Source::Set(args) => set(home, args, out).await,
        Source::Remove(args) => remove(home, args, out).await,
    }
}

#[derive(Serialize)]
struct Added<'a> {
    source: &'a str,
    family: &'a str,
    collections: Vec<&'a str>,
    grade: Grade,
}

async fn add(home: &Home, args: args::Add, out: &mut Output) -> anyhow::Result<Exit> {
    let wanted = to_add(args.name, args.url, args.family, args.reach)?;
    let handle = home.open().await?;
    let added = handle.add_source(wanted).await?;
    let collections: Vec<&str> = added.collections.iter().map(|c| c.name.as_str()).collect();
    if out.json() {
        out.object(&Added { source: &added.name, family: &added.family, collections, grade: added.grade })?;
    } else {
        let names = collections.join(", ");
        out.line(&format!("{} added with {} collections: {names}", added.name, collections.len()))?;
        out.line("Read it with `matchbookctl sync`.")?;
    }
    Ok(Exit::Done)
}

fn to_add(name: String, url: String, family: String, reach: args::Reach) -> anyhow::Result<AddSource> {
    let profile = match reach.profile.as_deref() {
        None => None,
        Some(path) => Some(
            String::from_utf8(file(path)?)
                .map_err(|_| usage(format!("{} is not UTF-8. A profile is a TOML file.", path.display())))?,
        ),
    };
    Ok(AddSource {
        name,
        url,
        family,
        collections: reach.collections,
        user: reach.user,
        secret: secret::given(reach.secret_stdin)?,
        profile,
        headers: reach.headers.into_iter().map(|(name, value)| Header { name, value }).collect(),
    })
}

#[derive(Serialize)]
struct Listed<'a> {
    source: &'a str,
    family: &'a str,
    url: &'a str,
    user: Option<&'a str>,
    grade: Grade,
    policy: MergePolicy,
    allow_unprotected: bool,
    paused: Option<&'a str>,
    synced_at: Option<String>,
    collections: Vec<Collection<'a>>,
}

#[derive(Serialize)]
struct Collection<'a> {
    collection: &'a str,
    title: &'a str,
    records: u32,
    grade: Grade,
    asks: bool,
}

async fn list(home: &Home, out: &mut Output) -> anyhow::Result<Exit> {
    let Some(handle) = home.open_to_list().await? else { return Ok(Exit::Done) };
    for source in handle.sources().await? {
        print(&source, out)?;
    }
    Ok(Exit::Done)
}

fn print(source: &SourceView, out: &mut Output) -> anyhow::Result<()> {
    if out.json() {
        return out.object(&listed(source));
    }
    let grade = grade_words(source.grade);
    let policy = match source.policy {
        MergePolicy::Review => "shows every merge first",
        MergePolicy::Auto => "sends merges without a clash by itself",
    };
    out.table(&[vec![
        format!("{} ({}, {})", source.name, source.family, source.url),
        format!("{grade}; {policy}"),
    ]])?;
    if let Some(words) = &source.paused_words {
        out.line(&format!("  {words}"))?;
    }
    let rows: Vec<_> = source
        .collections
        .iter()
        .map(|c| {
            let asks = c.guard.as_ref().map_or(String::new(), |guard| {
                format!("asks: the server lists {} records, {} are kept here", guard.listed, guard.kept)
            });
            vec![
                format!("  {}", c.name),
                format!("{} records", c.count),
                grade_words(c.grade).to_owned(),
                asks,
            ]
        })
        .collect();
    out.table(&rows)
}

fn listed(source: &SourceView) -> Listed<'_> {
    Listed {
        source: &source.name,
        family: &source.family,
        url: &source.url,
        user: source.user.as_deref(),
        grade: source.grade,
        policy: source.policy,
        allow_unprotected: source.allow_unprotected,
        paused: source.paused.as_deref(),
        synced_at: source.synced_at.map(rfc3339),
        collections: source
            .collections
            .iter()
            .map(|c| Collection {
                collection: &c.name,
                title: &c.title,
                records: c.count,
                grade: c.grade,
                asks: c.guard.is_some(),
            })
            .collect(),
    }
}

fn grade_words(grade: Grade) -> &'static str {
    match grade {
        Grade::NotChecked => "not checked yet",
        Grade::Unknown => "could not be checked",
        Grade::Protected => "protected",
        Grade::Partly => "protected, with care",
        Grade::Unprotected => "unprotected",
    }
}

#[derive(Serialize)]
struct FamilyLine {
    family: String,
    title: String,
    hint: String,
}

async fn families(home: &Home, out: &mut Output) -> anyhow::Result<Exit> {
    let families = lookout(home).await?.handle.families().await?;
    if !out.json() {
        let rows: Vec<_> = families.into_iter().map(|f| vec![f.name, f.title, f.hint]).collect();
        out.table(&rows)?;
        return Ok(Exit::Done);
    }
    for f in families {
        out.object(&FamilyLine { family: f.name, title: f.title, hint: f.hint })?;
    }
    Ok(Exit::Done)
}

async fn set(home: &Home, args: args::Set, out: &mut Output) -> anyhow::Result<Exit> {
    let wanted = SetSource {
        name: args.name,
        policy: args.policy.map(|policy| match policy {
            Policy::Review => MergePolicy::Review,
            Policy::Auto => MergePolicy::Auto,
        }),
        allow_unprotected: args.allow_unprotected.map(|answer| answer == Answer::Yes),
        user: args.user,
        secret: secret::given(args.secret_stdin)?,
    };
    let handle = home.open().await?;
    let source = handle.set_source(wanted).await?;
    print(&source, out)?;
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Removed<'a> {
    source: &'a str,
    removed: bool,
}

async fn remove(home: &Home, args: args::Remove, out: &mut Output) -> anyhow::Result<Exit> {
    let handle = home.open().await?;
    let wanted = RemoveSource { name: args.name.clone(), discard_unsent: args.discard_unsent };
    match handle.remove_source(wanted).await {
        Ok(()) => {}
        Err(fault) if fault.code() == ErrorCode::WouldLose => {
            let words = format!("{} To lose them, say --discard-unsent.", fault.0.words);
            return Err(Fault::new(ErrorCode::WouldLose, words).into());
        }
        Err(fault) => return Err(fault.into()),
    }
    if out.json() {
        out.object(&Removed { source: &args.name, removed: true })?;
    } else {
        out.line(&format!("{} removed", args.name))?;
    }
    Ok(Exit::Done)
}

/// The engine for what needs no data.
struct Lookout {
    handle: SyncHandle,
    /// Goes with it, after it.
    _folder: Option<tempfile::TempDir>,
}

/// On the folder of the person if there is one, else on one that is removed again.
async fn lookout(home: &Home) -> anyhow::Result<Lookout> {
    if let Some(handle) = home.open_to_list().await? {
        return Ok(Lookout { handle, _folder: None });
    }
    let folder = tempfile::Builder::new().prefix("matchbookctl-").tempdir()?;
    let handle = SyncHandle::open(Options::window(folder.path())).await?;
    Ok(Lookout { handle, _folder: Some(folder) })
}

#[derive(Serialize)]
struct Test<'a> {
    test: &'a str,
    result: &'static str,
    detail: &'a str,
    collection: &'a str,
}

#[derive(Serialize)]
struct Verdict<'a> {
    grade: Grade,
    profile: &'a RawValue,
    collections: Vec<Checked<'a>>,
}

#[derive(Serialize)]
struct Checked<'a> {
    collection: &'a str,
    grade: Grade,
    profile: &'a RawValue,
}

/// The check-up of a source, or of an address that is not one yet.
pub async fn check(home: &Home, args: args::Check, out: &mut Output) -> anyhow::Result<Exit> {
    let reports = if args.target.contains("://") {
        let family = args.family.unwrap_or_else(|| "rest".to_owned());
        let mut wanted = to_add("check".to_owned(), args.target, family, args.reach)?;
        wanted.secret = wanted.secret.or_else(secret::from_environment);
        lookout(home).await?.handle.check_address(wanted).await?
    } else {
        let reach = &args.reach;
        if args.family.is_some() || reach.user.is_some() || reach.secret_stdin || reach.profile.is_some() {
            return Err(usage(format!(
                "{} is no address (http://...), and a source brings its own settings. Leave the other options out.",
                args.target
            )));
        }
        let handle = home.open().await?;
        check_source(&handle, args.target, args.reach.collections).await?
    };
    if out.json() {
        verdict(&reports, out)?
    } else {
        report(&reports, out)?
    }
    Ok(Exit::Done)
}

async fn check_source(
    handle: &SyncHandle,
    source: String,
    collections: Vec<String>,
) -> Result<Vec<CheckReport>, Fault> {
    if collections.is_empty() {
        return handle.check_up(CheckUp { source, collection: None }).await;
    }
    let mut reports = Vec::new();
    for collection in collections {
        let one = CheckUp { source: source.clone(), collection: Some(collection) };
        reports.extend(handle.check_up(one).await?);
    }
    Ok(reports)
}

/// The word of the contract: what needs care of Matchbook's own failed the test as such.
fn result(found: &str) -> &'static str {
    match found {
        "pass" => "pass",
        "fail" | "care" => "fail",
        _ => "unknown",
    }
}

/// From safe to unsafe.
fn rank(grade: Grade) -> u8 {
    match grade {
        Grade::Protected => 0,
        Grade::Partly => 1,
        Grade::NotChecked => 2,
        Grade::Unknown => 3,
        Grade::Unprotected => 4,
    }
}

fn verdict(reports: &[CheckReport], out: &mut Output) -> anyhow::Result<()> {
    for report in reports {
        for test in &report.tests {
            out.object(&Test {
                test: &test.test,
                result: result(&test.result),
                detail: &test.detail,
                collection: &report.collection,
            })?;
        }
    }
    let mut checked = Vec::with_capacity(reports.len());
    for report in reports {
        let profile: &RawValue = serde_json::from_str(&report.profile)?;
        checked.push(Checked { collection: &report.collection, grade: report.grade, profile });
    }
    let worst = checked.iter().max_by_key(|c| rank(c.grade));
    let worst = worst.ok_or_else(|| Fault::new(ErrorCode::NotFound, "There is no collection to check."))?;
    let (grade, profile) = (worst.grade, worst.profile);
    out.object(&Verdict { grade, profile, collections: checked })
}

fn report(reports: &[CheckReport], out: &mut Output) -> anyhow::Result<()> {
    for report in reports {
        out.line(&format!("{}: {}", report.collection, grade_words(report.grade)))?;
        let rows: Vec<_> = report
            .tests
            .iter()
            .map(|test| vec![format!("  {}", test.result), test.title.clone(), test.detail.clone()])
            .collect();
        out.table(&rows)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn care_is_a_failed_test() {
        for (found, word) in
            [("pass", "pass"), ("fail", "fail"), ("care", "fail"), ("unknown", "unknown"), ("", "unknown")]
        {
            assert_eq!(result(found), word);
        }
    }
}
