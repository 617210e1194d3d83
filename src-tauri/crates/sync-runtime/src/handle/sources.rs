//! Sources: list, check, set, remove.

use super::SyncHandle;
use crate::checking::grade;
use crate::clock;
use crate::fault::{Answered, Fault};
use crate::keychain::Secret;
use crate::live::Live;
use crate::pull::GuardAnswer;
use ipc_types::{
    AnswerGuard, CheckReport, CheckUp, CollectionView, ErrorCode, Family, Guard, RemoveSource, SetSource,
    SourceView,
};
use record_store::{CollectionId, Priority};
use std::collections::BTreeMap;
use std::sync::Arc;
use sync_engine::{MergePolicy, PauseReason, State};

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

    pub(super) async fn view_of(&self, name: &str) -> Answered<SourceView> {
        let found = self.sources().await?.into_iter().find(|s| s.name == name);
        found.ok_or_else(|| Fault::missing(format!("source \"{name}\"")))
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
