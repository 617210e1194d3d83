//! The form of a contact and of an event.
//!
//! Nothing here knows lines. A card is read as the fields of the one tree (`record_merge::fields`); these are laid out as
//! a document that the form of any record can show (phones as rows of a table, an address as an object, times without
//! their zone), with a schema that names them as the merge does. What is changed in that document becomes edits of the
//! tree ([`form_edits`]), which `record_merge::apply_to` splices into the person's bytes: lines that nobody touched stay.

mod build;
mod edits;
mod repeats;
mod rows;
#[cfg(test)]
mod tests;
mod times;

use super::card::is_card;
use super::lookup::Lookup;
use super::schema::{CollectionSchema, Field, Format as TextFormat};
use build::Built;
pub(crate) use build::{TYPES, bare_label};
use ipc_types::{FieldKind, FieldView};
use record_merge::json::{Document, Kind, NodeId};
use record_merge::{Format, Operation, Path, Token, value_at};
use sync_engine::Body;

/// A contact or event as a document for the form.
pub(crate) struct CardForm {
    pub(crate) lookup: Lookup,
    pub(crate) schema: CollectionSchema,
    tree: Tree,
}

/// The fields of a card, and where those of the form begin.
pub(super) struct Tree {
    document: Document,
    /// Around the fields: nothing for a contact, `VEVENT` and its key for an event.
    prefix: Vec<String>,
}

impl Tree {
    /// `None` = no card, a broken one, or several records in one file: it has no form.
    fn of(body: &Body) -> Option<Tree> {
        let format = Some(body.format()).filter(|format| is_card(*format))?;
        let document = record_merge::fields(format, &body.bytes).ok()?;
        let root = document.root();
        let member = |name: &str| document.member(root, name);
        let prefix = match format {
            Format::Vcard if member("VCARD").is_some() => return None,
            Format::Vcard => Vec::new(),
            _ => {
                let kinds = ["VEVENT", "VTODO", "VJOURNAL"].map(|kind| member(kind).map(|id| (kind, id)));
                let mut kinds = kinds.into_iter().flatten();
                let (kind, all) = kinds.next()?;
                if kinds.next().is_some() {
                    return None;
                }
                vec![kind.to_owned(), series(&document, all)?]
            }
        };
        Some(Tree { document, prefix })
    }

    /// The object that holds the fields.
    fn root(&self) -> Option<NodeId> {
        let root = self.document.root();
        self.prefix.iter().try_fold(root, |id, name| self.document.member(id, name))
    }

    fn at(&self, name: &str) -> Option<NodeId> {
        self.document.member(self.root()?, name)
    }

    fn text(&self, id: NodeId) -> Option<String> {
        self.document.string(id).map(std::borrow::Cow::into_owned)
    }

    /// The entries of a property that may stand there several times, with their keys.
    fn entries(&self, name: &str) -> Option<Vec<(String, NodeId)>> {
        let id = self.at(name).filter(|id| self.document.kind(*id) == Kind::Object)?;
        let is_value = |id: NodeId| matches!(self.document.kind(id), Kind::String | Kind::Array);
        // One property with parameters that belong to its value, or one in parts.
        if name == "N" || name == "DTSTART" || name == "DUE" {
            return None;
        }
        if self.document.member(id, "value").is_some_and(is_value) {
            return None;
        }
        Some(self.document.members(id).map(|(key, entry)| (key.into_owned(), entry)).collect())
    }

    /// A path in the whole tree.
    fn path<'a>(&'a self, names: impl IntoIterator<Item = &'a str>) -> Path {
        let prefix = self.prefix.iter().map(String::as_str);
        Path(prefix.chain(names).map(|name| Token::Member(name.to_owned())).collect())
    }

    /// The group with the times, by the name it has.
    fn times(&self) -> (&'static str, Option<NodeId>) {
        let name = if self.prefix.first().is_some_and(|kind| kind == "VTODO") { "DUE" } else { "DTSTART" };
        (name, self.at(name))
    }
}

/// The key of the only event there is, of a series and its instances: that of the series.
fn series(document: &Document, all: NodeId) -> Option<String> {
    let keys: Vec<(String, NodeId)> = document.members(all).map(|(key, id)| (key.into_owned(), id)).collect();
    let is_whole = |id: NodeId| document.kind(id) == Kind::Object;
    let (main, _) = keys.iter().filter(|(_, id)| is_whole(*id)).min_by_key(|(key, _)| key.len())?;
    let start = format!("{main} ");
    keys.iter().all(|(key, _)| key == main || key.starts_with(&start)).then(|| main.clone())
}

impl CardForm {
    /// `None` = it has no form.
    pub(crate) fn of(body: &Body) -> Option<CardForm> {
        let tree = Tree::of(body)?;
        let format = body.format();
        let Built { json, types, zone } = build::built(&tree, format)?;
        let text: &[u8] = if format == Format::Vcard {
            include_bytes!("contact.json")
        } else {
            include_bytes!("event.json")
        };
        let mut schema = CollectionSchema::read(text);
        offer(&mut schema.root, &types);
        let is_task = tree.prefix.first().is_some_and(|kind| kind == "VTODO");
        let unused = match format {
            Format::Vcard => "",
            _ if is_task => "end",
            _ => "due",
        };
        schema.root.properties.retain(|(name, _)| name != unused);
        let shown = Document::parse(json.as_bytes()).ok()?;
        add_addresses(&mut schema.root, address_titles(&tree));
        for (name, field) in &mut schema.root.properties {
            let value = shown.member(shown.root(), name);
            match name.as_str() {
                "start" | "end" | "due" => field.unit.clone_from(&zone),
                "repeats" => repeats_field(field, value.and_then(|id| shown.string(id)).as_deref()),
                "BDAY" | "ANNIVERSARY"
                    if value.and_then(|id| shown.string(id)).is_some_and(|d| !is_day(&d)) =>
                {
                    field.format = TextFormat::Any;
                }
                _ => {}
            }
        }
        Some(CardForm { lookup: Lookup::new(shown, Format::Json), schema, tree })
    }

    /// Where a place of the one tree is in the form.
    pub(crate) fn place(&self, path: &Path) -> Option<Path> {
        let names: Vec<&str> = path
            .0
            .iter()
            .map(|token| match token {
                Token::Member(name) => Some(name.as_str()),
                _ => None,
            })
            .collect::<Option<_>>()?;
        let rest =
            names.strip_prefix(self.tree.prefix.iter().map(String::as_str).collect::<Vec<_>>().as_slice())?;
        let (name, inside) = rest.split_first()?;
        let at = |names: &[&str]| Path(names.iter().map(|name| Token::Member((*name).to_owned())).collect());
        if let ("DTSTART" | "DUE", inside) = (*name, inside) {
            let field = match inside.first().copied() {
                Some("DTEND") => "end",
                Some("DUE") => "due",
                Some("RRULE") => "repeats",
                _ if *name == "DUE" && inside.is_empty() => "due",
                _ => "start",
            };
            return Some(at(&[field]));
        }
        let entries = self.tree.entries(name).unwrap_or_default();
        let position = inside.first().and_then(|key| entries.iter().position(|(own, _)| own == key));
        match position {
            Some(number) if *name == "ADR" => Some(at(&[&address_name(number)])),
            Some(number) => Some(at(&[name, &number.to_string()])),
            None => Some(at(&[name])),
        }
    }
}

/// An edit at a place of the form as edits at places of the record; those of other records stay as they are.
///
/// # Errors
/// A value that does not fit there, as a sentence.
pub(crate) fn form_edits(body: &Body, operation: Operation) -> Result<Vec<Operation>, String> {
    let (path, value) = match &operation {
        Operation::Set { path, value } => (path, Some(value.as_str())),
        Operation::Unset { path } => (path, None),
    };
    if let Some(error) = value.and_then(|value| Document::parse(value.as_bytes()).err()) {
        return Err(format!("This value is not JSON: {error}."));
    }
    Ok(edits::edits(body, path, value)?.unwrap_or_else(|| vec![operation]))
}

/// What the form of a record has at a place; `None` = nothing.
pub(crate) fn form_value(body: &Body, path: &Path) -> Option<String> {
    let text = |lookup: &Lookup| lookup.at(path).map(|id| lookup.document().text(id).to_owned());
    if !is_card(body.format()) {
        return value_at(&body.bytes, path).ok().flatten();
    }
    let of_form = CardForm::of(body).and_then(|card| text(&card.lookup));
    of_form.or_else(|| Lookup::shown(body).as_ref().and_then(text))
}

/// The kinds of fields that only their values tell: times, or days.
pub(crate) fn finish(fields: &mut [FieldView]) {
    let is_time = |field: &FieldView| matches!(field.meta.pointer.as_str(), "/start" | "/end" | "/due");
    let known = fields.iter().find(|field| is_time(field) && !field.value.text.is_empty());
    let whole_day = known.is_some_and(|field| field.value.text.len() == 10);
    for field in fields.iter_mut().filter(|field| is_time(field)) {
        field.meta.kind = if whole_day { FieldKind::Date } else { FieldKind::DateTime };
    }
}

/// What the addresses are called, and one more: "Address, home" where there are several and the type tells them apart.
fn address_titles(tree: &Tree) -> Vec<String> {
    let entries = tree.entries("ADR").unwrap_or_default();
    let words = entries.iter().map(|(_, entry)| build::shown_type(tree, *entry));
    let words: Vec<Option<String>> = words.chain([None]).collect();
    let title = |(number, word): (usize, &Option<String>)| match word {
        Some(own) if entries.len() > 1 && words.iter().filter(|other| *other == word).count() == 1 => {
            format!("Address, {}", bare_label(own))
        }
        _ if number == 0 => "Address".to_owned(),
        _ => format!("Address {}", number + 1),
    };
    words.iter().enumerate().map(title).collect()
}

/// A field for each address.
fn add_addresses(root: &mut Field, titles: Vec<String>) {
    let Some(at) = root.properties.iter().position(|(name, _)| name == "ADR") else { return };
    let (_, model) = root.properties.remove(at);
    let field = |title: String| Field { title: Some(title), ..model.clone() };
    let all: Vec<(String, Field)> =
        titles.into_iter().enumerate().map(|(number, title)| (address_name(number), field(title))).collect();
    root.properties.splice(at..at, all);
}

fn repeats_field(field: &mut Field, value: Option<&str>) {
    use super::schema::Allowed;
    let offered = |word: &str| repeats::SIMPLE.iter().any(|(own, _)| *own == word);
    if value.is_some_and(offered) {
        let option = |(word, title): &(&str, &str)| Allowed {
            json: record_merge::json::quote(word),
            title: (*title).to_owned(),
        };
        field.allowed = repeats::SIMPLE.iter().map(option).collect();
    } else {
        field.read_only = true;
    }
}

/// Words that stand there as types can be chosen, too.
fn offer(field: &mut Field, types: &[String]) {
    use super::schema::Allowed;
    for (name, inner) in &mut field.properties {
        let items = inner.items.as_deref_mut();
        let inside = items.map(|items| &mut items.properties).unwrap_or(&mut inner.properties);
        let is_list_of_types = name != "N" && name != "ATTENDEE";
        for (_, own) in inside.iter_mut().filter(|(own, _)| own == "type" && is_list_of_types) {
            for word in types {
                let json = record_merge::json::quote(word);
                if !own.allowed.iter().any(|known| known.json == json) {
                    own.allowed.push(Allowed { json, title: build::bare_label(word).to_owned() });
                }
            }
        }
    }
}

fn is_day(text: &str) -> bool {
    text.is_empty() || super::when::is_date(text)
}

/// `ADR`, `ADR 2`, `ADR 3`.
pub(super) fn address_name(number: usize) -> String {
    if number == 0 { "ADR".to_owned() } else { format!("ADR {}", number + 1) }
}
