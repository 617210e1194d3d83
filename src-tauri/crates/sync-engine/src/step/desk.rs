//! The record on the desk: moves that several events share.

use crate::judge::{Verdict, merge_of, same, verdict};
use crate::{
    Base, Body, Change, Conflict, ConflictKind, Context, Edit, Effect, HistoryEntry, MergeNote, MergePolicy,
    Note, Record, Refusal, RefusalKind, RowNumber, Step, StepError, Theirs, TheirsSeen, Timestamp, Validator,
    Version, WaitReason, What,
};
use record_merge::{Group, Merge, Merged, Path, ReviewedRow};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Retries in a row without the person, after "only the validator moved" (merge.md M42) or a merge by itself (M48).
const MAX_TOUCHED: u32 = 5;
/// Reads in a row that still show the version before a write which the server says it took.
const MAX_POLLS: u32 = 8;

pub(super) struct Desk<'a> {
    pub r: Record,
    pub cx: Context<'a>,
    pub gone: bool,
    pub history: Vec<HistoryEntry>,
    pub copies: Vec<Body>,
    pub effects: Vec<Effect>,
}

impl<'a> Desk<'a> {
    pub fn new(record: Record, context: Context<'a>) -> Self {
        Self {
            r: record,
            cx: context,
            gone: false,
            history: Vec::new(),
            copies: Vec::new(),
            effects: Vec::new(),
        }
    }

    pub fn finish(self) -> Result<Step, StepError> {
        let record = (!self.gone).then_some(self.r);
        if let Some(record) = &record {
            // What cannot be stored must not leave this crate.
            record.state(self.cx.run)?;
        }
        Ok(Step { record, history: self.history, copies: self.copies, effects: self.effects })
    }

    pub fn remember(&mut self, what: What, by_me: bool, body: Option<Body>, validator: Option<Validator>) {
        self.remember_why(what, by_me, body, validator, None);
    }

    /// As [`Desk::remember`], with why. What is set aside was made when it was saved, not now.
    pub fn remember_why(
        &mut self,
        what: What,
        by_me: bool,
        body: Option<Body>,
        validator: Option<Validator>,
        note: Option<Note>,
    ) {
        let from_validator = self.r.base.as_ref().and_then(|b| b.validator.clone());
        let kept_edit = what == What::SetAside && body.is_some();
        let at = self.r.edit.as_ref().filter(|_| kept_edit).map(|e| e.saved_at);
        let whole = self.r.conflict.as_ref().filter(|_| what == What::Merged);
        let note = note.or_else(|| whole.map(|c| Note::Merge(MergeNote::whole(c.kind))));
        self.history.push(HistoryEntry { what, by_me, body, validator, from_validator, at, note });
    }

    pub fn base_body(&self) -> Option<&Body> {
        self.r.base.as_ref().map(|b| &b.body)
    }

    pub fn equals_base(&self, body: &Body) -> bool {
        self.base_body().is_some_and(|base| same(base, body, self.cx.rules))
    }

    /// The edit on top of the base as it is now.
    pub fn edit_on_base(&self, change: Change) -> Edit {
        let saved_at = self.r.edit.as_ref().map_or(self.cx.now, |e| e.saved_at);
        let held = self.r.edit.as_ref().is_some_and(|e| e.held);
        Edit { held, ..Edit::untried(change, self.r.base.as_ref(), saved_at) }
    }

    pub fn set_base(&mut self, version: Version) {
        self.r.base = Some(Base { body: version.body, validator: version.validator, seen_at: self.cx.now });
    }

    pub fn set_theirs(&mut self, what: Theirs) {
        self.r.theirs = Some(TheirsSeen { what, seen_at: self.cx.now });
    }

    /// The server has the content of the base: its bytes and its validator are the base's from now on.
    pub fn renew_base(&mut self, version: Version) {
        if let Some(edit) = &mut self.r.edit {
            edit.base_validator.clone_from(&version.validator);
        }
        match &mut self.r.base {
            Some(base) if base.body == version.body => base.validator = version.validator,
            _ => {
                if let Some(edit) = &mut self.r.edit {
                    edit.base_hash = Some(version.body.hash());
                }
                self.set_base(version);
            }
        }
    }

    /// Nothing is left to send: the server's version is what the person sees from now on.
    pub fn settle_on(&mut self, version: Version) {
        if self.r.visible() != Some(&version.body) {
            self.r.rev = self.r.rev.next();
        }
        self.clear_edit();
        self.set_base(version);
    }

    /// The write in flight was surely not applied. Says whether the person changed something since it was frozen.
    pub fn not_applied(&mut self) -> bool {
        let newer = self.r.in_flight.take().is_some_and(|f| f.rev != self.r.rev);
        self.drop_empty_edit();
        newer
    }

    /// An edit that waits and asks nothing of the server any more: a record made and removed here, or a change that
    /// was taken back by typing while an answer was awaited.
    pub fn drop_empty_edit(&mut self) {
        let empty = match self.r.edit.as_ref().map(|e| &e.change) {
            Some(Change::Delete) => self.r.base.is_none(),
            Some(Change::Replace(body)) => self.base_body() == Some(body),
            Some(Change::Create(_)) | None => false,
        };
        match self.r.theirs.as_ref().map(|t| t.what.clone()) {
            Some(Theirs::Present(version)) if empty => self.settle_on(version),
            None if empty && self.r.base.is_some() => self.clear_edit(),
            _ if empty && self.r.base.is_none() => self.lose(What::Deleted, true),
            _ => {}
        }
    }

    /// A read shows the version before a write that the server took: it is read again, growingly later. Says whether.
    pub fn poll_again(&mut self) -> bool {
        let Some(edit) = &mut self.r.edit else { return false };
        edit.touched += 1;
        edit.attempts += 1;
        let patient = edit.touched <= MAX_POLLS;
        if patient {
            self.r.theirs = None;
            self.back_off(WaitReason::BackOff);
        }
        patient
    }

    pub fn clear_edit(&mut self) {
        self.r.edit = None;
        self.r.in_flight = None;
        self.r.theirs = None;
        self.r.conflict = None;
        self.r.refusal = None;
    }

    /// The person's version is dropped in favour of the server's, which is what they see from now on.
    pub fn take_theirs(&mut self) {
        let theirs = self.r.theirs.take();
        self.clear_edit();
        self.r.rev = self.r.rev.next();
        match theirs.map(|t| t.what) {
            Some(Theirs::Present(version)) => self.set_base(version),
            Some(Theirs::Gone) => self.lose(What::Gone, false),
            None if self.r.base.is_none() => self.gone = true,
            None => {}
        }
    }

    /// The record leaves the lists; its history stays.
    pub fn lose(&mut self, what: What, by_me: bool) {
        self.remember(what, by_me, None, None);
        self.gone = true;
    }

    pub fn refuse(&mut self, kind: RefusalKind, words: &str) {
        self.r.in_flight = None;
        self.r.conflict = None;
        if self.gone || self.r.edit.is_none() {
            return;
        }
        self.r.refusal = Some(Refusal { kind, words: words.to_owned(), pointers: Vec::new() });
    }

    /// Full jitter, doubling from one second, at most 15 minutes (sync.md rule 10).
    pub fn back_off(&mut self, wait: WaitReason) {
        let Some(edit) = &mut self.r.edit else { return };
        let cap = 1_000_i64.checked_shl(edit.attempts.min(20)).unwrap_or(i64::MAX).min(15 * 60_000);
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
        let millis = (cap as f64 * self.cx.jitter.clamp(0.0, 1.0)) as i64;
        edit.not_before = Some(self.cx.now.plus_millis(millis.max(200)));
        edit.wait = Some(wait);
    }

    pub fn wait_until(&mut self, at: Option<Timestamp>) {
        match at {
            Some(at) => {
                if let Some(edit) = &mut self.r.edit {
                    edit.not_before = Some(at);
                    edit.wait = Some(WaitReason::ServerBusy);
                }
                self.effects.push(Effect::SourceNotBefore(at));
            }
            None => self.back_off(WaitReason::ServerBusy),
        }
    }

    /// `theirs` is known, an edit is there and nothing is on the wire: what follows (merge.md 1.9)? `must_look` = our
    /// own write may be part of what happened there, so a person looks even if nothing seems to differ.
    pub fn judge(&mut self, must_look: bool) {
        let Some(theirs) = self.r.theirs.clone() else { return };
        // What a person is deciding does not go away under their hands, unless both sides became equal (M46, I6).
        let asks = must_look || self.r.conflict.is_some();
        match (verdict(&self.r, self.cx.rules), theirs.what) {
            (Verdict::Done, Theirs::Present(version)) => self.settle_on(version),
            (Verdict::Touched, Theirs::Gone) if asks => self.differs(ConflictKind::EditDelete, must_look),
            (Verdict::Touched, Theirs::Present(_)) if asks => {
                let deletes = self.r.edit.as_ref().is_some_and(|e| e.change == Change::Delete);
                let kind = if deletes { ConflictKind::DeleteEdit } else { ConflictKind::EditEdit };
                self.differs(kind, must_look);
            }
            (Verdict::Touched, Theirs::Present(version)) => self.touched(version),
            (Verdict::BothGone | Verdict::Done, Theirs::Gone) => {
                self.clear_edit();
                self.lose(What::Gone, false);
            }
            // A new record that is not there: nothing stands in its way.
            (Verdict::Touched, Theirs::Gone) => self.r.theirs = None,
            (Verdict::BothGone, Theirs::Present(_)) => {}
            (Verdict::Differs(kind), _) => self.differs(kind, must_look),
        }
    }

    /// Only the validator moved: go on with the new one, but never for ever.
    fn touched(&mut self, version: Version) {
        self.renew_base(version);
        self.r.theirs = None;
        let Some(edit) = &mut self.r.edit else { return };
        edit.touched += 1;
        let (touched, again) = (edit.touched, edit.touched > 1);
        if touched > MAX_TOUCHED {
            self.refuse(
                RefusalKind::Protocol,
                "The server gives the record a new version mark each time it is read, so no write can be protected.",
            );
        } else if again {
            self.back_off(WaitReason::BackOff);
        }
    }

    fn differs(&mut self, kind: ConflictKind, must_look: bool) {
        let wanted = self.cx.rules.policy == MergePolicy::Auto && !must_look && self.r.conflict.is_none();
        let (tries, attempts) = self.r.edit.as_ref().map_or((0, 0), |e| (e.touched, e.attempts));
        let too_often = wanted && tries >= MAX_TOUCHED;
        if wanted
            && !too_often
            && kind == ConflictKind::EditEdit
            && self.rebase_by_itself(What::MergedByItself)
        {
            return self.go_on_by_itself(tries + 1, attempts);
        }
        let must_look = must_look || too_often;
        let rows = self.r.conflict.take();
        let decisions = match rows.as_ref() {
            Some(conflict) => conflict.decisions.clone(),
            None => self.r.edit.as_ref().map(|e| e.earlier.clone()).unwrap_or_default(),
        };
        let must_look = must_look || rows.as_ref().is_some_and(|c| c.must_look);
        self.r.in_flight = None;
        self.r.refusal = None;
        self.r.conflict =
            Some(Conflict { kind, decisions, rows: rows.map(|c| c.rows).unwrap_or_default(), must_look });
        self.number_rows();
    }

    /// After a merge by itself: the first is sent at once, the next ones after growing pauses (M48).
    fn go_on_by_itself(&mut self, tries: u32, attempts: u32) {
        let Some(edit) = &mut self.r.edit else { return };
        edit.touched = tries;
        edit.attempts = attempts;
        if tries > 1 {
            self.back_off(WaitReason::BackOff);
        }
    }

    /// The merge of the record as it stands now.
    pub fn merge(&self) -> Arc<Merge> {
        match self.cx.prepared.filter(|prepared| prepared.is_of(&self.r, self.cx.rules)) {
            Some(prepared) => prepared.merge(),
            None => Arc::new(merge_of(&self.r, self.cx.rules)),
        }
    }

    /// Rows keep their number for the life of the conflict; new ones get the next.
    pub fn number_rows(&mut self) {
        let merge = self.merge();
        let Some(conflict) = &mut self.r.conflict else { return };
        let mut known: BTreeSet<(Path, Option<u32>)> =
            conflict.rows.iter().map(|row| (row.path.clone(), row.part)).collect();
        // Decisions can have rows that the merge alone does not have.
        for ReviewedRow { row, .. } in record_merge::review(&merge, &conflict.decisions, None) {
            if known.insert((row.path.clone(), row.part)) {
                conflict.rows.push(RowNumber { path: row.path, part: row.part });
            }
        }
    }

    /// Puts the edit on top of the server's version if no row opens. Says whether it did.
    pub fn rebase_by_itself(&mut self, what: What) -> bool {
        let Some(Theirs::Present(version)) = self.r.theirs.as_ref().map(|t| t.what.clone()) else {
            return false;
        };
        let merge = self.merge();
        let asks = |row: &record_merge::Row| row.group == Group::Open || row.please_look;
        if what == What::MergedByItself && merge.rows.iter().any(asks) {
            return false;
        }
        let Ok(Merged::Document(bytes)) = merge.result(&[]) else { return false };
        self.adopt_result(version, bytes, what, Vec::new());
        true
    }

    /// base := theirs, mine := the result. The version set aside goes into the history, then the result.
    pub fn adopt_result(
        &mut self,
        theirs: Version,
        bytes: Vec<u8>,
        what: What,
        earlier: Vec<record_merge::Decision>,
    ) {
        let note = self.note_of_merge(&theirs, &earlier);
        let mine = self.r.edit.as_ref().and_then(|e| e.change.body().cloned());
        let media_type = match &mine {
            Some(mine) if *mine.bytes == *bytes => mine.media_type.clone(),
            _ => theirs.body.media_type.clone(),
        };
        let result = Body::new(bytes, media_type);
        self.remember(What::SetAside, true, mine, None);
        let refused = self.r.edit.as_ref().and_then(|e| e.refused_validator.clone());
        let same_mark = refused.is_some() && refused == theirs.validator;
        self.r.conflict = None;
        self.r.theirs = None;
        self.r.refusal = None;
        self.r.in_flight = None;
        self.r.rev = self.r.rev.next();
        self.set_base(theirs);
        if self.equals_base(&result) {
            self.r.edit = None;
            return;
        }
        self.remember_why(what, true, Some(result.clone()), None, Some(note));
        let mut edit = self.edit_on_base(Change::Replace(result));
        edit.earlier = earlier;
        // The server refused this very mark before: the person has to be told, not the server asked again.
        edit.refused_validator = refused.filter(|_| same_mark);
        self.r.edit = Some(edit);
    }

    /// Why each row of the merge that is about to be adopted is as it is.
    fn note_of_merge(&self, theirs: &Version, decisions: &[record_merge::Decision]) -> Note {
        let create = self.r.base.is_none();
        let usual = if create { ConflictKind::CreateCreate } else { ConflictKind::EditEdit };
        let kind = self.r.conflict.as_ref().map_or(usual, |c| c.kind);
        let mark = theirs.validator.as_ref().map(Validator::as_str);
        let rows = record_merge::review(&self.merge(), decisions, mark);
        Note::Merge(MergeNote::of(kind, &rows))
    }
}
