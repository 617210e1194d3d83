//! Who sends a request: Basic (RFC 7617) or Bearer (RFC 6750) sign-in, else `X-Actor`.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue};

use crate::problem::{Kind, Problem};

/// Longest `X-Actor` kept, in characters.
const MAX_ACTOR: usize = 100;

/// The one account, if the server has one. Only hashes are kept; comparing hashes gives away nothing by its timing.
#[derive(Debug)]
pub(crate) struct Account {
    name: String,
    secret: blake3::Hash,
}

impl Account {
    /// An account with this name and secret.
    pub(crate) fn new(name: String, secret: &str) -> Self {
        Self { name, secret: blake3::hash(secret.as_bytes()) }
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let Some(value) = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()) else { return false };
        let Some((scheme, rest)) = value.split_once(' ') else { return false };
        if scheme.eq_ignore_ascii_case("bearer") {
            return blake3::hash(rest.trim().as_bytes()) == self.secret;
        }
        if !scheme.eq_ignore_ascii_case("basic") {
            return false;
        }
        let Ok(pair) = BASE64_STANDARD.decode(rest.trim()) else { return false };
        let Ok(pair) = String::from_utf8(pair) else { return false };
        pair.split_once(':')
            .is_some_and(|(name, secret)| name == self.name && blake3::hash(secret.as_bytes()) == self.secret)
    }
}

/// The actor of a request, or the demand to sign in.
pub(crate) fn actor(account: Option<&Account>, headers: &HeaderMap) -> Result<String, Problem> {
    match account {
        Some(account) if account.admits(headers) => Ok(account.name.clone()),
        Some(_) => Err(Problem::new(Kind::SignIn, "Send the name and secret this server was started with.")
            .with_header(WWW_AUTHENTICATE, "Basic realm=\"records\", charset=\"UTF-8\"")
            .with_header(WWW_AUTHENTICATE, "Bearer realm=\"records\"")),
        None => Ok(named(headers)),
    }
}

/// `X-Actor`, or "anonymous".
pub(crate) fn named(headers: &HeaderMap) -> String {
    let sent = headers.get("x-actor").map(HeaderValue::as_bytes).unwrap_or_default();
    let text: String =
        String::from_utf8_lossy(sent).chars().filter(|c| !c.is_control()).take(MAX_ACTOR).collect();
    if text.trim().is_empty() { "anonymous".to_owned() } else { text.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_in() {
        let account = Account::new("ann".into(), "s:ecret");
        let basic = |text: &str| format!("Basic {}", BASE64_STANDARD.encode(text));
        for (value, admitted) in [
            (basic("ann:s:ecret"), true),
            (basic("ann:wrong"), false),
            (basic("ben:s:ecret"), false),
            (basic("ann"), false),
            ("bearer s:ecret".into(), true),
            ("Bearer ann".into(), false),
            ("Basic !!".into(), false),
            ("Digest x".into(), false),
            ("".into(), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, HeaderValue::from_str(&value).unwrap());
            headers.insert("x-actor", HeaderValue::from_static("mallory"));
            assert_eq!(actor(Some(&account), &headers).ok(), admitted.then(|| "ann".to_owned()), "{value}");
        }
        let mut headers = HeaderMap::new();
        assert_eq!(actor(None, &headers).unwrap(), "anonymous");
        headers.insert("x-actor", HeaderValue::from_bytes("Inês".as_bytes()).unwrap());
        assert_eq!(actor(None, &headers).unwrap(), "Inês");
    }
}
