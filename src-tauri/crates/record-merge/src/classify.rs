//! What a refused or unexplained write means, once the server's version is known (merge.md 1.9).

use crate::equal::equal;
use crate::model::{Format, Policy};

/// What is known after the look.
#[derive(Clone, Copy, Debug)]
pub struct Classify<'a> {
    /// How the bodies are read.
    pub format: Format,
    /// What is left out of comparison.
    pub policy: &'a Policy,
    /// The version the edit began from; `None` for a new record.
    pub base: Option<&'a [u8]>,
    /// What the person wants; `None` = deleted.
    pub mine: Option<&'a [u8]>,
    /// What the server has; `None` = gone, or never there.
    pub theirs: Option<&'a [u8]>,
    /// What was on the wire, if anything was: a body, or `Some(None)` for a delete.
    pub sent: Option<Option<&'a [u8]>>,
    /// The edit makes a new record.
    pub create: bool,
}

/// The kinds of 412.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Classified {
    /// The server has what we sent: our own write, its answer was lost.
    OwnWrite,
    /// The server has the base: nothing changed but the validator (for a new record: it is still not there).
    Touched,
    /// The server has what the person wants, though we did not send it.
    Same,
    /// Changed here and there.
    EditEdit,
    /// Changed here, deleted there.
    EditDelete,
    /// Deleted here, changed there.
    DeleteEdit,
    /// Made here and there.
    CreateCreate,
    /// Deleted here and there.
    BothDeleted,
}

/// Tells the kinds apart. Asked in this order: our own write, the same on both sides, nothing changed there, the rest.
pub fn classify(c: &Classify<'_>) -> Classified {
    let same = |a: Option<&[u8]>, b: Option<&[u8]>| match (a, b) {
        (Some(a), Some(b)) => equal(c.format, a, b, c.policy),
        (a, b) => a.is_none() && b.is_none(),
    };
    if c.sent.is_some_and(|sent| same(sent, c.theirs)) {
        return Classified::OwnWrite;
    }
    match (c.mine, c.theirs) {
        (None, None) => Classified::BothDeleted,
        (mine, theirs) if same(mine, theirs) => Classified::Same,
        (_, theirs) if same(c.base, theirs) => Classified::Touched,
        (Some(_), None) => Classified::EditDelete,
        (None, Some(_)) => Classified::DeleteEdit,
        (Some(_), Some(_)) if c.create || c.base.is_none() => Classified::CreateCreate,
        (Some(_), Some(_)) => Classified::EditEdit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Option<&[u8]> = Some(b"{\"n\":1.0}");
    const A_RESPELLED: Option<&[u8]> = Some(b"{ \"n\" : 1 }");
    const B: Option<&[u8]> = Some(b"{\"n\":2}");
    const C: Option<&[u8]> = Some(b"{\"n\":3}");

    #[test]
    fn each_kind_is_told_apart() {
        let cases = [
            (A, B, B, Some(B), false, Classified::OwnWrite),
            (A, B, A_RESPELLED, Some(A), false, Classified::OwnWrite),
            (A, None, None, Some(None), false, Classified::OwnWrite),
            (None, B, B, Some(B), true, Classified::OwnWrite),
            (A, C, B, Some(B), false, Classified::OwnWrite),
            (A, B, A_RESPELLED, Some(B), false, Classified::Touched),
            (A, None, A, Some(None), false, Classified::Touched),
            (None, B, None, Some(B), true, Classified::Touched),
            (A, B, B, None, false, Classified::Same),
            (A, C, C, Some(B), false, Classified::Same),
            (None, A, A_RESPELLED, None, true, Classified::Same),
            (A, B, C, Some(B), false, Classified::EditEdit),
            (A, B, None, Some(B), false, Classified::EditDelete),
            (A, None, B, Some(None), false, Classified::DeleteEdit),
            (A, None, None, None, false, Classified::BothDeleted),
            (None, B, C, Some(B), true, Classified::CreateCreate),
        ];
        for (base, mine, theirs, sent, create, expected) in cases {
            let policy = Policy::default();
            let c = Classify { format: Format::Json, policy: &policy, base, mine, theirs, sent, create };
            assert_eq!(classify(&c), expected, "{c:?}");
        }
    }

    #[test]
    fn server_kept_members_do_not_count() {
        let policy = Policy { server_kept: vec!["/last_modified".into(), "/id".into()], ..Policy::default() };
        let c = Classify {
            format: Format::Json,
            policy: &policy,
            base: Some(br#"{"n":1,"last_modified":5}"#),
            mine: Some(br#"{"n":2,"last_modified":5}"#),
            theirs: Some(br#"{"n":2,"last_modified":6,"id":"x"}"#),
            sent: Some(Some(br#"{"n":2}"#)),
            create: false,
        };
        assert_eq!(classify(&c), Classified::OwnWrite);
    }
}
