//! The whole result written as text: checked, and turned into decisions (M9).

use super::changes::Compared;
use super::lookup::Lookup;
use super::merge_state::MergeState;
use super::place::Place;
use super::validate::problems;
use super::words::capitalised;
use super::{ViewContext, field_changes};
use ipc_types::{RefusedField, SourceCheck};
use record_merge::json::{Document, quote};
use record_merge::{Choice, Decision, Format, Merged, Path, Token, value_at};
use sync_engine::Body;

/// What the text of a whole record comes to: whether it can be read, what the schema says, what it changes on the
/// server.
pub fn check_source(ctx: &ViewContext<'_>, theirs: Option<&Body>, body: &Body) -> SourceCheck {
    let mut check = SourceCheck {
        ok: true,
        error: None,
        line: None,
        column: None,
        fields: Vec::new(),
        changes: Vec::new(),
    };
    if body.format() == Format::Json
        && let Err(error) = Document::parse(&body.bytes)
    {
        check.ok = false;
        check.error = Some(format!("{}.", capitalised(&error.words)));
        check.line = u32::try_from(error.line).ok();
        check.column = u32::try_from(error.column).ok();
        return check;
    }
    check.fields = misfits(ctx, body);
    check.changes = field_changes(ctx, theirs, Some(body));
    check
}

/// The fields of a body that do not fit the schema.
pub fn misfits(ctx: &ViewContext<'_>, body: &Body) -> Vec<RefusedField> {
    let Some(lookup) = Lookup::of(body) else { return Vec::new() };
    let named = |(path, words): (Path, String)| RefusedField {
        pointer: path.to_pointer(),
        label: Place::of(&path, ctx.schema, &[&lookup]).full(),
        words: format!("{}.", capitalised(&words)),
    };
    problems(&ctx.schema.root, &lookup).into_iter().map(named).collect()
}

/// The decisions that make this text of the record: for each row the side it agrees with, else the value written; and
/// a value of its own for each other place that differs from the server's. `None` if no decisions come to it.
pub fn source_decisions(ctx: &ViewContext<'_>, state: &MergeState<'_>, body: &Body) -> Option<Vec<Decision>> {
    let validator = state.theirs_validator().map(|v| v.as_str().to_owned());
    let maker = Maker { state, validator, body };
    if state.merge.format() != Format::Json || state.is_whole() {
        return maker.whole(std::str::from_utf8(&body.bytes).ok()?);
    }
    let mut decisions = maker.rows();
    for deep in [true, false] {
        let result = maker.result(&decisions)?;
        let differing = Compared::new(ctx, Some(&result), Some(body)).paths;
        if differing.is_empty() {
            return Some(decisions);
        }
        for path in &differing {
            // A second try writes whole top fields.
            let path = match path.0.first() {
                Some(first) if !deep => Path(vec![first.clone()]),
                Some(_) => path.clone(),
                None => return None,
            };
            maker.write(&mut decisions, &path);
        }
    }
    let result = maker.result(&decisions)?;
    Compared::new(ctx, Some(&result), Some(body)).paths.is_empty().then_some(decisions)
}

struct Maker<'a> {
    state: &'a MergeState<'a>,
    validator: Option<String>,
    body: &'a Body,
}

impl Maker<'_> {
    fn decision(&self, path: Path, part: Option<u32>, choice: Choice, value: Option<String>) -> Decision {
        let row = self.state.reviewed.iter().map(|r| &r.row).find(|r| r.part == part && r.path.same(&path));
        let at = |side| self.state.merge.value(side, &path);
        let (theirs_then, mine_then) = match row {
            Some(row) => (row.theirs.clone(), row.mine.clone()),
            None => (at(record_merge::Side::Theirs), at(record_merge::Side::Mine)),
        };
        Decision { path, part, choice, value, validator: self.validator.clone(), theirs_then, mine_then }
    }

    /// The record is one value.
    fn whole(&self, text: &str) -> Option<Vec<Decision>> {
        let row = self
            .state
            .reviewed
            .iter()
            .map(|r| &r.row)
            .find(|row| row.path.is_root() && row.part.is_none())?;
        let value = if self.state.merge.format() == Format::Json { text.to_owned() } else { quote(text) };
        let choice = self.side(row, Some(&value));
        let value = (choice == Choice::Edit).then_some(value);
        if !row.choices.contains(&choice) {
            return None;
        }
        Some(vec![self.decision(Path::root(), None, choice, value)])
    }

    /// The side a value agrees with.
    fn side(&self, row: &record_merge::Row, value: Option<&str>) -> Choice {
        let same = |side: &Option<String>| self.state.merge.same_value(&row.path, side.as_deref(), value);
        if same(&row.theirs) {
            Choice::Theirs
        } else if same(&row.mine) {
            Choice::Mine
        } else {
            Choice::Edit
        }
    }

    /// The value written at a place, or of all fields of a row that holds several.
    fn written(&self, row: &record_merge::Row) -> Option<String> {
        if row.with.is_empty() {
            return value_at(&self.body.bytes, &row.path).ok().flatten();
        }
        let member = |path: &Path| {
            let Some(Token::Member(name)) = path.0.last() else { return None };
            let value = value_at(&self.body.bytes, path).ok().flatten()?;
            Some(format!("{}:{value}", quote(name)))
        };
        let members: Vec<String> = std::iter::once(&row.path).chain(&row.with).filter_map(member).collect();
        Some(format!("{{{}}}", members.join(",")))
    }

    fn rows(&self) -> Vec<Decision> {
        let rows = self.state.reviewed.iter().map(|reviewed| &reviewed.row);
        let whole: Vec<_> = rows.filter(|row| row.part.is_none() && !row.path.is_root()).collect();
        let mut decisions = Vec::new();
        for row in whole {
            let value = self.written(row);
            let choice = self.side(row, value.as_deref());
            // What would be taken anyhow needs no decision.
            if row.automatic == Some(choice) {
                continue;
            }
            let unions = row.kind == record_merge::RowKind::AddedByBoth;
            if unions || !row.choices.contains(&choice) {
                continue;
            }
            let value = if choice == Choice::Edit { value } else { None };
            decisions.push(self.decision(row.path.clone(), None, choice, value));
        }
        decisions
    }

    /// Writes a place as it stands in the text; what was decided in it goes.
    fn write(&self, decisions: &mut Vec<Decision>, path: &Path) {
        decisions.retain(|decision| !decision.path.starts_with(path));
        let value = value_at(&self.body.bytes, path).ok().flatten();
        decisions.push(self.decision(path.clone(), None, Choice::Edit, value));
    }

    fn result(&self, decisions: &[Decision]) -> Option<Body> {
        match self.state.merge.result(decisions).ok()? {
            Merged::Document(bytes) => Some(Body::new(bytes, self.body.media_type.clone())),
            Merged::Deleted => None,
        }
    }
}
