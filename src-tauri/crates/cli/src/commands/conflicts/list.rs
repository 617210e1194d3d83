//! `conflicts`: the records that need the person.

use super::Home;
use crate::exit::Exit;
use crate::output::Output;
use ipc_types::ConflictKind;
use serde::Serialize;
use sync_runtime::ConflictHead;

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
