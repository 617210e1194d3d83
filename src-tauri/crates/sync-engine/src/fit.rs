//! What was put together by itself has to fit: a merge that would break the schema is asked instead (merge.md M22).

use crate::{Body, Misfit, Rules};
use record_merge::json::Document;
use record_merge::{Format, Group, Merge, Merged, Path, RowKind, Token};

/// Opens the automatic rows whose outcome would not fit, with the reason. What the server's own version does not fit,
/// either, is none of the merge's doing.
pub(crate) fn open_misfits(merge: &mut Merge, theirs: Option<&Body>, rules: &Rules) {
    let (Some(shape), Some(theirs)) = (rules.shape.get(), theirs) else { return };
    let any = merge.rows.iter().any(|row| row.group == Group::Automatic && !row.path.is_root());
    if merge.format() != Format::Json || !any {
        return;
    }
    let Merged::Document(bytes) = merge.all_theirs() else { return };
    let result = Body::new(bytes, theirs.media_type.clone());
    let mut found = shape.misfits(&result);
    if found.is_empty() {
        return;
    }
    let known = shape.misfits(theirs);
    found.retain(|misfit| !known.contains(misfit));
    let Ok(document) = Document::parse(&result.bytes) else { return };
    let automatic: Vec<(usize, Vec<Path>)> = merge
        .rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.group == Group::Automatic && !row.path.is_root())
        .filter(|(_, row)| row.kind != RowKind::Reordered)
        .map(|(at, row)| {
            (at, std::iter::once(&row.path).chain(&row.with).map(|p| by_position(&document, p)).collect())
        })
        .collect();
    for Misfit { path, words } in found {
        let path = by_position(&document, &path);
        let touched = |place: &Path| place.starts_with(&path) || path.starts_with(place);
        for (at, _) in automatic.iter().filter(|(_, places)| places.iter().any(touched)) {
            if let Some(row) = merge.rows.get_mut(*at).filter(|row| row.reason.is_none()) {
                row.group = Group::Open;
                row.automatic = None;
                row.rule = None;
                row.please_look = false;
                row.reason = Some(format!("Put together by itself, it would not fit: it {words}."));
            }
        }
    }
}

/// A path with the positions of elements in this document instead of their identities.
fn by_position(document: &Document, path: &Path) -> Path {
    let mut at = Some(document.root());
    let step = |token: &Token| {
        let parent = at;
        at = at.and_then(|id| document.step(id, token));
        match (token, parent, at) {
            (Token::Identity(_), Some(parent), Some(id)) => {
                let position = document.children(parent).position(|child| child == id);
                position.map_or_else(|| token.clone(), Token::Index)
            }
            _ => token.clone(),
        }
    };
    Path(path.0.iter().map(step).collect())
}
