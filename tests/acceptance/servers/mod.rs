//! The servers the stories run against.

mod kinto;
mod reference;

pub use kinto::{Kinto, KintoProcess};
pub use reference::Reference;

use futures_util::future::BoxFuture;
use std::net::SocketAddr;
use std::sync::Arc;

/// A server with one collection, as a story sees it. How a colleague reads and writes is [`crate::stage::Colleague`];
/// this says how the server spells it.
pub trait Server: Send + Sync {
    /// Family of the connector.
    fn family(&self) -> &'static str;
    /// Where it listens.
    fn address(&self) -> SocketAddr;
    /// Path of the source below the address.
    fn root(&self) -> String;
    /// The collection, as the source names it.
    fn collection(&self) -> String;
    /// Path of the collection's records.
    fn records(&self) -> String;
    /// Path and query of the collection's list, in large pages.
    fn list(&self) -> String;
    /// A record as it is sent.
    fn wrap(&self, record: &str) -> String;
    /// The record in an answer, as it is spelled there.
    fn unwrap(&self, answer: &str) -> String;
    /// The ids in a list.
    fn ids(&self, list: &serde_json::Value) -> Vec<String>;
    /// It keeps the bytes of a record, and adds nothing.
    fn keeps_bytes(&self) -> bool;
    /// Names the fields of a refusal.
    fn names_fields(&self) -> bool;
    /// Name and secret of the colleagues, where the server asks for them.
    fn sign_in(&self) -> Option<(String, String)> {
        None
    }
    /// All records vanish without a trace, as after a restored or emptied database.
    fn flush(&self) -> BoxFuture<'_, ()>;
}

/// What stories run against.
#[derive(Clone)]
pub enum Backend {
    /// A reference server per story.
    Reference,
    /// One Kinto for all, a bucket per story.
    Kinto(Arc<KintoProcess>),
}

impl Backend {
    /// A server with an empty collection.
    pub async fn server(&self, story: &str) -> Arc<dyn Server> {
        match self {
            Self::Reference => Arc::new(Reference::start().await),
            Self::Kinto(process) => Arc::new(Kinto::begin(Arc::clone(process), story).await),
        }
    }
}

/// The schema of the collection: `name` is required, `deposit` is not negative.
pub const SCHEMA: &str = r#"{"title":"Tools","type":"object","required":["name"],"properties":{"name":{"type":"string","title":"Name"},"deposit":{"type":"number","minimum":0,"title":"Deposit"}}}"#;
