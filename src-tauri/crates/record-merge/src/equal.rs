//! Comparing records: the same or not, and where not (merge.md 2.2; sync.md 3.1 "Equality").

use crate::card::Cards;
use crate::json::classes::{Classes, Graded, MISSING, same_document};
use crate::json::{Document, Kind, NodeId, ParseError};
use crate::lookup::Lookup;
use crate::model::{Format, Lexeme, Path, Policy, Token};
use std::borrow::Cow;

/// Two bodies say the same: same bytes, or equal by value after leaving out what the server keeps by itself.
/// JSON that cannot be read is equal only byte for byte, as are texts and binaries.
pub fn equal(format: Format, a: &[u8], b: &[u8], policy: &Policy) -> bool {
    if a == b {
        return true;
    }
    if is_card(format) {
        let read = Cards::read(format, [None, Some(a), Some(b)], &[]);
        let Ok((_, [_, Some(a), Some(b)])) = read else { return false };
        return same_document(&a, &b, &Path::root(), &crate::card::policy(policy));
    }
    match (format, Document::parse(a), Document::parse(b)) {
        (Format::Json, Ok(a), Ok(b)) => same_document(&a, &b, &Path::root(), policy),
        _ => false,
    }
}

/// Read as fields, not as JSON.
fn is_card(format: Format) -> bool {
    matches!(format, Format::Vcard | Format::Icalendar)
}

/// The lexeme at a path; `None` = not there.
///
/// # Errors
/// The body is not JSON, is too large or nested too deeply.
pub fn value_at(body: &[u8], path: &Path) -> Result<Option<Lexeme>, ParseError> {
    let document = Document::parse(body)?;
    Ok(document.at(path).map(|id| document.text(id).to_owned()))
}

/// The members of an object by name. Empty for anything else.
pub(crate) fn by_name(document: &Document, id: Option<NodeId>) -> Lookup<Cow<'_, str>, NodeId> {
    id.filter(|id| document.kind(*id) == Kind::Object)
        .map(|id| document.members(id).collect())
        .unwrap_or_default()
}

/// Paths under construction: each step knows the one before, so deep documents cost no copies.
#[derive(Debug, Default)]
pub(crate) struct Steps(Vec<(Option<usize>, Token)>);

impl Steps {
    pub(crate) fn push(&mut self, before: Option<usize>, token: Token) -> Option<usize> {
        self.0.push((before, token));
        Some(self.0.len() - 1)
    }

    /// The nearest member name on the way back.
    pub(crate) fn last_name(&self, mut step: Option<usize>) -> Option<&str> {
        while let Some((before, token)) = step.and_then(|at| self.0.get(at)) {
            if let Token::Member(name) = token {
                return Some(name);
            }
            step = *before;
        }
        None
    }

    pub(crate) fn path(&self, mut step: Option<usize>) -> Path {
        let mut tokens = Vec::new();
        while let Some((before, token)) = step.and_then(|at| self.0.get(at)) {
            tokens.push(token.clone());
            step = *before;
        }
        tokens.reverse();
        Path(tokens)
    }
}

/// Two documents that can be compared node by node.
struct Pair {
    before: Document,
    after: Document,
    before_graded: Graded,
    after_graded: Graded,
}

impl Pair {
    fn parse(format: Format, before: &[u8], after: &[u8], policy: &Policy) -> Result<Pair, ParseError> {
        let (before, after) = match format {
            Format::Vcard | Format::Icalendar => {
                let three = [Some(before), None, Some(after)];
                let (_, [old, _, new]) = Cards::read(format, three, &[]).map_err(|(_, error)| error)?;
                let nothing = || ParseError::words_at(&[], 0, "there is nothing here");
                (old.ok_or_else(nothing)?, new.ok_or_else(nothing)?)
            }
            _ => (Document::parse(before)?, Document::parse(after)?),
        };
        let mut classes = Classes::default();
        let before_graded = classes.of(&before, &Path::root(), policy);
        let after_graded = classes.of(&after, &Path::root(), policy);
        Ok(Pair { before, after, before_graded, after_graded })
    }

    fn opens(document: &Document, id: Option<NodeId>) -> bool {
        id.is_some_and(|id| document.kind(id) == Kind::Object && !document.is_atomic(id))
    }
}

/// The outermost places where two bodies differ, going down into objects but not into arrays.
/// Bodies that cannot be read as JSON differ as a whole.
pub fn changed_paths(format: Format, before: &[u8], after: &[u8], policy: &Policy) -> Vec<Path> {
    if before == after {
        return Vec::new();
    }
    match Pair::parse(format, before, after, policy) {
        Ok(pair) if format == Format::Json || is_card(format) => pair.changed_paths(),
        _ => vec![Path::root()],
    }
}

impl Pair {
    fn changed_paths(&self) -> Vec<Path> {
        let mut steps = Steps::default();
        let mut found = Vec::new();
        let mut stack = vec![(Some(self.before.root()), Some(self.after.root()), None)];
        while let Some((before, after, step)) = stack.pop() {
            if self.before_graded.class(before) == self.after_graded.class(after) {
                continue;
            }
            if !Pair::opens(&self.before, before) || !Pair::opens(&self.after, after) {
                found.push(steps.path(step));
                continue;
            }
            let old = by_name(&self.before, before);
            let new = by_name(&self.after, after);
            let mut below = Vec::new();
            for (name, id) in self.after.members(after.unwrap_or(self.after.root())) {
                if !self.after_graded.is_kept(id) {
                    below.push((
                        old.get(&name).copied(),
                        Some(id),
                        steps.push(step, Token::Member(name.into_owned())),
                    ));
                }
            }
            for (name, id) in self.before.members(before.unwrap_or(self.before.root())) {
                if !new.contains_key(&name) && !self.before_graded.is_kept(id) {
                    below.push((Some(id), None, steps.push(step, Token::Member(name.into_owned()))));
                }
            }
            stack.extend(below.into_iter().rev());
        }
        found
    }
}

/// Every leaf that the person changed from `base` to `mine` is in `fetched` as they left it; what they removed is not
/// there. For an answer that was accepted but not confirmed (sync.md section 2): true means the write was applied, even
/// if the server adjusted the record elsewhere. `base` is `None` for a new record.
pub fn changed_leaves_present(
    format: Format,
    base: Option<&[u8]>,
    mine: &[u8],
    fetched: &[u8],
    policy: &Policy,
) -> bool {
    if mine == fetched {
        return true;
    }
    if is_card(format) {
        let three = [base, Some(mine), Some(fetched)];
        let Ok((_, [base, Some(mine), Some(fetched)])) = Cards::read(format, three, &[]) else {
            return false;
        };
        return leaves_present(base.as_ref(), &mine, &fetched, policy);
    }
    let (Ok(mine), Ok(fetched)) = (Document::parse(mine), Document::parse(fetched)) else { return false };
    let base = match base.map(Document::parse) {
        None => None,
        Some(Ok(base)) => Some(base),
        Some(Err(_)) => return false,
    };
    format == Format::Json && leaves_present(base.as_ref(), &mine, &fetched, policy)
}

fn leaves_present(base: Option<&Document>, mine: &Document, fetched: &Document, policy: &Policy) -> bool {
    let mut classes = Classes::default();
    let mine_graded = classes.of(mine, &Path::root(), policy);
    let fetched_graded = classes.of(fetched, &Path::root(), policy);
    let base_graded = base.map(|base| classes.of(base, &Path::root(), policy)).unwrap_or_default();
    let mut stack = vec![(base.map(Document::root), mine.root(), Some(fetched.root()))];
    while let Some((old, wanted, found)) = stack.pop() {
        let class = mine_graded.class(Some(wanted));
        if class == base_graded.class(old) || class == fetched_graded.class(found) {
            continue;
        }
        if !Pair::opens(mine, Some(wanted)) || !Pair::opens(fetched, found) {
            return false;
        }
        let old_members = base.map(|base| by_name(base, old)).unwrap_or_default();
        let found_members = by_name(fetched, found);
        for (name, id) in mine.members(wanted).filter(|(_, id)| !mine_graded.is_kept(*id)) {
            stack.push((old_members.get(&name).copied(), id, found_members.get(&name).copied()));
        }
        let wanted_members = by_name(mine, Some(wanted));
        for (name, id) in old_members.iter().filter(|(name, _)| !wanted_members.contains_key(*name)) {
            let still = found_members.get(name).map_or(MISSING, |id| fetched_graded.class(Some(*id)));
            if !base_graded.is_kept(*id) && still != MISSING {
                return false;
            }
        }
    }
    true
}
