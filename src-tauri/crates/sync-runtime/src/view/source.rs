//! The whole result written as text: checked, and turned into decisions (M9).

use super::card::is_card;
use super::changes::Compared;
use super::lookup::Lookup;
use super::merge_state::{MergeState, for_now};
use super::place::Place;
use super::validate::problems;
use super::words::capitalised;
use super::{ViewContext, field_changes};
use ipc_types::{RefusedField, SourceCheck};
use record_merge::json::{Document, quote};
use record_merge::{
    Choice, Decision, Format, Inputs, Lexeme, Merged, Path, Policy, ReviewedRow, Token, changed_paths,
    fields_together, review, standing_decisions, value_at,
};
use std::collections::BTreeMap;
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

/// What a text of the whole record comes to.
#[derive(Debug)]
pub struct SourceTaken {
    /// The decisions with those that the text makes.
    pub decisions: Vec<Decision>,
    /// Rows that the text decides: its value there is another one than before.
    pub places: Vec<(Path, Option<u32>)>,
    /// Rows that need a choice as before: the text says nothing else about them than what it was made with.
    pub still_open: usize,
    /// Where another value was chosen since the text was made, and the text has a third one.
    pub both: Option<Both>,
}

/// Places that were decided in the window and changed in the text, each another way. The choice of the window stays.
#[derive(Debug)]
pub struct Both {
    /// Their names.
    pub labels: Vec<String>,
    /// The result with the values of the text at these places.
    pub text: Vec<u8>,
    /// The result as it is now.
    pub result: Option<Vec<u8>>,
}

/// The decisions that make this text of the record. `shown` is the text as it was before it was changed: a place that
/// is as it was keeps its row as it is now, also open; absent, it is the result so far. For each place that was changed:
/// the side it agrees with, else the value written. `None` if no decisions come to it.
pub fn source_decisions(
    ctx: &ViewContext<'_>,
    state: &MergeState<'_>,
    body: &Body,
    shown: Option<&Body>,
) -> Option<SourceTaken> {
    let validator = state.theirs_validator().map(|v| v.as_str().to_owned());
    let now = super::versions::result_body(state);
    let (body, both) = match (shown, &now) {
        (Some(shown), Some(now)) => put_together(ctx, shown, body, now),
        _ => (body.clone(), None),
    };
    let format = state.merge.format();
    let maker = Maker {
        state,
        validator,
        body: &body,
        text: Places::written(state, &body)?,
        now: now.as_ref().and_then(|now| Places::so_far(state, now)),
    };
    let (decisions, places) = if now.as_ref().is_some_and(|now| maker.is_same(ctx, now)) {
        (state.conflict.decisions.clone(), Vec::new())
    } else if state.is_whole() || !(format == Format::Json || is_card(format)) {
        maker.whole(ctx)?
    } else {
        maker.fields(ctx)?
    };
    let after = maker.reviewed(&decisions);
    let still_open = after.iter().filter(|row| row.standing.is_open()).count();
    let both = both.map(|both| Both { result: maker.result(&decisions).map(|b| b.bytes.to_vec()), ..both });
    Some(SourceTaken { decisions, places, still_open, both })
}

/// What was changed in the text, and what was decided since it was made. Where both are about one place, the text has
/// what was decided: a choice is never undone by a text that is older.
fn put_together(ctx: &ViewContext<'_>, shown: &Body, body: &Body, now: &Body) -> (Body, Option<Both>) {
    let format = now.format();
    let same = |a: &Body, b: &Body| record_merge::equal(format, &a.bytes, &b.bytes, &ctx.rules.merge);
    if same(shown, now) {
        return (body.clone(), None);
    }
    let inputs = Inputs::new(Some(&shown.bytes), Some(&body.bytes), Some(&now.bytes));
    // Rules say which side of a clash goes first, and these are not its sides.
    let policy = Policy { rules: BTreeMap::new(), ..ctx.rules.merge.clone() };
    let Ok(merge) = record_merge::merge(format, inputs, &policy) else {
        return (body.clone(), None);
    };
    let (Merged::Document(kept), Merged::Document(theirs)) = (merge.all_theirs(), merge.all_mine()) else {
        return (body.clone(), None);
    };
    let lookups: Vec<Lookup> = [now, body].into_iter().filter_map(Lookup::of).collect();
    let versions: Vec<&Lookup> = lookups.iter().collect();
    let mut labels: Vec<String> = Vec::new();
    for row in merge.open() {
        let label = Place::in_format(format, &row.path, ctx.schema, &versions).full();
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let both = (!labels.is_empty()).then_some(Both { labels, text: theirs, result: None });
    (Body::new(kept, body.media_type.clone()), both)
}

type Decisions = (Vec<Decision>, Vec<(Path, Option<u32>)>);

/// A version of the record, asked by the places of the merge.
enum Places<'a> {
    Json(&'a Body),
    /// A contact or calendar as the fields it is shown as; other formats as one value.
    Fields(Document),
}

impl<'a> Places<'a> {
    /// What was written. Entries of a contact have the names they have in the merge, wherever they are in it.
    fn written(state: &MergeState<'_>, body: &'a Body) -> Option<Self> {
        match state.merge.format() {
            Format::Json => Some(Self::Json(body)),
            format if is_card(format) => {
                let bytes = |body: &'a Body| &*body.bytes;
                let (base, theirs) = (state.base.map(|body| &*body.bytes), state.theirs_body());
                let versions = [base, Some(bytes(body)), theirs.map(|body| &*body.bytes)];
                let [_, written, _] = fields_together(format, versions)?;
                Some(Self::Fields(written?))
            }
            _ => Document::parse(quote(std::str::from_utf8(&body.bytes).ok()?).as_bytes())
                .ok()
                .map(Self::Fields),
        }
    }

    /// The result so far.
    fn so_far(state: &MergeState<'_>, now: &'a Body) -> Option<Self> {
        match state.merge.format() {
            Format::Json => Some(Self::Json(now)),
            _ => Document::parse(&state.fields_so_far()?).ok().map(Self::Fields),
        }
    }

    fn at(&self, path: &Path) -> Option<Lexeme> {
        match self {
            Self::Json(body) => value_at(&body.bytes, path).ok().flatten(),
            Self::Fields(document) => document.at(path).map(|id| document.text(id).to_owned()),
        }
    }
}

struct Maker<'a> {
    state: &'a MergeState<'a>,
    validator: Option<String>,
    body: &'a Body,
    text: Places<'a>,
    /// The result so far.
    now: Option<Places<'a>>,
}

impl Maker<'_> {
    fn is_same(&self, ctx: &ViewContext<'_>, other: &Body) -> bool {
        record_merge::equal(self.state.merge.format(), &self.body.bytes, &other.bytes, &ctx.rules.merge)
    }

    fn fields(&self, ctx: &ViewContext<'_>) -> Option<Decisions> {
        let (mut decisions, mut places) = self.rows();
        for deep in [true, false] {
            let differing = self.differing(ctx, &decisions)?;
            if differing.is_empty() {
                return self.settles(&decisions).then_some((decisions, places));
            }
            for path in &differing {
                // A second try writes whole top fields.
                let path = match path.0.first() {
                    Some(first) if !deep => Path(vec![first.clone()]),
                    Some(_) => path.clone(),
                    None => return None,
                };
                self.write(&mut decisions, &path);
                places.push((path, None));
            }
        }
        let done = self.differing(ctx, &decisions)?.is_empty() && self.settles(&decisions);
        done.then_some((decisions, places))
    }

    /// No row waits for a choice that would come to nothing, because all around it is written anew.
    fn settles(&self, decisions: &[Decision]) -> bool {
        let reviewed = self.reviewed(decisions);
        let waiting: Vec<_> =
            reviewed.iter().filter(|row| row.standing.is_open()).map(|row| &row.row).collect();
        let is_row = |path: &Path| self.state.merge.rows.iter().any(|row| row.path.same(path));
        let written = decisions.iter().map(|decision| &decision.path).filter(|path| !is_row(path));
        !written.into_iter().any(|path| waiting.iter().any(|row| row.path.starts_with(path)))
    }

    /// Where what comes of the decisions is not yet what was written.
    fn differing(&self, ctx: &ViewContext<'_>, decisions: &[Decision]) -> Option<Vec<Path>> {
        let result = self.result(decisions)?;
        let Places::Fields(written) = &self.text else {
            return Some(Compared::new(ctx, Some(&result), Some(self.body)).paths);
        };
        if self.is_same(ctx, &result) {
            return Some(Vec::new());
        }
        let Merged::Document(fields) = self.state.merge.result_fields(&self.acting(decisions)).ok()? else {
            return None;
        };
        let written = written.text(written.root());
        let paths = changed_paths(Format::Json, &fields, written.as_bytes(), &ctx.rules.merge);
        // Nothing that a field says: it cannot be written by fields.
        Some(paths).filter(|paths| !paths.is_empty())
    }

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
    fn whole(&self, ctx: &ViewContext<'_>) -> Option<Decisions> {
        let rows = self.state.reviewed.iter().map(|r| &r.row);
        let row = rows.clone().find(|row| row.path.is_root() && row.part.is_none())?;
        let value = match &self.text {
            Places::Json(body) => std::str::from_utf8(&body.bytes).ok()?.to_owned(),
            Places::Fields(document) => document.text(document.root()).to_owned(),
        };
        let choice = self.side(row, Some(&value));
        let value = (choice == Choice::Edit).then_some(value);
        if !row.choices.contains(&choice) {
            return None;
        }
        let places = rows.map(|row| (row.path.clone(), row.part)).collect();
        let decisions = vec![self.decision(Path::root(), None, choice, value)];
        // Of the side that deleted the record nothing comes that could be compared.
        let same = self.result(&decisions).is_some_and(|result| self.is_same(ctx, &result));
        same.then_some((decisions, places))
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

    /// The value at a place, or of all fields of a row that holds several.
    fn written(places: &Places<'_>, row: &record_merge::Row) -> Option<String> {
        if row.with.is_empty() {
            return places.at(&row.path);
        }
        let member = |path: &Path| {
            let Some(Token::Member(name)) = path.0.last() else { return None };
            let value = places.at(path)?;
            Some(format!("{}:{value}", quote(name)))
        };
        let members: Vec<String> = std::iter::once(&row.path).chain(&row.with).filter_map(member).collect();
        Some(format!("{{{}}}", members.join(",")))
    }

    /// The decisions of now, with those the text makes at the rows where it has another value.
    fn rows(&self) -> Decisions {
        let rows = self.state.reviewed.iter().map(|reviewed| &reviewed.row);
        let whole: Vec<_> = rows.filter(|row| row.part.is_none() && !row.path.is_root()).collect();
        let mut decisions = self.state.conflict.decisions.clone();
        let mut places = Vec::new();
        for row in whole {
            let value = Self::written(&self.text, row);
            let now = self.now.as_ref().map(|now| Self::written(now, row));
            let as_it_was = now
                .is_some_and(|now| self.state.merge.same_value(&row.path, now.as_deref(), value.as_deref()));
            let choice = match self.side(row, value.as_deref()) {
                side if row.choices.contains(&side) => side,
                // What is removed on one side offers no writing: it is kept, and what it says is written around it.
                _ if value.is_some() && row.mine.is_some() => Choice::Mine,
                _ => Choice::Theirs,
            };
            let unions = row.kind == record_merge::RowKind::AddedByBoth;
            if as_it_was || unions || !row.choices.contains(&choice) {
                continue;
            }
            // Also what was decided about its parts and its fields.
            let here = |path: &Path| path.same(&row.path) || row.with.iter().any(|with| path.same(with));
            decisions.retain(|decision| !here(&decision.path));
            places.push((row.path.clone(), None));
            // What would be taken anyhow needs no decision.
            if row.automatic == Some(choice) {
                continue;
            }
            let value = if choice == Choice::Edit { value } else { None };
            decisions.push(self.decision(row.path.clone(), None, choice, value));
        }
        (decisions, places)
    }

    /// Writes a place as it stands in the text; what was decided in it goes.
    fn write(&self, decisions: &mut Vec<Decision>, path: &Path) {
        decisions.retain(|decision| !decision.path.starts_with(path));
        let value = self.text.at(path);
        decisions.push(self.decision(path.clone(), None, Choice::Edit, value));
    }

    fn reviewed(&self, decisions: &[Decision]) -> Vec<ReviewedRow> {
        review(&self.state.merge, decisions, self.validator.as_deref())
    }

    /// The decisions that act, open rows at the server's value.
    fn acting(&self, decisions: &[Decision]) -> Vec<Decision> {
        let reviewed = self.reviewed(decisions);
        let mut acting = standing_decisions(&reviewed);
        let open = reviewed.iter().filter(|row| row.standing.is_open());
        acting.extend(open.map(|row| for_now(&row.row, Choice::Theirs)));
        acting
    }

    /// What comes of the decisions, open rows at the server's value.
    fn result(&self, decisions: &[Decision]) -> Option<Body> {
        match self.state.merge.result(&self.acting(decisions)).ok()? {
            Merged::Document(bytes) => Some(Body::new(bytes, self.body.media_type.clone())),
            Merged::Deleted => None,
        }
    }
}
