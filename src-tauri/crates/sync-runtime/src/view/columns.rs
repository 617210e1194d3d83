//! The columns of a list and their cells.

use super::lookup::Lookup;
use super::schema::Field;
use super::title::title_path;
use super::value::scalar_text;
use super::words::label;
use super::{CollectionSchema, JsonType};
use ipc_types::Column;
use record_merge::json::Kind;
use record_merge::{Format, Path, Policy, Token, equal};
use std::collections::BTreeMap;
use sync_engine::Body;

/// Most columns that the schema may ask for.
const MOST: usize = 4;
/// Most columns where it does not ask: the title needs the room.
const MOST_GUESSED: usize = 3;
/// Longest value that a guessed column may have, in characters.
const SHORT: usize = 24;
/// Longest cell, in characters.
const LONGEST_CELL: usize = 200;
/// Bodies that are looked at.
const SAMPLE: usize = 50;

/// The columns of a collection besides state, title and time: `x-columns`, else short single values of the schema,
/// else what most of `sample` (a few bodies) have.
pub fn columns(schema: &CollectionSchema, sample: &[&Body]) -> Vec<Column> {
    let bodies: Vec<Lookup> = sample.iter().take(SAMPLE).filter_map(|body| Lookup::of(body)).collect();
    if let Some(asked) = &schema.columns {
        // The time of the last change is a column of every list.
        let others = asked.iter().filter(|path| schema.changed_at.as_ref() != Some(path));
        return others.take(MOST).map(|path| column(schema, path, &bodies)).collect();
    }
    let titles: Vec<Path> = match &schema.title_field {
        Some(path) => vec![path.clone()],
        None => bodies.iter().filter_map(|body| title_path(body, schema)).collect(),
    };
    let fallback =
        if titles.is_empty() { super::title::TITLE_MEMBERS.map(member).to_vec() } else { Vec::new() };
    let is_title = |path: &Path| titles.contains(path) || fallback.contains(path);
    let declared: Vec<Path> = schema
        .root
        .properties
        .iter()
        .filter(|(_, field)| is_short(field))
        .map(|(name, _)| member(name))
        .collect();
    let found = if schema.root.properties.is_empty() { common(&bodies) } else { declared };
    let wanted = found.iter().filter(|path| !is_title(path) && **path != member("id"));
    wanted.take(MOST_GUESSED).map(|path| column(schema, path, &bodies)).collect()
}

fn member(name: impl AsRef<str>) -> Path {
    Path(vec![Token::Member(name.as_ref().to_owned())])
}

fn column(schema: &CollectionSchema, path: &Path, bodies: &[Lookup]) -> Column {
    let field = schema.field(path);
    let name = match path.0.last() {
        Some(Token::Member(name)) => label(name),
        _ => String::new(),
    };
    let mut values = bodies.iter().filter_map(|b| b.at(path).map(|id| b.document().kind(id))).peekable();
    let numeric = match field.and_then(Field::only_type) {
        Some(r#type) => matches!(r#type, JsonType::Number | JsonType::Integer),
        None => values.peek().is_some() && values.all(|kind| matches!(kind, Kind::Number | Kind::Null)),
    };
    let label = field.and_then(|field| field.title.clone()).unwrap_or(name);
    Column { pointer: path.to_pointer(), label, numeric }
}

/// A field whose values are short and single.
fn is_short(field: &Field) -> bool {
    let single = match field.only_type() {
        Some(JsonType::String) => !field.long_text && field.length.1.is_none_or(|most| most <= 80),
        Some(JsonType::Number | JsonType::Integer | JsonType::Boolean) => true,
        Some(_) => false,
        None => !field.allowed.is_empty(),
    };
    single && !field.read_only
}

/// Members that at least half of the bodies have, always short and single; in the order of the documents.
fn common(bodies: &[Lookup]) -> Vec<Path> {
    let mut seen: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for body in bodies {
        for (at, (name, id)) in body.document().members(body.root()).take(200).enumerate() {
            let (count, place) = seen.entry(name.into_owned()).or_insert((0, at));
            *place = (*place).min(at);
            let text = scalar_text(body.document(), id);
            let short = text.is_some_and(|text| !text.contains('\n') && text.chars().nth(SHORT).is_none());
            match body.document().kind(id) {
                Kind::Null => {}
                // One long value rules the member out.
                _ if !short => *count = usize::MAX,
                _ => *count = count.saturating_add(1),
            }
        }
    }
    let mut fit: Vec<(usize, String)> = seen
        .into_iter()
        .filter(|(_, (count, _))| *count != usize::MAX && *count > 0 && *count * 2 >= bodies.len())
        .map(|(name, (_, place))| (place, name))
        .collect();
    fit.sort();
    fit.into_iter().map(|(_, name)| member(name)).collect()
}

/// The cells of a record for these columns. Empty for what is not there and for lists and objects.
pub fn cells(body: Option<&Body>, columns: &[Column], schema: &CollectionSchema) -> Vec<String> {
    let lookup = body.and_then(Lookup::of);
    columns
        .iter()
        .map(|column| {
            let Ok(path) = Path::from_pointer(&column.pointer) else { return String::new() };
            lookup.as_ref().and_then(|lookup| cell(lookup, &path, schema.field(&path))).unwrap_or_default()
        })
        .collect()
}

fn cell(lookup: &Lookup, path: &Path, field: Option<&Field>) -> Option<String> {
    let id = lookup.at(path)?;
    let text = scalar_text(lookup.document(), id)?;
    let json = lookup.document().text(id);
    let named = field
        .iter()
        .flat_map(|field| &field.allowed)
        .find(|allowed| equal(Format::Json, allowed.json.as_bytes(), json.as_bytes(), &Policy::default()));
    // "A3" says as much as "A3, power tools" and fits a cell.
    let title =
        named.map(|allowed| allowed.title.as_str()).filter(|title| !title.starts_with(&format!("{text},")));
    let line = title.unwrap_or(&text).lines().next().unwrap_or_default();
    Some(line.chars().take(LONGEST_CELL).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Body {
        Body::json(text.as_bytes())
    }

    fn labels(schema: &str, bodies: &[&str]) -> Vec<String> {
        let bodies: Vec<Body> = bodies.iter().map(|b| body(b)).collect();
        let refs: Vec<&Body> = bodies.iter().collect();
        let found = columns(&CollectionSchema::read(schema.as_bytes()), &refs);
        found.into_iter().map(|c| if c.numeric { format!("{} #", c.label) } else { c.label }).collect()
    }

    #[test]
    fn columns_of_the_schema() {
        let schema = r#"{"x-title-field":"name","x-columns":["number","/shelf","deposit","changed"],
            "x-changed-at":"changed","properties":{"changed":{"type":"string","readOnly":true},
            "name":{"type":"string"},"number":{"type":"string","title":"No."},"shelf":{"type":"string"},
            "deposit":{"type":"number"}}}"#;
        assert_eq!(labels(schema, &[]), ["No.", "Shelf", "Deposit #"]);
        let guessed = schema.replace("x-columns", "x-other");
        assert_eq!(labels(&guessed, &[]), ["No.", "Shelf", "Deposit #"]);
    }

    #[test]
    fn columns_are_inferred() {
        let bodies = [
            r#"{"id":"1","name":"Ines Duarte","phone":"+351 912","plot":17,"notes":"waters\nplot 17","tags":[]}"#,
            r#"{"id":"2","name":"Okan Demir","phone":null,"plot":3,"notes":"","rare":"x"}"#,
            r#"{"id":"3","name":"Marit","phone":"+47 99","plot":4}"#,
        ];
        assert_eq!(labels("{}", &bodies), ["Phone", "Plot #"]);
        assert_eq!(labels("{}", &[]), [""; 0]);
    }

    #[test]
    fn cells_say_choices_in_words() {
        let schema = CollectionSchema::read(
            br#"{"properties":{"status":{"enum":["in_repair"]},"shelf":{"oneOf":[{"const":"A3","title":"A3, power tools"}]}}}"#,
        );
        let columns: Vec<Column> = ["/status", "/shelf", "/deposit", "/lent", "/tags", "/nothing"]
            .iter()
            .map(|p| Column { pointer: (*p).to_owned(), label: String::new(), numeric: false })
            .collect();
        let tool = body(r#"{"status":"in_repair","shelf":"A3","deposit":30.00,"lent":true,"tags":["a"]}"#);
        assert_eq!(cells(Some(&tool), &columns, &schema), ["In repair", "A3", "30.00", "yes", "", ""]);
        assert_eq!(cells(None, &columns, &schema), [""; 6]);
    }
}
