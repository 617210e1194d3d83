//! One row of the merge screen.

use super::ViewContext;
use super::kind::{Node, kind_for, meta};
use super::lookup::Lookup;
use super::place::Place;
use super::validate::problem;
use super::value::{scalar_text, text_value, value, value_of};
use super::words::capitalised;
use ipc_types::{
    Choice, FieldKind, FieldMeta, Mark, MarkKind, MergeRow, Provenance, Standing, Value, ValueType,
};
use record_merge::json::{Document, Kind};
use record_merge::{Group, Path, ReviewedRow, Row, RowKind, marks};
use std::cell::Cell;

/// Characters times characters that are compared for the marks of one screen; beyond, values are marked as a whole.
/// Counted, not timed: the same answer on every machine.
const MARK_WORK: usize = 400_000_000;

/// What the rows of one merge have in common.
pub(crate) struct Rows<'a> {
    pub(crate) ctx: &'a ViewContext<'a>,
    /// Server's, mine, before: in the order in which elements of lists are named.
    pub(crate) versions: Vec<&'a Lookup>,
    /// What would be sent, open rows at the server's value.
    pub(crate) result: Option<&'a Lookup>,
    /// The record is JSON (else the row is about the whole text).
    pub(crate) json: bool,
    /// The result of a record that is no JSON.
    pub(crate) text: Option<&'a str>,
    work: Cell<usize>,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(
        ctx: &'a ViewContext<'a>,
        versions: Vec<&'a Lookup>,
        result: Option<&'a Lookup>,
        json: bool,
        text: Option<&'a str>,
    ) -> Self {
        Self { ctx, versions, result, json, text, work: Cell::new(MARK_WORK) }
    }

    pub(crate) fn row(&self, number: u32, reviewed: &ReviewedRow) -> MergeRow {
        let row = &reviewed.row;
        let place = Place::of(&row.path, self.ctx.schema, &self.versions);
        let lexemes = [&row.before, &row.theirs, &row.mine];
        let documents = lexemes.map(|lexeme| Document::parse(lexeme.as_deref()?.as_bytes()).ok());
        // Lexemes are JSON; what cannot be read is shown as missing rather than not at all.
        let values = documents
            .each_ref()
            .map(|d| d.as_ref().map_or_else(|| value(None), |d| value_of(d, Some(d.root()))));
        let [before, theirs, mine] = values;
        let [before_text, theirs_text, mine_text] = documents.each_ref().map(|d| mark_text(d.as_ref()?));
        let choice = choice_of(reviewed);
        let result = self.result_of(reviewed, &theirs, &mine);
        let error = result.as_ref().and_then(|result| self.error(row, result));
        MergeRow {
            row: number,
            field: self.field(row, place.label, &documents),
            breadcrumbs: place.breadcrumbs,
            open: row.group == Group::Open,
            kind: kind_name(row.kind),
            theirs_marks: self.marks(before_text.as_deref(), theirs_text.as_deref()),
            mine_marks: self.marks(before_text.as_deref(), mine_text.as_deref()),
            sides_marks: self.marks(theirs_text.as_deref(), mine_text.as_deref()),
            invisible: invisible(row, &before, &theirs, &mine),
            provenance: result.as_ref().and(choice).map(|choice| provenance(row.kind, choice)),
            standing: standing(&reviewed.standing),
            theirs_then: theirs_then(&reviewed.standing),
            choices: row.choices.iter().map(|choice| ipc_choice(*choice)).collect(),
            please_look: row.please_look || row.kind == RowKind::Combined,
            before,
            theirs,
            mine,
            result,
            choice,
            error,
        }
    }

    fn field(&self, row: &Row, label: String, documents: &[Option<Document>; 3]) -> FieldMeta {
        // The person's value first.
        let nodes: Vec<Node<'_>> = documents.iter().rev().flatten().map(|d| (d, d.root())).collect();
        let field = self.ctx.schema.field(&row.path).filter(|_| self.json);
        // Parts are stretches of a text, whatever they look like.
        let kind = if row.part.is_some() { FieldKind::LongText } else { kind_for(field, &nodes) };
        let mut meta = meta(row.path.to_pointer(), label, kind, field);
        meta.required = self.json && self.ctx.schema.is_required(&row.path);
        meta
    }

    /// What the row sends; `None` while it is open.
    fn result_of(&self, reviewed: &ReviewedRow, theirs: &Value, mine: &Value) -> Option<Value> {
        use record_merge::Choice as C;
        let row = &reviewed.row;
        let choice = match reviewed.standing.acting() {
            Some(decision) if decision.choice == C::Edit => return Some(value(decision.value.as_deref())),
            Some(decision) => decision.choice,
            None if reviewed.standing.is_open() => return None,
            None => row.automatic?,
        };
        Some(match choice {
            C::Theirs => theirs.clone(),
            C::Both if row.part.is_some() => both(theirs, mine),
            C::Mine if row.part.is_some() => mine.clone(),
            C::Mine if row.path.is_root() => mine.clone(),
            // Two records: mine becomes the new one.
            C::Both if row.kind == RowKind::EditDelete => mine.clone(),
            _ => match (self.result, self.text) {
                (Some(result), _) => value_of(result.document(), result.at(&row.path)),
                (None, Some(text)) => text_value(text),
                (None, None) => mine.clone(),
            },
        })
    }

    fn error(&self, row: &Row, result: &Value) -> Option<String> {
        // That a record is gone is no mistake of a field; texts have no schema; a part is not the whole field.
        if !self.json || row.path.is_root() || row.part.is_some() {
            return None;
        }
        let lexeme = Some(result.json.as_str()).filter(|json| !json.is_empty());
        let required = self.ctx.schema.is_required(&row.path);
        let words = match self.ctx.schema.field(&row.path) {
            Some(field) => problem(field, required, lexeme),
            None => (required && lexeme.is_none()).then(|| "is needed".to_owned()),
        };
        words.map(|words| format!("{}.", capitalised(&words)))
    }

    fn marks(&self, from: Option<&str>, to: Option<&str>) -> Vec<Mark> {
        let one = |kind, text: &str| vec![Mark { kind, text: text.to_owned() }];
        match (from, to) {
            (None, None) => Vec::new(),
            (Some(from), None) => one(MarkKind::Removed, from),
            (None, Some(to)) => one(MarkKind::Added, to),
            (Some(from), Some(to)) => {
                let cost = middle(from, to);
                if self.work.get() < cost {
                    return [one(MarkKind::Removed, from), one(MarkKind::Added, to)].concat();
                }
                self.work.set(self.work.get() - cost);
                marks::marks(from, to).into_iter().map(ipc_mark).collect()
            }
        }
    }
}

/// Both stretches of a text, the server's first (M13).
fn both(theirs: &Value, mine: &Value) -> Value {
    let line_break =
        if [theirs, mine].iter().any(|value| value.text.contains("\r\n")) { "\r\n" } else { "\n" };
    let gap = theirs.text.is_empty() || mine.text.is_empty() || theirs.text.ends_with(line_break);
    text_value(&format!("{}{}{}", theirs.text, if gap { "" } else { line_break }, mine.text))
}

/// The work of comparing what is between the common beginning and the common end of two texts.
fn middle(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let rest = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    (a.len() - head - tail).saturating_mul(b.len() - head - tail)
}

fn ipc_mark(mark: marks::Mark) -> Mark {
    let kind = match mark.kind {
        marks::MarkKind::Equal => MarkKind::Equal,
        marks::MarkKind::Removed => MarkKind::Removed,
        marks::MarkKind::Added => MarkKind::Added,
    };
    Mark { kind, text: mark.text }
}

/// The text that marks are made on: what a person reads. Lists of single values as one line; `None` for what is not
/// there, has no value, or is no text.
fn mark_text(document: &Document) -> Option<String> {
    let root = document.root();
    if document.kind(root) != Kind::Array {
        return scalar_text(document, root).map(std::borrow::Cow::into_owned);
    }
    let entries: Option<Vec<_>> = document.children(root).map(|child| scalar_text(document, child)).collect();
    entries.filter(|entries| !entries.is_empty()).map(|entries| entries.join(", "))
}

/// The name of a difference that cannot be seen: between the sides, or of the one side that changed.
fn invisible<'v>(row: &Row, before: &'v Value, theirs: &'v Value, mine: &'v Value) -> Option<String> {
    let text = |value: &'v Value| (value.r#type == ValueType::Text).then_some(value.text.as_str());
    let (a, b) = match row.kind {
        RowKind::TheirsOnly => (before, theirs),
        RowKind::MineOnly => (before, mine),
        _ => (theirs, mine),
    };
    marks::invisible_difference(text(a)?, text(b)?).map(|kind| kind.words().to_owned())
}

pub(crate) fn ipc_choice(choice: record_merge::Choice) -> Choice {
    match choice {
        record_merge::Choice::Theirs => Choice::Theirs,
        record_merge::Choice::Mine => Choice::Mine,
        record_merge::Choice::Both => Choice::Both,
        record_merge::Choice::Edit => Choice::Edit,
        record_merge::Choice::Later => Choice::Later,
    }
}

/// The choice that acts or is suggested.
fn choice_of(reviewed: &ReviewedRow) -> Option<Choice> {
    use record_merge::Standing as S;
    match &reviewed.standing {
        S::Suggested(decision) => Some(ipc_choice(decision.choice)),
        S::Undecided => None,
        S::Automatic => reviewed.row.automatic.map(ipc_choice),
        other => other.acting().map(|decision| ipc_choice(decision.choice)),
    }
}

fn standing(standing: &record_merge::Standing) -> Standing {
    use record_merge::Standing as S;
    match standing {
        S::Undecided => Standing::Undecided,
        // The decision waits for the record to be brought back, and then acts.
        S::Decided(_) | S::Resting(_) => Standing::Decided,
        S::Suggested(_) => Standing::Suggested,
        S::Followed(_) => Standing::Followed,
        S::Automatic => Standing::Automatic,
        S::Overridden(_) => Standing::Overridden,
    }
}

fn theirs_then(standing: &record_merge::Standing) -> Option<Value> {
    use record_merge::Standing as S;
    match standing {
        S::Suggested(decision) | S::Followed(decision) => Some(value(decision.theirs_then.as_deref())),
        _ => None,
    }
}

/// Where the value of a row comes from.
pub(crate) fn provenance(kind: RowKind, choice: Choice) -> Provenance {
    match choice {
        Choice::Theirs => Provenance::Server,
        Choice::Both if kind == RowKind::Combined => Provenance::Combined,
        Choice::Mine => Provenance::Mine,
        Choice::Both => Provenance::Both,
        Choice::Edit => Provenance::Edited,
        Choice::Later => Provenance::Combined,
    }
}

/// The stable name of a row's kind, as its serialised form.
fn kind_name(kind: RowKind) -> String {
    match kind {
        RowKind::TheirsOnly => "theirs_only",
        RowKind::MineOnly => "mine_only",
        RowKind::EditedDifferently => "edited_differently",
        RowKind::AddedDifferently => "added_differently",
        RowKind::AddedByBoth => "added_by_both",
        RowKind::DeletedByMeEditedByServer => "deleted_by_me_edited_by_server",
        RowKind::EditedByMeDeletedByServer => "edited_by_me_deleted_by_server",
        RowKind::NullVsMissing => "null_vs_missing",
        RowKind::TypeChanged => "type_changed",
        RowKind::Combined => "combined",
        RowKind::Reordered => "reordered",
        RowKind::EditDelete => "edit_delete",
        RowKind::DeleteEdit => "delete_edit",
    }
    .to_owned()
}

/// A path, for the set of a merge's rows.
pub(crate) fn paths_of(reviewed: &[ReviewedRow]) -> impl Iterator<Item = &Path> {
    reviewed.iter().map(|row| &row.row.path)
}
