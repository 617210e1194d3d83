//! The versions of a record, and the server's own log woven into them so that a change shows once.

use super::changes::{body_text, field_names};
use super::lookup::Lookup;
use super::place::Place;
use super::row_state::{ipc_choice, provenance};
use super::row_words::rule_words;
use super::{FormInputs, ViewContext, form};
use ipc_types::{Clock, HistoryEntry, HistoryMerge, MergeReason, Millis, Provenance, VersionView};
use record_merge::{Choice, Format, Path, Row, RowKind};
use std::collections::VecDeque;
use sync_engine::{Body, MergeNote, Note, NoteRow};

/// Versions whose content is remembered by their mark: what was made of which.
const BY_MARK: usize = 8;
const BY_YOU: &str = "You chose it.";

/// One stored version.
#[derive(Clone, Copy, Debug, Default)]
pub struct VersionInput<'a> {
    /// Its number, rising.
    pub version: u32,
    /// When, by this computer's clock.
    pub at: Millis,
    /// What happened, as in [`HistoryEntry`].
    pub what: &'a str,
    /// The person made it (else the server).
    pub by_me: bool,
    /// The body; `None` = a removal, or a line without a body.
    pub body: Option<&'a Body>,
    /// Version mark.
    pub validator: Option<&'a str>,
    /// Version mark of the version it was made from.
    pub from_validator: Option<&'a str>,
    /// Name of the computer.
    pub device: Option<&'a str>,
    /// Why it is as it is.
    pub note: Option<&'a Note>,
}

/// One line of the server's own log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogInput {
    /// When, by the server's clock.
    pub at: Option<Millis>,
    /// Who.
    pub who: Option<String>,
    /// Version mark before.
    pub from: Option<String>,
    /// Version mark after; `None` = it was deleted.
    pub to: Option<String>,
    /// Members that changed.
    pub changed: Vec<String>,
    /// Id of the request.
    pub request_id: Option<String>,
}

/// The last version with a body.
struct Last {
    version: u32,
    what: String,
    body: Body,
}

/// Makes entries of versions as they come, oldest first: only a few of them are in memory.
///
/// A line of the log belongs to the version with the mark it led to. Lines without one stand before the next version
/// that has one: the order of the log and of the numbers decides, never a clock.
pub struct Weaver<'c> {
    ctx: &'c ViewContext<'c>,
    log: Vec<(LogInput, bool)>,
    next: usize,
    last: Option<Last>,
    by_mark: VecDeque<(String, Body)>,
    /// When this computer saw what came last: lines of the log around it are put there.
    here: Millis,
}

impl<'c> Weaver<'c> {
    /// For one record.
    pub fn new(ctx: &'c ViewContext<'c>, log: Vec<LogInput>) -> Self {
        let log = log.into_iter().map(|line| (line, false)).collect();
        Self { ctx, log, next: 0, last: None, by_mark: VecDeque::new(), here: 0 }
    }

    /// The next version, with the lines of the log before it.
    pub fn push(&mut self, version: &VersionInput<'_>) -> Vec<HistoryEntry> {
        let mut out = Vec::new();
        let own = self.own_line(version);
        if let Some(at) = own {
            out.extend(self.lines_before(at, version.at));
        }
        self.here = version.at;
        let line = own.and_then(|at| self.log.get(at)).map(|(line, _)| line.clone());
        out.push(self.entry(version, line.as_ref()));
        if let Some(body) = version.body {
            if let Some(mark) = version.validator {
                self.by_mark.retain(|(known, _)| known != mark);
                self.by_mark.push_back((mark.to_owned(), body.clone()));
                if self.by_mark.len() > BY_MARK {
                    self.by_mark.pop_front();
                }
            }
            self.last =
                Some(Last { version: version.version, what: version.what.to_owned(), body: body.clone() });
        }
        out
    }

    /// The lines of the log that are left: what happened after the newest version here.
    pub fn finish(mut self) -> Vec<HistoryEntry> {
        let here = self.here;
        self.lines_before(self.log.len(), here)
    }

    /// The line of the log that tells about this version.
    fn own_line(&mut self, version: &VersionInput<'_>) -> Option<usize> {
        let removal = version.body.is_none() && matches!(version.what, "gone" | "deleted");
        let fits = |line: &LogInput| match version.validator {
            Some(mark) => line.to.as_deref() == Some(mark),
            None => removal && line.to.is_none(),
        };
        let later = self.log.iter().skip(self.next).position(|(line, used)| !used && fits(line));
        let at = later.map(|at| at + self.next).or_else(|| {
            // Out of turn: an edit set aside earlier, a version that became known late.
            version.validator.and_then(|_| self.log.iter().position(|(line, used)| !used && fits(line)))
        })?;
        if let Some((_, used)) = self.log.get_mut(at) {
            *used = true;
        }
        Some(at)
    }

    fn lines_before(&mut self, end: usize, here: Millis) -> Vec<HistoryEntry> {
        let mut out = Vec::new();
        for (line, used) in self.log.iter_mut().take(end).skip(self.next) {
            if !std::mem::replace(used, true) {
                out.push(log_entry(line, here));
            }
        }
        self.next = self.next.max(end).min(self.log.len());
        if end < self.log.len() {
            self.next = self.next.max(end + 1);
        }
        out
    }

    fn entry(&self, version: &VersionInput<'_>, line: Option<&LogInput>) -> HistoryEntry {
        let ours = version.by_me;
        let made_at = || version.body.and_then(|b| super::context::made_exactly_at(b, self.ctx.schema));
        let theirs_at =
            if ours || version.what == "rejected" { None } else { line.and_then(|l| l.at).or_else(made_at) };
        let by = match (ours, line.and_then(|l| l.who.clone())) {
            (true, _) => "you".to_owned(),
            (false, Some(who)) => who,
            (false, None) => self.ctx.who(version.body).unwrap_or_else(|| "server".to_owned()),
        };
        let same_as_last = self.last.as_ref().filter(|last| Some(&last.body) == version.body);
        let made = |last: &&Last| {
            matches!(
                last.what.as_str(),
                "merged" | "merged_by_itself" | "taken_in" | "brought_back" | "undone"
            )
        };
        HistoryEntry {
            version: version.version,
            at: theirs_at.unwrap_or(version.at),
            clock: if theirs_at.is_some() { Clock::Server } else { Clock::Here },
            seen_at: theirs_at.map(|_| version.at),
            what: version.what.to_owned(),
            by,
            device: version.device.map(str::to_owned),
            validator: version.validator.map(str::to_owned),
            from_validator: version.from_validator.map(str::to_owned),
            changed: self.changed(version),
            restorable: version.body.is_some(),
            bytes: version.body.map_or(0, |b| u32::try_from(b.bytes.len()).unwrap_or(u32::MAX)),
            sent_of: same_as_last.filter(|_| version.what == "sent").filter(made).map(|last| last.version),
            merge: match version.note {
                Some(Note::Merge(note)) => Some(merge(self.ctx, note, version.body)),
                _ => None,
            },
            of_version: match version.note {
                Some(Note::BroughtBack { version } | Note::Undone { version }) => Some(*version),
                _ => None,
            },
            words: match version.note {
                Some(Note::Rejected { words }) => Some(words.clone()),
                _ => None,
            },
            program: match version.note {
                Some(Note::CameBack { program }) => Some(program.clone()),
                _ => None,
            },
            request_id: line.and_then(|l| l.request_id.clone()),
            in_log: line.is_some(),
        }
    }

    /// The fields that differ from the version it was made from, where that is still known, else from the one before.
    fn changed(&self, version: &VersionInput<'_>) -> Vec<String> {
        let Some(body) = version.body else { return Vec::new() };
        let from = version.from_validator.filter(|_| version.by_me);
        let base = from.and_then(|mark| self.by_mark.iter().rev().find(|(known, _)| known == mark));
        let before = base.map(|(_, body)| body).or(self.last.as_ref().map(|last| &last.body));
        before.map(|before| field_names(self.ctx, Some(before), Some(body))).unwrap_or_default()
    }
}

fn log_entry(line: &LogInput, here: Millis) -> HistoryEntry {
    HistoryEntry {
        at: line.at.unwrap_or(here),
        clock: if line.at.is_some() { Clock::Server } else { Clock::Here },
        seen_at: Some(here).filter(|here| *here > 0),
        what: "server".to_owned(),
        by: line.who.clone().unwrap_or_else(|| "server".to_owned()),
        validator: line.to.clone(),
        from_validator: line.from.clone(),
        changed: line.changed.iter().map(|name| super::label(name)).collect(),
        request_id: line.request_id.clone(),
        in_log: true,
        ..HistoryEntry::default()
    }
}

/// A merge as it was decided; the fields named as in the merged version.
fn merge(ctx: &ViewContext<'_>, note: &MergeNote, body: Option<&Body>) -> HistoryMerge {
    let lookup = body.and_then(Lookup::shown);
    let versions: Vec<&Lookup> = lookup.iter().collect();
    let format = body.map_or(Format::Json, Body::format);
    let name = |path: &Path| Place::in_format(format, path, ctx.schema, &versions).full();
    let rows = note.rows.iter().map(|row| {
        let names: Vec<String> = std::iter::once(&row.path).chain(&row.with).map(name).collect();
        MergeReason {
            label: names.join(" and "),
            from: from(row),
            by_you: row.by_person,
            words: if row.by_person { BY_YOU.to_owned() } else { rule_words(&as_row(row)) },
        }
    });
    HistoryMerge { rows: rows.collect(), ..tally(note) }
}

/// The figures of a merge, without its rows.
pub fn tally(note: &MergeNote) -> HistoryMerge {
    let count = |fits: &dyn Fn(&NoteRow) -> bool| {
        super::merge_view::count(note.rows.iter().filter(|r| fits(r)).count())
    };
    HistoryMerge {
        before: note.before,
        theirs: note.theirs,
        mine: note.mine,
        by_you: count(&|row| row.by_person),
        automatic: count(&|row| !row.by_person),
        from_server: count(&|row| row.choice == Choice::Theirs),
        from_you: count(&|row| matches!(row.choice, Choice::Mine | Choice::Edit)),
        rows: Vec::new(),
        can_undo: note.theirs.is_some() && note.mine.is_some(),
    }
}

fn from(row: &NoteRow) -> Provenance {
    provenance(row.kind.unwrap_or(RowKind::EditedDifferently), ipc_choice(row.choice))
}

fn as_row(note: &NoteRow) -> Row {
    let mut row = Row::open(note.path.clone(), note.kind.unwrap_or(RowKind::EditedDifferently));
    row.automatic = Some(note.choice);
    row.rule.clone_from(&note.rule);
    row
}

/// One version with its form, compared with the version now. `entry` is its line of the history.
pub fn version_view(
    ctx: &ViewContext<'_>,
    entry: HistoryEntry,
    body: Option<&Body>,
    now: Option<&Body>,
) -> VersionView {
    let inputs = FormInputs { body, before: now, ..FormInputs::default() };
    VersionView { entry, text: body.and_then(body_text).map(str::to_owned), form: form(ctx, &inputs) }
}
