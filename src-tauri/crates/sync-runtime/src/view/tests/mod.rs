//! Views of realistic records: tools, contacts, cases and notes.

mod form;
mod history;
mod lists;
mod many;
mod merge;
mod random;
mod rows;
mod shown;
mod source;

use super::merge_of;
use super::*;
use record_merge::{Decision, Path, Policy};
use std::sync::LazyLock;
use sync_engine::*;

pub(super) const TOOL_SCHEMA: &str = r#"{
  "title": "Tools", "x-noun": "tool", "x-title-field": "name",
  "x-author": "updated_by", "x-changed-at": "updated_at",
  "required": ["name", "deposit"],
  "properties": {
    "number": {"type": "string", "title": "No."},
    "name": {"type": "string", "minLength": 1},
    "status": {"type": "string", "enum": ["available", "in_repair", "lent"]},
    "deposit": {"type": "number", "minimum": 0, "x-unit": "EUR", "description": "Paid back on return."},
    "next_safety_check": {"type": "string", "format": "date"},
    "lent_to": {"type": ["string", "null"]},
    "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true},
    "notes": {"type": "string", "x-long-text": true},
    "accessories": {"type": "array", "x-identity": "no", "items": {"type": "object", "required": ["item"], "properties": {
      "item": {"type": "string"}, "count": {"type": "integer", "minimum": 1}, "condition": {"type": ["string", "null"]}}}},
    "updated_by": {"type": "string", "readOnly": true},
    "updated_at": {"type": "string", "format": "date-time", "readOnly": true}
  }
}"#;

pub(super) const DRILL: &str = r#"{
  "number": "T-118",
  "name": "Cordless drill 18 V",
  "status": "available",
  "deposit": 20.00,
  "next_safety_check": "2026-09-14",
  "lent_to": null,
  "tags": ["power tool", "18 V"],
  "notes": "Charge both batteries before handing it out.\nThe second battery loses charge after two days.",
  "accessories": [
    {"no": 1, "item": "Charger", "count": 1, "condition": "good"},
    {"no": 2, "item": "Battery 2.0 Ah", "count": 2, "condition": "worn"}
  ],
  "shelf": "A3",
  "updated_by": "Tomasz Wilk",
  "updated_at": "2026-06-09T08:00:00Z"
}"#;

pub(super) static TOOLS: LazyLock<CollectionSchema> =
    LazyLock::new(|| CollectionSchema::read(TOOL_SCHEMA.as_bytes()));
static UNKNOWN: LazyLock<CollectionSchema> = LazyLock::new(CollectionSchema::default);

pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| Rules {
    merge: TOOLS.merge_policy(&Policy::default()),
    grade: Grade::Protected,
    ..Rules::default()
});

pub(super) fn tools() -> ViewContext<'static> {
    ViewContext {
        schema: &TOOLS,
        rules: &RULES,
        now: Timestamp(1_000_000),
        run: RunId(1),
        source: "Tool library",
        collection_title: "Tools",
    }
}

/// A collection without a schema.
pub(super) fn notes() -> ViewContext<'static> {
    ViewContext { schema: &UNKNOWN, collection_title: "Plot notes", source: "Plot notes", ..tools() }
}

pub(super) fn body(text: &str) -> Body {
    Body::json(text.as_bytes())
}

/// The drill with some members replaced by others, textually.
pub(super) fn drill(replace: &[(&str, &str)]) -> String {
    replace.iter().fold(DRILL.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in the drill");
        text.replacen(from, to, 1)
    })
}

pub(super) fn tag(text: &str) -> Validator {
    Validator::new(text).unwrap()
}

pub(super) fn synced(text: &str) -> Record {
    let mut record = Record::new(LocalKey(7), SourceId(1), "tools", Some(RemoteId("118".into())));
    record.rev = Rev(3);
    record.base =
        Some(Base { body: body(text), validator: Some(tag("\"118-6f2c91\"")), seen_at: Timestamp(100) });
    record
}

pub(super) fn edited(base: &str, change: Change) -> Record {
    let mut record = synced(base);
    record.edit = Some(Edit::untried(change, record.base.as_ref(), Timestamp(500)));
    record
}

pub(super) fn replaced(base: &str, mine: &str) -> Record {
    edited(base, Change::Replace(body(mine)))
}

pub(super) fn with_theirs(mut record: Record, theirs: Option<&str>) -> Record {
    let what = match theirs {
        Some(text) => Theirs::Present(Version { body: body(text), validator: Some(tag("\"118-a40b17\"")) }),
        None => Theirs::Gone,
    };
    record.theirs = Some(TheirsSeen { what, seen_at: Timestamp(600) });
    record
}

pub(super) fn in_merge(record: Record, theirs: Option<&str>, kind: ConflictKind) -> Record {
    let mut record = with_theirs(record, theirs);
    record.conflict = Some(Conflict { kind, decisions: Vec::new(), rows: Vec::new(), must_look: false });
    let state = merge_of(&tools(), &record).unwrap();
    let rows = state
        .reviewed
        .iter()
        .map(|row| RowNumber { path: row.row.path.clone(), part: row.row.part })
        .collect();
    record.conflict.as_mut().unwrap().rows = rows;
    record
}

/// Decides the row at a pointer as the window would.
pub(super) fn decide(record: &mut Record, pointer: &str, choice: record_merge::Choice, value: Option<&str>) {
    let path = Path::from_pointer(pointer).unwrap();
    let state = merge_of(&tools(), record).unwrap();
    let row = state.reviewed.iter().find(|row| row.row.path.same(&path)).unwrap().row.clone();
    let decision = Decision {
        path: row.path,
        part: row.part,
        choice,
        value: value.map(str::to_owned),
        validator: None,
        theirs_then: row.theirs,
        mine_then: row.mine,
    };
    record.conflict.as_mut().unwrap().decisions.push(decision);
}
