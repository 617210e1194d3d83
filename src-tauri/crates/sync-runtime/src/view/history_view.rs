//! The versions of a record.

use super::changes::{body_text, field_names};
use super::{FormInputs, ViewContext, form};
use ipc_types::{HistoryEntry, Millis, VersionView};
use sync_engine::Body;

/// One stored version.
#[derive(Clone, Copy, Debug)]
pub struct VersionInput<'a> {
    /// Its number, rising.
    pub version: u32,
    /// When.
    pub at: Millis,
    /// What happened, as in [`HistoryEntry`].
    pub what: &'a str,
    /// Who: "you", a person, or "server".
    pub by: &'a str,
    /// The body; `None` = a removal, or a line without a body.
    pub body: Option<&'a Body>,
    /// Version mark.
    pub validator: Option<&'a str>,
    /// Version mark of the version it was made from.
    pub from_validator: Option<&'a str>,
}

/// The history, each version with the names of the fields that differ from the one before that has a body. `versions`
/// is in the order of its numbers, and so is the answer.
pub fn history(ctx: &ViewContext<'_>, versions: &[VersionInput<'_>]) -> Vec<HistoryEntry> {
    let mut last: Option<&Body> = None;
    let mut out = Vec::new();
    for version in versions {
        let changed = match (last, version.body) {
            (Some(before), Some(after)) => field_names(ctx, Some(before), Some(after)),
            _ => Vec::new(),
        };
        last = version.body.or(last);
        out.push(entry(version, changed));
    }
    out
}

fn entry(version: &VersionInput<'_>, changed: Vec<String>) -> HistoryEntry {
    HistoryEntry {
        version: version.version,
        at: version.at,
        what: version.what.to_owned(),
        by: version.by.to_owned(),
        validator: version.validator.map(str::to_owned),
        from_validator: version.from_validator.map(str::to_owned),
        changed,
        restorable: version.body.is_some(),
    }
}

/// One version with its form, compared with the version now. `entry` is its line of [`history`].
pub fn version_view(
    ctx: &ViewContext<'_>,
    entry: HistoryEntry,
    body: Option<&Body>,
    now: Option<&Body>,
) -> VersionView {
    let inputs = FormInputs { body, before: now, ..FormInputs::default() };
    VersionView { entry, text: body.and_then(body_text).map(str::to_owned), form: form(ctx, &inputs) }
}
