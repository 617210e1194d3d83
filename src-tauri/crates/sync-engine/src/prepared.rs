//! A merge that is made once for as long as its record stays as it is.

use crate::judge::{merge_of, theirs_body};
use crate::{Body, Record, Rules, Timestamp};
use record_merge::Merge;
use std::sync::Arc;

/// The merge of a record, with everything it was made of.
///
/// A record with a thousand rows is merged in milliseconds, but a person decides row after row, and each decision asks
/// several times what the rows are. Handed to [`crate::step`] in its context it changes nothing in what is decided.
#[derive(Clone, Debug)]
pub struct Prepared {
    base: Option<Body>,
    mine: Option<Body>,
    theirs: Option<Body>,
    saved_at: Option<Timestamp>,
    rules: Rules,
    merge: Arc<Merge>,
}

impl Prepared {
    /// Merges a record as it stands.
    pub fn of(record: &Record, rules: &Rules) -> Self {
        let (base, mine, theirs) = versions(record);
        Self {
            base: base.cloned(),
            mine: mine.cloned(),
            theirs: theirs.cloned(),
            saved_at: saved_at(record),
            rules: rules.clone(),
            merge: Arc::new(merge_of(record, rules)),
        }
    }

    /// It is the merge of this record under these rules: everything [`merge_of`] reads is the same. Decisions are not
    /// among it.
    pub fn is_of(&self, record: &Record, rules: &Rules) -> bool {
        let kept = (self.base.as_ref(), self.mine.as_ref(), self.theirs.as_ref());
        kept == versions(record) && self.saved_at == saved_at(record) && self.rules == *rules
    }

    /// The merge.
    pub fn merge(&self) -> Arc<Merge> {
        Arc::clone(&self.merge)
    }
}

fn versions(record: &Record) -> (Option<&Body>, Option<&Body>, Option<&Body>) {
    let base = record.base.as_ref().map(|base| &base.body);
    (base, record.edit.as_ref().and_then(|edit| edit.change.body()), theirs_body(record))
}

fn saved_at(record: &Record) -> Option<Timestamp> {
    record.edit.as_ref().map(|edit| edit.saved_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Base, Change, Creates, Edit, LocalKey, SourceId, Theirs, TheirsSeen, Version};
    use record_merge::ArrayMode;

    fn edit(text: &str, saved_at: i64) -> Edit {
        Edit::untried(Change::Replace(Body::json(text.as_bytes().to_vec())), None, Timestamp(saved_at))
    }

    #[test]
    fn it_is_of_a_record_until_something_it_was_made_of_changes() {
        let body = |text: &str| Body::json(text.as_bytes().to_vec());
        let mut record = Record::new(LocalKey(1), SourceId(1), "tools", None);
        record.base = Some(Base { body: body("{}"), validator: None, seen_at: Timestamp(1) });
        record.edit = Some(edit(r#"{"a":1}"#, 2));
        let version = |text| Theirs::Present(Version { body: body(text), validator: None });
        record.theirs = Some(TheirsSeen { what: version(r#"{"a":2}"#), seen_at: Timestamp(3) });
        let rules = Rules::default();
        let prepared = Prepared::of(&record, &rules);
        assert!(prepared.is_of(&record, &rules));
        assert_eq!(prepared.merge().rows, merge_of(&record, &rules).rows);

        // When something was seen, and what waits, is none of the merge's business.
        let mut later = record.clone();
        later.theirs.as_mut().unwrap().seen_at = Timestamp(9);
        later.edit.as_mut().unwrap().attempts = 3;
        assert!(prepared.is_of(&later, &rules));

        type Change = fn(&mut Record, &mut Rules);
        let changes: [Change; 6] = [
            |r, _| r.base.as_mut().unwrap().body = Body::json(*br#"{"b":1}"#),
            |r, _| r.base = None,
            |r, _| r.edit = Some(edit(r#"{"a":3}"#, 2)),
            |r, _| r.edit.as_mut().unwrap().saved_at = Timestamp(8),
            |r, _| r.theirs.as_mut().unwrap().what = Theirs::Gone,
            |_, rules| drop(rules.merge.arrays.insert("a".to_owned(), ArrayMode::Set)),
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let (mut other, mut made) =
                (record.clone(), Rules { creates: Creates::OwnAddress, ..rules.clone() });
            change(&mut other, &mut made);
            assert!(!prepared.is_of(&other, &made), "{at}");
        }
    }
}
