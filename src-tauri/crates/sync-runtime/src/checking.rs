//! The check-up of a collection in use: run, kept, answered.

use crate::check_up::{self, Found, Wire};
use crate::clock;
use crate::engine::Inner;
use crate::fault::{Answered, Fault};
use crate::live::Live;
use crate::transport::RECORD_LIMIT;
use connectors::{ItemWhat, ListOutcome};
use ipc_types::{CheckReport, ErrorCode};
use std::sync::Arc;
use std::time::Instant;
use sync_engine::{Body, Grade, Read, ReadOutcome, Timestamp};

struct SourceWire<'a> {
    inner: &'a Inner,
    live: &'a Live,
}

impl Wire for SourceWire<'_> {
    async fn send(&self, request: connectors::Request) -> connectors::Answer {
        let answer = self.inner.perform(self.live, request, RECORD_LIMIT).await;
        self.inner.note_reached(self.live.id, &answer);
        answer
    }

    fn now(&self) -> Timestamp {
        clock::now()
    }
}

impl Inner {
    /// Runs the check-up of a collection and keeps what it found.
    pub async fn check_and_keep(self: &Arc<Self>, live: &Arc<Live>, name: &str) -> Answered<CheckReport> {
        let coll = Arc::clone(live.coll(name)?);
        let id = coll.id();
        let like = self
            .store
            .read(move |r| {
                let query = record_store::Query {
                    collection: Some(id),
                    state: Some(sync_engine::State::Synced),
                    limit: Some(1),
                    ..record_store::Query::default()
                };
                match r.list(&query)?.rows.first() {
                    Some(row) => r.visible(row.record.key),
                    None => Ok(None),
                }
            })
            .await?;
        let like = match like {
            Some(like) => Some(like),
            None => self.first_listed(live, name).await,
        };
        let began = Instant::now();
        let wire = SourceWire { inner: self, live };
        let rules = coll.row.settings.rules.clone();
        let schema = coll.row.settings.schema.as_deref();
        let found = check_up::check_up(&*live.connector, name, schema, like.as_ref(), rules, &wire)
            .await
            .inspect_err(|unfinished| {
                // Reading may be open to everybody, and only writing ask who it is.
                if unfinished.code == ErrorCode::SignIn {
                    self.pause(live.id, sync_engine::PauseReason::SignIn);
                }
            })?;
        let report = report(name, &found, began)?;
        let kept = report.clone();
        self.store
            .try_write(record_store::Priority::Sync, move |tx| -> Answered<()> {
                let mut row = tx.collection(id)?.ok_or_else(|| Fault::missing("such collection"))?;
                let policy = row.settings.rules.policy;
                let allowed = row.settings.rules.allow_unprotected;
                row.settings.rules = found.rules;
                row.settings.rules.policy = policy;
                row.settings.rules.allow_unprotected = allowed;
                row.report = Some(json(&kept)?);
                Ok(tx.save_collection(&row)?)
            })
            .await?;
        self.reload().await?;
        Ok(report)
    }
}

impl Inner {
    /// Any record of the collection, read from the server: values that patterns ask for are taken from it.
    async fn first_listed(&self, live: &Live, name: &str) -> Option<Body> {
        let request = live.connector.list(name, None).ok()?;
        let answer = self.perform(live, request, crate::transport::PAGE_LIMIT).await;
        let ListOutcome::Page { items, .. } = live.connector.listed(name, None, &answer, clock::now()) else {
            return None;
        };
        let first = items.into_iter().find(|item| item.what != ItemWhat::Gone)?;
        match first.what {
            ItemWhat::Present(version) => Some(version.body),
            _ => match self.look(live, name, &Read { id: first.id }).await {
                ReadOutcome::Found(version) => Some(version.body),
                _ => None,
            },
        }
    }
}

fn json(report: &CheckReport) -> Answered<String> {
    serde_json::to_string(report).map_err(|e| Fault::new(ErrorCode::Internal, e.to_string()))
}

/// As the window and the command line show it.
pub(crate) fn report(collection: &str, found: &Found, began: Instant) -> Answered<CheckReport> {
    let profile =
        serde_json::to_string(&found.rules).map_err(|e| Fault::new(ErrorCode::Internal, e.to_string()))?;
    Ok(CheckReport {
        collection: collection.to_owned(),
        tests: found.tests.clone(),
        grade: grade(found.grade),
        profile,
        scratch: found.scratch,
        millis: u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX),
    })
}

/// The window's word for a grade.
pub(crate) fn grade(grade: Grade) -> ipc_types::Grade {
    match grade {
        Grade::NotChecked => ipc_types::Grade::NotChecked,
        Grade::Unknown => ipc_types::Grade::Unknown,
        Grade::Protected => ipc_types::Grade::Protected,
        Grade::Partly => ipc_types::Grade::Partly,
        Grade::Unprotected => ipc_types::Grade::Unprotected,
    }
}
