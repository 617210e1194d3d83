//! One merge as a file: for support, and to try out (M54, M58). It is never stored and has no way to be sent.

use super::redact::Redactor;
use super::{CollectionSchema, ViewContext};
use record_merge::{Decision, Policy};
use serde::{Deserialize, Serialize};
use sync_engine::{
    Base, Body, Change, Conflict, ConflictKind, Creates, Edit, LocalKey, Record, RemoteId, Rules, RunId,
    SourceId, Theirs, TheirsSeen, Timestamp, Validator, Version,
};

/// The sample that comes with the app.
pub const SAMPLE: &str = include_str!("sample.json");

/// The file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SampleFile {
    /// Version of this format.
    pub matchbook_merge: u32,
    /// Values were replaced by others of the same shape.
    #[serde(default)]
    pub redacted: bool,
    /// Source name; "Sample" where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Title of the collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// Kind of the two changes.
    pub kind: ConflictKind,
    /// Media type of the record.
    pub media_type: String,
    /// Before; absent = there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// On the server; absent = deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The person's; absent = deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yours: Option<String>,
    /// Version mark of the server's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// When yours was made, in milliseconds since 1970 UTC.
    #[serde(default)]
    pub yours_at: i64,
    /// When the server's was seen.
    #[serde(default)]
    pub seen_at: i64,
    /// How it is merged: names of fields only.
    #[serde(default)]
    pub policy: Policy,
    /// The schema, as the source gives it; left out where values are replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<serde_json::Value>,
    /// Decisions so far.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decision>,
}

/// Why a file is no sample.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// It cannot be read.
    #[error("This file is not a merge that was exported here: {0}.")]
    Unreadable(#[from] serde_json::Error),
    /// Another format.
    #[error("This file is from a newer version of Matchbook.")]
    Newer,
    /// A record that is nowhere, or no merge.
    #[error("This file holds no merge: it needs two versions that differ.")]
    NoMerge,
}

/// A merge read from a file, with all that its screen needs.
pub struct Sample {
    /// The file.
    pub file: SampleFile,
    /// The record; its key is 0, which no stored record has.
    pub record: Record,
    schema: CollectionSchema,
    rules: Rules,
}

impl SampleFile {
    /// The merge of a record. `redactor`: its values are replaced.
    pub(crate) fn of(
        ctx: &ViewContext<'_>,
        record: &Record,
        schema: Option<&str>,
        mut redactor: Option<Redactor>,
    ) -> Option<Self> {
        let (edit, theirs, conflict) =
            (record.edit.as_ref()?, record.theirs.as_ref()?, record.conflict.as_ref()?);
        let server = match &theirs.what {
            Theirs::Present(version) => Some(version),
            Theirs::Gone => None,
        };
        let mine = edit.change.body();
        let base = record.base.as_ref().map(|base| &base.body);
        let any = mine.or(server.map(|version| &version.body)).or(base)?;
        let json = any.format() == record_merge::Format::Json;
        let redacted = redactor.is_some();
        let mut text = |body: &Body| match &mut redactor {
            Some(redactor) => redactor.document(&body.bytes, json),
            None => String::from_utf8_lossy(&body.bytes).into_owned(),
        };
        let (before, there, yours) =
            (base.map(&mut text), server.map(|version| text(&version.body)), mine.map(&mut text));
        let mut value = |lexeme: &Option<String>| match (&mut redactor, lexeme) {
            (Some(redactor), Some(lexeme)) => Some(redactor.json(lexeme)),
            (_, lexeme) => lexeme.clone(),
        };
        let mut decision = |decision: &Decision| {
            let mut path = decision.path.clone();
            for token in &mut path.0 {
                if let record_merge::Token::Identity(keys) = token {
                    keys.values_mut().for_each(|key| *key = value(&Some(key.clone())).unwrap_or_default());
                }
            }
            Decision {
                path,
                part: decision.part,
                choice: decision.choice,
                value: value(&decision.value),
                validator: None,
                theirs_then: value(&decision.theirs_then),
                mine_then: value(&decision.mine_then),
            }
        };
        let decisions = conflict.decisions.iter().map(&mut decision).collect();
        let mark = server.and_then(|version| version.validator.as_ref());
        let open = |text: &str| (!redacted).then(|| text.to_owned());
        Some(Self {
            matchbook_merge: 1,
            redacted,
            source: open(ctx.source),
            collection: open(ctx.collection_title),
            kind: conflict.kind,
            media_type: any.media_type.to_string(),
            before,
            server: there,
            yours,
            mark: mark.and_then(|mark| open(mark.as_str())),
            yours_at: edit.saved_at.0,
            seen_at: theirs.seen_at.0,
            policy: ctx.rules.merge.clone(),
            schema: schema.filter(|_| !redacted).and_then(|schema| serde_json::from_str(schema).ok()),
            decisions,
        })
    }

    /// The file as text.
    ///
    /// # Errors
    /// A value that JSON cannot hold.
    pub fn text(&self) -> Result<String, SampleError> {
        Ok(format!("{}\n", serde_json::to_string_pretty(self)?))
    }
}

impl Sample {
    /// Reads a file.
    ///
    /// # Errors
    /// [`SampleError`].
    pub fn read(text: &str) -> Result<Self, SampleError> {
        let file: SampleFile = serde_json::from_str(text)?;
        if file.matchbook_merge != 1 {
            return Err(SampleError::Newer);
        }
        let record = record(&file).ok_or(SampleError::NoMerge)?;
        let schema = file.schema.as_ref().map(|schema| CollectionSchema::read(schema.to_string().as_bytes()));
        let schema = schema.unwrap_or_default();
        let merge = schema.merge_policy(&file.policy);
        let rules = Rules { merge, creates: Creates::No, ..Rules::default() };
        let mut sample = Self { file, record, schema, rules };
        sample.number();
        Ok(sample)
    }

    /// What its views know.
    pub fn context(&self) -> ViewContext<'_> {
        ViewContext {
            schema: &self.schema,
            rules: &self.rules,
            now: Timestamp(self.file.seen_at),
            run: RunId(0),
            source: self.file.source.as_deref().unwrap_or("Sample"),
            collection_title: self.file.collection.as_deref().unwrap_or("Records"),
        }
    }

    /// Puts decisions in.
    pub fn decide(&mut self, decisions: Vec<Decision>) {
        if let Some(conflict) = &mut self.record.conflict {
            conflict.decisions.clone_from(&decisions);
        }
        self.file.decisions = decisions;
        self.number();
    }

    /// Gives the rows their numbers, in the order they have without decisions.
    fn number(&mut self) {
        let rows = super::merge_of(&self.context(), &self.record).map(|state| {
            let numbered = state.reviewed.iter().map(|reviewed| sync_engine::RowNumber {
                path: reviewed.row.path.clone(),
                part: reviewed.row.part,
            });
            numbered.collect::<Vec<_>>()
        });
        if let (Ok(rows), Some(conflict)) = (rows, &mut self.record.conflict) {
            for row in rows {
                if !conflict.rows.contains(&row) {
                    conflict.rows.push(row);
                }
            }
        }
    }
}

fn record(file: &SampleFile) -> Option<Record> {
    let body = |text: &String| Body::new(text.clone().into_bytes(), file.media_type.as_str());
    let mut record = Record::new(LocalKey(0), SourceId(0), "sample", Some(RemoteId("sample".into())));
    let seen_at = Timestamp(file.yours_at.min(file.seen_at));
    record.base = file.before.as_ref().map(|text| Base { body: body(text), validator: None, seen_at });
    let change = match (&file.yours, &record.base) {
        (Some(text), Some(_)) => Change::Replace(body(text)),
        (Some(text), None) => Change::Create(body(text)),
        (None, Some(_)) => Change::Delete,
        (None, None) => return None,
    };
    if file.yours.is_none() && file.server.is_none() {
        return None;
    }
    let edit = Edit::untried(change, record.base.as_ref(), Timestamp(file.yours_at));
    // It waits for ever, whatever reads it.
    record.edit = Some(Edit { held: true, ..edit });
    let validator = file.mark.as_deref().and_then(|mark| Validator::new(mark).ok());
    let what = match &file.server {
        Some(text) => Theirs::Present(Version { body: body(text), validator }),
        None => Theirs::Gone,
    };
    record.theirs = Some(TheirsSeen { what, seen_at: Timestamp(file.seen_at) });
    record.conflict = Some(Conflict {
        kind: file.kind,
        decisions: file.decisions.clone(),
        rows: Vec::new(),
        must_look: true,
    });
    Some(record)
}
