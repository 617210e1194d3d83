//! Text typed into the merge screen that is no decision yet. It is on the disk a moment after the key, so that nothing
//! typed is lost when the app is killed; it goes when its row is decided, or the merge is done.

use super::{SyncHandle, key};
use crate::clock;
use crate::fault::{Answered, Fault};
use crate::handle::records::{context, view_fault};
use crate::view::Typed;
use ipc_types::{ErrorCode, SaveTyped, TypedText};
use record_merge::Path;
use record_store::{Priority, Reader, Tx};
use serde::{Deserialize, Serialize};
use sync_engine::LocalKey;

/// Longest text kept for one row, in bytes: as long as a record may be.
const MOST: usize = 16 << 20;

/// All that was typed into one merge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TypedTexts {
    /// Rows.
    #[serde(default)]
    pub rows: Vec<TypedRow>,
    /// The whole record as text.
    #[serde(default)]
    pub source: Option<Text>,
    /// That source before it was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made_with: Option<String>,
}

/// Text of one row, by place: rows are computed anew, places stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TypedRow {
    path: Path,
    #[serde(default)]
    part: Option<u32>,
    #[serde(flatten)]
    text: Text,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Text {
    text: String,
    at: i64,
}

impl Text {
    fn shown(&self) -> TypedText {
        TypedText { text: self.text.clone(), at: self.at }
    }
}

impl TypedTexts {
    /// What the screen shows of it.
    pub fn shown(&self) -> (Vec<Typed>, Option<TypedText>) {
        let rows = self.rows.iter().map(|row| Typed {
            path: row.path.clone(),
            part: row.part,
            text: row.text.shown(),
        });
        (rows.collect(), self.source.as_ref().map(Text::shown))
    }

    /// The source was typed exactly like this.
    pub fn source_is(&self, text: &str) -> bool {
        self.source.as_ref().is_some_and(|source| source.text == text)
    }

    fn put(&mut self, path: &Path, part: Option<u32>, text: Option<Text>) {
        self.rows.retain(|row| row.part != part || !row.path.same(path));
        self.rows.extend(text.map(|text| TypedRow { path: path.clone(), part, text }));
    }
}

fn name(key: LocalKey) -> String {
    format!("typed/{}", key.0)
}

/// What was typed into the merge of a record. Text that cannot be read any more counts as none.
pub(crate) fn read(reader: &Reader<'_>, key: LocalKey) -> record_store::Result<TypedTexts> {
    let text = reader.setting(&name(key))?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

fn write(tx: &mut Tx<'_>, key: LocalKey, typed: &TypedTexts) -> Answered<()> {
    let text = (*typed != TypedTexts::default())
        .then(|| serde_json::to_string(typed))
        .transpose()
        .map_err(|error| Fault::new(ErrorCode::Internal, format!("The text could not be kept: {error}.")))?;
    Ok(tx.set_setting(&name(key), text.as_deref())?)
}

/// Rows that were decided need their text no more.
pub(crate) fn decided(tx: &mut Tx<'_>, key: LocalKey, places: &[(Path, Option<u32>)]) -> Answered<()> {
    let before = read(tx, key)?;
    let mut typed = before.clone();
    for (path, part) in places {
        typed.put(path, *part, None);
    }
    if typed == before { Ok(()) } else { write(tx, key, &typed) }
}

/// The source was taken: it is no draft any more.
pub(crate) fn source_taken(tx: &mut Tx<'_>, key: LocalKey) -> Answered<()> {
    let mut typed = read(tx, key)?;
    typed.made_with = None;
    if typed.source.take().is_none() { Ok(()) } else { write(tx, key, &typed) }
}

/// Keeps the source of a whole record, with what it was before it was changed.
pub(crate) fn keep_source(
    tx: &mut Tx<'_>,
    key: LocalKey,
    text: String,
    made_with: Option<String>,
) -> Answered<()> {
    let mut typed = read(tx, key)?;
    typed.source = Some(Text { text, at: clock::now().0 });
    typed.made_with = made_with;
    write(tx, key, &typed)
}

/// The typed source before it was changed.
pub(crate) fn source_made_with(tx: &Tx<'_>, key: LocalKey) -> Answered<Option<String>> {
    Ok(read(tx, key)?.made_with)
}

/// What was typed as source and not taken yet.
pub(crate) fn source_text(reader: &Reader<'_>, key: LocalKey) -> record_store::Result<Option<String>> {
    Ok(read(reader, key)?.source.map(|source| source.text))
}

/// The merge is done: nothing is left to type.
pub(crate) fn forget(tx: &mut Tx<'_>, key: LocalKey) -> Answered<()> {
    Ok(tx.set_setting(&name(key), None)?)
}

impl SyncHandle {
    /// Keeps what was typed and is no decision yet. Durable when this answers; an empty row of the screen forgets it.
    ///
    /// # Errors
    /// The record has no merge, or no such row; a text longer than a record may be.
    pub async fn save_typed(&self, typed: SaveTyped) -> Answered<()> {
        let key = key(&typed.key)?;
        if typed.text.iter().chain(&typed.shown).any(|text| text.len() > MOST) {
            return Err(Fault::bad("This text is longer than a record may be (16 MiB)."));
        }
        let desk = self.inner.desk();
        let work = move |tx: &mut Tx<'_>| {
            let record = tx.load(key)?.ok_or_else(|| Fault::missing("such record any more"))?;
            let (live, coll) = desk.place(&record)?;
            let state = desk.merge_of(&context(live, coll, desk.run), &record, coll).map_err(view_fault)?;
            let text = typed.text.map(|text| Text { text, at: clock::now().0 });
            let mut all = read(tx, key)?;
            match typed.row {
                None => {
                    // What it was made with is said once, with its first change.
                    let made_with = typed.shown.or(all.made_with.take());
                    all.made_with = text.is_some().then_some(made_with).flatten();
                    all.source = text;
                }
                Some(number) => {
                    let row = state.place_of(number);
                    let (path, part) = row.ok_or_else(|| Fault::missing(format!("row {number}")))?;
                    all.put(&path, part, text);
                }
            }
            write(tx, key, &all)
        };
        self.inner.store.try_write(Priority::Person, work).await
    }
}
