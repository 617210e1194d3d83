//! What every family answers.

use crate::{
    Answer, AuditLine, BatchOutcome, Discovery, DryRun, Failed, ListOutcome, ProfileError, Request, Stamp,
};
use sync_engine::{Body, Read, ReadOutcome, RemoteId, Rules, Timestamp, Validator, Write, WriteOutcome};
use url::Url;

/// Why a request cannot be made. The record stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// An id or collection that no address can hold.
    #[error("{0}")]
    Address(String),
    /// A body this family cannot carry.
    #[error("{0}")]
    Body(String),
    /// This family or profile does not do that.
    #[error("{0}")]
    NotOffered(String),
}

/// A server family: operations become requests, answers become outcomes. Pure; one per source.
///
/// Every request carries `Accept-Encoding: identity` and the same `Accept`, so that tags stay what they are
/// (docs/connectors.md). Collections are named as the family names them; ids are decoded.
pub trait Connector: Send + Sync + std::fmt::Debug {
    /// Name of the family: `rest`, `kinto`.
    fn family(&self) -> &'static str;

    /// The address all others are made from, as corrected for the family (Kinto: with `/v1/`).
    fn base(&self) -> &Url;

    /// A request whose answer helps before the first use (limits of the server); `None` if the family needs none.
    fn about(&self) -> Option<Request> {
        None
    }

    /// Takes the answer to [`about`](Self::about). Without it, careful defaults hold.
    fn learn(&mut self, answer: &Answer) {
        let _ = answer;
    }

    /// What holds for a collection before a check-up has corrected it.
    fn rules(&self, collection: &str) -> Rules;

    /// The request for a write. With `dry_run`, one that changes nothing; only where [offered](Self::offers_dry_run).
    ///
    /// `ComparedJustBefore` gives a request without a precondition: the caller reads and compares first.
    ///
    /// # Errors
    /// Ids that no address can hold, bodies the family cannot carry, kinds of writes it does not offer.
    fn write(&self, collection: &str, write: &Write, dry_run: bool) -> Result<Request, BuildError>;

    /// What the answer to a write means.
    fn wrote(&self, collection: &str, write: &Write, answer: &Answer, now: Timestamp) -> WriteOutcome;

    /// Writes can be tried without being stored.
    fn offers_dry_run(&self) -> bool {
        false
    }

    /// What the answer to a dry run means.
    fn dry_run_answer(&self, collection: &str, write: &Write, answer: &Answer, now: Timestamp) -> DryRun {
        let _ = (collection, write, answer, now);
        DryRun::NotKept { words: "This server offers no dry run.".to_owned() }
    }

    /// The request for one record.
    ///
    /// # Errors
    /// Ids that no address can hold.
    fn read(&self, collection: &str, read: &Read) -> Result<Request, BuildError>;

    /// What the answer to a read means.
    fn did_read(&self, collection: &str, read: &Read, answer: &Answer, now: Timestamp) -> ReadOutcome;

    /// The request for one record, to be answered only if it is another version than `known` (RFC 9110 section 13.1.2).
    /// A server that does not keep to that answers with the record.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    fn read_if_changed(
        &self,
        collection: &str,
        read: &Read,
        known: &Validator,
    ) -> Result<Request, BuildError> {
        let mut request = self.read(collection, read)?;
        // Marks that are no entity tags stand for nothing in this header.
        if known.as_str().trim_start_matches("W/").starts_with('"') {
            request.headers.push(("If-None-Match".to_owned(), known.as_str().to_owned()));
        }
        Ok(request)
    }

    /// The answer to such a request says that nothing changed.
    fn is_unchanged(&self, answer: &Answer) -> bool {
        answer.as_ref().is_ok_and(|response| response.status == 304)
    }

    /// Most writes in one request; 1 = there are no batches.
    fn batch_size(&self) -> usize {
        1
    }

    /// The write can go into a batch. Large or unusual bodies go alone.
    fn batchable(&self, collection: &str, write: &Write) -> bool {
        let _ = (collection, write);
        false
    }

    /// One request for several writes (collection, write), each with its own precondition. `None` if one of them cannot
    /// go into a batch, or if there are more than [`batch_size`](Self::batch_size).
    fn batch(&self, writes: &[(&str, &Write)]) -> Option<Request> {
        let _ = writes;
        None
    }

    /// What the answer to a batch means for each of its writes.
    fn batched(&self, writes: &[(&str, &Write)], answer: &Answer, now: Timestamp) -> BatchOutcome {
        let _ = (writes, answer, now);
        BatchOutcome::Singly { words: "This server takes no batches.".to_owned() }
    }

    /// The next request of a listing: `None` = from the beginning, else a cursor of a former answer.
    ///
    /// # Errors
    /// A collection name that no address can hold.
    fn list(&self, collection: &str, cursor: Option<&str>) -> Result<Request, BuildError>;

    /// What its answer means; `cursor` as given to [`list`](Self::list).
    fn listed(&self, collection: &str, cursor: Option<&str>, answer: &Answer, now: Timestamp) -> ListOutcome;

    /// The first request of a search for collections.
    fn discover(&self) -> Request;

    /// What the answer to such a request means.
    fn discovered(&self, request: &Request, answer: &Answer, now: Timestamp) -> Discovery;

    /// The request for a collection's JSON Schema, where the family has one.
    fn schema(&self, collection: &str) -> Option<Request>;

    /// The schema in its answer, as JSON text; `None` if there is none.
    fn schema_answer(&self, answer: &Answer) -> Option<String>;

    /// The request for the server's own history of a record, where it keeps one.
    fn history(&self, collection: &str, id: &RemoteId) -> Option<Request> {
        let _ = (collection, id);
        None
    }

    /// Its lines, oldest first.
    ///
    /// # Errors
    /// The server gave none.
    fn history_answer(&self, answer: &Answer, now: Timestamp) -> Result<Vec<AuditLine>, Failed> {
        let _ = (answer, now);
        Err(Failed::NotThere { words: "This server keeps no history of records.".to_owned() })
    }

    /// Who made a version and when, if the record says so.
    fn stamp(&self, body: &Body) -> Stamp {
        let _ = body;
        Stamp::default()
    }

    /// A small body that the collection accepts, for the scratch record of the check-up. `like` is any record of the
    /// collection: values that a schema's patterns ask for are taken from it.
    fn scratch(&self, schema: Option<&str>, like: Option<&Body>) -> Body {
        crate::scratch::body(schema, like, &[])
    }

    /// A well-formed validator that is not `current`: what a stale `If-Match` is tested with.
    fn stale(&self, current: &Validator) -> Option<Validator> {
        crate::scratch::stale_tag(current)
    }
}

/// A family, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FamilyInfo {
    /// Name for programs.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// What address to give.
    pub hint: &'static str,
}

/// The families there are.
pub fn families() -> &'static [FamilyInfo] {
    &[
        FamilyInfo {
            name: "rest",
            title: "REST service with ETags",
            hint: "The address under which its collections are, such as https://example.org/api/",
        },
        FamilyInfo {
            name: "kinto",
            title: "Kinto",
            hint: "The address of the server, such as https://example.org/v1/",
        },
    ]
}

/// The connector of a source.
///
/// # Errors
/// An address that is none, a family there is not, a profile with a mistake: all in words.
pub fn connector(
    family: &str,
    base_url: &str,
    profile_toml: Option<&str>,
) -> Result<Box<dyn Connector>, ProfileError> {
    match family {
        "rest" => Ok(Box::new(crate::rest::Rest::new(base_url, profile_toml)?)),
        "kinto" if profile_toml.is_some() => Err(ProfileError::Unwanted),
        "kinto" => Ok(Box::new(crate::kinto::Kinto::new(base_url)?)),
        other => Err(ProfileError::Family(other.to_owned())),
    }
}
