//! "Needs you": records by the shape of what meets in them (M36, M37).

use super::context::theirs_body;
use super::merge_view::{clashing, count, kind_of, merge_of};
use super::value::value;
use super::{ViewContext, ViewError};
use ipc_types::{ConflictKind, NeedsYou, NeedsYouGroup, NeedsYouRecord};
use record_merge::{Group, ReviewedRow};
use std::collections::BTreeMap;
use sync_engine::Record;

/// One record, with the context of its collection.
#[derive(Clone, Copy, Debug)]
pub struct NeedsYouInput<'a> {
    /// Its context.
    pub context: &'a ViewContext<'a>,
    /// The record.
    pub record: &'a Record,
}

type Shape = (String, String, ConflictKind, Vec<String>);

/// Groups the records; those without a merge are left out. Larger groups first, then by name; records by title.
pub fn needs_you(records: &[NeedsYouInput<'_>]) -> NeedsYou {
    let mut shapes: BTreeMap<Shape, Vec<NeedsYouRecord>> = BTreeMap::new();
    for input in records {
        if let Ok((shape, record)) = one(input) {
            shapes.entry(shape).or_default().push(record);
        }
    }
    let mut groups: Vec<NeedsYouGroup> = shapes
        .into_iter()
        .map(|((source, collection, kind, fields), mut records)| {
            records.sort_by(|a, b| (&a.title, a.key.len(), &a.key).cmp(&(&b.title, b.key.len(), &b.key)));
            NeedsYouGroup { source, collection, kind, fields, records }
        })
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.records.len()));
    NeedsYou { total: count(groups.iter().map(|group| group.records.len()).sum()), groups }
}

fn one(input: &NeedsYouInput<'_>) -> Result<(Shape, NeedsYouRecord), ViewError> {
    let NeedsYouInput { context, record } = *input;
    let state = merge_of(context, record)?;
    // Where one side deleted the record, the kind says it all.
    let mut fields = if state.is_whole() { Vec::new() } else { clashing(context, &state) };
    fields.sort();
    fields.dedup();
    let in_group = |group| move |row: &&ReviewedRow| row.row.group == group;
    let open = || state.reviewed.iter().filter(in_group(Group::Open));
    let first = open().find(|row| row.standing.is_open()).or_else(|| open().next());
    // Whole records are too large for a list, and say nothing in it.
    let first = first.filter(|row| !row.row.path.is_root());
    let decided = open().filter(|row| !row.standing.is_open()).count();
    let entry = NeedsYouRecord {
        key: record.key.to_string(),
        title: context.title_of(record),
        open: count(state.reviewed.iter().filter(|row| row.standing.is_open()).count()),
        decided: count(decided),
        automatic: count(state.reviewed.iter().filter(in_group(Group::Automatic)).count()),
        who: context.who(theirs_body(record)),
        seen_at: state.theirs.seen_at.0,
        theirs: first.map(|row| value(row.row.theirs.as_deref())),
        mine: first.map(|row| value(row.row.mine.as_deref())),
    };
    let shape = (
        context.source.to_owned(),
        context.collection_title.to_owned(),
        kind_of(state.conflict.kind),
        fields,
    );
    Ok((shape, entry))
}
