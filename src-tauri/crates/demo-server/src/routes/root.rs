//! What the server says about itself.

use http::StatusCode;

use super::not_modified;
use crate::etag::{field_opaque, quoted};
use crate::message::{Reply, Request};
use crate::precondition::Preconditions;
use crate::problem::Fail;
use crate::version::ApiVersion;

/// The description of every route, as it stands in the crate.
const OPENAPI: &str = include_str!("../../openapi.json");
/// The declarative profile for clients that speak REST: the very file the client carries, so that the two cannot differ.
const PROFILE: &str = include_str!("../../../connectors/profiles/reference.toml");

/// GET `/`.
pub(super) fn root() -> Reply {
    let body = format!(
        "{{\"name\":\"Matchbook reference server\",\"version\":\"{}\",\"api_versions\":[\"{}\"],\"links\":{{\
         \"collections\":\"/collections\",\"batch\":\"/batch\",\"openapi\":\"/openapi.json\",\
         \"profile\":\"/.well-known/matchbook.toml\"}}}}",
        env!("CARGO_PKG_VERSION"),
        ApiVersion::NAMES.join("\",\"")
    );
    Reply::json(StatusCode::OK, body)
}

/// GET `/openapi.json`.
pub(super) fn openapi(request: &Request) -> Result<Reply, Fail> {
    fixed(request, "application/json", OPENAPI)
}

/// GET `/.well-known/matchbook.toml`.
pub(super) fn profile(request: &Request) -> Result<Reply, Fail> {
    fixed(request, "application/toml", PROFILE)
}

fn fixed(request: &Request, media_type: &str, text: &'static str) -> Result<Reply, Fail> {
    let opaque = field_opaque(text.as_bytes());
    if Preconditions::of(&request.headers)?.seen(Some(&opaque)) {
        return Ok(not_modified(&quoted(&opaque, false)));
    }
    Ok(Reply::with_body(StatusCode::OK, media_type, text).etag(&quoted(&opaque, false)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Kind;
    use crate::target::Target;
    use serde_json::Value;
    use std::collections::BTreeSet;
    use std::mem::{Discriminant, discriminant};

    fn document() -> Value {
        serde_json::from_str(OPENAPI).unwrap()
    }

    #[test]
    fn every_route_and_method_is_described() {
        let mut seen: Vec<Discriminant<Target>> = Vec::new();
        for (path, item) in document()["paths"].as_object().unwrap() {
            let target = Target::parse(&path.replace(['{', '}'], "")).unwrap();
            let described: BTreeSet<String> = item
                .as_object()
                .unwrap()
                .keys()
                .filter(|k| *k != "parameters")
                .map(|k| k.to_uppercase())
                .collect();
            let possible: BTreeSet<String> =
                target.methods().iter().filter(|m| **m != "OPTIONS").map(|m| (*m).to_owned()).collect();
            assert_eq!(described, possible, "{path}");
            seen.push(discriminant(&target));
        }
        let text = String::new;
        for target in [
            Target::Root,
            Target::OpenApi,
            Target::Profile,
            Target::Batch,
            Target::Collections,
            Target::Collection(text()),
            Target::Schema(text()),
            Target::Records(text()),
            Target::Changes(text()),
            Target::Record(text(), text()),
            Target::History(text(), text()),
            Target::Field(text(), text(), text()),
        ] {
            assert!(seen.contains(&discriminant(&target)), "{target:?} is not described");
        }
        assert_eq!(seen.len(), 12);
    }

    #[test]
    fn every_problem_is_described() {
        let document = document();
        let described = document["x-problems"].as_object().unwrap();
        assert_eq!(described.len(), Kind::ALL.len());
        for kind in Kind::ALL {
            let (name, status, title) = kind.words();
            assert_eq!(described[name]["status"], status.as_u16(), "{name}");
            assert_eq!(described[name]["title"], title, "{name}");
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn walk(document: &Value, node: &Value) {
            match node {
                Value::Object(map) => {
                    if let Some(Value::String(target)) = map.get("$ref") {
                        assert!(document.pointer(target.trim_start_matches('#')).is_some(), "{target}");
                    }
                    map.values().for_each(|value| walk(document, value));
                }
                Value::Array(list) => list.iter().for_each(|value| walk(document, value)),
                _ => {}
            }
        }
        let document = document();
        walk(&document, &document);
    }
}
