//! The profile that an API publishes itself, at `/.well-known/matchbook.toml` (RFC 8615).

use crate::address::Base;
use crate::{Answer, Failed, ProfileError, Request, WellKnown, judge};
use http::Method;
use sync_engine::Timestamp;

/// Asks the server of an address for its profile.
///
/// # Errors
/// An address that is none.
pub fn well_known(base_url: &str) -> Result<Request, ProfileError> {
    let base = Base::parse(base_url)?;
    let url = base.at_root("/.well-known/matchbook.toml");
    Ok(judge::request(Method::GET, url, "application/toml, text/plain;q=0.5"))
}

/// The profile in the answer. It is not parsed: [`crate::connector`] says what is wrong with it.
pub fn well_known_answer(answer: &Answer, now: Timestamp) -> WellKnown {
    match judge::read(answer, now) {
        // Some servers answer every address with their start page: then there is no profile.
        Ok(response) if response.is_html() || response.is_json() => WellKnown::None,
        Ok(response) => match std::str::from_utf8(&response.body) {
            Ok(text) => WellKnown::Profile(text.to_owned()),
            Err(_) => WellKnown::None,
        },
        Err(Failed::NotThere { .. } | Failed::Forbidden { .. }) => WellKnown::None,
        // Refused as a request (400, 405 and the like): a server that does not know of it.
        Err(Failed::Unknown { .. }) if answer.as_ref().is_ok_and(|r| (400..500).contains(&r.status)) => {
            WellKnown::None
        }
        Err(failed) => WellKnown::Failed(failed),
    }
}
