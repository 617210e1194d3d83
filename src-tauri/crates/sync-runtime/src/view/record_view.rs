//! One record, whole; its row in a list; news from the server.

use super::changes::{Compared, body_text};
use super::context::{address, best_body, theirs_body};
use super::file::file_value;
use super::place::Place;
use super::{FormInputs, ViewContext, ViewError, cells, field_names, form, merge_of};
use ipc_types::{
    Column, EditKind, News, RecordRow, RecordState, RecordView, RefusalKind, RefusalView, RefusedField, Twin,
};
use record_merge::{Format, Group, Path};
use sync_engine::{Body, Change, Grade, Record, Refusal, State, Theirs};

/// What a record's view needs besides the record.
#[derive(Clone, Debug, Default)]
pub struct RecordInput {
    /// Records on the server that may be this one, with their titles.
    pub twins: Vec<Twin>,
}

/// The state for the window.
pub fn state_of(state: State) -> RecordState {
    match state {
        State::Synced => RecordState::Synced,
        State::Edited => RecordState::Edited,
        State::Sending => RecordState::Sending,
        State::Uncertain => RecordState::Uncertain,
        State::Contested => RecordState::Contested,
        State::NeedsYou => RecordState::NeedsYou,
        State::Rejected => RecordState::Rejected,
    }
}

/// The kind of an edit for the window.
pub(crate) fn edit_kind(change: &Change) -> EditKind {
    match change {
        Change::Create(_) => EditKind::Create,
        Change::Replace(_) => EditKind::Change,
        Change::Delete => EditKind::Delete,
    }
}

/// One record.
///
/// # Errors
/// [`ViewError::State`] if its rows fit no state.
pub fn record_view(
    ctx: &ViewContext<'_>,
    record: &Record,
    input: RecordInput,
) -> Result<RecordView, ViewError> {
    let state = record.state(ctx.run)?;
    let edit = record.edit.as_ref();
    let base = record.base.as_ref();
    let shown = best_body(record);
    let open = open_places(ctx, record);
    let before = base.map(|base| &base.body).filter(|_| edit.is_some());
    let is_deleted = edit.is_some_and(|edit| matches!(edit.change, Change::Delete));
    let inputs = FormInputs { body: shown, before, refusal: record.refusal.as_ref(), open: &open };
    let read_only_why = read_only_why(ctx, shown, is_deleted);
    Ok(RecordView {
        key: record.key.to_string(),
        address: address(ctx.source, record),
        source: ctx.source.to_owned(),
        collection: record.collection.clone(),
        collection_title: ctx.collection_title.to_owned(),
        noun: ctx.schema.noun.clone(),
        id: record.id.as_ref().map(|id| id.0.clone()),
        title: ctx.title_of(record),
        state: state_of(state),
        held: edit.is_some_and(|edit| edit.held),
        edit: edit.map(|edit| edit_kind(&edit.change)),
        rev: u32::try_from(record.rev.0).unwrap_or(u32::MAX),
        form: form(ctx, &inputs),
        text: shown.and_then(body_text).map(str::to_owned),
        file: shown.filter(|body| body_text(body).is_none()).map(file_value),
        media_type: shown.map(|body| body.media_type.to_string()).unwrap_or_default(),
        validator: base.and_then(|base| base.validator.as_ref()).map(|v| v.as_str().to_owned()),
        synced_at: base.map(|base| base.seen_at.0),
        saved_at: edit.map(|edit| edit.saved_at.0),
        changed: if is_deleted { Vec::new() } else { changed(ctx, before, record) },
        editable: read_only_why.is_none(),
        read_only_why,
        refusal: record.refusal.as_ref().map(|refusal| refusal_view(ctx, refusal, shown)),
        news: news(ctx, record),
        twins: input.twins,
    })
}

fn changed(ctx: &ViewContext<'_>, before: Option<&Body>, record: &Record) -> Vec<String> {
    match record.edit.as_ref().and_then(|edit| edit.change.body()) {
        Some(body) => field_names(ctx, before, Some(body)),
        None => Vec::new(),
    }
}

/// Places of the rows that need a choice.
fn open_places(ctx: &ViewContext<'_>, record: &Record) -> Vec<Path> {
    let Ok(state) = merge_of(ctx, record) else { return Vec::new() };
    let open = state.reviewed.iter().filter(|row| row.standing.is_open());
    // A choice about the whole record is not one of each field.
    open.map(|row| row.row.path.clone()).filter(|path| !path.is_root()).collect()
}

fn read_only_why(ctx: &ViewContext<'_>, body: Option<&Body>, is_deleted: bool) -> Option<String> {
    let noun = &ctx.schema.noun;
    if is_deleted {
        return Some(format!("You deleted this {noun}. Take that back to edit it."));
    }
    if ctx.rules.grade == Grade::Unprotected && !ctx.rules.allow_unprotected {
        return Some(format!(
            "{} cannot protect what others write, so its records are read only. You can allow sending in its settings.",
            ctx.source
        ));
    }
    let text = body.and_then(body_text);
    text.is_none().then(|| format!("This {noun} is no text and cannot be edited here."))
}

/// The server's refusal, its fields named.
pub fn refusal_view(ctx: &ViewContext<'_>, refusal: &Refusal, body: Option<&Body>) -> RefusalView {
    let lookup = body.and_then(super::lookup::Lookup::of);
    let versions: Vec<&super::lookup::Lookup> = lookup.iter().collect();
    let name = |pointer: &str| match Path::from_pointer(pointer) {
        Ok(path) => Place::of(&path, ctx.schema, &versions).full(),
        Err(_) => pointer.to_owned(),
    };
    RefusalView {
        kind: match refusal.kind {
            sync_engine::RefusalKind::Content => RefusalKind::Content,
            sync_engine::RefusalKind::Permission => RefusalKind::Permission,
            sync_engine::RefusalKind::Protocol => RefusalKind::Protocol,
        },
        words: refusal.words.clone(),
        fields: refusal
            .pointers
            .iter()
            .map(|p| RefusedField {
                pointer: p.pointer.clone(),
                label: name(&p.pointer),
                words: p.words.clone(),
            })
            .collect(),
    }
}

/// What the server changed while the person's edit waits; `None` where there is nothing new, or the merge screen
/// tells it.
pub fn news(ctx: &ViewContext<'_>, record: &Record) -> Option<News> {
    let edit = record.edit.as_ref()?;
    let theirs = record.theirs.as_ref().filter(|_| record.conflict.is_none())?;
    let base = record.base.as_ref().map(|base| &base.body);
    let there = theirs_body(record);
    let news = |fields, overlap, both| News {
        fields,
        gone: theirs.what == Theirs::Gone,
        overlap,
        both,
        made_at: there.and_then(|body| super::context::made_exactly_at(body, ctx.schema)),
        who: ctx.who(there),
        seen_at: theirs.seen_at.0,
    };
    let Some(there) = there else {
        return Some(news(Vec::new(), !matches!(edit.change, Change::Delete), Vec::new()));
    };
    let by_server = Compared::new(ctx, base, Some(there));
    if by_server.paths.is_empty() {
        return None;
    }
    let mut fields: Vec<String> =
        by_server.paths.iter().map(|path| by_server.place(ctx, path).full()).collect();
    fields.dedup();
    // What the merge would ask, or wants looked at, is what both changed.
    let merge = sync_engine::merge_of(record, ctx.rules);
    let asked = merge.rows.iter().filter(|row| row.group == Group::Open || row.please_look);
    let mut both: Vec<String> = asked.clone().map(|row| by_server.place(ctx, &row.path).full()).collect();
    both.dedup();
    Some(news(fields, asked.count() > 0, both))
}

/// The record's row in a list.
///
/// # Errors
/// [`ViewError::State`] if its rows fit no state.
pub fn record_row(
    ctx: &ViewContext<'_>,
    record: &Record,
    columns: &[Column],
) -> Result<RecordRow, ViewError> {
    let edit = record.edit.as_ref();
    let body = best_body(record).filter(|body| body.format() == Format::Json);
    let at_server = || ctx.made_at(body).or(record.base.as_ref().map(|base| base.seen_at.0));
    Ok(RecordRow {
        key: record.key.to_string(),
        title: ctx.title_of(record),
        state: state_of(record.state(ctx.run)?),
        held: edit.is_some_and(|edit| edit.held),
        deleted: edit.is_some_and(|edit| matches!(edit.change, Change::Delete)),
        source: ctx.source.to_owned(),
        collection: ctx.collection_title.to_owned(),
        cells: cells(body, columns, ctx.schema),
        changed_at: edit.map(|edit| edit.saved_at.0).or_else(at_server).unwrap_or_default(),
    })
}
