//! Records that are one value: texts, which are put together line by line where all versions have one, and binary.

use super::rows::{Values, whole_kind};
use super::{Merge, Slot, Version, table};
use crate::blend::{new_texts, texts};
use crate::json::quote;
use crate::model::{Choice, Format, Lexeme, Path, RowKind};

impl Merge {
    /// Text and binary: the table with the whole document as its one value.
    pub(super) fn whole(&mut self) {
        let versions = [&self.base, &self.mine, &self.theirs].map(Version::bytes);
        if !versions.iter().flatten().all(|bytes| std::str::from_utf8(bytes).is_ok()) {
            self.format = Format::Binary;
        }
        let seen = versions.map(|bytes| whole_seen(bytes, &versions));
        let [base, mine, theirs] = seen;
        if let table::Verdict::Row(kind, automatic) = table::verdict(base, mine, theirs) {
            let [before, mine, theirs] = versions.map(|bytes| bytes.map(opaque_lexeme));
            let kind = whole_kind(kind);
            let editable = self.format == Format::Text;
            let values = Values { before, mine, theirs };
            self.push(Path::root(), kind, automatic, values, Slot::default());
            if !editable && let Some(row) = self.rows.last_mut() {
                row.choices.retain(|choice| *choice != Choice::Edit);
            }
        }
    }

    /// A text that both sides changed: line by line. One that both put in, where only what nobody sees differs.
    pub(super) fn by_lines(&mut self, format: Format) {
        let versions =
            [&self.base, &self.mine, &self.theirs].map(|version| version.bytes().map(std::str::from_utf8));
        let [base, Some(Ok(mine)), Some(Ok(theirs))] = versions else { return };
        let asked = self.rows.first().map(|row| row.kind);
        let blend = match (base, asked) {
            _ if format != Format::Text => return,
            (Some(Ok(base)), Some(RowKind::EditedDifferently)) => {
                texts(base, mine, theirs, self.policy.words)
            }
            (None, Some(RowKind::AddedDifferently)) => match new_texts(mine, theirs) {
                Some(blend) => blend,
                None => return,
            },
            _ => return,
        };
        self.rows.clear();
        self.slots.clear();
        let before = base.and_then(Result::ok).map(quote);
        let [mine, theirs] = [mine, theirs].map(|text| Some(quote(text)));
        self.push_blend(Path::root(), Values { before, mine, theirs }, Slot::default(), blend);
    }
}

/// Classes by equal bytes; text is a string to the table.
fn whole_seen(bytes: Option<&[u8]>, all: &[Option<&[u8]>; 3]) -> table::Seen {
    let first = all.iter().position(|other| *other == bytes).and_then(|at| u32::try_from(at + 1).ok());
    match bytes {
        Some(_) => table::Seen {
            class: first.unwrap_or(u32::MAX),
            kind: Some(crate::json::Kind::String),
            atomic: false,
        },
        None => table::Seen { class: crate::json::classes::MISSING, kind: None, atomic: false },
    }
}

/// A whole text as a JSON string; of anything else its size and digest, enough to see whether it changed.
pub(super) fn opaque_lexeme(bytes: &[u8]) -> Lexeme {
    match std::str::from_utf8(bytes) {
        Ok(text) => quote(text),
        Err(_) => quote(&format!("{} bytes, blake3 {}", bytes.len(), blake3::hash(bytes).to_hex())),
    }
}
