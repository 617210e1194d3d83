//! A server as a plain map: compares and writes in one go, in the manners that real ones have.

use crate::text::{Fields, body, fields};
use std::collections::BTreeMap;
use sync_engine::{
    Creates, Current, IdempotencyKey, Precondition, ReadOutcome, RemoteId, Validator, Version, Write,
    WriteOutcome,
};

/// How this server behaves.
#[derive(Clone, Debug)]
pub struct Manners {
    /// The tag follows the content: what is put back has its old tag again.
    pub hash_tags: bool,
    /// Answers to writes carry no validator.
    pub quiet: bool,
    /// It adds members of its own.
    pub rewrites: bool,
    /// A 412 carries what is there.
    pub tells: bool,
    /// A conditional change of a record that is gone makes it again (servers.md, trap 26).
    pub upserts: bool,
    /// What is gone answers 412 instead of 404.
    pub gone_is_412: bool,
    /// How new records are made.
    pub creates: Creates,
}

/// One version it holds or held.
#[derive(Clone, Debug)]
pub struct Held {
    pub bytes: Vec<u8>,
    pub tag: String,
    pub seq: u64,
    pub ours: bool,
}

/// A write of the client that was applied.
#[derive(Debug)]
pub struct Applied {
    pub replaced: Option<Held>,
    pub deleted: bool,
    pub seq: u64,
    /// It was applied although the precondition did not hold.
    pub unmatched: bool,
}

#[derive(Debug)]
pub struct Server {
    pub manners: Manners,
    pub now: BTreeMap<String, Held>,
    /// Every value it ever held; values are unique.
    pub ever: std::collections::BTreeSet<u64>,
    /// Addresses that ever had a record: only these are known to others.
    pub addresses: std::collections::BTreeSet<String>,
    pub seq: u64,
    keys: BTreeMap<String, String>,
    /// What was made by POST.
    pub posted: Vec<Fields>,
}

impl Server {
    pub fn new(manners: Manners) -> Self {
        Self {
            manners,
            now: BTreeMap::new(),
            ever: Default::default(),
            addresses: Default::default(),
            seq: 0,
            keys: BTreeMap::new(),
            posted: Vec::new(),
        }
    }

    pub fn put(&mut self, id: &str, content: &Fields, ours: bool) -> u64 {
        self.seq += 1;
        self.addresses.insert(id.to_owned());
        self.ever.extend(content.values().copied());
        let mut content = content.clone();
        content.remove("_v");
        let tag = if self.manners.hash_tags {
            format!("\"{}\"", String::from_utf8_lossy(&body(&content)).replace(['"', ' '], ""))
        } else {
            format!("\"{}\"", self.seq)
        };
        if self.manners.rewrites {
            content.insert("stamp".to_owned(), 1);
            if !self.manners.hash_tags {
                content.insert("_v".to_owned(), self.seq);
            }
        }
        self.now.insert(id.to_owned(), Held { bytes: body(&content), tag, seq: self.seq, ours });
        self.seq
    }

    pub fn remove(&mut self, id: &str) {
        self.seq += 1;
        self.now.remove(id);
    }

    pub fn version(held: &Held) -> Version {
        Version {
            body: sync_engine::Body::json(held.bytes.clone()),
            validator: Some(Validator::new(held.tag.clone()).expect("a tag")),
        }
    }

    pub fn read(&self, id: &RemoteId) -> ReadOutcome {
        self.now.get(&id.0).map_or(ReadOutcome::Gone, |h| ReadOutcome::Found(Self::version(h)))
    }

    pub fn all(&self) -> Vec<(RemoteId, Version)> {
        self.now.iter().map(|(id, h)| (RemoteId(id.clone()), Self::version(h))).collect()
    }

    /// Compares and writes.
    pub fn write(&mut self, write: &Write) -> (WriteOutcome, Option<Applied>) {
        match write {
            Write::Create { id: None, body, precondition } => self.post(&fields(&body.bytes), precondition),
            Write::Create { id: Some(id), body, precondition } => {
                assert_eq!(*precondition, Precondition::MustNotExist);
                if self.now.contains_key(&id.0) {
                    self.refuse(id)
                } else {
                    self.store(id, Some(&body.bytes), false)
                }
            }
            Write::Replace { id, body, precondition } => self.guarded(id, Some(&body.bytes), precondition),
            Write::Delete { id, precondition } => self.guarded(id, None, precondition),
        }
    }

    fn post(&mut self, content: &Fields, precondition: &Precondition) -> (WriteOutcome, Option<Applied>) {
        let Precondition::PostNew { key } = precondition else { panic!("a POST with {precondition:?}") };
        if let Some(known) = key.as_ref().and_then(|IdempotencyKey(k)| self.keys.get(k)) {
            let validator = self.now.get(known).map(|h| Validator::new(h.tag.clone()).expect("a tag"));
            let validator = validator.filter(|_| !self.manners.quiet);
            return (
                WriteOutcome::Applied { validator, body: None, id: Some(RemoteId(known.clone())) },
                None,
            );
        }
        let id = format!("s{}", self.seq + 1);
        if let Some(IdempotencyKey(key)) = key {
            self.keys.insert(key.clone(), id.clone());
        }
        let seq = self.put(&id, content, true);
        self.posted.push(content.clone());
        let outcome = self.applied(&id, Some(RemoteId(id.clone())));
        (outcome, Some(Applied { replaced: None, deleted: false, seq, unmatched: false }))
    }

    fn guarded(
        &mut self,
        id: &RemoteId,
        bytes: Option<&[u8]>,
        precondition: &Precondition,
    ) -> (WriteOutcome, Option<Applied>) {
        let Precondition::IfMatch(usable) = precondition else { panic!("a change with {precondition:?}") };
        match self.now.get(&id.0) {
            Some(held) if held.tag == usable.validator().as_str() => self.store(id, bytes, false),
            None if self.manners.upserts && bytes.is_some() => self.store(id, bytes, true),
            Some(_) => self.refuse(id),
            None if self.manners.gone_is_412 => self.refuse(id),
            None => (WriteOutcome::NotThere, None),
        }
    }

    fn store(
        &mut self,
        id: &RemoteId,
        bytes: Option<&[u8]>,
        unmatched: bool,
    ) -> (WriteOutcome, Option<Applied>) {
        let replaced = self.now.get(&id.0).cloned();
        let deleted = bytes.is_none();
        let seq = match bytes {
            Some(bytes) => self.put(&id.0, &fields(bytes), true),
            None => {
                self.remove(&id.0);
                self.seq
            }
        };
        let outcome = if deleted {
            WriteOutcome::Applied { validator: None, body: None, id: None }
        } else {
            self.applied(&id.0, None)
        };
        (outcome, Some(Applied { replaced, deleted, seq, unmatched }))
    }

    fn applied(&self, id: &str, new: Option<RemoteId>) -> WriteOutcome {
        let version = self.now.get(id).map(Self::version);
        let told = version.filter(|_| !self.manners.quiet);
        let body = told
            .as_ref()
            .filter(|_| self.manners.rewrites && self.seq.is_multiple_of(2))
            .map(|v| v.body.clone());
        WriteOutcome::Applied { validator: told.and_then(|v| v.validator), body, id: new }
    }

    fn refuse(&self, id: &RemoteId) -> (WriteOutcome, Option<Applied>) {
        let there = match self.now.get(&id.0) {
            Some(held) => Current::Present(Self::version(held)),
            None => Current::Gone,
        };
        let current = self.manners.tells.then_some(there);
        (WriteOutcome::PreconditionFailed { current, words: "It changed.".to_owned() }, None)
    }
}
