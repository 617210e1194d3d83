//! A record from its fields: line by line from the server's bytes, with what is taken from the other versions put
//! beside its siblings.

use super::Cards;
use super::chunks::{Chunk, Chunks};
use super::encode::{Source, Style, Wanted, Written, lines};
use super::kinds::{Shape, property};
use super::sets::set_lines;
use super::shown::{Shown, Slot, params_name};
use super::stamps;
use super::value::Value;

use crate::content_line::{Component, File};
use crate::json::{Document, Kind, NodeId};
use crate::lookup::Lookup;
use crate::model::Format;
use std::collections::{BTreeMap, BTreeSet};

/// One component in all versions, and the one whose bytes are used.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) components: [Option<&'a Component>; 3],
    pub(super) shown: [Option<&'a Shown>; 3],
    pub(super) carrier: usize,
}

/// What is to be in a component.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) slots: Vec<Field>,
    /// Components inside: kind, key, and the node that says what is in them.
    pub(super) below: Vec<(String, String, NodeId)>,
    /// Where they are, by kind and key.
    places: BTreeMap<String, BTreeMap<String, usize>>,
}

impl Fields {
    fn add_below(&mut self, kind: &str, key: String, node: NodeId) {
        self.places.entry(kind.to_owned()).or_default().insert(key.clone(), self.below.len());
        self.below.push((kind.to_owned(), key, node));
    }

    pub(super) fn node(&self, kind: &str, key: &str) -> Option<NodeId> {
        let at = self.places.get(kind)?.get(key)?;
        self.below.get(*at).map(|(_, _, node)| *node)
    }

    /// What stands under keys that begin like this, in order: the rest of the key.
    pub(super) fn beginning(&self, kind: &str, start: &str) -> Vec<(&str, NodeId)> {
        let keys = self.places.get(kind);
        let from = keys.into_iter().flat_map(|keys| keys.range(start.to_owned()..));
        let mut found: Vec<usize> =
            from.take_while(|(key, _)| key.starts_with(start)).map(|(_, at)| *at).collect();
        found.sort_unstable();
        let below = found.into_iter().filter_map(|at| self.below.get(at));
        below.filter_map(|(_, key, node)| Some((key.strip_prefix(start)?, *node))).collect()
    }
}

pub(super) struct Field {
    name: String,
    key: Option<String>,
    value: Value,
    params: Vec<(String, Value)>,
}

/// The bytes of a record; `None` if there is nothing to make it of.
pub(super) fn record(cards: &Cards, json: &[u8], sides: [usize; 3]) -> Option<Vec<u8>> {
    let document = Document::parse(json).ok()?;
    let carrier = sides.into_iter().find(|side| side_of(&cards.roots, *side).is_some())?;
    let place = Place {
        components: cards.roots.each_ref().map(Option::as_ref),
        shown: [0, 1, 2].map(|side| side_of(&cards.roots, side).and_then(|_| cards.shown.get(side))),
        carrier,
    };
    let writer = Writer { cards, document: &document };
    let file = side_of(&cards.files, carrier)?;
    let body = writer.component(place, document.root(), None)?;
    let mut out = file.lead().to_vec();
    out.extend(body);
    if cards.format == Format::Icalendar {
        out = writer.with_zones(out, place);
    }
    Some(out)
}

pub(super) fn side_of<T>(all: &[Option<T>; 3], side: usize) -> Option<&T> {
    all.get(side)?.as_ref()
}

pub(super) struct Writer<'a> {
    pub(super) cards: &'a Cards,
    pub(super) document: &'a Document,
}

impl<'a> Writer<'a> {
    pub(super) fn file(&self, side: usize) -> Option<&'a File> {
        side_of(&self.cards.files, side)
    }

    /// A component from `BEGIN` to `END`. `excluded`: the dates its series leaves out.
    pub(super) fn component(
        &self,
        place: Place<'a>,
        node: NodeId,
        excluded: Option<&[String]>,
    ) -> Option<Vec<u8>> {
        let carrier = place.components.get(place.carrier).copied().flatten()?;
        let file = self.file(place.carrier)?;
        let fields = self.fields(place, node);
        let mut style = self.style(carrier, file);
        let mut chunks = self.lines_of_carrier(place, &fields, &mut style, excluded)?;
        self.new_fields(place, &fields, &mut style, &mut chunks);
        self.components(place, &fields, &mut chunks);
        let mut out = file.slice(&carrier.begin).to_vec();
        if !out.is_empty() && out.last() != Some(&b'\n') {
            out.extend_from_slice(file.line_end.as_bytes());
        }
        for chunk in chunks.in_order() {
            if !out.is_empty() && out.last() != Some(&b'\n') {
                out.extend_from_slice(file.line_end.as_bytes());
            }
            out.extend_from_slice(&chunk.bytes);
        }
        if !carrier.end.is_empty() && out.last() != Some(&b'\n') {
            out.extend_from_slice(file.line_end.as_bytes());
        }
        out.extend_from_slice(file.slice(&carrier.end));
        Some(out)
    }

    fn style(&self, carrier: &Component, file: &'a File) -> Style<'a> {
        let is_card = self.cards.format == Format::Vcard;
        let modern = !is_card || carrier.value("VERSION").is_some_and(|version| version.trim() == "4.0");
        let groups = carrier.lines.iter().filter_map(|line| line.group.clone()).collect();
        Style { line_end: file.line_end, modern, is_card, groups, numbered: 0, taken: BTreeMap::new() }
    }

    /// The members of an object as fields.
    fn fields(&self, place: Place<'a>, node: NodeId) -> Fields {
        let mut fields = Fields::default();
        let shown = || place.shown.iter().flatten();
        let kinds: BTreeSet<&str> =
            shown().flat_map(|shown| &shown.below).map(|below| below.kind.as_str()).collect();
        let document = self.document;
        let members: BTreeMap<String, NodeId> =
            document.members(node).map(|(name, id)| (name.into_owned(), id)).collect();
        for (name, id) in document.members(node) {
            if name.contains(' ') {
                continue;
            }
            let is_object = document.kind(id) == Kind::Object;
            if kinds.contains(name.as_ref()) && is_object {
                for (key, inner) in document.members(id) {
                    fields.add_below(&name, key.into_owned(), inner);
                }
                continue;
            }
            let has_entries = shown().any(|shown| shown.has_entries(&name) == Some(true));
            let is_new = !shown().any(|shown| shown.has_entries(&name).is_some());
            let all_objects = || document.children(id).all(|child| document.kind(child) == Kind::Object);
            if is_object && (has_entries || (is_new && all_objects())) {
                for (key, inner) in document.members(id) {
                    fields.slots.push(Field {
                        name: name.to_string(),
                        key: Some(key.into_owned()),
                        value: Value::of(document, inner),
                        params: Vec::new(),
                    });
                }
                continue;
            }
            let params = members.get(&params_name(&name)).map(|id| Value::of(document, *id));
            fields.slots.push(Field {
                value: Value::of(document, id),
                key: None,
                params: params.map(|params| params.members().to_vec()).unwrap_or_default(),
                name: name.into_owned(),
            });
        }
        fields
    }

    /// The versions that have a field, the carrier first.
    fn sources(&self, place: Place<'a>, name: &str, key: Option<&str>) -> Vec<Source<'a>> {
        order(place.carrier)
            .into_iter()
            .filter_map(|side| {
                let component = place.components.get(side).copied().flatten()?;
                let slot = place.shown.get(side).copied().flatten()?.slot(name, key)?;
                let file = self.file(side)?;
                Some(Source { file, component, slot, side, is_carrier: side == place.carrier })
            })
            .collect()
    }

    fn write_field(&self, place: Place<'a>, field: &Field, style: &mut Style<'_>) -> Written {
        let sources = self.sources(place, &field.name, field.key.as_deref());
        let shape = sources
            .first()
            .map_or_else(|| property(self.cards.format, &field.name).shape, |source| source.slot.shape);
        let wanted = Wanted {
            name: &field.name,
            key: field.key.as_deref(),
            shape,
            value: &field.value,
            params: &field.params,
        };
        lines(&wanted, &sources, style)
    }

    /// What becomes of the lines of the carrier that are fields, by their position.
    fn rewritten(
        &self,
        place: Place<'a>,
        shown: &Shown,
        fields: &Fields,
        style: &mut Style<'_>,
    ) -> BTreeMap<usize, Vec<Vec<u8>>> {
        let mut written: BTreeMap<usize, Vec<Vec<u8>>> = BTreeMap::new();
        let mut wanted: Lookup<(&str, Option<&str>), &Field> = Lookup::default();
        for field in &fields.slots {
            wanted.entry((&field.name, field.key.as_deref())).or_insert(field);
        }
        for slot in &shown.slots {
            let field = wanted.get(&(slot.name.as_str(), slot.key.as_deref()));
            let last = slot.lines.iter().max().copied().unwrap_or_default();
            for (at, bytes) in field.map(|field| self.write_field(place, field, style)).unwrap_or_default() {
                written.entry(at.unwrap_or(last)).or_default().push(bytes);
            }
        }
        written
    }

    /// The lines of the carrier as they stay, change or go, in their order.
    fn lines_of_carrier(
        &self,
        place: Place<'a>,
        fields: &Fields,
        style: &mut Style<'_>,
        excluded: Option<&[String]>,
    ) -> Option<Chunks> {
        let carrier = place.components.get(place.carrier).copied().flatten()?;
        let shown = place.shown.get(place.carrier).copied().flatten()?;
        let file = self.file(place.carrier)?;
        let mut owner: Lookup<usize, &Slot> = Lookup::default();
        for slot in &shown.slots {
            owner.extend(slot.lines.iter().map(|at| (*at, slot)));
        }
        let mut written = self.rewritten(place, shown, fields, style);
        let exdates = excluded.map(|dates| self.excluded_dates(place, dates, style)).unwrap_or_default();
        let last_exdate = exdates.iter().filter_map(|(at, _)| *at).max();
        let mut new_exdates: Vec<Vec<u8>> = Vec::new();
        for (at, bytes) in exdates {
            match at.or(last_exdate) {
                Some(at) => written.entry(at).or_default().push(bytes),
                None => new_exdates.push(bytes),
            }
        }
        let sequence = self.sequence(place, fields);
        let other = if place.carrier == 2 { 1 } else { 3 };
        let stamps_from = place.components.get(other).copied().flatten().zip(self.file(other));
        let first = stamps_from.map(|(component, _)| component.first_of_each()).unwrap_or_default();
        let mut chunks = Chunks::default();
        for (at, line) in carrier.lines.iter().enumerate() {
            let is_exdate = excluded.is_some() && line.name == "EXDATE";
            let field = owner.get(&at).map(|slot| (slot.name.clone(), slot.key.clone()));
            if field.is_none() && !is_exdate {
                let other = stamps_from.map(|(_, file)| (file, &first));
                let bytes = stamps::written(line, file, other, sequence);
                chunks.push(Chunk { field: Some((line.name.clone(), None)), kind: None, bytes });
                continue;
            }
            let field = field.or_else(|| Some((line.name.clone(), None)));
            for bytes in written.remove(&at).unwrap_or_default() {
                chunks.push(Chunk { field: field.clone(), kind: None, bytes });
            }
        }
        for bytes in new_exdates {
            let at = chunks.last_named("RRULE").or_else(|| chunks.last_named("DTSTART"));
            let field = Some(("EXDATE".to_owned(), None));
            chunks.insert_after(at, Chunk { field, kind: None, bytes });
        }
        if let Some(other) = stamps_from {
            stamps::add(place, other, sequence, file, &mut chunks);
        }
        Some(chunks)
    }

    /// The lines with the dates that a series leaves out.
    fn excluded_dates(&self, place: Place<'a>, dates: &[String], style: &mut Style<'_>) -> Written {
        let slots = place.components.map(|component| {
            component.map(|component| {
                let lines = component.lines.iter().enumerate().filter(|(_, line)| line.name == "EXDATE");
                Slot {
                    name: "EXDATE".to_owned(),
                    key: None,
                    lines: lines.map(|(at, _)| at).collect(),
                    shape: Shape::Dates,
                    grouped: false,
                    value: Value::List(Vec::new()),
                    params: Vec::new(),
                    uncertain: false,
                }
            })
        });
        let sources: Vec<Source<'_>> = order(place.carrier)
            .into_iter()
            .filter_map(|side| {
                let component = place.components.get(side).copied().flatten()?;
                let slot = slots.get(side)?.as_ref()?;
                let is_carrier = side == place.carrier;
                Some(Source { file: self.file(side)?, component, slot, side, is_carrier })
            })
            .collect();
        set_lines("EXDATE", dates, true, &sources, style)
    }

    /// A higher revision number than the server's, where the merge moves, cancels or reschedules what we organise.
    fn sequence(&self, place: Place<'a>, fields: &Fields) -> Option<u64> {
        let theirs = place.components.get(2).copied().flatten().filter(|_| place.carrier == 2)?;
        let organizer = theirs.value("ORGANIZER")?.trim().to_lowercase();
        let organizer = organizer.strip_prefix("mailto:").unwrap_or(&organizer);
        if !self.cards.me.iter().any(|me| me.strip_prefix("mailto:").unwrap_or(me) == organizer) {
            return None;
        }
        let shown = place.shown.get(2).copied().flatten()?;
        let changed = ["DTSTART", "DUE", "LOCATION", "STATUS"].iter().any(|name| {
            let field = fields.slots.iter().find(|field| field.name == *name).map(|field| &field.value);
            let there = shown.slot(name, None).map(|slot| &slot.value);
            match (field, there) {
                (Some(field), Some(there)) => !field.same(there),
                (field, there) => field.is_some() != there.is_some(),
            }
        });
        let number = |side: usize| {
            let component = place.components.get(side).copied().flatten()?;
            stamps::number(component.named("SEQUENCE").next())
        };
        let (mine, theirs) = (number(1).unwrap_or(0), number(2).unwrap_or(0));
        (changed && mine <= theirs).then(|| theirs.saturating_add(1))
    }

    /// Fields that the carrier does not have, each beside its siblings.
    fn new_fields(&self, place: Place<'a>, fields: &Fields, style: &mut Style<'_>, chunks: &mut Chunks) {
        let Some(shown) = place.shown.get(place.carrier).copied().flatten() else { return };
        let is_new = |field: &&Field| shown.slot(&field.name, field.key.as_deref()).is_none();
        let new: Vec<&Field> = fields.slots.iter().filter(is_new).collect();
        // In the order of the version they come from.
        let places: Vec<usize> = order(place.carrier).into_iter().skip(1).collect();
        let rank = |field: &Field| {
            places.iter().enumerate().find_map(|(number, side)| {
                let shown = place.shown.get(*side).copied().flatten()?;
                let at = shown.slot_at(&field.name, field.key.as_deref())?;
                Some((number, at, *side))
            })
        };
        let mut ranked: Vec<_> = new.into_iter().map(|field| (rank(field), field)).collect();
        ranked.sort_by_key(|(rank, _)| rank.map_or((usize::MAX, 0), |(number, at, _)| (number, at)));
        for (rank, field) in ranked {
            let source = rank.and_then(|(_, at, side)| Some((place.shown.get(side).copied().flatten()?, at)));
            let mut at = place_for(chunks, &field.name, source);
            for (_, bytes) in self.write_field(place, field, style) {
                let field = Some((field.name.clone(), field.key.clone()));
                at = Some(chunks.insert_after(at, Chunk { field, kind: None, bytes }));
            }
        }
    }
}

/// The carrier, then theirs, mine, base.
pub(super) fn order(carrier: usize) -> Vec<usize> {
    std::iter::once(carrier).chain([2, 1, 0].into_iter().filter(|side| *side != carrier)).collect()
}

/// After the last property of that name; else after what it follows in its own version; else last.
fn place_for(chunks: &Chunks, name: &str, source: Option<(&Shown, usize)>) -> Option<usize> {
    if let Some(at) = chunks.last_named(name) {
        return Some(at);
    }
    let before = source.map(|(shown, at)| shown.slots.get(..at).unwrap_or_default()).unwrap_or_default();
    before.iter().rev().find_map(|slot| chunks.last_of(&slot.name, slot.key.as_deref()))
}
