//! The whole result as a text, taken into the decisions: from "Show source", or from another program.

use super::deciding::{Decided, Place, body_of};
use super::unused::{self, Unused};
use super::{SyncHandle, key, typed};
use crate::desk::Desk;
use crate::fault::{Answered, Fault};
use crate::view::{self, Both};
use ipc_types::{MergeView, SourceText};
use record_store::Tx;
use sync_engine::{Body, LocalKey, Note, Record};

/// A text that is to be taken.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// `seen` of what it was made with.
    pub seen: String,
    /// As it is now.
    pub bytes: Vec<u8>,
    /// As it was before it was changed; `None` = as it is kept beside the typed text, else the result so far.
    pub shown: Option<Vec<u8>>,
}

/// What became of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextTaken {
    /// What became of the decisions, for an undo.
    pub step: Decided,
    /// Rows that it left as they are and that need a choice.
    pub still_open: usize,
    /// Names of the places that were decided here meanwhile another way. That stays.
    pub both: Vec<String>,
    /// Where what the text has at these places is kept.
    pub kept: Option<KeptAt>,
}

/// Where a text is kept that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeptAt {
    /// As typed source.
    Source,
    /// It is what the record says anyway.
    Record,
    /// In the history of the record, as the version of this number.
    History(u32),
}

impl KeptAt {
    /// In words, after "is kept".
    pub fn words(self) -> &'static str {
        match self {
            Self::Source => "under Show source",
            Self::Record => "in the record as it is now",
            Self::History(_) => "in the record's history",
        }
    }
}

impl SyncHandle {
    /// Takes the whole result as it was written: what was changed in it decides its rows; a row it says nothing new about
    /// stays as it is, also open.
    ///
    /// # Errors
    /// Text that cannot be read, with its line; it is kept as typed. As [`SyncHandle::decide`] otherwise.
    pub async fn decide_source(&self, text: SourceText) -> Answered<MergeView> {
        let key = key(&text.key)?;
        let SourceText { text, seen, shown, .. } = text;
        let text = Text { seen, bytes: text.into_bytes(), shown: shown.map(String::into_bytes) };
        self.take_source(key, text, None).await?;
        self.merge_by_key(key).await
    }

    /// As [`SyncHandle::decide_source`]. Without a `program` the text is the one that is kept as typed, which it is no more
    /// then. What another program gave back takes nothing away that was typed here.
    pub(crate) async fn take_source(
        &self,
        key: LocalKey,
        text: Text,
        program: Option<String>,
    ) -> Answered<TextTaken> {
        let typed = program.is_none();
        let run = self.inner.store.run();
        let Text { seen, bytes, shown } = text;
        self.at_merge(key, seen, move |at| {
            let known = if typed && shown.is_none() { typed::source_made_with(at.tx, key)? } else { None };
            let shown = shown.or(known.map(String::into_bytes));
            let (taken, media_type) = at.look(run, |ctx, state| {
                let body = body_of(state, bytes);
                super::edits::well_formed(&body)?;
                let shown = shown.map(|bytes| body_of(state, bytes));
                let taken = view::source_decisions(ctx, state, &body, shown.as_ref()).ok_or_else(|| {
                    Fault::bad("This text cannot be taken as a whole. Decide the rows one by one; your text is kept.")
                })?;
                Ok((taken, body.media_type))
            })?;
            if typed {
                let places: &[Place] = &taken.places;
                typed::decided(at.tx, key, places)?;
                typed::source_taken(at.tx, key)?;
            }
            let before = at.record.conflict.as_ref().map(|c| c.decisions.clone()).unwrap_or_default();
            let mut out = TextTaken {
                step: Decided { before, made: taken.decisions.clone() },
                still_open: taken.still_open,
                ..TextTaken::default()
            };
            if let Some(Both { labels, text, result }) = taken.both {
                let text = Kept { body: Body::new(text, media_type), shown: result, program };
                (out.both, out.kept) = (labels, keep(at.tx, at.desk, key, text)?);
            }
            Ok((at.decided(taken.decisions)?, out))
        })
        .await
    }

    /// Keeps a text of another program that could not be taken: as typed source of the merge, else in the history of the
    /// record, also of one that is gone. If the merge is over, the person is told, also at a later start. `None` = there is
    /// no such record and no history of it.
    pub(crate) async fn keep_text(
        &self,
        key: LocalKey,
        bytes: Vec<u8>,
        shown: Option<Vec<u8>>,
        program: String,
    ) -> Answered<Option<KeptText>> {
        let desk = self.inner.desk();
        let work = move |tx: &mut Tx<'_>| {
            let record = tx.load(key)?;
            let over = record.as_ref().is_none_or(|record| record.conflict.is_none());
            let visible = record.as_ref().and_then(Record::visible);
            if over && visible.is_some_and(|body| *body.bytes == *bytes) {
                return Ok(Some(KeptText { at: KeptAt::Record, over }));
            }
            let body = visible.or(record.as_ref().and_then(|r| r.base.as_ref()).map(|base| &base.body));
            let media_type = match body {
                Some(body) => Some(body.media_type.to_string()),
                None => media_type_of_gone(tx, key)?,
            };
            let media_type = media_type.unwrap_or_else(|| "text/plain".to_owned());
            let text = Kept { body: Body::new(bytes, media_type), shown, program: Some(program.clone()) };
            let Some(at) = keep(tx, &desk, key, text)? else { return Ok(None) };
            if let (true, KeptAt::History(version)) = (over, at) {
                unused::add(tx, Unused::version(key, version, program))?;
            }
            Ok(Some(KeptText { at, over }))
        };
        self.inner.store.try_write(record_store::Priority::Person, work).await
    }
}

/// A text that could not be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeptText {
    /// Where it is kept.
    pub at: KeptAt,
    /// Its merge is over.
    pub over: bool,
}

/// A text to keep.
struct Kept {
    body: Body,
    /// As it was before it was changed.
    shown: Option<Vec<u8>>,
    /// The other program it came from.
    program: Option<String>,
}

/// What the versions of a record are that is no more.
fn media_type_of_gone(tx: &Tx<'_>, key: LocalKey) -> record_store::Result<Option<String>> {
    let lines = tx.history(key)?;
    let Some(newest) = lines.iter().rev().find(|line| line.size.is_some()) else { return Ok(None) };
    let body = tx.version(key, newest.version)?.and_then(|kept| kept.body);
    Ok(body.map(|body| body.media_type.to_string()))
}

/// Keeps a text as typed source, or in the history: where there is no merge, where another text is typed already, and
/// where it is no text. Text that is kept there already is not kept again. `None` = there is no such record, nor was
/// there one.
fn keep(tx: &mut Tx<'_>, desk: &Desk, key: LocalKey, kept: Kept) -> Answered<Option<KeptAt>> {
    let in_merge = tx.load(key)?.is_some_and(|record| record.conflict.is_some());
    let typed = typed::read(tx, key)?;
    if let (true, Ok(text)) = (in_merge, std::str::from_utf8(&kept.body.bytes)) {
        if typed.source_is(text) {
            return Ok(Some(KeptAt::Source));
        }
        if typed.source.is_none() {
            let shown = kept.shown.and_then(|bytes| String::from_utf8(bytes).ok());
            typed::keep_source(tx, key, text.to_owned(), shown)?;
            return Ok(Some(KeptAt::Source));
        }
    }
    let note = kept.program.map(|program| Note::CameBack { program });
    Ok(desk.set_aside(tx, key, &kept.body, note)?.map(KeptAt::History))
}
