//! The three lists before sending (M44).

use super::card::is_card;
use super::changes::{Compared, whole_change};
use super::lookup::Lookup;
use super::merge_state::{MergeState, merge_of};
use super::merge_view::unchanged_outside;
use super::place::{Place, Places};
use super::row_state::{ipc_choice, provenance};
use super::value::value;
use super::{ViewContext, ViewError, seen_of};
use ipc_types::{FieldChange, MergePreview, Provenance, RequestPreview, UnchangedField};
use record_merge::{Choice, Path, RowKind};
use std::collections::BTreeMap;
use sync_engine::{Body, Record};

/// What the merge would change on the server, take from it, and leave. `request` is the exact request, if something
/// will be sent.
///
/// # Errors
/// [`ViewError::StillOpen`] with the rows that need a choice; [`ViewError::NotInMerge`].
pub fn merge_preview(
    ctx: &ViewContext<'_>,
    record: &Record,
    request: Option<RequestPreview>,
) -> Result<MergePreview, ViewError> {
    merge_preview_of(ctx, &merge_of(ctx, record)?, request)
}

/// As [`merge_preview`], of a record that is merged already.
///
/// # Errors
/// [`ViewError::StillOpen`] with the rows that need a choice.
pub fn merge_preview_of(
    ctx: &ViewContext<'_>,
    state: &MergeState<'_>,
    request: Option<RequestPreview>,
) -> Result<MergePreview, ViewError> {
    let open = state.still_open();
    if !open.is_empty() {
        return Err(ViewError::StillOpen(open));
    }
    let seen = seen_of(state.record);
    let media_type = state.theirs_body().or(state.edit.change.body()).map(|body| body.media_type.clone());
    let result = state.result_so_far().map(|bytes| Body::new(bytes, media_type.unwrap_or_else(|| "".into())));
    let (change, take, same) = match (state.theirs_body(), &result) {
        (Some(theirs), Some(result)) => lists(ctx, state, theirs, result),
        _ => whole(state, result.as_ref()),
    };
    Ok(MergePreview { change, take, same, request, seen })
}

type Lists = (Vec<FieldChange>, Vec<FieldChange>, Vec<UnchangedField>);

/// Both the server and the result have the record.
fn lists(ctx: &ViewContext<'_>, state: &MergeState<'_>, theirs: &Body, result: &Body) -> Lists {
    if is_card(state.merge.format()) {
        return by_rows(ctx, state, result);
    }
    let mine = state.edit.change.body();
    let from = Sources::of(state);
    let sent = Compared::new(ctx, Some(theirs), Some(result));
    let change: Vec<FieldChange> = sent
        .paths
        .iter()
        .map(|path| {
            let change = sent.change(ctx, path, Some(theirs), Some(result));
            FieldChange { provenance: Some(from.at(path, Provenance::Mine)), ..change }
        })
        .collect();
    // What is sent differs from both sides where it is combined: that is listed once, above.
    let taken = match mine {
        Some(mine) => Compared::new(ctx, Some(mine), Some(result)),
        None => Compared { before: None, after: None, paths: vec![Path::root()] },
    };
    let sent_places = Places::new(&sent.paths);
    let take_paths = taken.paths.iter().filter(|path| !sent_places.touch(&path.to_pointer()));
    let take: Vec<FieldChange> = take_paths
        .map(|path| {
            let change = taken.change(ctx, path, mine, Some(result));
            FieldChange { provenance: Some(Provenance::Server), ..change }
        })
        .collect();
    let touched = Places::new(sent.paths.iter().chain(&taken.paths));
    let same = taken.after.as_ref().or(sent.after.as_ref()).map(|l| unchanged_outside(ctx, l, &touched));
    (change, take, same.unwrap_or_default())
}

/// Contacts and calendars, row by row: their entries have names only where all versions are compared at once.
fn by_rows(ctx: &ViewContext<'_>, state: &MergeState<'_>, result: &Body) -> Lists {
    let (mut change, mut take) = (Vec::new(), Vec::new());
    for reviewed in state.reviewed.iter().filter(|reviewed| reviewed.row.part.is_none()) {
        let row = &reviewed.row;
        let decision = reviewed.standing.acting();
        let Some(choice) = decision.map(|d| d.choice).or(row.automatic) else { continue };
        let own = decision.and_then(|d| d.value.clone());
        let sent = match choice {
            Choice::Theirs => row.theirs.clone(),
            Choice::Mine => row.mine.clone(),
            Choice::Both => own.or_else(|| state.merge.both(row).into_iter().next()),
            Choice::Edit | Choice::Later => own,
        };
        let label = Place::in_format(state.merge.format(), &row.path, ctx.schema, &[]).full();
        let from = |lexeme: &Option<String>| value(lexeme.as_deref());
        let to = value(sent.as_deref());
        let provenance = Some(provenance(row.kind, ipc_choice(choice)));
        if from(&row.theirs) != to {
            change.push(FieldChange { label, from: from(&row.theirs), to, provenance });
        } else if from(&row.mine) != to {
            take.push(FieldChange { label, from: from(&row.mine), to, provenance });
        }
    }
    let touched = Places::new(state.reviewed.iter().map(|reviewed| &reviewed.row.path));
    let same = Lookup::shown(result).map(|lookup| unchanged_outside(ctx, &lookup, &touched));
    (change, take, same.unwrap_or_default())
}

/// The record as a whole comes or goes.
fn whole(state: &MergeState<'_>, result: Option<&Body>) -> Lists {
    let mine = state.edit.change.body();
    let theirs = state.theirs_body();
    let copy =
        state.reviewed.first().and_then(|row| row.standing.acting()).map(|d| d.choice) == Some(Choice::Both);
    let with = |mut change: FieldChange, provenance| {
        change.provenance = Some(provenance);
        vec![change]
    };
    let none = Vec::new;
    match (theirs, result) {
        // Brought back, or written anew.
        (None, Some(result)) => {
            (with(whole_change(None, Some(result)), Provenance::Mine), none(), Vec::new())
        }
        // It stays deleted; the copy is a record of its own.
        (None, None) if copy => (
            with(whole_change(None, mine), Provenance::Mine),
            with(whole_change(mine, None), Provenance::Server),
            Vec::new(),
        ),
        (None, None) => (none(), with(whole_change(mine, None), Provenance::Server), Vec::new()),
        // Deleted anyway.
        (Some(theirs), None) => {
            (with(whole_change(Some(theirs), None), Provenance::Mine), none(), Vec::new())
        }
        (Some(_), Some(_)) => (none(), none(), Vec::new()),
    }
}

/// Where the values of the result come from, by row.
struct Sources(BTreeMap<String, Provenance>);

impl Sources {
    fn of(state: &MergeState<'_>) -> Self {
        // The row of a text with parts says "combined" for all of them.
        let rows = state
            .reviewed
            .iter()
            .filter(|row| row.row.kind != RowKind::AddedByBoth && row.row.part.is_none());
        let each = rows.filter_map(|row| {
            let choice = row.standing.acting().map(|d| d.choice).or(row.row.automatic)?;
            Some((row.row.path.to_pointer(), provenance(row.row.kind, ipc_choice(choice))))
        });
        Self(each.collect())
    }

    /// The source of a place: that of the row on it or around it; of several rows inside it, "combined" if they
    /// differ.
    fn of_pointer(&self, pointer: &str) -> Option<Provenance> {
        let outer = pointer.match_indices('/').rev().find_map(|(at, _)| self.0.get(pointer.get(..at)?));
        if let Some(found) = self.0.get(pointer).or(outer).or_else(|| self.0.get("")) {
            return Some(*found);
        }
        let inside = format!("{pointer}/");
        let mut below =
            self.0.range(inside.clone()..).take_while(|(p, _)| p.starts_with(&inside)).map(|(_, v)| *v);
        let first = below.next()?;
        Some(if below.all(|other| other == first) { first } else { Provenance::Combined })
    }

    fn at(&self, path: &Path, otherwise: Provenance) -> Provenance {
        self.of_pointer(&path.to_pointer()).unwrap_or(otherwise)
    }
}
