//! Rows in lists, and rows of several fields: names, modes, who moved what (M8, M22).

use super::ViewContext;
use super::lookup::Lookup;
use super::place::Place;
use super::row_words::change;
use super::value::value;
use super::words::label;
use ipc_types::{EntryChange, ListMode, MergeList, RowEntry, Value, ValueType};
use record_merge::json::{Document, Kind, quote};
use record_merge::{ArrayMode, Notice, Path, ReviewedRow, Row, RowKind, Token};
use std::collections::BTreeSet;

/// The outermost list a row is in or is itself.
pub(crate) fn list_of(row: &Row, versions: &[&Lookup]) -> Option<Path> {
    let tokens = &row.path.0;
    let is_list = |path: &Path| {
        let at = |lookup: &&Lookup| lookup.at(path).map(|id| lookup.document().kind(id) == Kind::Array);
        versions.iter().find_map(at).unwrap_or(false)
    };
    let first = tokens.iter().position(|token| !matches!(token, Token::Member(_)));
    let end = match first {
        Some(at) => at,
        None if row.mode.is_some() || is_list(&row.path) => tokens.len(),
        None => return None,
    };
    Some(Path(tokens.get(..end)?.to_vec()))
}

/// What the sides did to the element that a row is about; `None` if it is about no whole element.
pub(crate) fn entry_of(row: &Row, before: &Value, theirs: &Value, mine: &Value) -> Option<RowEntry> {
    let whole = row.path.0.last().is_some_and(|token| !matches!(token, Token::Member(_)));
    whole.then(|| RowEntry { theirs: change(before, theirs), mine: change(before, mine) })
}

/// The name of a whole element, for the sentence about it.
pub(crate) fn entry_name<'a>(row: &Row, label: &'a str) -> Option<&'a str> {
    let whole = row.path.0.last().is_some_and(|token| matches!(token, Token::Identity(_)));
    whole.then_some(label)
}

/// What a row says besides, in sentences.
pub(crate) fn notices(ctx: &ViewContext<'_>, row: &Row, versions: &[&Lookup]) -> Vec<String> {
    let names = |entries: &[Token]| {
        let named = |token: &Token| place(ctx, &row.path.child(token.clone()), versions).label;
        let shown: Vec<String> = entries.iter().take(5).map(named).collect();
        let more = entries.len().saturating_sub(shown.len());
        let list = shown.join(", ");
        if more > 0 { format!("{list} and {more} more") } else { list }
    };
    let words = |notice: &Notice| match notice {
        Notice::Order => {
            "Both sides put the entries in another order; the server's order is used.".to_owned()
        }
        Notice::MovedByMe { entries } => format!("You moved {}.", names(entries)),
        Notice::MovedByServer { entries } => format!("The server moved {}.", names(entries)),
    };
    row.notices.iter().map(words).collect()
}

/// The lists that rows are in, in the order of the rows.
pub(crate) fn lists(ctx: &ViewContext<'_>, rows: &[ReviewedRow], versions: &[&Lookup]) -> Vec<MergeList> {
    let mut known = BTreeSet::new();
    let mut out = Vec::new();
    for row in rows.iter().map(|reviewed| &reviewed.row) {
        let Some(path) = list_of(row, versions) else { continue };
        let pointer = path.to_pointer();
        if known.insert(pointer.clone()) {
            let (mode, words) = mode(ctx, &path, rows);
            let label = place(ctx, &path, versions).full();
            out.push(MergeList { pointer, label, mode, words });
        }
    }
    out
}

/// How a list is put together: as a row of it says, else by how its elements are named.
fn mode(ctx: &ViewContext<'_>, path: &Path, rows: &[ReviewedRow]) -> (ListMode, String) {
    let own = rows.iter().map(|reviewed| &reviewed.row).find(|row| row.path.same(path) && row.mode.is_some());
    let by_key = |keys: &mut dyn Iterator<Item = &String>| {
        let items = ctx.schema.field(path).and_then(|field| field.items.as_deref());
        let named = |key: &String| {
            let title = items.and_then(|items| items.property(key)).and_then(|field| field.title.clone());
            title.unwrap_or_else(|| label(key)).to_lowercase()
        };
        let names: Vec<String> = keys.map(named).collect();
        (ListMode::Identity, format!("list, entries matched by {}", names.join(" and ")))
    };
    match own.and_then(|row| row.mode.as_ref()) {
        Some(ArrayMode::Identity(keys)) => by_key(&mut keys.iter()),
        Some(ArrayMode::Set) => (ListMode::Set, "list, each entry at most once".to_owned()),
        Some(ArrayMode::Atomic) => (ListMode::Atomic, "list, taken as a whole".to_owned()),
        Some(ArrayMode::Sequence) => (ListMode::Sequence, "list, entries by their place".to_owned()),
        None => {
            let element = |reviewed: &ReviewedRow| match reviewed.row.path.0.get(path.0.len()) {
                Some(Token::Identity(keys)) if reviewed.row.path.starts_with(path) => {
                    Some(keys.keys().cloned().collect::<Vec<_>>())
                }
                _ => None,
            };
            match rows.iter().find_map(element) {
                Some(keys) => by_key(&mut keys.iter()),
                None => (ListMode::Sequence, "list, entries by their place".to_owned()),
            }
        }
    }
}

/// A row that only says that entries were moved has the moves as its entry.
pub(crate) fn moved(row: &Row) -> Option<RowEntry> {
    if row.kind != RowKind::Reordered {
        return None;
    }
    let has = |by_me: bool| {
        row.notices.iter().any(|notice| match notice {
            Notice::Order => true,
            Notice::MovedByMe { .. } => by_me,
            Notice::MovedByServer { .. } => !by_me,
        })
    };
    let moved = |yes: bool| yes.then_some(EntryChange::Moved);
    Some(RowEntry { theirs: moved(has(false)), mine: moved(has(true)) })
}

/// An order of entries by their names; the row has it by the keys of the entries.
pub(crate) fn named_order(row: &Row, lexeme: Option<&str>, name: impl Fn(&Path) -> String) -> Value {
    let document = lexeme.and_then(|lexeme| Document::parse(lexeme.as_bytes()).ok());
    let (Some(ArrayMode::Identity(keys)), Some(document)) = (&row.mode, document) else {
        return value(lexeme);
    };
    // In the order in which an identity holds them.
    let keys: BTreeSet<&String> = keys.iter().collect();
    let entry = |id| {
        let values: Vec<String> = match keys.len() {
            1 => vec![document.text(id).to_owned()],
            _ => document.children(id).map(|part| document.text(part).to_owned()).collect(),
        };
        let own = keys.iter().map(|key| (*key).clone()).zip(values).collect();
        name(&row.path.child(Token::Identity(own)))
    };
    let names: Vec<String> = document.children(document.root()).map(entry).collect();
    let quoted: Vec<String> = names.iter().map(|name| quote(name)).collect();
    Value { r#type: ValueType::List, text: names.join(", "), json: format!("[{}]", quoted.join(",")) }
}

/// A place by name, in the format of the versions.
fn place(ctx: &ViewContext<'_>, path: &Path, versions: &[&Lookup]) -> Place {
    let format = versions.first().map_or(record_merge::Format::Json, |lookup| lookup.format());
    Place::in_format(format, path, ctx.schema, versions)
}
