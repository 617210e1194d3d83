//! JSON Schema per collection (draft 2020-12): 422 with a pointer to every fault.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use jsonschema::error::ValidationErrorKind as Kinds;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::document::Document;
use crate::lenient;
use crate::problem::{Fail, Fault, Kind, Problem};
use crate::store::Db;
use crate::store::collections::{self as table, Collection};

/// Faults told at once.
const MAX_FAULTS: usize = 50;

/// Compiled schemas of one database thread, by collection, with the revision of the settings they were made from.
pub(crate) type Compiled = RefCell<BTreeMap<i64, (i64, Rc<Validator>)>>;

/// Makes a validator, or says why the text is no schema. References to other documents are not followed.
pub(crate) fn compile(schema: &[u8]) -> Result<Validator, String> {
    let value: Value = serde_json::from_slice(schema).map_err(|e| format!("{e}."))?;
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(&value)
        .map_err(|e| format!("{e}."))
}

/// Refuses a document that does not fit the schema of its collection. Such a collection takes JSON only.
pub(crate) fn check(db: &Db, collection: &Collection, document: &Document) -> Result<(), Fail> {
    if !collection.has_schema {
        return Ok(());
    }
    if !document.json {
        // Anything that cannot be checked would be a way around the schema.
        let words = format!(
            "This collection has a schema and takes application/json, not {:?}.",
            document.media_type
        );
        return Err(Problem::new(Kind::MediaType, words).into());
    }
    let Some(validator) = validator(db, collection)? else { return Ok(()) };
    let Some(value) = lenient::parse(document.text()) else {
        let words =
            "The document is nested too deeply to be checked (more than 128 levels). Make it flatter.";
        return Err(Problem::new(Kind::Invalid, words).into());
    };
    let faults: Vec<Fault> =
        validator.iter_errors(&value).take(MAX_FAULTS).map(|error| fault(&error)).collect();
    if faults.is_empty() {
        return Ok(());
    }
    let words = "Correct the places named in errors and send it again.";
    Err(Problem::new(Kind::Invalid, words).with_faults(faults).into())
}

fn validator(db: &Db, collection: &Collection) -> Result<Option<Rc<Validator>>, Fail> {
    if let Some((revision, validator)) = db.compiled.borrow().get(&collection.key)
        && *revision == collection.revision
    {
        return Ok(Some(Rc::clone(validator)));
    }
    let Some(schema) = table::schema(db, collection.key)? else { return Ok(None) };
    // Schemas are compiled before they are stored, so this fails only for a database of another program.
    let Ok(validator) = compile(&schema).map(Rc::new) else { return Ok(None) };
    db.compiled.borrow_mut().insert(collection.key, (collection.revision, Rc::clone(&validator)));
    Ok(Some(validator))
}

/// Place and words. What is missing is named by its own place, so that a form can show the words there.
fn fault(error: &ValidationError<'_>) -> Fault {
    let mut pointer = error.instance_path().to_string();
    let detail = match error.kind() {
        Kinds::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            "is missing".to_owned()
        }
        Kinds::Minimum { limit } => format!("must be at least {limit}"),
        Kinds::Maximum { limit } => format!("must be at most {limit}"),
        Kinds::ExclusiveMinimum { limit } => format!("must be more than {limit}"),
        Kinds::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        Kinds::MinLength { limit: 1 } => "must not be empty".to_owned(),
        Kinds::MinLength { limit } => format!("must have at least {limit} characters"),
        Kinds::MaxLength { limit } => format!("must have at most {limit} characters"),
        Kinds::Pattern { pattern } => format!("must match the pattern {pattern}"),
        Kinds::Format { format } => format!("must be a valid {format}"),
        Kinds::Enum { options } => one_of(options.as_array().into_iter().flatten()),
        Kinds::OneOfNotValid { context } | Kinds::AnyOf { context } => {
            let consts: Vec<&Value> = context.iter().flatten().filter_map(constant).collect();
            if consts.len() == context.len() { one_of(consts.into_iter()) } else { error.to_string() }
        }
        _ => error.to_string(),
    };
    Fault { pointer, detail }
}

fn constant<'e>(error: &'e ValidationError<'_>) -> Option<&'e Value> {
    match error.kind() {
        Kinds::Constant { expected_value } => Some(expected_value),
        _ => None,
    }
}

fn one_of<'v>(values: impl Iterator<Item = &'v Value>) -> String {
    format!("must be one of {}", values.map(Value::to_string).collect::<Vec<_>>().join(", "))
}
