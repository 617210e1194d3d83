//! Properties that stand there several times: entries, each with a key that it has in all three versions.

use super::identity::{PidSources, class, norm};
use super::kinds::Shape;
use super::pair::{Candidate, Paired, Same, pair};
use super::project::Projector;
use super::shown::{Shown, Slot};
use super::value::{Json, Value, params, shown};
use crate::content_line::Line;
use crate::content_line::text::unescape;

/// The value with an empty set of types, where it had some before and lost all of them.
fn with_types(value: &Value, typed: bool) -> Value {
    let mut value = value.clone();
    if let Value::Fields(members) = &mut value
        && typed
        && !members.iter().any(|(name, _)| name == "type")
    {
        members.push(("type".to_owned(), Value::List(Vec::new())));
    }
    value
}

/// Lines, what they show, and what they are known by.
type Entry = (Vec<usize>, Value, Candidate);

impl Projector<'_> {
    pub(super) fn entries(&self, shape: Shape, out: &mut [Shown; 3]) {
        let entries = [0, 1, 2].map(|side| -> Vec<Entry> {
            self.lines(side)
                .iter()
                .filter_map(|at| {
                    let mains = self.mains.get(side)?;
                    let lines = mains.with_satellites(*at);
                    let line = self.line(side, *at)?;
                    let value = self.entry(side, &lines, shape)?;
                    let candidate = self.candidate(line, &value, shape, &mains.sources);
                    Some((lines, value, candidate))
                })
                .collect()
        });
        let candidates =
            entries.each_ref().map(|list| list.iter().map(|(_, _, c)| c.clone()).collect::<Vec<_>>());
        let [base, mine, theirs] = &candidates;
        for Paired { key, found, uncertain } in pair([base, mine, theirs]) {
            let [in_base, _, _] = &entries;
            let before = found.first().copied().flatten().and_then(|at| in_base.get(at));
            let typed = before.is_some_and(|(_, value, _)| value.member("type").is_some());
            let spelling = (!uncertain).then(|| self.same_but_for_spelling(&entries, found, shape)).flatten();
            for (side, ((shown, list), at)) in out.iter_mut().zip(&entries).zip(found).enumerate() {
                let Some((lines, value, _)) = at.and_then(|at| list.get(at)) else { continue };
                let value = spelling.as_ref().filter(|_| side == 1).unwrap_or(value);
                let value = with_types(value, side > 0 && typed);
                shown.slots.push(Slot {
                    name: self.name.to_owned(),
                    key: Some(key.clone()),
                    lines: lines.clone(),
                    shape,
                    grouped: false,
                    value,
                    params: Vec::new(),
                    uncertain,
                });
            }
        }
    }

    /// The person's entry with the server's value, where both set the same number or address and only spell it in two
    /// ways: that is no question.
    fn same_but_for_spelling(&self, entries: &[Vec<Entry>; 3], found: Same, shape: Shape) -> Option<Value> {
        let [base, mine, theirs] = entries;
        let [in_base, in_mine, in_theirs] = found;
        let (_, mine, mine_known) = mine.get(in_mine?)?;
        let (_, theirs, theirs_known) = theirs.get(in_theirs?)?;
        let value = |entry: &Value| entry.member("value").cloned();
        let base = in_base.and_then(|at| base.get(at)).and_then(|(_, entry, _)| value(entry));
        let (own, there) = (value(mine)?, value(theirs)?);
        let both_changed = base.as_ref() != Some(&own) && base.as_ref() != Some(&there);
        if shape != Shape::Word || own == there || !both_changed || mine_known.norm != theirs_known.norm {
            return None;
        }
        let members = mine.members().iter().map(|(name, member)| match name.as_str() {
            "value" => (name.clone(), there.clone()),
            _ => (name.clone(), member.clone()),
        });
        Some(Value::Fields(members.collect()))
    }

    /// An entry: its value, its type, its label, its other parameters.
    fn entry(&self, side: usize, lines: &[usize], shape: Shape) -> Option<Value> {
        let (main, satellites) = lines.split_first()?;
        let line = self.line(side, *main)?;
        let value = shown(shape, line);
        if shape == Shape::Opaque && satellites.is_empty() {
            return Some(value);
        }
        let mut members = vec![("value".to_owned(), value)];
        members.extend(params(shape, line));
        if !satellites.is_empty() {
            for satellite in satellites.iter().filter_map(|at| self.line(side, *at)) {
                let name =
                    if satellite.name == "X-ABLABEL" { "label".to_owned() } else { satellite.name.clone() };
                let text = Value::Text(unescape(&satellite.value));
                match members.iter_mut().find(|(own, _)| *own == name) {
                    Some((_, Value::Text(own))) => {
                        own.push('\n');
                        own.push_str(text.text().unwrap_or_default());
                    }
                    _ => members.push((name, text)),
                }
            }
        } else if let Some(group) = line.group.as_deref().filter(|group| self.is_shared(side, group)) {
            members.push(("group".to_owned(), Value::Text(group.to_owned())));
        }
        Some(Value::Fields(members))
    }

    /// Several properties have this group, and something is said about them together.
    fn is_shared(&self, side: usize, group: &str) -> bool {
        self.mains.get(side).is_some_and(|mains| mains.shared.contains(group))
    }

    fn candidate(&self, line: &Line, value: &Value, shape: Shape, sources: &PidSources) -> Candidate {
        let mut json = Json::default();
        json.value(value);
        let norm = norm(self.name, shape, value);
        let class = match self.name {
            // A person, a member: another address is another one.
            "ATTENDEE" | "MEMBER" | "CLIENTPIDMAP" => norm.clone(),
            // The parent, a subtask, a neighbour: without a word it is the parent (RFC 5545 3.2.15).
            "RELATED-TO" => value.member("RELTYPE").and_then(Value::text).unwrap_or("PARENT").to_owned(),
            _ => class(value),
        };
        Candidate {
            exact: json.finish(),
            class,
            label: value.member("label").and_then(Value::text).map(str::to_owned),
            pids: sources.pids(line),
            norm,
        }
    }
}
