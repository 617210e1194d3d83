//! Sources: add, look at an address, check, set, remove.

use super::{SyncHandle, edits};
use crate::checking::grade;
use crate::clock;
use crate::fault::{Answered, Fault};
use crate::keychain::Secret;
use crate::live::{self, Live};
use crate::pull::GuardAnswer;
use crate::transport::{Envelope, PAGE_LIMIT, RECORD_LIMIT};
use connectors::{Connector, Discovery, Failed, FoundCollection, Request, WellKnown};
use http::{HeaderMap, HeaderValue};
use ipc_types::{
    AddSource, AnswerGuard, BodyOperation, CheckReport, CheckUp, CollectionView, ErrorCode, Family, Guard,
    ProbeAddress, ProbeReply, RemoveSource, SetSource, SourceView,
};
use record_store::{CollectionId, NewCollection, NewSource, Priority};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use sync_engine::{
    MergePolicy, PauseReason, Precondition, Read, ReadOutcome, RemoteId, State, Write, WriteOutcome,
};

/// Requests of one search for collections.
const SEARCH: usize = 500;

/// A server that is looked at and not kept yet.
pub(crate) struct Stranger {
    pub connector: Arc<dyn Connector>,
    pub profile: Option<String>,
    authorization: Option<HeaderValue>,
    headers: HeaderMap,
}

impl Stranger {
    pub(super) fn envelope(&self, limit: usize) -> Envelope {
        Envelope { authorization: self.authorization.clone(), headers: self.headers.clone(), limit }
    }
}

impl SyncHandle {
    /// The families there are.
    ///
    /// # Errors
    /// None.
    pub async fn families(&self) -> Answered<Vec<Family>> {
        let families = connectors::families().iter().map(|f| Family {
            name: f.name.to_owned(),
            title: f.title.to_owned(),
            hint: f.hint.to_owned(),
        });
        Ok(families.collect())
    }

    /// All sources with their collections.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn sources(&self) -> Answered<Vec<SourceView>> {
        let counts = self.inner.store.read(|r| r.counts_by_collection()).await?;
        let counts: BTreeMap<CollectionId, u64> =
            counts.into_iter().map(|c| (c.collection, c.counts.records)).collect();
        Ok(self.inner.sources().values().map(|live| self.source_view(live, &counts)).collect())
    }

    fn source_view(&self, live: &Live, counts: &BTreeMap<CollectionId, u64>) -> SourceView {
        let state = self.inner.gates.state(live.id);
        let settings = &live.row.settings;
        let mut collections: Vec<_> = live.collections.values().collect();
        collections.sort_by_key(|c| c.id());
        let views: Vec<CollectionView> = collections
            .iter()
            .map(|coll| CollectionView {
                name: coll.name().to_owned(),
                title: coll.row.settings.title.clone(),
                noun: coll.row.settings.noun.clone(),
                count: u32::try_from(counts.get(&coll.id()).copied().unwrap_or(0)).unwrap_or(u32::MAX),
                grade: grade(coll.rules.grade),
                can_create: coll.rules.creates != sync_engine::Creates::No,
                guard: coll.row.guard.as_deref().and_then(|g| serde_json::from_str::<Guard>(g).ok()),
            })
            .collect();
        let (paused, words) = paused(&state, live.name());
        SourceView {
            name: live.name().to_owned(),
            url: settings.url.clone(),
            family: settings.family.clone(),
            user: settings.user.clone(),
            grade: worst(views.iter().map(|c| c.grade)),
            allow_unprotected: settings.allow_unprotected,
            policy: match settings.policy {
                MergePolicy::Review => ipc_types::MergePolicy::Review,
                MergePolicy::Auto => ipc_types::MergePolicy::Auto,
            },
            paused: paused.map(str::to_owned),
            paused_words: words,
            demo: settings.demo,
            collections: views,
            synced_at: state.synced_at,
        }
    }

    /// What is at an address.
    ///
    /// # Errors
    /// An address that is none; a server that cannot be reached.
    pub async fn probe_address(&self, probe: ProbeAddress) -> Answered<ProbeReply> {
        let secret = probe.secret.map(Secret::new);
        let families: Vec<String> = match &probe.family {
            Some(family) => vec![family.clone()],
            // The one that is easy to tell goes first.
            None => vec!["kinto".to_owned(), "rest".to_owned()],
        };
        let mut last = Fault::new(ErrorCode::Server, "This is no server Matchbook knows.");
        for family in families {
            let stranger =
                match self.meet(&family, &probe.url, probe.user.as_deref(), secret.as_ref(), &[], None).await
                {
                    Ok(stranger) => stranger,
                    Err(fault) if fault.code() == ErrorCode::BadInput => return Err(fault),
                    Err(fault) => {
                        last = fault;
                        continue;
                    }
                };
            let url = stranger.connector.base().to_string();
            match self.discover(&stranger).await {
                Ok(found) => return Ok(reply(url, family, found)),
                Err(fault) if fault.code() == ErrorCode::SignIn => {
                    return Ok(ProbeReply {
                        url,
                        family: Some(family),
                        needs_sign_in: true,
                        collections: Vec::new(),
                        words: fault.0.words,
                    });
                }
                Err(fault) => last = fault,
            }
        }
        Err(last)
    }

    /// A connector for an address, with the profile it publishes.
    pub(super) async fn meet(
        &self,
        family: &str,
        url: &str,
        user: Option<&str>,
        secret: Option<&Secret>,
        headers: &[(String, String)],
        profile: Option<String>,
    ) -> Answered<Stranger> {
        let mut stranger = Stranger {
            connector: live::connector(family, url, profile.as_deref())?,
            profile,
            authorization: secret.and_then(|s| live::sign_in(user, s)),
            headers: live::headers(headers)?,
        };
        if family == "rest" && stranger.profile.is_none() {
            let request = connectors::well_known(url)?;
            let answer = self.inner.transport.perform(request, stranger.envelope(RECORD_LIMIT)).await;
            if let WellKnown::Profile(text) = connectors::well_known_answer(&answer, clock::now()) {
                stranger.connector = live::connector(family, url, Some(&text))?;
                stranger.profile = Some(text);
            }
        }
        Ok(stranger)
    }

    /// Its collections.
    async fn discover(&self, stranger: &Stranger) -> Answered<Vec<FoundCollection>> {
        let mut found = Vec::new();
        let mut waiting: VecDeque<Request> = VecDeque::from([stranger.connector.discover()]);
        for _ in 0..SEARCH {
            let Some(request) = waiting.pop_front() else { break };
            let answer = self.inner.transport.perform(request.clone(), stranger.envelope(PAGE_LIMIT)).await;
            match stranger.connector.discovered(&request, &answer, clock::now()) {
                Discovery::Step { found: more, more: next } => {
                    found.extend(more);
                    waiting.extend(next);
                }
                Discovery::Unlisted { words } => return Err(Fault::bad(words)),
                Discovery::NotThisFamily { words } => return Err(Fault::new(ErrorCode::Server, words)),
                Discovery::Failed(failed) => return Err(failed_fault(&failed)),
            }
        }
        Ok(found)
    }

    /// Adds a source with its collections and their schemas.
    ///
    /// # Errors
    /// A name that is used, an address that is none, a server that cannot be reached or asks to sign in; nothing is
    /// kept then.
    pub async fn add_source(&self, add: AddSource) -> Answered<SourceView> {
        self.add(add, false).await
    }

    /// Adds the demo on this computer, and checks it at once.
    ///
    /// # Errors
    /// As [`SyncHandle::add_source`].
    pub async fn add_demo_source(&self, add: AddSource) -> Answered<()> {
        let added = self.add(add, true).await?;
        let live = self.inner.named(&added.name)?;
        let inner = Arc::clone(&self.inner);
        tokio::spawn(async move {
            for name in live.collections.keys() {
                let Ok(live) = inner.live(live.id) else { return };
                if let Err(error) = inner.check_and_keep(&live, name).await {
                    tracing::warn!(%error, "the demo could not be checked yet");
                }
            }
        });
        Ok(())
    }

    async fn add(&self, add: AddSource, demo: bool) -> Answered<SourceView> {
        let name = add.name.trim().to_owned();
        if name.is_empty() || name.len() > 200 {
            return Err(Fault::bad("Give the source a name of 1 to 200 letters."));
        }
        if self.inner.named(&name).is_ok() {
            return Err(Fault::bad(format!("There is a source \"{name}\" already. Choose another name.")));
        }
        let headers: Vec<(String, String)> = add.headers.into_iter().map(|h| (h.name, h.value)).collect();
        let secret = match add.secret {
            Some(secret) => Some(Secret::new(secret)),
            None => std::env::var("MATCHBOOK_SECRET").ok().filter(|s| !s.is_empty()).map(Secret::new),
        };
        let stranger = self
            .meet(&add.family, &add.url, add.user.as_deref(), secret.as_ref(), &headers, add.profile)
            .await?;
        let collections = self.collections_to_keep(&stranger, &add.collections).await?;
        if let Some(secret) = secret {
            self.inner.keychain.keep(&name, secret).await?;
        }
        let source = NewSource {
            name: name.clone(),
            url: stranger.connector.base().to_string(),
            family: add.family,
            user: add.user,
            headers,
            profile: stranger.profile,
            policy: MergePolicy::Review,
            allow_unprotected: false,
            demo,
        };
        self.inner
            .store
            .write(Priority::Person, move |tx| {
                let id = tx.add_source(&source)?;
                for collection in collections {
                    tx.add_collection(&NewCollection { source: id, ..collection })?;
                }
                Ok(())
            })
            .await?;
        self.inner.reload().await?;
        self.view_of(&name).await
    }

    async fn view_of(&self, name: &str) -> Answered<SourceView> {
        let found = self.sources().await?.into_iter().find(|s| s.name == name);
        found.ok_or_else(|| Fault::missing(format!("source \"{name}\"")))
    }

    pub(super) async fn collections_to_keep(
        &self,
        stranger: &Stranger,
        wanted: &[String],
    ) -> Answered<Vec<NewCollection>> {
        let found = match self.discover(stranger).await {
            Ok(found) => found,
            // Named collections need no list of them; but a server that is not there is said at once.
            Err(fault)
                if !wanted.is_empty() && !matches!(fault.code(), ErrorCode::Offline | ErrorCode::SignIn) =>
            {
                Vec::new()
            }
            Err(fault) => return Err(fault),
        };
        let kept: Vec<FoundCollection> = if wanted.is_empty() {
            found
        } else {
            let named = |name: &String| FoundCollection {
                name: name.clone(),
                title: name.clone(),
                noun: None,
                count: None,
            };
            wanted
                .iter()
                .map(|name| found.iter().find(|f| &f.name == name).cloned().unwrap_or_else(|| named(name)))
                .collect()
        };
        if kept.is_empty() {
            return Err(Fault::bad("There are no collections at this address. Name one."));
        }
        let mut collections = Vec::with_capacity(kept.len());
        for found in kept {
            let schema = self.schema(stranger, &found.name).await;
            let read = schema
                .as_deref()
                .map(|s| crate::view::CollectionSchema::read(s.as_bytes()))
                .unwrap_or_default();
            let title =
                if found.title == found.name { read.collection_title(&found.name) } else { found.title };
            collections.push(NewCollection {
                source: sync_engine::SourceId(0),
                rules: stranger.connector.rules(&found.name),
                name: found.name,
                title,
                noun: found.noun.unwrap_or(read.noun),
                schema,
            });
        }
        Ok(collections)
    }

    async fn schema(&self, stranger: &Stranger, collection: &str) -> Option<String> {
        let request = stranger.connector.schema(collection)?;
        let answer = self.inner.transport.perform(request, stranger.envelope(RECORD_LIMIT)).await;
        stranger.connector.schema_answer(&answer)
    }

    /// The source is at another address now (the demo's port changes).
    ///
    /// # Errors
    /// No such source.
    pub async fn move_source(&self, name: &str, url: &str) -> Answered<()> {
        let mut row = self.inner.named(name)?.row.clone();
        row.settings.url = url.to_owned();
        self.inner.store.write(Priority::Person, move |tx| tx.save_source(&row)).await?;
        self.inner.reload().await
    }

    /// Changes settings of a source.
    ///
    /// # Errors
    /// No such source; a keychain that cannot be used.
    pub async fn set_source(&self, set: SetSource) -> Answered<SourceView> {
        let live = self.inner.named(&set.name)?;
        if let Some(secret) = set.secret {
            self.inner.keychain.keep(&set.name, Secret::new(secret)).await?;
            live.forget_authorization();
        }
        let mut row = live.row.clone();
        row.paused = None;
        if let Some(policy) = set.policy {
            row.settings.policy = match policy {
                ipc_types::MergePolicy::Review => MergePolicy::Review,
                ipc_types::MergePolicy::Auto => MergePolicy::Auto,
            };
        }
        if let Some(allow) = set.allow_unprotected {
            row.settings.allow_unprotected = allow;
        }
        if set.user.is_some() {
            row.settings.user = set.user;
        }
        let collections: Vec<_> = live.collections.values().map(|c| c.row.clone()).collect();
        let (policy, allow) = (row.settings.policy, row.settings.allow_unprotected);
        self.inner
            .store
            .write(Priority::Person, move |tx| {
                tx.save_source(&row)?;
                for mut collection in collections {
                    collection.settings.rules.policy = policy;
                    collection.settings.rules.allow_unprotected = allow;
                    tx.save_collection(&collection)?;
                }
                Ok(())
            })
            .await?;
        self.inner.reload().await?;
        self.sync_now(ipc_types::SyncNow { source: Some(set.name.clone()) }).await?;
        self.view_of(&set.name).await
    }

    /// Removes a source with everything kept of it.
    ///
    /// # Errors
    /// `would_lose`, with counts, while edits or choices are unsent and `discard_unsent` is not set.
    pub async fn remove_source(&self, remove: RemoveSource) -> Answered<()> {
        let live = self.inner.named(&remove.name)?;
        let id = live.id;
        let counts = self.inner.store.read(move |r| r.counts(Some(id))).await?;
        let choices = counts.of(State::NeedsYou);
        let unsent = counts.unsynced.values().sum::<u64>() - choices;
        if !remove.discard_unsent && unsent + choices > 0 {
            return Err(Fault::new(
                ErrorCode::WouldLose,
                format!(
                    "{} has {unsent} unsent edits and {choices} records that need you. Send them first, or remove it with them.",
                    remove.name
                ),
            ));
        }
        self.inner.store.write(Priority::Person, move |tx| tx.remove_source(id)).await?;
        self.inner.gates.forget(id);
        if let Err(error) = self.inner.keychain.forget(&remove.name).await {
            tracing::warn!(%error, "the secret stays in the keychain");
        }
        self.inner.reload().await
    }

    /// Runs the check-up of a source's collections, or of one.
    ///
    /// # Errors
    /// No such source or collection; a server that does not answer.
    pub async fn check_up(&self, check: CheckUp) -> Answered<Vec<CheckReport>> {
        let live = self.inner.named(&check.source)?;
        let names: Vec<String> = match check.collection {
            Some(name) => vec![live.coll(&name)?.name().to_owned()],
            None => live.collections.keys().cloned().collect(),
        };
        let mut reports = Vec::new();
        for name in names {
            let live = self.inner.live(live.id)?;
            reports.push(self.inner.check_and_keep(&live, &name).await?);
        }
        Ok(reports)
    }

    /// Answers the question about a list that shrank.
    ///
    /// # Errors
    /// No such source or collection.
    pub async fn answer_guard(&self, answer: AnswerGuard) -> Answered<()> {
        let live = self.inner.named(&answer.source)?;
        let coll = Arc::clone(live.coll(&answer.collection)?);
        let said = if answer.keep { GuardAnswer::Keep } else { GuardAnswer::Deleted };
        self.inner.set_guard_answer(&coll, said).await?;
        self.sync_now(ipc_types::SyncNow { source: Some(answer.source) }).await
    }

    /// Another client of the demo server reads a record and writes it back with `If-Match`: the colleague of the tour.
    ///
    /// # Errors
    /// The demo server does not answer, or refuses.
    pub async fn colleague_writes(
        &self,
        url: &str,
        collection: &str,
        id: &str,
        actor: &str,
        changes: &[BodyOperation],
    ) -> Answered<()> {
        let headers = [("X-Actor".to_owned(), actor.to_owned())];
        let stranger = self.meet("rest", url, None, None, &headers, None).await?;
        let connector = &stranger.connector;
        let read = Read { id: RemoteId(id.to_owned()) };
        let answer = self
            .inner
            .transport
            .perform(connector.read(collection, &read)?, stranger.envelope(RECORD_LIMIT))
            .await;
        let found = match connector.did_read(collection, &read, &answer, clock::now()) {
            ReadOutcome::Found(version) => version,
            _ => return Err(Fault::new(ErrorCode::Server, "The demo server does not have this record.")),
        };
        let body = edits::edited(&found.body, changes)?;
        let rules = connector.rules(collection);
        let usable = found.validator.as_ref().and_then(|v| rules.validators.admit(v));
        let usable =
            usable.ok_or_else(|| Fault::new(ErrorCode::Server, "The demo server gave no version mark."))?;
        let write = Write::Replace { id: read.id, body, precondition: Precondition::IfMatch(usable) };
        let request = connector.write(collection, &write, false)?;
        let answer = self.inner.transport.perform(request, stranger.envelope(RECORD_LIMIT)).await;
        match connector.wrote(collection, &write, &answer, clock::now()) {
            WriteOutcome::Applied { .. } => Ok(()),
            _ => Err(Fault::new(
                ErrorCode::Server,
                "The colleague's change was not taken. Try this step again.",
            )),
        }
    }
}

fn reply(url: String, family: String, found: Vec<FoundCollection>) -> ProbeReply {
    let collections: Vec<_> = found
        .into_iter()
        .map(|f| ipc_types::FoundCollection {
            name: f.name,
            title: f.title,
            count: f.count.map(|n| u32::try_from(n).unwrap_or(u32::MAX)),
        })
        .collect();
    let words = format!("{} collections", collections.len());
    ProbeReply { url, family: Some(family), needs_sign_in: false, collections, words }
}

fn failed_fault(failed: &Failed) -> Fault {
    match failed {
        Failed::SignIn(_) => Fault::new(ErrorCode::SignIn, "The server asks you to sign in."),
        Failed::NotSent { words } => {
            Fault::new(ErrorCode::Offline, format!("The server cannot be reached: {words}."))
        }
        Failed::NotOurs { words } | Failed::Unknown { words } => {
            Fault::new(ErrorCode::Server, format!("The server's answer makes no sense: {words}."))
        }
        Failed::Later { words, .. } => Fault::new(ErrorCode::Server, format!("The server is busy: {words}.")),
        Failed::Forbidden { words } | Failed::NotThere { words } => {
            Fault::new(ErrorCode::Server, words.clone())
        }
    }
}

/// The grade that counts for a source: that of its least safe collection.
fn worst(grades: impl Iterator<Item = ipc_types::Grade>) -> ipc_types::Grade {
    use ipc_types::Grade;
    let rank = |grade: &Grade| match grade {
        Grade::Unprotected => 4,
        Grade::Unknown => 3,
        Grade::NotChecked => 2,
        Grade::Partly => 1,
        Grade::Protected => 0,
    };
    grades.max_by_key(rank).unwrap_or(Grade::NotChecked)
}

/// Why nothing goes to a source now: a code, and a sentence.
pub(super) fn paused(state: &crate::gates::GateState, name: &str) -> (Option<&'static str>, Option<String>) {
    match (state.paused, state.unreachable) {
        (Some(PauseReason::SignIn), _) => {
            (Some("sign_in"), Some(format!("{name} asks you to sign in again.")))
        }
        (Some(PauseReason::ProxySignIn), _) => {
            (Some("proxy"), Some("The proxy of this network asks you to sign in.".to_owned()))
        }
        (Some(PauseReason::NetworkSignIn), _) => (
            Some("network_sign_in"),
            Some("Something else than the server answers. This network may ask you to sign in.".to_owned()),
        ),
        (Some(PauseReason::ServerFull), _) => {
            (Some("server_full"), Some(format!("{name} has no room for changes. Reading goes on.")))
        }
        (None, true) => {
            (Some("offline"), Some(format!("{name} cannot be reached. It is tried again by itself.")))
        }
        (None, false) if state.not_before.is_some_and(|at| at > clock::now()) => {
            (Some("server_busy"), Some(format!("{name} is busy and asked to come back later.")))
        }
        (None, false) => (None, None),
    }
}
