//! Records changed in two places: list, rows, decisions, the result.

use super::{Home, local_key, state_of, wrote};
use crate::args;
use crate::exit::{Exit, usage};
use crate::output::{Output, say};
use ipc_types::{ConflictKind, Header, RequestPreview, Side};
use record_merge::{Choice, Group, Path};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use sync_runtime::{ConflictHead, ConflictRow, Fault, SyncHandle};

#[derive(Serialize)]
struct Head<'a> {
    record: &'a str,
    kind: ConflictKind,
    open: u32,
    automatic: u32,
    theirs_validator: Option<&'a str>,
}

/// Lists the records that need the person.
pub async fn list(home: &Home, out: &mut Output) -> anyhow::Result<Exit> {
    let Some(handle) = home.open_to_list().await? else { return Ok(Exit::Done) };
    let heads = handle.conflict_heads().await?;
    if !out.json() {
        let rows: Vec<_> = heads.iter().map(head_row).collect();
        out.table(&rows)?;
        return Ok(Exit::Done);
    }
    for head in &heads {
        out.object(&Head {
            record: &head.record,
            kind: head.kind,
            open: head.open,
            automatic: head.automatic,
            theirs_validator: head.theirs_validator.as_deref(),
        })?;
    }
    Ok(Exit::Done)
}

fn head_row(head: &ConflictHead) -> Vec<String> {
    let kind = match head.kind {
        ConflictKind::EditEdit => "both changed it",
        ConflictKind::EditDelete => "changed here, deleted there",
        ConflictKind::DeleteEdit => "deleted here, changed there",
        ConflictKind::CreateCreate => "made in both places",
    };
    let rows = format!("{} open, {} automatic", head.open, head.automatic);
    vec![head.record.clone(), kind.to_owned(), rows, head.title.clone()]
}

/// Values are JSON text; absent = not there.
#[derive(Serialize)]
struct Line<'a> {
    row: u32,
    path: Vec<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<u32>,
    group: Group,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    theirs: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mine: Option<&'a str>,
    decision: Option<Choice>,
    choices: Vec<Choice>,
    /// The other fields of a row of several; its values are objects of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    with: Vec<Vec<Box<RawValue>>>,
    /// The rule that put it together, or why it needs a choice.
    rule: &'a str,
    /// Words of both sides in one text, for `edit --value`.
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    please_look: bool,
}

/// Shows the rows of one record.
pub async fn rows(home: &Home, args: args::One, out: &mut Output) -> anyhow::Result<Exit> {
    let handle = home.open_to_read().await?;
    let key = handle.find(&args.record).await?;
    let head = handle.conflict_head(key).await?;
    let rows = handle.conflict_rows(key).await?;
    if !out.json() {
        for row in &rows {
            print(&head, row, out)?;
        }
        return Ok(Exit::Done);
    }
    for found in &rows {
        out.object(&Line {
            row: found.number,
            path: record_merge::batch::path_tokens(&found.row.path),
            part: found.row.part,
            group: found.row.group,
            kind: found.row.kind.table_name(),
            before: found.row.before.as_deref(),
            theirs: found.row.theirs.as_deref(),
            mine: found.row.mine.as_deref(),
            decision: decision(&head, found),
            choices: choices(head.kind, found),
            with: found.row.with.iter().map(record_merge::batch::path_tokens).collect(),
            rule: &found.rule,
            suggestion: found.row.suggestion.as_deref(),
            please_look: found.row.please_look,
        })?;
    }
    Ok(Exit::Done)
}

/// What is decided for a row; two records instead of one decide all that are open.
fn decision(head: &ConflictHead, row: &ConflictRow) -> Option<Choice> {
    let two = head.two_records && row.row.group == Group::Open;
    if two { Some(Choice::Both) } else { row.decision }
}

/// What `decide` takes for a row: "both" of records made in both places are two records (docs/command-line.md).
fn choices(kind: ConflictKind, row: &ConflictRow) -> Vec<Choice> {
    let mut choices = row.row.choices.clone();
    let whole = matches!(kind, ConflictKind::EditDelete | ConflictKind::DeleteEdit);
    // Where one side has no record, there is nothing to write into it.
    choices.retain(|choice| !(whole && row.row.path.is_root() && *choice == Choice::Edit));
    if kind == ConflictKind::CreateCreate && row.row.group == Group::Open && !choices.contains(&Choice::Both)
    {
        let at = choices.iter().position(|choice| *choice == Choice::Edit).unwrap_or(choices.len());
        choices.insert(at, Choice::Both);
    }
    choices
}

fn print(head: &ConflictHead, found: &ConflictRow, out: &mut Output) -> anyhow::Result<()> {
    let word = |choice: Choice| match choice {
        Choice::Theirs => "theirs",
        Choice::Mine => "mine",
        Choice::Both => "both",
        Choice::Edit => "edit",
        Choice::Later => "later",
    };
    let standing = match (decision(head, found), found.row.group, found.row.automatic) {
        (Some(choice), ..) => format!("decided: {}", word(choice)),
        (None, Group::Automatic, Some(choice)) => format!("automatic: {}", word(choice)),
        (None, ..) => {
            let offered: Vec<_> = choices(head.kind, found).into_iter().map(word).collect();
            format!("open: {}", offered.join(", "))
        }
    };
    let pointer = found.row.path.to_pointer();
    let place = if pointer.is_empty() { "(whole record)".to_owned() } else { pointer };
    let place = found.row.part.map_or(place.clone(), |part| format!("{place}, part {part}"));
    let with = found.row.with.iter().map(|path| format!(" + {}", path.to_pointer()));
    let place = with.fold(place, |place, other| place + &other);
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "(not there)".to_owned());
    out.table(&[
        vec![format!("{}  {place}", found.number), standing],
        vec!["   before".to_owned(), value(&found.row.before)],
        vec!["   theirs".to_owned(), value(&found.row.theirs)],
        vec!["   mine".to_owned(), value(&found.row.mine)],
        vec!["   rule".to_owned(), found.rule.clone()],
    ])?;
    if let Some(suggestion) = &found.row.suggestion {
        out.table(&[vec!["   words of both".to_owned(), suggestion.clone()]])?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Decided<'a> {
    record: &'a str,
    state: &'static str,
    open: u32,
}

/// Decides a row; kept at once.
pub async fn decide(home: &Home, args: args::Decide, out: &mut Output) -> anyhow::Result<Exit> {
    let edits = args.choice == args::Choice::Edit;
    if edits != (args.value.is_some() || args.remove) {
        return Err(usage("`edit` needs --value JSON (or --remove), and only `edit` takes them."));
    }
    let handle = home.open().await?;
    let key = handle.find(&args.record).await?;
    let head = handle.conflict_head(key).await?;
    let found = handle.conflict_rows(key).await?;
    let chosen = chosen(&args.row, &found)?;
    let whole = matches!(&args.row, args::Row::Pointer(pointer) if pointer.is_empty());
    let choice = choice(args.choice);
    let offered = |row: &&ConflictRow| row.row.choices.contains(&Choice::Both);
    let two = head.kind == ConflictKind::CreateCreate
        && choice == ipc_types::Choice::Both
        && (whole || !chosen.iter().all(offered));
    let rows: Vec<u32> = chosen.iter().map(|row| row.number).collect();
    if two || (head.two_records && rows.is_empty()) {
        handle.keep_two_records(key, two).await?;
    } else if rows.is_empty() {
        return Err(no_row(&args.row));
    } else {
        if head.two_records {
            handle.keep_two_records(key, false).await?;
        }
        let json = args.value;
        handle
            .decide(ipc_types::Decide {
                key: key.to_string(),
                rows,
                choice,
                json,
                ready: None,
                seen: head.seen,
            })
            .await?;
    }
    let head = handle.conflict_head(key).await?;
    if out.json() {
        out.object(&Decided {
            record: &head.record,
            state: sync_engine::State::NeedsYou.name(),
            open: head.open,
        })?;
    } else {
        out.line(&format!("{}  {} rows open", head.record, head.open))?;
    }
    Ok(Exit::Done)
}

/// The rows meant: one by number, all parts of one place by pointer.
fn chosen<'a>(row: &args::Row, found: &'a [ConflictRow]) -> anyhow::Result<Vec<&'a ConflictRow>> {
    match row {
        args::Row::Number(number) => {
            let one: Vec<_> = found.iter().filter(|row| row.number == *number).collect();
            if one.is_empty() { Err(no_row(row)) } else { Ok(one) }
        }
        args::Row::Pointer(pointer) => {
            let path = Path::from_pointer(pointer).map_err(|e| usage(e.to_string()))?;
            let there = |row: &&ConflictRow| row.row.path.same(&path);
            let open = found.iter().filter(there).any(|row| row.row.group == Group::Open);
            // A text has an automatic row for what fits, and open ones for its parts: those are what is asked for.
            Ok(found.iter().filter(there).filter(|row| !open || row.row.group == Group::Open).collect())
        }
    }
}

fn no_row(row: &args::Row) -> anyhow::Error {
    let name = match row {
        args::Row::Number(number) => format!("row {number}"),
        args::Row::Pointer(pointer) => format!("row at {pointer:?}"),
    };
    usage(format!("There is no {name}. `matchbookctl conflict RECORD` lists the rows."))
}

fn choice(choice: args::Choice) -> ipc_types::Choice {
    match choice {
        args::Choice::Theirs => ipc_types::Choice::Theirs,
        args::Choice::Mine => ipc_types::Choice::Mine,
        args::Choice::Both => ipc_types::Choice::Both,
        args::Choice::Edit => ipc_types::Choice::Edit,
        args::Choice::Later => ipc_types::Choice::Later,
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use record_merge::{Row, RowKind};

    fn row(number: u32, pointer: &str, group: Group, part: Option<u32>) -> ConflictRow {
        let row = Row {
            part,
            group,
            ..Row::open(Path::from_pointer(pointer).unwrap(), RowKind::EditedDifferently)
        };
        ConflictRow { number, row, decision: None, rule: String::new() }
    }

    #[test]
    fn rows_are_chosen_by_number_or_place() {
        let found = [
            row(1, "/a", Group::Open, None),
            row(2, "/note", Group::Automatic, None),
            row(3, "/note", Group::Open, Some(0)),
            row(4, "/note", Group::Open, Some(1)),
        ];
        let numbers = |row: &args::Row| {
            let rows = chosen(row, &found).map(|rows| rows.iter().map(|r| r.number).collect::<Vec<_>>());
            rows.unwrap_or_default()
        };
        let at = |pointer: &str| args::Row::Pointer(pointer.to_owned());
        assert_eq!(numbers(&args::Row::Number(2)), [2]);
        assert_eq!(numbers(&args::Row::Number(9)), [] as [u32; 0]);
        assert_eq!(numbers(&at("/a")), [1]);
        assert_eq!(numbers(&at("/note")), [3, 4]);
        assert_eq!(numbers(&at("/b")), [] as [u32; 0]);
    }

    #[test]
    fn what_may_be_chosen_depends_on_the_kind() {
        use Choice::{Both, Edit, Later, Mine, Theirs};
        for (kind, pointer, expected) in [
            (ConflictKind::EditEdit, "/a", vec![Theirs, Mine, Edit, Later]),
            (ConflictKind::CreateCreate, "/a", vec![Theirs, Mine, Both, Edit, Later]),
            (ConflictKind::DeleteEdit, "", vec![Theirs, Mine, Later]),
        ] {
            assert_eq!(choices(kind, &row(1, pointer, Group::Open, None)), expected, "{kind:?}");
        }
    }
}
