//! One record as rows; its state follows from which rows exist.

use crate::{
    Body, Hash, IdempotencyKey, LocalKey, Precondition, Refusal, RemoteId, Rev, RunId, Seq, SourceId,
    Timestamp, Validator, Version,
};
use record_merge::{Decision, Path};
use serde::{Deserialize, Serialize};

/// The last representation the server confirmed ("Before").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// As received.
    pub body: Body,
    /// Its validator.
    pub validator: Option<Validator>,
    /// When this computer learnt it.
    pub seen_at: Timestamp,
}

/// What the person wants ("Yours").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new record.
    Create(Body),
    /// Another representation.
    Replace(Body),
    /// Removal.
    Delete,
}

impl Change {
    /// The representation wanted.
    pub fn body(&self) -> Option<&Body> {
        match self {
            Self::Create(body) | Self::Replace(body) => Some(body),
            Self::Delete => None,
        }
    }
}

/// Why an edit waits, if it is not simply its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitReason {
    /// The server said when to come back.
    ServerBusy,
    /// Our own back-off.
    BackOff,
    /// There is no validator that protects the write; one is read first.
    NoVersionMark,
}

/// A person's edit, durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is wanted.
    pub change: Change,
    /// Validator of the base it was made on; never changes while that base stays.
    pub base_validator: Option<Validator>,
    /// Hash of that base.
    pub base_hash: Option<Hash>,
    /// A 412 was answered to a write with this validator: it is not sent with it again (sync.md rule 15).
    pub refused_validator: Option<Validator>,
    /// Not to be sent before.
    pub not_before: Option<Timestamp>,
    /// Why.
    pub wait: Option<WaitReason>,
    /// Requests made for it.
    pub attempts: u32,
    /// Retries in a row without the person: after "touched without change", after a merge by itself, and reads that
    /// still show the version before an accepted write.
    pub touched: u32,
    /// Kept back by the person.
    pub held: bool,
    /// When the person's last change was saved.
    pub saved_at: Timestamp,
    /// It was on the wire at least once.
    pub was_sent: bool,
    /// Key for `PostNew`; the same for every retry of the same create.
    pub key: Option<IdempotencyKey>,
    /// Decisions of the merge it came from: suggestions if it is refused again (M47).
    pub earlier: Vec<Decision>,
}

impl Edit {
    /// An edit made on this base (`None` = there is none yet), of which nothing was tried so far.
    pub fn untried(change: Change, base: Option<&Base>, saved_at: Timestamp) -> Self {
        Self {
            change,
            base_validator: base.and_then(|base| base.validator.clone()),
            base_hash: base.map(|base| base.body.hash()),
            refused_validator: None,
            not_before: None,
            wait: None,
            attempts: 0,
            touched: 0,
            held: false,
            saved_at,
            was_sent: false,
            key: None,
            earlier: Vec::new(),
        }
    }
}

/// What was put on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// A new record.
    Create(Body),
    /// This representation.
    Replace(Body),
    /// A removal.
    Delete,
}

impl Sent {
    /// The representation sent.
    pub fn body(&self) -> Option<&Body> {
        match self {
            Self::Create(body) | Self::Replace(body) => Some(body),
            Self::Delete => None,
        }
    }
}

/// What is known of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// On the wire.
    Open,
    /// The answer was lost.
    Lost,
    /// A 2xx came; the result is confirmed by a read.
    Accepted,
    /// A 412 came; what the server has is being read.
    Refused,
}

/// The frozen copy being sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InFlight {
    /// What.
    pub sent: Sent,
    /// `rev` of the record when it was frozen.
    pub rev: Rev,
    /// The condition it went with, as a header line for people and logs.
    pub precondition: String,
    /// The run that sent it.
    pub run: RunId,
    /// What is known of it.
    pub fate: Fate,
    /// Records that may be this one, after a lost POST; empty = not looked yet.
    pub twins: Vec<RemoteId>,
    /// The list was searched for twins: now the person has to say.
    pub asks: bool,
}

/// What the server has, when it differs from base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Theirs {
    /// This.
    Present(Version),
    /// It was deleted there.
    Gone,
}

/// [`Theirs`] and when it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TheirsSeen {
    /// What.
    pub what: Theirs,
    /// When.
    pub seen_at: Timestamp,
}

/// Kind of two changes meeting (merge.md 1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictKind {
    /// Both changed it.
    EditEdit,
    /// Edited here, deleted on the server.
    EditDelete,
    /// Deleted here, edited on the server.
    DeleteEdit,
    /// Created in both places.
    CreateCreate,
}

/// The number a row keeps for the life of its conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowNumber {
    /// The node.
    pub path: Path,
    /// Its part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
}

/// What is decided so far. Rows are always computed (merge.md M47a).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Kind.
    pub kind: ConflictKind,
    /// Decisions so far.
    pub decisions: Vec<Decision>,
    /// Rows in the order of their numbers, from 1.
    pub rows: Vec<RowNumber>,
    /// A person must look even if nothing clashes and the policy is auto.
    pub must_look: bool,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Names it here.
    pub key: LocalKey,
    /// Its source.
    pub source: SourceId,
    /// Its collection, as the source names it.
    pub collection: String,
    /// Its id there, if it has one yet.
    pub id: Option<RemoteId>,
    /// The id was drawn here: nobody else can have made a record there.
    pub id_is_ours: bool,
    /// Version counter of what the person sees.
    pub rev: Rev,
    /// The last answer stored for it.
    pub answered: Seq,
    /// Before.
    pub base: Option<Base>,
    /// Yours.
    pub edit: Option<Edit>,
    /// On the wire.
    pub in_flight: Option<InFlight>,
    /// On the server.
    pub theirs: Option<TheirsSeen>,
    /// Decisions.
    pub conflict: Option<Conflict>,
    /// The server's refusal.
    pub refusal: Option<Refusal>,
}

/// State of a record (architecture.md section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Same as the server as far as we know.
    Synced,
    /// Waiting.
    Edited,
    /// On the wire, or accepted and not yet confirmed.
    Sending,
    /// The answer was lost: look before anything else.
    Uncertain,
    /// A 412 was seen, what the server has is being read.
    Contested,
    /// Changed in two places.
    NeedsYou,
    /// Refused.
    Rejected,
}

impl State {
    /// Its stable name (CLI, database).
    pub fn name(self) -> &'static str {
        match self {
            Self::Synced => "synced",
            Self::Edited => "edited",
            Self::Sending => "sending",
            Self::Uncertain => "uncertain",
            Self::Contested => "contested",
            Self::NeedsYou => "needs_you",
            Self::Rejected => "rejected",
        }
    }

    /// All states.
    pub const ALL: [Self; 7] = [
        Self::Synced,
        Self::Edited,
        Self::Sending,
        Self::Uncertain,
        Self::Contested,
        Self::NeedsYou,
        Self::Rejected,
    ];
}

/// Rows that fit no state: a defect or a damaged file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("record {key}: {words}")]
pub struct StateError {
    /// Which record.
    pub key: LocalKey,
    /// What does not fit.
    pub words: &'static str,
}

impl Record {
    /// A record that exists nowhere yet, to be saved with an edit or a base.
    pub fn new(key: LocalKey, source: SourceId, collection: impl Into<String>, id: Option<RemoteId>) -> Self {
        Self {
            key,
            source,
            collection: collection.into(),
            id,
            id_is_ours: false,
            rev: Rev(0),
            answered: Seq(0),
            base: None,
            edit: None,
            in_flight: None,
            theirs: None,
            conflict: None,
            refusal: None,
        }
    }

    /// The state, from the rows. `run` is the present run: what another one sent is uncertain.
    pub fn state(&self, run: RunId) -> Result<State, StateError> {
        let wrong = |words| Err(StateError { key: self.key, words });
        let Some(edit) = &self.edit else {
            return match (&self.base, &self.in_flight, &self.theirs, &self.conflict, &self.refusal) {
                (Some(_), None, None, None, None) => Ok(State::Synced),
                (None, ..) => wrong("it has neither a synced version nor an edit"),
                _ => wrong("it has rows of an edit but no edit"),
            };
        };
        if matches!(edit.change, Change::Replace(_)) && self.base.is_none() && self.in_flight.is_none() {
            return wrong("a change of a record that was never synced");
        }
        match (&self.in_flight, &self.conflict, &self.refusal) {
            (None, None, None) => Ok(State::Edited),
            (None, None, Some(_)) => Ok(State::Rejected),
            (None, Some(_), None) if self.theirs.is_some() => Ok(State::NeedsYou),
            (None, Some(_), None) => wrong("decisions without a version of the server"),
            (Some(f), None, None) => Ok(match f.fate {
                Fate::Refused => State::Contested,
                Fate::Lost => State::Uncertain,
                Fate::Open | Fate::Accepted if f.run == run => State::Sending,
                Fate::Open | Fate::Accepted => State::Uncertain,
            }),
            _ => wrong("rows of different states"),
        }
    }

    /// What the person sees: their edit, else the synced version. `None` = removed here.
    pub fn visible(&self) -> Option<&Body> {
        match &self.edit {
            Some(edit) => edit.change.body(),
            None => self.base.as_ref().map(|b| &b.body),
        }
    }

    /// The precondition line shown for a write (`If-Match: "..."`).
    pub fn precondition_line(precondition: &Precondition) -> String {
        match precondition {
            Precondition::IfMatch(usable) => format!("If-Match: {}", usable.validator()),
            Precondition::MustNotExist => "If-None-Match: *".to_owned(),
            Precondition::PostNew { key: Some(key) } => format!("Idempotency-Key: {}", key.0),
            Precondition::PostNew { key: None } => "new".to_owned(),
            Precondition::ComparedJustBefore { .. } => "compared just before".to_owned(),
        }
    }
}
