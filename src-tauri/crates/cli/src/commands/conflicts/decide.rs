//! `decide`: what is to become of a row.

use super::Home;
use crate::args;
use crate::exit::{Exit, usage};
use crate::output::Output;
use ipc_types::ConflictKind;
use record_merge::{Choice, Group, Path};
use serde::Serialize;
use sync_runtime::ConflictRow;

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

#[cfg(test)]
mod tests {
    use super::super::row;
    use super::*;

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
}
