//! Adding a source: look at the address, find its collections, keep it.

use super::SyncHandle;
use crate::clock;
use crate::fault::{Answered, Fault};
use crate::keychain::Secret;
use crate::live;
use crate::transport::{Envelope, PAGE_LIMIT, RECORD_LIMIT};
use connectors::{Connector, Discovery, Failed, FoundCollection, Request, WellKnown};
use http::{HeaderMap, HeaderValue};
use ipc_types::{AddSource, ErrorCode, ProbeAddress, ProbeReply, SourceView};
use record_store::{NewCollection, NewSource, Priority};
use std::collections::VecDeque;
use std::sync::Arc;
use sync_engine::MergePolicy;

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
