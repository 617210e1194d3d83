//! The check-up: does a server keep the promise of its validators? Tested on a scratch record, before the first
//! write to a collection (servers.md, recipe 1 and traps 1-5, 15-17).

use crate::fault::Fault;
use connectors::Connector;
use ipc_types::{CheckTest, ErrorCode};
use std::future::Future;
use sync_engine::{
    Body, Grade, Precondition, Read, ReadOutcome, RemoteId, Rules, Timestamp, Usable, Validator,
    ValidatorProfile, Version, Write, WriteOutcome,
};

/// What a check-up found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub tests: Vec<CheckTest>,
    pub grade: Grade,
    /// The rules with what was learnt.
    pub rules: Rules,
    pub scratch: u32,
}

/// Performs the check-up's requests; the server could not be reached or asks to sign in otherwise.
pub(crate) trait Wire: Send + Sync {
    fn send(&self, request: connectors::Request) -> impl Future<Output = connectors::Answer> + Send;
    fn now(&self) -> Timestamp;
}

/// Why a check-up could not be finished; it is tried again.
#[derive(Debug, thiserror::Error)]
#[error("the check-up could not be finished: {words}")]
pub(crate) struct Unfinished {
    pub words: String,
    pub code: ErrorCode,
}

impl Unfinished {
    fn new(code: ErrorCode, words: impl Into<String>) -> Self {
        Self { words: words.into(), code }
    }

    fn server(words: impl Into<String>) -> Self {
        Self::new(ErrorCode::Server, words)
    }

    fn sign_in() -> Self {
        Self::new(ErrorCode::SignIn, "the server asks to sign in")
    }
}

impl From<Unfinished> for Fault {
    fn from(unfinished: Unfinished) -> Self {
        Fault::new(unfinished.code, format!("The check-up could not be finished: {}.", unfinished.words))
    }
}

struct Bench<'a, W: Wire> {
    connector: &'a dyn Connector,
    collection: &'a str,
    wire: &'a W,
    rules: Rules,
    tests: Vec<CheckTest>,
    scratch: u32,
}

/// How the ids of scratch records begin.
pub(crate) const SCRATCH: &str = "matchbook-check-";

/// Any tag is admitted here: what is enforced is the question.
const ANY: ValidatorProfile = ValidatorProfile { weak_enforced: true };

fn usable(validator: &Validator) -> Result<Usable, Unfinished> {
    ANY.admit(validator).ok_or_else(|| Unfinished::server("its version marks cannot be sent"))
}

/// Runs the check-up for one collection.
pub(crate) async fn check_up<W: Wire>(
    connector: &dyn Connector,
    collection: &str,
    schema: Option<&str>,
    like: Option<&Body>,
    rules: Rules,
    wire: &W,
) -> Result<Found, Unfinished> {
    let mut bench = Bench { connector, collection, wire, rules, tests: Vec::new(), scratch: 0 };
    let body = connector.scratch(schema, like);
    let grade = bench.run(body).await?;
    let Bench { tests, rules, scratch, .. } = bench;
    Ok(Found { tests, grade, rules: Rules { grade, ..rules }, scratch })
}

impl<W: Wire> Bench<'_, W> {
    async fn run(&mut self, body: Body) -> Result<Grade, Unfinished> {
        let Some((id, answered)) = self.create(&body).await? else { return Ok(Grade::Unknown) };
        let Some(found) = self.read(&id).await? else {
            self.note("validator_in_answer", "unknown", "the scratch record cannot be read");
            return Ok(Grade::Unknown);
        };
        let grade = self.probe(&id, &body, answered, found).await;
        self.clean(&id).await;
        grade
    }

    /// Everything that is asked of the scratch record.
    async fn probe(
        &mut self,
        id: &RemoteId,
        body: &Body,
        answered: Option<Validator>,
        found: Version,
    ) -> Result<Grade, Unfinished> {
        let kept = self.body_kept(body, &found.body);
        let Some(validator) = found.validator.clone() else {
            self.note("validator_in_answer", "fail", "records have no version mark (ETag)");
            return Ok(Grade::Unprotected);
        };
        let told = self.validator_in_answer(answered.as_ref(), &validator);
        let created = self.create_again(id, body).await?;
        let stale = match self.connector.stale(&validator) {
            Some(stale) => self.put_stale(id, body, &stale).await?,
            None => false,
        };
        if !stale {
            return Ok(Grade::Unprotected);
        }
        let current = self.read(id).await?.and_then(|v| v.validator).unwrap_or(validator);
        if !self.put_current(id, body, &current).await? || !self.delete_stale(id, &current).await? {
            return Ok(Grade::Unprotected);
        }
        self.rules.validators.weak_enforced |= current.is_weak();
        self.rules.confirm |= !kept || !told;
        Ok(if kept && told && created { Grade::Protected } else { Grade::Partly })
    }

    fn note(&mut self, test: &str, result: &str, detail: impl Into<String>) {
        let title = match test {
            "put_stale_if_match" => "Refuses a write based on an old version",
            "put_current_if_match" => "Takes a write based on the present version",
            "delete_stale_if_match" => "Refuses to delete a changed record",
            "create_if_none_match" => "Refuses to create over an existing record",
            "validator_in_answer" => "Tells the new version mark (ETag) after a write",
            "body_kept" => "Keeps records as they were sent",
            _ => "Takes a new record",
        };
        self.tests.push(CheckTest {
            test: test.to_owned(),
            title: title.to_owned(),
            result: result.to_owned(),
            detail: detail.into(),
        });
    }

    async fn write(&self, write: &Write) -> Result<WriteOutcome, Unfinished> {
        let request = self
            .connector
            .write(self.collection, write, false)
            .map_err(|e| Unfinished::server(e.to_string()))?;
        let answer = self.wire.send(request).await;
        let outcome = self.connector.wrote(self.collection, write, &answer, self.wire.now());
        match outcome {
            WriteOutcome::NotSent { words } => Err(Unfinished::new(ErrorCode::Offline, words)),
            WriteOutcome::NotOurs { words } | WriteOutcome::Later { words, .. } => {
                Err(Unfinished::server(words))
            }
            WriteOutcome::SignIn(_) => Err(Unfinished::sign_in()),
            other => Ok(other),
        }
    }

    async fn read(&self, id: &RemoteId) -> Result<Option<Version>, Unfinished> {
        let read = Read { id: id.clone() };
        let request =
            self.connector.read(self.collection, &read).map_err(|e| Unfinished::server(e.to_string()))?;
        let answer = self.wire.send(request).await;
        match self.connector.did_read(self.collection, &read, &answer, self.wire.now()) {
            ReadOutcome::Found(version) => Ok(Some(version)),
            ReadOutcome::Gone | ReadOutcome::Forbidden { .. } => Ok(None),
            ReadOutcome::SignIn(_) => Err(Unfinished::sign_in()),
            ReadOutcome::NotSent { words } => Err(Unfinished::new(ErrorCode::Offline, words)),
            ReadOutcome::Later { words, .. }
            | ReadOutcome::Unknown { words }
            | ReadOutcome::NotOurs { words } => Err(Unfinished::server(words)),
        }
    }

    async fn create(&mut self, body: &Body) -> Result<Option<(RemoteId, Option<Validator>)>, Unfinished> {
        use sync_engine::Creates;
        let own = RemoteId(format!("{SCRATCH}{}", uuid::Uuid::new_v4()));
        let (id, precondition) = match self.rules.creates {
            Creates::OwnAddress => (Some(own.clone()), Precondition::MustNotExist),
            Creates::PostWithKey => {
                (None, Precondition::PostNew { key: Some(crate::clock::idempotency_key()) })
            }
            Creates::Post => (None, Precondition::PostNew { key: None }),
            Creates::No => {
                self.note(
                    "create",
                    "unknown",
                    "this source takes no new records, so nothing could be tested",
                );
                return Ok(None);
            }
        };
        let write = Write::Create { id: id.clone(), body: body.clone(), precondition };
        match self.write(&write).await? {
            WriteOutcome::Applied { validator, id: told, .. } => {
                self.scratch += 1;
                match told.or(id) {
                    Some(id) => Ok(Some((id, validator))),
                    None => {
                        self.note(
                            "create",
                            "unknown",
                            "the server does not tell the address of a new record",
                        );
                        Ok(None)
                    }
                }
            }
            WriteOutcome::Accepted => {
                self.scratch += 1;
                Ok(id.map(|id| (id, None)))
            }
            WriteOutcome::Refused(refusal) => {
                self.note("create", "unknown", format!("no scratch record could be made: {}", refusal.words));
                Ok(None)
            }
            other => {
                self.note("create", "unknown", format!("no scratch record could be made ({})", name(&other)));
                Ok(None)
            }
        }
    }

    fn body_kept(&mut self, sent: &Body, found: &Body) -> bool {
        let same_bytes = sent.bytes == found.bytes;
        let same =
            same_bytes || record_merge::equal(sent.format(), &sent.bytes, &found.bytes, &self.rules.merge);
        let detail = match (same_bytes, same) {
            (true, _) => "came back byte for byte",
            (false, true) => "came back with the same content, spelled by the server",
            (false, false) => "the server changes what is sent; Matchbook reads it again after each write",
        };
        self.note("body_kept", if same { "pass" } else { "care" }, detail);
        same
    }

    fn validator_in_answer(&mut self, answered: Option<&Validator>, read: &Validator) -> bool {
        match answered {
            Some(tag) if tag == read => {
                self.note("validator_in_answer", "pass", "same as read again");
                true
            }
            Some(_) => {
                self.note(
                    "validator_in_answer",
                    "care",
                    "differs from the one read again; Matchbook reads after each write",
                );
                false
            }
            None => {
                self.note("validator_in_answer", "care", "none; Matchbook reads after each write");
                false
            }
        }
    }

    async fn create_again(&mut self, id: &RemoteId, body: &Body) -> Result<bool, Unfinished> {
        if self.rules.creates != sync_engine::Creates::OwnAddress {
            self.note("create_if_none_match", "unknown", "the server chooses the address of new records");
            return Ok(true);
        }
        let write = Write::Create {
            id: Some(id.clone()),
            body: body.clone(),
            precondition: Precondition::MustNotExist,
        };
        let outcome = self.write(&write).await?;
        let refused = matches!(outcome, WriteOutcome::PreconditionFailed { .. } | WriteOutcome::Refused(_));
        let result = if refused { "pass" } else { "care" };
        self.note("create_if_none_match", result, format!("If-None-Match: * {}", name(&outcome)));
        Ok(refused)
    }

    async fn put_stale(&mut self, id: &RemoteId, body: &Body, stale: &Validator) -> Result<bool, Unfinished> {
        let precondition = Precondition::IfMatch(usable(stale)?);
        let write = Write::Replace { id: id.clone(), body: body.clone(), precondition };
        let outcome = self.write(&write).await?;
        let refused = matches!(outcome, WriteOutcome::PreconditionFailed { .. });
        self.note(
            "put_stale_if_match",
            if refused { "pass" } else { "fail" },
            format!("If-Match {}", name(&outcome)),
        );
        Ok(refused)
    }

    async fn put_current(
        &mut self,
        id: &RemoteId,
        body: &Body,
        current: &Validator,
    ) -> Result<bool, Unfinished> {
        let precondition = Precondition::IfMatch(usable(current)?);
        let write = Write::Replace { id: id.clone(), body: body.clone(), precondition };
        let outcome = self.write(&write).await?;
        let taken = matches!(outcome, WriteOutcome::Applied { .. } | WriteOutcome::Accepted);
        self.note(
            "put_current_if_match",
            if taken { "pass" } else { "fail" },
            format!("If-Match {}", name(&outcome)),
        );
        Ok(taken)
    }

    async fn delete_stale(&mut self, id: &RemoteId, current: &Validator) -> Result<bool, Unfinished> {
        let Some(stale) = self.connector.stale(current) else { return Ok(false) };
        let write = Write::Delete { id: id.clone(), precondition: Precondition::IfMatch(usable(&stale)?) };
        let outcome = self.write(&write).await?;
        let refused = matches!(outcome, WriteOutcome::PreconditionFailed { .. });
        let result = if refused { "pass" } else { "fail" };
        self.note("delete_stale_if_match", result, format!("If-Match {}", name(&outcome)));
        Ok(refused)
    }

    /// Removes the scratch record; one that cannot be removed is named in the last test.
    async fn clean(&mut self, id: &RemoteId) {
        let Ok(Some(version)) = self.read(id).await else { return };
        let precondition = match version.validator.as_ref().and_then(|v| ANY.admit(v)) {
            Some(usable) => Precondition::IfMatch(usable),
            None => Precondition::ComparedJustBefore { hash: Some(version.body.hash()) },
        };
        let outcome = self.write(&Write::Delete { id: id.clone(), precondition }).await;
        let gone = matches!(
            outcome,
            Ok(WriteOutcome::Applied { .. } | WriteOutcome::NotThere | WriteOutcome::Accepted)
        );
        if let (false, Some(last)) = (gone, self.tests.last_mut()) {
            last.detail.push_str(&format!("; the scratch record {id} could not be removed"));
        }
    }
}

/// What a server did, in words.
fn name(outcome: &WriteOutcome) -> &'static str {
    match outcome {
        WriteOutcome::Applied { .. } => "was answered with success",
        WriteOutcome::Accepted => "was accepted",
        WriteOutcome::PreconditionFailed { .. } => "answered 412",
        WriteOutcome::NotThere => "answered that it is not there",
        WriteOutcome::Refused(_) => "was refused",
        WriteOutcome::Later { .. } => "is to be tried later",
        WriteOutcome::Unknown { .. } => "got no clear answer",
        WriteOutcome::NotSent { .. } | WriteOutcome::NotOurs { .. } => "was not answered by the server",
        WriteOutcome::SignIn(_) => "asked to sign in",
        WriteOutcome::Full { .. } => "found no room on the server",
        WriteOutcome::Differs { .. } => "was not sent: the record differs",
    }
}
