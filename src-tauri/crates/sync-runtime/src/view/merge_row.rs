//! One row of the merge screen.

use super::ViewContext;
use super::kind::{Node, kind_for, meta};
use super::lookup::Lookup;
use super::merge_view::{Known, asks};
use super::place::Place;
use super::row_list::{entry_name, entry_of, list_of, moved, named_order, notices};
use super::row_marks::{Marker, invisible, mark_text};
use super::row_ready::{Made, made};
use super::row_state::{
    choice_of, ipc_choice, kind_name, provenance, ready_provenance, standing, theirs_then, wrote,
};
use super::row_text::Texts;
use super::row_words::{Told, absent, rule_words, sentence};
use super::validate::problem;
use super::value::{text_value, value, value_of};
use super::words::capitalised;
use ipc_types::{
    FieldKind, FieldMeta, Mark, MergeRow, Paragraph, Provenance, ReadyValue, RowAbsent, RowMember, Value,
    ValueType,
};
use record_merge::json::Document;
use record_merge::{Group, Merge, Path, ReviewedRow, Row, RowKind, Token};

/// What the rows of one merge have in common.
pub(crate) struct Rows<'a> {
    pub(crate) ctx: &'a ViewContext<'a>,
    /// Server's, mine, before: in the order in which elements of lists are named.
    pub(crate) versions: Vec<&'a Lookup>,
    /// What would be sent, open rows at the server's value.
    pub(crate) result: Option<&'a Lookup>,
    /// The merge itself.
    pub(crate) merge: &'a Merge,
    /// The record has fields (else the row is about the whole text).
    pub(crate) fields: bool,
    /// The result of a record that is no JSON.
    pub(crate) text: Option<&'a str>,
    /// What is known besides the versions.
    pub(crate) known: &'a Known,
    pub(crate) marker: Marker,
    pub(crate) texts: Texts<'a>,
    /// Before, the server's and the person's where the record is a file.
    pub(crate) files: Option<[Value; 3]>,
}

/// The three values of a row, read.
struct Three {
    documents: [Option<Document>; 3],
    before: Value,
    theirs: Value,
    mine: Value,
}

impl Three {
    fn of(row: &Row, files: Option<&[Value; 3]>) -> Self {
        if let Some([before, theirs, mine]) = files.filter(|_| row.path.is_root()).cloned() {
            return Self { documents: [None, None, None], before, theirs, mine };
        }
        let lexemes = [&row.before, &row.theirs, &row.mine];
        let documents = lexemes.map(|lexeme| Document::parse(lexeme.as_deref()?.as_bytes()).ok());
        // Lexemes are JSON; what cannot be read is shown as missing rather than not at all.
        let values = documents
            .each_ref()
            .map(|d| d.as_ref().map_or_else(|| value(None), |d| value_of(d, Some(d.root()))));
        let [before, theirs, mine] = values;
        Self { documents, before, theirs, mine }
    }

    /// It is a text of several lines: only then is it paired by paragraph.
    fn has_lines(&self) -> bool {
        let lines = |value: &Value| value.r#type == ValueType::Text && value.text.contains('\n');
        [&self.before, &self.theirs, &self.mine].into_iter().any(lines)
    }
}

/// Word marks of a row.
struct Drawn {
    /// The text they start from.
    before: Option<String>,
    theirs: Vec<Mark>,
    mine: Vec<Mark>,
    /// From the server's value to the person's.
    sides: Vec<Mark>,
    /// From what the server's value was when the row was decided to what it is now.
    then: Vec<Mark>,
}

/// What comes of a row.
struct Outcome {
    /// What it sends; `None` while it is open.
    result: Option<Value>,
    /// Its fields, where it has several.
    members: Vec<RowMember>,
    /// What is wrong with it.
    error: Option<String>,
    /// What is wrong with it that the server has already.
    unfit: Option<String>,
}

impl Rows<'_> {
    pub(crate) fn row(&self, number: u32, reviewed: &ReviewedRow) -> MergeRow {
        let row = &reviewed.row;
        let place = self.place(&row.path);
        let order = row.kind == RowKind::Reordered;
        let three = if order { self.order(row) } else { Three::of(row, self.files.as_ref()) };
        // Who moved what is said in the notices.
        let then = theirs_then(&reviewed.standing).filter(|_| !order);
        let drawn = self.drawn(&three, then.as_ref());
        let choice = choice_of(reviewed);
        let Outcome { result, members, error, unfit } = self.outcome(reviewed, &three);
        let from_server = self.known.log.get(&top(&row.path));
        let marks = |to: &Value| self.marker.marks(drawn.before.as_deref(), Some(&to.text));
        let Made { ready, both } = made(self.merge, row, &reviewed.standing, marks);
        let label = joined(&members).unwrap_or(place.label);
        let told = Told {
            before: &three.before,
            theirs: &three.theirs,
            mine: &three.mine,
            who: from_server.and_then(|line| line.who.as_deref()).or(self.known.who.as_deref()),
            entry: entry_name(row, &label),
            noun: &self.ctx.schema.noun,
        };
        MergeRow {
            row: number,
            breadcrumbs: place.breadcrumbs,
            part: row.part,
            part_name: row.part.and_then(|part| self.texts.part_name(&row.path, part, &self.marker)),
            list: list_of(row, &self.versions).filter(|_| self.fields).map(|path| path.to_pointer()),
            entry: moved(row).or_else(|| entry_of(row, &three.before, &three.theirs, &three.mine)),
            open: asks(reviewed),
            kind: kind_name(row.kind),
            rule: rule_words(row),
            why: row.reason.clone(),
            notices: notices(self.ctx, row, &self.versions).into_iter().chain(unfit).collect(),
            sentence: self.sentence(row, &members, &told),
            who: from_server.and_then(|line| line.who.clone()),
            theirs_at: from_server.and_then(|line| line.at),
            absent: all_absent([&three.before, &three.theirs, &three.mine], result.as_ref()),
            theirs_marks: drawn.theirs,
            mine_marks: drawn.mine,
            sides_marks: drawn.sides,
            then_marks: drawn.then,
            paragraphs: self.paragraphs(row, number, &three),
            invisible: invisible(row, &three.before, &three.theirs, &three.mine),
            provenance: result.as_ref().and(choice).map(|choice| comes_from(row, choice, &ready)),
            standing: standing(&reviewed.standing),
            theirs_then: then,
            wrote: wrote(&reviewed.standing),
            choices: row.choices.iter().map(|choice| ipc_choice(*choice)).collect(),
            ready,
            both,
            please_look: row.please_look || row.kind == RowKind::Combined,
            field: self.field(row, label, &three.documents),
            before: three.before,
            theirs: three.theirs,
            mine: three.mine,
            result,
            choice,
            error,
            members,
            typed: self.known.typed_at(&row.path, row.part),
        }
    }

    /// The words that differ between the values of a row. `then` = the server's when it was decided.
    fn drawn(&self, three: &Three, then: Option<&Value>) -> Drawn {
        let [before, theirs, mine] = three.documents.each_ref().map(|d| mark_text(d.as_ref()?));
        let marks = |from: Option<&str>, to: Option<&str>| self.marker.marks(from, to);
        let text_of = |value: &Value| (value.r#type != ValueType::Missing).then(|| value.text.clone());
        Drawn {
            theirs: marks(before.as_deref(), theirs.as_deref()),
            mine: marks(before.as_deref(), mine.as_deref()),
            sides: marks(theirs.as_deref(), mine.as_deref()),
            then: then.map(|value| marks(text_of(value).as_deref(), theirs.as_deref())).unwrap_or_default(),
            before,
        }
    }

    /// Paragraphs beside each other, of a whole text of several lines.
    fn paragraphs(&self, row: &Row, number: u32, three: &Three) -> Vec<Paragraph> {
        if row.part.is_some() || !three.has_lines() {
            return Vec::new();
        }
        self.texts.paragraphs(&row.path, number, row.group == Group::Open, &self.marker)
    }

    /// What comes of a row, and what is wrong with that.
    fn outcome(&self, reviewed: &ReviewedRow, three: &Three) -> Outcome {
        let row = &reviewed.row;
        let result = self.result_of(reviewed, &three.theirs, &three.mine);
        let members = self.members(row, three, result.as_ref());
        let wrong = members.iter().find_map(|member| Some((&member.field.label, member.error.as_ref()?)));
        let error = match wrong {
            Some((label, words)) => Some(format!("{label}: {words}")),
            None => result.as_ref().and_then(|result| self.error(row, result)),
        };
        // What the server has already is none of the merge's doing: it is said, and stops nothing.
        let has_it = result.as_ref() == Some(&three.theirs);
        let (unfit, error) = if has_it { (error, None) } else { (None, error) };
        let unfit = unfit.map(|words| format!("The server's value does not fit: {words}"));
        Outcome { result, members, error, unfit }
    }

    /// The orders of a list by the names of its entries.
    fn order(&self, row: &Row) -> Three {
        let name = |path: &Path| self.place(path).label;
        let [before, theirs, mine] =
            [&row.before, &row.theirs, &row.mine].map(|lexeme| named_order(row, lexeme.as_deref(), name));
        Three { documents: [None, None, None], before, theirs, mine }
    }

    fn sentence(&self, row: &Row, members: &[RowMember], told: &Told<'_>) -> String {
        if members.is_empty() {
            return sentence(row.kind, told);
        }
        let each = members.iter().filter(|m| m.before.json != m.theirs.json || m.before.json != m.mine.json);
        let one = |member: &RowMember| {
            let told = Told { before: &member.before, theirs: &member.theirs, mine: &member.mine, ..*told };
            format!("{}: {}", member.field.label, sentence(row.kind, &told))
        };
        each.map(one).collect::<Vec<_>>().join(" ")
    }

    /// The fields of a row that holds several: its values are objects of them.
    fn members(&self, row: &Row, three: &Three, result: Option<&Value>) -> Vec<RowMember> {
        if row.with.is_empty() {
            return Vec::new();
        }
        let result = result.map(|result| Document::parse(result.json.as_bytes()).ok());
        let all = std::iter::once(&row.path).chain(&row.with);
        all.filter_map(|path| {
            let Some(Token::Member(name)) = path.0.last() else { return None };
            let of = |document: &Option<Document>| {
                let id = document.as_ref().and_then(|d| d.member(d.root(), name));
                document.as_ref().map_or_else(|| value(None), |d| value_of(d, id))
            };
            let [before, theirs, mine] = three.documents.each_ref().map(of);
            let result = result.as_ref().map(of);
            let nodes: Vec<Node<'_>> = three
                .documents
                .iter()
                .rev()
                .flatten()
                .filter_map(|d| d.member(d.root(), name).map(|id| (d, id)))
                .collect();
            let field = self.ctx.schema.field(path);
            let label = self.place(path).label;
            let mut meta = meta(path.to_pointer(), label, kind_for(field, &nodes), field);
            meta.required = self.ctx.schema.is_required(path);
            let text = |value: &Value| {
                (!matches!(value.r#type, ValueType::Missing | ValueType::Null)).then(|| value.text.clone())
            };
            let (from, there, here) = (text(&before), text(&theirs), text(&mine));
            Some(RowMember {
                name: name.clone(),
                field: meta,
                theirs_marks: self.marker.marks(from.as_deref(), there.as_deref()),
                mine_marks: self.marker.marks(from.as_deref(), here.as_deref()),
                absent: all_absent([&before, &theirs, &mine], result.as_ref()),
                error: result.as_ref().and_then(|result| self.problem(path, result)),
                before,
                theirs,
                mine,
                result,
            })
        })
        .collect()
    }

    fn field(&self, row: &Row, label: String, documents: &[Option<Document>; 3]) -> FieldMeta {
        // The person's value first.
        let nodes: Vec<Node<'_>> = documents.iter().rev().flatten().map(|d| (d, d.root())).collect();
        let field = self.ctx.schema.field(&row.path).filter(|_| self.fields && row.with.is_empty());
        // Parts are stretches of a text, whatever they look like.
        let kind = if row.part.is_some() { FieldKind::LongText } else { kind_for(field, &nodes) };
        let mut meta = meta(row.path.to_pointer(), label, kind, field);
        meta.required = self.fields && self.ctx.schema.is_required(&row.path);
        meta
    }

    /// What the row sends; `None` while it is open.
    fn result_of(&self, reviewed: &ReviewedRow, theirs: &Value, mine: &Value) -> Option<Value> {
        use record_merge::Choice as C;
        let row = &reviewed.row;
        let choice = match reviewed.standing.acting() {
            Some(decision) if decision.choice == C::Edit || decision.value.is_some() => {
                return Some(value(decision.value.as_deref()));
            }
            Some(decision) => decision.choice,
            None if reviewed.standing.is_open() => return None,
            None => row.automatic?,
        };
        let whole = || match (self.result, self.text) {
            (Some(result), _) => value_of(result.document(), result.at(&row.path)),
            (None, Some(text)) => text_value(text),
            (None, None) => mine.clone(),
        };
        Some(match choice {
            C::Theirs => theirs.clone(),
            C::Mine => mine.clone(),
            // Two records: mine becomes the new one.
            C::Both if row.kind == RowKind::EditDelete => mine.clone(),
            C::Both => self.merge.both(row).first().map_or_else(whole, |both| value(Some(both))),
            // Put together by a rule.
            C::Edit | C::Later => whole(),
        })
    }

    fn place(&self, path: &Path) -> Place {
        Place::in_format(self.merge.format(), path, self.ctx.schema, &self.versions)
    }

    fn error(&self, row: &Row, result: &Value) -> Option<String> {
        // That a record is gone is no mistake of a field; texts have no schema; a part or an order is not the whole field.
        let whole = row.part.is_none() && row.with.is_empty() && row.kind != RowKind::Reordered;
        let checked = self.fields && !row.path.is_root() && whole;
        if checked { self.problem(&row.path, result) } else { None }
    }

    /// What the schema says against a value, as a sentence.
    fn problem(&self, path: &Path, result: &Value) -> Option<String> {
        let lexeme = Some(result.json.as_str()).filter(|json| !json.is_empty());
        let required = self.ctx.schema.is_required(path);
        let words = match self.ctx.schema.field(path) {
            Some(field) => problem(field, required, lexeme),
            None => (required && lexeme.is_none()).then(|| "is needed".to_owned()),
        };
        words.map(|words| format!("{}.", capitalised(&words)))
    }
}

/// Where the value that is sent comes from.
fn comes_from(row: &Row, choice: ipc_types::Choice, ready: &[ReadyValue]) -> Provenance {
    let made = ready.iter().find(|ready| ready.chosen).map(|ready| ready.kind);
    made.map_or_else(|| provenance(row.kind, choice), ready_provenance)
}

/// The names of several fields as one: "Start and End".
fn joined(members: &[RowMember]) -> Option<String> {
    let (last, first) = members.split_last()?;
    let first: Vec<&str> = first.iter().map(|member| member.field.label.as_str()).collect();
    Some(format!("{} and {}", first.join(", "), last.field.label))
}

/// What stands for values that are not there to see: of before, theirs, mine and the result.
fn all_absent([before, theirs, mine]: [&Value; 3], result: Option<&Value>) -> RowAbsent {
    RowAbsent {
        before: absent(before, None),
        theirs: absent(theirs, Some(before)),
        mine: absent(mine, Some(before)),
        result: result.and_then(|result| absent(result, Some(before))),
    }
}

/// The top field of a place: what the server's log names.
fn top(path: &Path) -> String {
    match path.0.first() {
        Some(Token::Member(name)) => name.clone(),
        _ => String::new(),
    }
}
