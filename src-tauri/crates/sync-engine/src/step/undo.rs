//! The person brings an earlier version back, or undoes a merge (merge.md M49, M50).

use super::awaits_answer;
use super::desk::Desk;
use crate::judge::{format_of, same};
use crate::{Base, Body, Change, Note, State, StepError, Theirs, TheirsSeen, Undo, Version, What};
use record_merge::{Choice, Decision, Format, Group, Inputs, Merged, Row};

impl Desk<'_> {
    /// An earlier version as an edit. What it replaces is folded into it, as with typing.
    pub fn brought_back(&mut self, body: Body, version: u32, state: State) {
        if self.r.visible() == Some(&body) {
            return;
        }
        self.edit_saved(body.clone(), state);
        self.remember_why(What::BroughtBack, true, Some(body), None, Some(Note::BroughtBack { version }));
    }

    /// Before it was sent, the merge is open again with its decisions. After that, the version to bring back, the
    /// merged one and the server's present one are merged: the merged one is what both began with.
    pub fn merge_undone(&mut self, undo: Undo, state: State) -> Result<(), StepError> {
        match state {
            s if awaits_answer(s) => {
                Err(StepError::NotNow("the server's answer is not known yet; undo it once it is"))
            }
            State::Contested => {
                Err(StepError::NotNow("the server's version is being read; undo it once it is there"))
            }
            State::NeedsYou => Err(StepError::NotNow("this record needs your choice first")),
            State::Edited | State::Rejected if self.waits_as(&undo.result.body) => self.reopen(undo),
            State::Edited | State::Rejected if !undo.sent => {
                Err(StepError::NotNow("it was edited since and is not sent yet; take the edit back instead"))
            }
            State::Edited | State::Rejected => self.undo_under_edit(&undo),
            _ => self.undo_sent(undo),
        }
    }

    /// As an undo before it was sent; also of a merge that left nothing to send, and of one that the server's next
    /// change stopped.
    pub fn reopened(&mut self, undo: Undo, decisions: Vec<Decision>, state: State) -> Result<(), StepError> {
        let result = &undo.result.body;
        let as_it_was = match state {
            s if awaits_answer(s) || s == State::Contested => {
                return Err(StepError::NotNow("the server's answer is not known yet; undo it once it is"));
            }
            // What was decided left nothing of the record.
            State::Synced if self.r.base.is_none() => undo.mine.is_some(),
            State::Synced => self.equals_base(result),
            // A removal waits, and a removal it was.
            _ if undo.mine.is_none() => self.r.edit.as_ref().is_some_and(|e| e.change == Change::Delete),
            _ => self.waits_as(result),
        };
        if !as_it_was {
            return Err(StepError::NotNow("it was changed since, and stays as it is"));
        }
        self.r.conflict = None;
        self.reopen(undo)?;
        if let Some(conflict) = &mut self.r.conflict {
            conflict.decisions = decisions;
            self.number_rows();
        }
        Ok(())
    }

    /// The edit that waits is the merged version itself.
    fn waits_as(&self, result: &Body) -> bool {
        let Some(edit) = &self.r.edit else { return false };
        matches!(&edit.change, Change::Create(body) | Change::Replace(body) if body == result)
    }

    /// It was not sent, or surely not applied: the three versions meet again, the decisions as they were.
    fn reopen(&mut self, undo: Undo) -> Result<(), StepError> {
        let theirs = match (self.r.theirs.take(), self.r.base.clone()) {
            (Some(seen), _) => seen,
            (None, Some(base)) => {
                let version = Version { body: base.body, validator: base.validator };
                TheirsSeen { what: Theirs::Present(version), seen_at: base.seen_at }
            }
            // It was to be brought back after the server had deleted it.
            (None, None) => TheirsSeen { what: Theirs::Gone, seen_at: self.cx.now },
        };
        let change = match (undo.mine, &undo.before) {
            (Some(mine), Some(_)) => Change::Replace(mine),
            (Some(mine), None) => Change::Create(mine),
            (None, Some(_)) => Change::Delete,
            (None, None) => return Err(StepError::NotNow("there is nothing to go back to")),
        };
        let earlier = self.r.edit.as_ref().map(|e| e.earlier.clone()).unwrap_or_default();
        self.r.refusal = None;
        self.r.rev = self.r.rev.next();
        self.r.base = undo.before;
        let mut edit = self.edit_on_base(change);
        edit.earlier = earlier;
        self.r.edit = Some(edit);
        self.r.theirs = Some(theirs);
        self.remember_why(What::Undone, true, None, None, Some(Note::Undone { version: undo.version }));
        self.judge(true);
        Ok(())
    }

    /// Another edit waits on top of the merge: what the merge brought is taken out from under it, if that is clear.
    fn undo_under_edit(&mut self, undo: &Undo) -> Result<(), StepError> {
        const FIRST: &str = "an edit waits that touches the same fields; send it or take it back first";
        let mine = match self.r.edit.as_ref().map(|e| &e.change) {
            Some(Change::Replace(mine)) => mine.clone(),
            _ => return Err(StepError::NotNow(FIRST)),
        };
        let bytes =
            self.put_together(&undo.result.body, &mine, &undo.back).ok_or(StepError::NotNow(FIRST))?;
        let body = Body::new(bytes, mine.media_type.clone());
        self.edit_saved(body.clone(), State::Edited);
        let note = Note::Undone { version: undo.version };
        self.remember_why(What::Undone, true, Some(body), None, Some(note));
        Ok(())
    }

    fn undo_sent(&mut self, undo: Undo) -> Result<(), StepError> {
        let Some(now) = self.r.base.clone() else {
            return Err(StepError::NotNow("this record is gone; bring the version back instead"));
        };
        if same(&now.body, &undo.back, self.cx.rules) {
            return Err(StepError::NotNow("the server has that version already"));
        }
        self.r.rev = self.r.rev.next();
        let note = Some(Note::Undone { version: undo.version });
        if same(&now.body, &undo.result.body, self.cx.rules) {
            // What the server added to the merged version by itself is not taken away with it.
            let body = match self.put_together(&undo.result.body, &undo.back, &now.body) {
                Some(bytes) if now.body != undo.result.body => Body::new(bytes, now.body.media_type.clone()),
                _ => undo.back,
            };
            let mut edit = self.edit_on_base(Change::Replace(body.clone()));
            edit.saved_at = self.cx.now;
            self.r.edit = Some(edit);
            self.remember_why(What::Undone, true, Some(body), None, note);
            return Ok(());
        }
        // Somebody changed it since: base is the merged version, mine the one to bring back, theirs what is there now.
        let there = Version { body: now.body, validator: now.validator };
        self.r.base = Some(Base { ..undo.result });
        let mut edit = self.edit_on_base(Change::Replace(undo.back.clone()));
        edit.saved_at = self.cx.now;
        self.r.edit = Some(edit);
        self.r.theirs = Some(TheirsSeen { what: Theirs::Present(there), seen_at: now.seen_at });
        self.remember_why(What::Undone, true, Some(undo.back), None, note);
        self.judge(false);
        Ok(())
    }

    /// As an undo after it was sent, of many at once: nobody is asked about the undo itself. What the merge brought goes
    /// back where nobody changed the same since; there the server's newer version stays. So nothing is ever written but
    /// what the server had before.
    pub fn sent_undone(&mut self, undo: Undo, state: State) -> Result<(), StepError> {
        if state != State::Synced {
            return self.merge_undone(Undo { sent: true, ..undo }, state);
        }
        let Some(now) = self.r.base.clone() else {
            return Err(StepError::NotNow("this record is gone; bring the version back instead"));
        };
        if same(&now.body, &undo.back, self.cx.rules) {
            return Ok(());
        }
        let (version, media_type) = (undo.version, now.body.media_type.clone());
        let bytes = self.back_where_untouched(undo, &now)?;
        let body = Body::new(bytes, media_type);
        self.r.base = Some(now);
        self.r.edit = None;
        self.r.theirs = None;
        if self.equals_base(&body) {
            return Ok(());
        }
        self.r.rev = self.r.rev.next();
        let mut edit = self.edit_on_base(Change::Replace(body.clone()));
        edit.saved_at = self.cx.now;
        self.r.edit = Some(edit);
        self.remember_why(What::Undone, true, Some(body), None, Some(Note::Undone { version }));
        Ok(())
    }

    /// Base is what was sent, mine the version before, theirs what is there now; the server's side of every row that
    /// somebody would have to look at. The same merge as everywhere, so that fields which belong together come back
    /// together or not at all, and nothing is put together that would not fit the collection.
    fn back_where_untouched(&mut self, undo: Undo, now: &Base) -> Result<Vec<u8>, StepError> {
        const OTHERWISE: &str = "what was sent and what is there now cannot be compared";
        let there = Version { body: now.body.clone(), validator: now.validator.clone() };
        self.r.base = Some(undo.result);
        self.r.edit = Some(self.edit_on_base(Change::Replace(undo.back)));
        self.r.theirs = Some(TheirsSeen { what: Theirs::Present(there), seen_at: now.seen_at });
        let merge = self.merge();
        let asks = |row: &&Row| row.group == Group::Open || row.please_look;
        let decisions: Vec<Decision> = merge.rows.iter().filter(asks).map(stays).collect();
        match merge.result(&decisions) {
            Ok(Merged::Document(bytes)) => Ok(bytes),
            Ok(Merged::Deleted) | Err(_) => Err(StepError::NotNow(OTHERWISE)),
        }
    }

    /// The merge of three bodies, if no row opens.
    fn put_together(&self, base: &Body, mine: &Body, theirs: &Body) -> Option<Vec<u8>> {
        let format = if base.format() == theirs.format() { format_of(&self.r) } else { Format::Binary };
        let inputs = Inputs {
            base: Some(&base.bytes),
            mine: Some(&mine.bytes),
            theirs: Some(&theirs.bytes),
            ..Inputs::default()
        };
        match record_merge::merge(format, inputs, &self.cx.rules.merge).ok()?.result(&[]).ok()? {
            Merged::Document(bytes) => Some(bytes),
            Merged::Deleted => None,
        }
    }
}

/// The server's side of a row.
fn stays(row: &Row) -> Decision {
    Decision {
        path: row.path.clone(),
        part: row.part,
        choice: Choice::Theirs,
        value: None,
        validator: None,
        theirs_then: row.theirs.clone(),
        mine_then: row.mine.clone(),
    }
}
