//! `conflict`: the rows of one record.

use super::Home;
use crate::args;
use crate::exit::Exit;
use crate::output::Output;
use ipc_types::ConflictKind;
use record_merge::{Choice, Group};
use serde::Serialize;
use serde_json::value::RawValue;
use sync_runtime::{ConflictHead, ConflictRow};

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

#[cfg(test)]
mod tests {
    use super::super::row;
    use super::*;

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
