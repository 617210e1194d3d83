//! The person decides.

use super::desk::Desk;
use crate::judge::merge_of;
use crate::{Base, Body, Change, ConflictKind, Seen, State, StepError, Theirs, Version, What};
use record_merge::{Choice, Decision, Group, Merged, Path, Standing};

impl Desk<'_> {
    /// "Take it in now": the server's news goes under the waiting edit, if nothing clashes.
    pub fn taken_in(&mut self, state: State) -> Result<(), StepError> {
        if !matches!(state, State::Edited | State::Rejected) {
            return Err(StepError::NotNow("there is no news to take in"));
        }
        if !matches!(self.r.theirs.as_ref().map(|t| &t.what), Some(Theirs::Present(_))) {
            return Err(StepError::NotNow("there is no news to take in"));
        }
        let open = open_rows(self);
        if !open.is_empty() {
            return Err(StepError::StillOpen(open));
        }
        if self.rebase_by_itself(What::TakenIn) {
            Ok(())
        } else {
            Err(StepError::StillOpen(vec![Path::default()]))
        }
    }

    /// The clash is shown now instead of at its turn.
    pub fn news_opened(&mut self, state: State) -> Result<(), StepError> {
        if !matches!(state, State::Edited | State::Rejected) || self.r.theirs.is_none() {
            return Err(StepError::NotNow("this record does not need a choice any more"));
        }
        self.judge(true);
        Ok(())
    }

    pub fn decided(&mut self, decisions: Vec<Decision>) -> Result<(), StepError> {
        let Some(conflict) = &mut self.r.conflict else {
            return Err(StepError::NotNow("this record does not need a choice any more"));
        };
        conflict.decisions = decisions;
        self.number_rows();
        Ok(())
    }

    pub fn resolved(
        &mut self,
        seen: Option<Seen>,
        all: Option<Choice>,
        state: State,
    ) -> Result<(), StepError> {
        let (kind, theirs) = self.contested_by(seen.clone(), state)?;
        match (kind, theirs) {
            // "These are two different records" is a decision about the record as a whole.
            (ConflictKind::CreateCreate, Theirs::Present(_))
                if self.decided_whole() == Some(Choice::Both) =>
            {
                self.kept_both(seen, state)
            }
            (ConflictKind::EditDelete, Theirs::Gone) => self.resolve_deleted_there(all),
            (ConflictKind::DeleteEdit, Theirs::Present(version)) => self.resolve_deleted_here(version, all),
            (_, Theirs::Present(version)) => self.resolve_rows(version, all),
            (_, Theirs::Gone) => self.resolve_deleted_there(all),
        }
    }

    fn contested_by(&self, seen: Option<Seen>, state: State) -> Result<(ConflictKind, Theirs), StepError> {
        let (State::NeedsYou, Some(conflict), Some(theirs)) = (state, &self.r.conflict, &self.r.theirs)
        else {
            return Err(StepError::NotNow("this record does not need a choice any more"));
        };
        let same = match (&seen, &theirs.what) {
            (None, _) | (Some(Seen::Gone), Theirs::Gone) => true,
            (Some(Seen::Present(validator, hash)), Theirs::Present(v)) => {
                *validator == v.validator && *hash == v.body.hash()
            }
            _ => false,
        };
        if same { Ok((conflict.kind, theirs.what.clone())) } else { Err(StepError::ChangedOnServer) }
    }

    /// What was decided for the record as a whole.
    fn decided_whole(&self) -> Option<Choice> {
        let decisions = &self.r.conflict.as_ref()?.decisions;
        decisions.iter().rev().find(|d| d.path == Path::default()).map(|d| d.choice)
    }

    /// The choice for the record as a whole.
    fn whole_choice(&self, all: Option<Choice>) -> Result<Choice, StepError> {
        let decisions = self.r.conflict.as_ref().map(|c| c.decisions.as_slice()).unwrap_or_default();
        let merge = self.merge();
        let validator = self.theirs_validator();
        let rows = record_merge::review(&merge, decisions, validator.as_deref());
        let whole = rows.iter().find(|r| r.row.path == Path::default() && r.row.part.is_none());
        // What was decided about another version than this one is a suggestion only (M47).
        let decided = whole.and_then(|r| r.standing.acting()).map(|d| d.choice);
        let automatic = whole.filter(|r| r.standing == Standing::Automatic).and_then(|r| r.row.automatic);
        decided.or(all).or(automatic).ok_or_else(|| StepError::StillOpen(vec![Path::default()]))
    }

    fn theirs_validator(&self) -> Option<String> {
        match self.r.theirs.as_ref().map(|t| &t.what) {
            Some(Theirs::Present(v)) => v.validator.as_ref().map(|v| v.as_str().to_owned()),
            _ => None,
        }
    }

    fn resolve_deleted_there(&mut self, all: Option<Choice>) -> Result<(), StepError> {
        let choice = self.whole_choice(all)?;
        let mine = self.r.edit.as_ref().and_then(|e| e.change.body().cloned());
        match choice {
            Choice::Mine => {
                let result = self
                    .result_so_far()
                    .or_else(|| mine.clone())
                    .ok_or(StepError::NotNow("there is nothing to bring back"))?;
                if mine.as_ref() != Some(&result) {
                    self.remember(What::SetAside, true, mine, None);
                }
                self.remember(What::Merged, true, Some(result.clone()), None);
                self.clear_edit_keeping_hold(Change::Create(result));
            }
            Choice::Both => {
                self.remember(What::SetAside, true, mine.clone(), None);
                self.copies.extend(mine);
                self.clear_edit();
                self.lose(What::Gone, false);
            }
            Choice::Theirs => {
                self.remember(What::SetAside, true, mine, None);
                self.clear_edit();
                self.lose(What::Gone, false);
            }
            Choice::Edit | Choice::Later => return Err(StepError::StillOpen(vec![Path::default()])),
        }
        Ok(())
    }

    /// "Bring it back": the same address, only if nobody made a record there meanwhile.
    fn clear_edit_keeping_hold(&mut self, change: Change) {
        let held = self.r.edit.as_ref().is_some_and(|e| e.held);
        self.clear_edit();
        self.r.base = None;
        self.r.id_is_ours = false;
        self.r.rev = self.r.rev.next();
        let mut edit = self.edit_on_base(change);
        edit.held = held;
        self.r.edit = Some(edit);
    }

    /// Mine with the row decisions that were made before the record was deleted on the server (M47a).
    fn result_so_far(&self) -> Option<Body> {
        let mine = self.r.edit.as_ref()?.change.body()?;
        let conflict = self.r.conflict.as_ref()?;
        let mut decisions = conflict.decisions.clone();
        decisions.retain(|d| d.path != Path::default());
        let mut record = self.r.clone();
        if record.base.is_none() {
            // Made on both sides and removed on one: decisions about fields rest only where there was a version.
            let body = Body::new(*b"{}", mine.media_type.clone());
            record.base = Some(Base { body, validator: None, seen_at: self.cx.now });
        }
        let merge = merge_of(&record, self.cx.rules);
        let row = merge.rows.iter().find(|r| r.path == Path::default() && r.part.is_none())?;
        decisions.push(Decision {
            path: Path::default(),
            part: None,
            choice: Choice::Mine,
            value: None,
            validator: None,
            theirs_then: row.theirs.clone(),
            mine_then: row.mine.clone(),
        });
        match record_merge::resolve(&merge, &decisions, None).ok()? {
            Merged::Document(bytes) => Some(Body::new(bytes, mine.media_type.clone())),
            Merged::Deleted => None,
        }
    }

    fn resolve_deleted_here(&mut self, version: Version, all: Option<Choice>) -> Result<(), StepError> {
        match self.whole_choice(all)? {
            Choice::Mine => {
                let edit = self.r.edit.take();
                self.clear_edit();
                let mark = version.validator.clone();
                self.set_base(version);
                self.r.rev = self.r.rev.next();
                self.r.edit = edit;
                let refused = self.r.edit.as_ref().and_then(|e| e.refused_validator.clone());
                let mut edit = self.edit_on_base(Change::Delete);
                edit.refused_validator = refused.filter(|r| Some(r) == mark.as_ref());
                self.r.edit = Some(edit);
                self.remember(What::Merged, true, None, None);
            }
            Choice::Theirs => {
                self.remember(What::SetAside, true, None, None);
                self.take_theirs();
            }
            Choice::Both | Choice::Edit | Choice::Later => {
                return Err(StepError::StillOpen(vec![Path::default()]));
            }
        }
        Ok(())
    }

    fn resolve_rows(&mut self, version: Version, all: Option<Choice>) -> Result<(), StepError> {
        let merge = self.merge();
        let validator = version.validator.as_ref().map(|v| v.as_str().to_owned());
        let mut decisions = self.r.conflict.as_ref().map(|c| c.decisions.clone()).unwrap_or_default();
        if let Some(choice) = all {
            for open in record_merge::review(&merge, &decisions, validator.as_deref()) {
                if open.standing.is_open() {
                    decisions.push(Decision {
                        path: open.row.path.clone(),
                        part: open.row.part,
                        choice,
                        value: None,
                        validator: validator.clone(),
                        theirs_then: open.row.theirs.clone(),
                        mine_then: open.row.mine.clone(),
                    });
                }
            }
        }
        match record_merge::resolve(&merge, &decisions, validator.as_deref()) {
            Ok(Merged::Document(bytes)) => self.adopt_result(version, bytes, What::Merged, decisions),
            Ok(Merged::Deleted) => {
                return Err(StepError::Unmergeable("the result would be no record".to_owned()));
            }
            Err(open) => return Err(StepError::StillOpen(open.open)),
        }
        Ok(())
    }

    /// Both records: mine becomes a new one, the server's stays what it is.
    pub fn kept_both(&mut self, seen: Option<Seen>, state: State) -> Result<(), StepError> {
        self.contested_by(seen, state)?;
        let mine = self.r.edit.as_ref().and_then(|e| e.change.body().cloned());
        let Some(mine) = mine else {
            return Err(StepError::NotNow("you deleted this record, so there is one only"));
        };
        self.remember(What::SetAside, true, Some(mine.clone()), None);
        self.copies.push(mine);
        self.take_theirs();
        Ok(())
    }
}

fn open_rows(desk: &Desk<'_>) -> Vec<Path> {
    let merge = desk.merge();
    merge.rows.iter().filter(|r| r.group == Group::Open).map(|r| r.path.clone()).collect()
}
