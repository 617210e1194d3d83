//! Components inside a component: events, reminders, and the time zones they name.

use super::calendar::{zones_defined, zones_named};
use super::chunks::{Chunk, Chunks};
use super::shown::{Below, EXCLUDED, REMOVED};
use super::unproject::{Fields, Place, Writer, order, side_of};
use crate::content_line::File;
use crate::content_line::write::with_line_ends;
use crate::json::{Kind, NodeId};
use crate::model::Format;
use std::collections::BTreeMap;

impl<'a> Writer<'a> {
    /// The components inside: those of the carrier in their order, then new ones after the last of their kind.
    pub(super) fn components(&self, place: Place<'a>, fields: &Fields, chunks: &mut Chunks) {
        let Some(carrier) = place.components.get(place.carrier).copied().flatten() else { return };
        let Some(shown) = place.shown.get(place.carrier).copied().flatten() else { return };
        let Some(file) = self.file(place.carrier) else { return };
        let known: BTreeMap<usize, &Below> =
            shown.below.iter().filter_map(|below| Some((below.at?, below))).collect();
        let mut inner: Vec<Chunk> = Vec::new();
        for (at, component) in carrier.components.iter().enumerate() {
            let Some(below) = known.get(&at) else {
                let bytes = file.slice(&component.span()).to_vec();
                inner.push(Chunk { field: None, kind: Some(component.name.clone()), bytes });
                continue;
            };
            if let Some(node) = fields.node(&below.kind, &below.key)
                && let Some(bytes) = self.below(place, fields, &below.kind, &below.key, node, file)
            {
                inner.push(Chunk { field: None, kind: Some(below.kind.clone()), bytes });
            }
        }
        let last: BTreeMap<String, usize> =
            inner.iter().enumerate().filter_map(|(at, chunk)| Some((chunk.kind.clone()?, at))).collect();
        let mut new: BTreeMap<usize, Vec<Chunk>> = BTreeMap::new();
        for (kind, key, node) in &fields.below {
            if shown.inner(kind, key).is_some_and(|below| below.at.is_some()) {
                continue;
            }
            if let Some(bytes) = self.below(place, fields, kind, key, *node, file) {
                let at = last.get(kind).copied().unwrap_or(usize::MAX);
                new.entry(at).or_default().push(Chunk { field: None, kind: Some(kind.clone()), bytes });
            }
        }
        for (at, chunk) in inner.into_iter().enumerate() {
            chunks.push(chunk);
            new.remove(&at).into_iter().flatten().for_each(|chunk| chunks.push(chunk));
        }
        new.into_values().flatten().for_each(|chunk| chunks.push(chunk));
    }

    /// One component inside; `None` where it is only left out of its series.
    fn below(
        &self,
        place: Place<'a>,
        fields: &Fields,
        kind: &str,
        key: &str,
        node: NodeId,
        file: &File,
    ) -> Option<Vec<u8>> {
        if self.document.kind(node) != Kind::Object {
            return None;
        }
        let found = [0, 1, 2].map(|side| {
            let shown = place.shown.get(side).copied().flatten()?;
            let below = shown.inner(kind, key)?;
            let component = place.components.get(side).copied().flatten()?.components.get(below.at?)?;
            Some((component, &below.shown))
        });
        let carrier = order(place.carrier).into_iter().find(|side| side_of(&found, *side).is_some())?;
        let inner = Place {
            components: found.map(|found| found.map(|(component, _)| component)),
            shown: found.map(|found| found.map(|(_, shown)| shown)),
            carrier,
        };
        let left_out = format!("{key} ");
        let dates: Vec<String> = fields
            .beginning(kind, &left_out)
            .into_iter()
            .filter(|(_, node)| self.is_left_out(*node))
            .map(|(date, _)| date.to_owned())
            .collect();
        let is_series =
            found.iter().flatten().any(|(component, _)| component.value("RECURRENCE-ID").is_none());
        let in_calendar =
            self.cards.format == Format::Icalendar && matches!(kind, "VEVENT" | "VTODO" | "VJOURNAL");
        let excluded = (is_series && in_calendar).then_some(dates.as_slice());
        let bytes = self.component(inner, node, excluded)?;
        Some(if carrier == place.carrier { bytes } else { with_line_ends(&bytes, file.line_end) })
    }

    fn is_left_out(&self, node: NodeId) -> bool {
        match self.document.kind(node) {
            Kind::Object => self.document.member(node, EXCLUDED).is_some(),
            _ => {
                self.document.string(node).as_deref() == Some(REMOVED)
                    || self.document.kind(node) == Kind::String
            }
        }
    }

    /// Adds the time zones that the result names and the carrier does not bring along.
    pub(super) fn with_zones(&self, bytes: Vec<u8>, place: Place<'a>) -> Vec<u8> {
        let Ok(file) = crate::content_line::read(&bytes) else { return bytes };
        let Some(calendar) = file.components.first() else { return bytes };
        let there = zones_defined(calendar);
        let known: Vec<_> = order(place.carrier)
            .into_iter()
            .filter_map(|side| Some((self.file(side)?, place.components.get(side).copied().flatten()?)))
            .map(|(file, calendar)| (file, zones_defined(calendar)))
            .collect();
        let mut missing: Vec<u8> = Vec::new();
        for zone in zones_named(&file).difference(&there.keys().copied().collect()) {
            let found = known.iter().find_map(|(file, zones)| Some(file.slice(&zones.get(zone)?.span())));
            if let Some(found) = found {
                missing.extend(with_line_ends(found, file.line_end));
            }
        }
        let at = calendar.components.first().map_or(calendar.end.start, |first| first.begin.start);
        let (head, tail) = bytes.split_at(at.min(bytes.len()));
        [head, &missing, tail].concat()
    }
}
