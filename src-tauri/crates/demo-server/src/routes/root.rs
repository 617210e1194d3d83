//! What the server says about itself.

use http::StatusCode;

use super::not_modified;
use crate::etag::{field_opaque, quoted};
use crate::message::{Reply, Request};
use crate::precondition::Preconditions;
use crate::problem::Fail;
use crate::version::ApiVersion;

/// The description of every route, as it stands in the crate.
pub(crate) const OPENAPI: &str = include_str!("../../openapi.json");
/// The declarative profile for clients that speak REST.
const PROFILE: &str = include_str!("../../profile.toml");

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
