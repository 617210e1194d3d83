//! Comparing the versions of a record: the engine's only door to `record-merge`.

use crate::fit::open_misfits;
use crate::{Body, ConflictKind, Record, Rules, Theirs};
use record_merge::{Classified, Classify, Format, Inputs, Merge, classify, equal};

/// The three-way merge of a record as it stands. Where the versions cannot be taken apart (broken JSON, too deep)
/// the whole record is one row; what would not fit its collection is asked.
pub fn merge_of(record: &Record, rules: &Rules) -> Merge {
    let mine = record.edit.as_ref().and_then(|e| e.change.body());
    let theirs = theirs_body(record);
    let made_at = theirs.and_then(|body| rules.shape.get()?.made_at(body));
    let inputs = Inputs::new(
        record.base.as_ref().map(|b| &*b.body.bytes),
        mine.map(|b| &*b.bytes),
        theirs.map(|b| &*b.bytes),
    )
    .made_at(record.edit.as_ref().map(|e| e.saved_at.0), made_at);
    let mut merge = record_merge::merge(format_of(record), inputs, &rules.merge)
        .unwrap_or_else(|_| record_merge::merge_whole(inputs, &rules.merge));
    open_misfits(&mut merge, theirs, rules);
    merge
}

pub(crate) fn theirs_body(record: &Record) -> Option<&Body> {
    match record.theirs.as_ref().map(|t| &t.what) {
        Some(Theirs::Present(v)) => Some(&v.body),
        _ => None,
    }
}

pub(crate) fn format_of(record: &Record) -> Format {
    let mine = record.edit.as_ref().and_then(|e| e.change.body());
    let any = mine.or_else(|| theirs_body(record)).or_else(|| record.base.as_ref().map(|b| &b.body));
    any.map_or(Format::Binary, Body::format)
}

/// Equal in content: same bytes, or the same value but for what the server keeps by itself.
pub(crate) fn same(a: &Body, b: &Body, rules: &Rules) -> bool {
    a.bytes == b.bytes || equal(a.format(), &a.bytes, &b.bytes, &rules.merge)
}

pub(crate) enum Verdict {
    /// Nothing is left to send: the server has it.
    Done,
    /// The server's content is the base's: only the validator moved.
    Touched,
    /// Both are gone.
    BothGone,
    /// A difference.
    Differs(ConflictKind),
}

/// Tells what a difference between `record.edit` and `record.theirs` is (merge.md 1.9).
pub(crate) fn verdict(record: &Record, rules: &Rules) -> Verdict {
    let answer = classify(&Classify {
        format: format_of(record),
        policy: &rules.merge,
        base: record.base.as_ref().map(|b| &*b.body.bytes),
        mine: record.edit.as_ref().and_then(|e| e.change.body()).map(|b| &*b.bytes),
        theirs: theirs_body(record).map(|b| &*b.bytes),
        sent: None,
        create: record.base.is_none(),
    });
    match answer {
        Classified::OwnWrite | Classified::Same => Verdict::Done,
        Classified::Touched => Verdict::Touched,
        Classified::BothDeleted => Verdict::BothGone,
        Classified::EditEdit => Verdict::Differs(ConflictKind::EditEdit),
        Classified::EditDelete => Verdict::Differs(ConflictKind::EditDelete),
        Classified::DeleteEdit => Verdict::Differs(ConflictKind::DeleteEdit),
        Classified::CreateCreate => Verdict::Differs(ConflictKind::CreateCreate),
    }
}

/// Every leaf changed from `base` to `sent` is in `fetched` (sync.md section 2, "applied, not confirmed").
pub(crate) fn arrived(base: Option<&Body>, sent: &Body, fetched: &Body, rules: &Rules) -> bool {
    same(sent, fetched, rules)
        || record_merge::changed_leaves_present(
            sent.format(),
            base.map(|b| &*b.bytes),
            &sent.bytes,
            &fetched.bytes,
            &rules.merge,
        )
}

/// The base with every node at which theirs holds what we sent replaced by it: there, what we sent is the base
/// (sync.md 2.1), so that our own earlier write is never taken for somebody else's.
pub(crate) fn base_with_sent(base: &Body, sent: &Body, theirs: &Body, rules: &Rules) -> Body {
    let format = base.format();
    let bytes = record_merge::base_with_sent(format, &base.bytes, &sent.bytes, &theirs.bytes, &rules.merge);
    Body::new(bytes, base.media_type.clone())
}
