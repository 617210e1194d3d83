//! Runs tests/protocol-cases (its README says how to read them).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a failed check stops a test

mod lists;
mod reads;
mod requests;
mod writes;

use connectors::{Answer, Connector, REFERENCE_PROFILE, Response, TransportError, connector};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;
use sync_engine::{
    Body, IdempotencyKey, PauseReason, Precondition, RemoteId, Timestamp, Usable, Validator,
    ValidatorProfile, Write,
};

/// 2026-11-22T14:00:00Z
pub(crate) const NOW: Timestamp = Timestamp(1_795_356_000_000);

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub(crate) fn all(&self) -> Vec<&str> {
        match self {
            Self::One(one) => vec![one],
            Self::More(more) => more.iter().map(String::as_str).collect(),
        }
    }
}

/// An answer as the files spell it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Said {
    pub(crate) status: Option<u16>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, OneOrMore>,
    #[serde(default)]
    pub(crate) body: String,
    pub(crate) lost: Option<String>,
    pub(crate) not_sent: Option<String>,
    pub(crate) too_large: Option<String>,
}

impl Said {
    pub(crate) fn answer(&self) -> Answer {
        if let Some(words) = &self.lost {
            return Err(TransportError::Lost { words: words.clone() });
        }
        if let Some(words) = &self.not_sent {
            return Err(TransportError::NotSent { words: words.clone() });
        }
        if let Some(words) = &self.too_large {
            return Err(TransportError::TooLarge { words: words.clone() });
        }
        let mut headers = HeaderMap::new();
        for (name, values) in &self.headers {
            for value in values.all() {
                headers.append(
                    HeaderName::from_bytes(name.as_bytes()).unwrap(),
                    HeaderValue::from_str(value).unwrap(),
                );
            }
        }
        let status = self.status.expect("a case needs status, lost, not_sent or too_large");
        Ok(Response { status, headers, body: self.body.as_bytes().into() })
    }
}

pub(crate) fn server(family: &str) -> Box<dyn Connector> {
    match family {
        "plain" => connector("rest", "https://h.example/api", None).unwrap(),
        "reference" => connector("rest", "https://h.example/api/", Some(REFERENCE_PROFILE)).unwrap(),
        "kinto" => connector("kinto", "https://h.example", None).unwrap(),
        other => panic!("no family {other}"),
    }
}

pub(crate) fn collection(family: &str) -> &'static str {
    if family == "kinto" { "club/tools" } else { "tools" }
}

pub(crate) fn usable(tag: &str) -> Usable {
    ValidatorProfile { weak_enforced: true }.admit(&Validator::new(tag).unwrap()).unwrap()
}

/// The write that the files call `change`, `removal`, `creation` or `new`.
pub(crate) fn write(what: &str, id: &str, body: &str) -> Write {
    let id = RemoteId(id.to_owned());
    let body = Body::json(body.as_bytes());
    let precondition = Precondition::IfMatch(usable("\"1\""));
    match what {
        "change" => Write::Replace { id, body, precondition },
        "removal" => Write::Delete { id, precondition },
        "creation" => Write::Create { id: Some(id), body, precondition: Precondition::MustNotExist },
        "new" => {
            let key = Some(IdempotencyKey("key-1".to_owned()));
            Write::Create { id: None, body, precondition: Precondition::PostNew { key } }
        }
        other => panic!("no kind of write {other}"),
    }
}

pub(crate) fn sign_in(reason: PauseReason) -> &'static str {
    match reason {
        PauseReason::SignIn => "sign in",
        PauseReason::ProxySignIn => "proxy sign in",
        PauseReason::NetworkSignIn => "network sign in",
        PauseReason::ServerFull => "full",
    }
}

pub(crate) fn seconds(at: Option<Timestamp>) -> Option<i64> {
    at.map(|at| (at.0 - NOW.0) / 1000)
}

pub(crate) fn text(body: &Body) -> String {
    String::from_utf8(body.bytes.to_vec()).unwrap()
}

#[derive(Deserialize)]
struct File<C> {
    case: Vec<C>,
}

/// The cases of a file.
pub(crate) fn cases<C: DeserializeOwned>(name: &str) -> Vec<C> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/protocol-cases").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str::<File<C>>(&text).unwrap_or_else(|error| panic!("{name}: {error}")).case
}

/// Collects what went wrong, so that one run shows all of it.
#[derive(Default)]
pub(crate) struct Report {
    wrong: Vec<String>,
    count: usize,
}

impl Report {
    pub(crate) fn expect<T: PartialEq + std::fmt::Debug>(
        &mut self,
        case: &str,
        what: &str,
        got: T,
        wanted: T,
    ) {
        self.count += 1;
        if got != wanted {
            self.wrong.push(format!("{case}\n  {what}\n    is     {got:?}\n    should {wanted:?}"));
        }
    }

    pub(crate) fn holds(&mut self, case: &str, what: &str, text: &str, part: &str) {
        self.count += 1;
        if !text.contains(part) {
            self.wrong.push(format!("{case}\n  {what}\n    is          {text:?}\n    should have {part:?}"));
        }
    }

    pub(crate) fn finish(self, least: usize) {
        assert!(self.wrong.is_empty(), "\n{}\n", self.wrong.join("\n"));
        assert!(self.count >= least, "only {} things were looked at", self.count);
    }
}
