//! Which lines of a component are fields, and which say something about another line of their group.

use super::identity::PidSources;
use super::kinds::is_stamp;
use crate::content_line::Component;
use crate::model::Format;
use std::collections::{BTreeMap, BTreeSet};

/// The lines of one version that are not part of another line's entry.
pub(super) struct Mains {
    /// By property name, in order.
    pub(super) named: BTreeMap<String, Vec<usize>>,
    /// Lines that belong to a main one.
    pub(super) satellites: BTreeMap<usize, Vec<usize>>,
    /// Groups of several properties about which something is said together.
    pub(super) shared: BTreeSet<String>,
    pub(super) sources: PidSources,
}

/// Apple's properties about another property of the same group.
pub(super) fn is_about_another(name: &str) -> bool {
    matches!(
        name,
        "X-ABLABEL" | "X-ABADR" | "X-ABORDER" | "X-APPLE-SUBLOCALITY" | "X-APPLE-SUBADMINISTRATIVEAREA"
    )
}

/// What is said about each property of a group, by their lines: about the only one, or about the one it stands behind if
/// every one has something behind it (a group name that was given twice). `None` = about all of them together.
fn about_each(main: &[usize], about: &[usize]) -> Option<BTreeMap<usize, Vec<usize>>> {
    if let ([only], false) = (main, about.is_empty()) {
        return Some(BTreeMap::from([(*only, about.to_vec())]));
    }
    let mut each: BTreeMap<usize, Vec<usize>> = main.iter().map(|at| (*at, Vec::new())).collect();
    for at in about {
        let (_, own) = each.range_mut(..at).next_back()?;
        own.push(*at);
    }
    (!each.is_empty() && each.values().all(|own| !own.is_empty())).then_some(each)
}

impl Mains {
    pub(super) fn of(format: Format, component: Option<&Component>) -> Mains {
        let sources = PidSources::of(component);
        let mut mains =
            Mains { named: BTreeMap::new(), satellites: BTreeMap::new(), shared: BTreeSet::new(), sources };
        let Some(component) = component else { return mains };
        let mut groups: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (at, line) in component.lines.iter().enumerate() {
            if let (Format::Vcard, Some(group)) = (format, line.group.as_deref()) {
                let (main, about) = groups.entry(group).or_default();
                if is_about_another(&line.name) { about.push(at) } else { main.push(at) }
            }
        }
        let mut attached = BTreeSet::new();
        for (group, (main, about)) in &groups {
            if let Some(each) = about_each(main, about) {
                attached.extend(about.iter().copied());
                mains.satellites.extend(each);
            } else if !about.is_empty() && main.len() + about.len() > 1 {
                mains.shared.insert((*group).to_owned());
            }
        }
        for (at, line) in component.lines.iter().enumerate() {
            if !attached.contains(&at) && !is_stamp(format, &line.name) {
                mains.named.entry(line.name.clone()).or_default().push(at);
            }
        }
        mains
    }

    pub(super) fn lines(&self, name: &str) -> &[usize] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }

    pub(super) fn with_satellites(&self, at: usize) -> Vec<usize> {
        let more = self.satellites.get(&at).cloned().unwrap_or_default();
        std::iter::once(at).chain(more).collect()
    }
}
