//! What only the command line asks for: long lists in pages, addresses, merges without their screen, a check-up of an
//! address that is no source yet.

use super::records::{context, place, view_fault};
use super::{SyncHandle, edits};
use crate::check_up::{self, Wire};
use crate::checking;
use crate::clock;
use crate::fault::{Answered, Fault};
use crate::handle::adding::Stranger;
use crate::keychain::Secret;
use crate::transport::{PAGE_LIMIT, RECORD_LIMIT};
use crate::view;
use connectors::{ItemWhat, ListOutcome};
use ipc_types::{AddSource, CheckReport, ConflictKind, ErrorCode, Saved};
use record_merge::{Choice, Decision, Group, Path};
use record_store::{Brief, Priority, Query, Reader, Tx};
use std::time::Instant;
use sync_engine::{Body, Event, LocalKey, Record, State, Theirs, Timestamp};
use tokio::sync::mpsc;

/// Records in one page of a long list.
const PAGE: usize = 1_000;

/// Which records to list; everything absent = all of them.
#[derive(Clone, Debug, Default)]
pub struct ListRequest {
    /// Only of this source.
    pub source: Option<String>,
    /// Only of collections of this name.
    pub collection: Option<String>,
    /// Words that must all begin words of the record.
    pub text: String,
    /// Only in this state.
    pub state: Option<State>,
    /// At most this many.
    pub limit: Option<usize>,
}

/// One record of a long list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRecord {
    /// `source/collection/id`.
    pub record: String,
    /// Its title.
    pub title: String,
    /// Its state.
    pub state: State,
    /// Validator of the synced version.
    pub validator: Option<String>,
}

/// A record that needs the person, without its rows.
#[derive(Clone, Debug)]
pub struct ConflictHead {
    /// `source/collection/id`.
    pub record: String,
    /// Its title.
    pub title: String,
    /// What met.
    pub kind: ConflictKind,
    /// Rows that still need a choice.
    pub open: u32,
    /// Rows put together automatically.
    pub automatic: u32,
    /// Validator of the server's version; `None` = deleted there, or it has none.
    pub theirs_validator: Option<String>,
    /// Names the server's version, for `decide` and `resolve`.
    pub seen: String,
    /// Made in both places, and the person wants two records.
    pub two_records: bool,
}

impl SyncHandle {
    /// Sends a list page by page; ends early, without an error, when nobody takes the pages any more. All pages are of
    /// one moment.
    ///
    /// # Errors
    /// No such source or collection.
    pub async fn list_records(
        &self,
        wanted: ListRequest,
        pages: mpsc::Sender<Vec<ListedRecord>>,
    ) -> Answered<()> {
        let source = wanted.source.as_deref().map(|name| self.inner.named(name)).transpose()?;
        let mut queries = Vec::new();
        let query = |collection| Query {
            source: source.as_ref().map(|live| live.id),
            collection,
            state: wanted.state,
            text: wanted.text.clone(),
            limit: Some(PAGE),
            ..Query::default()
        };
        match &wanted.collection {
            None => queries.push(query(None)),
            Some(name) => {
                let sources = self.inner.sources();
                let lives = sources.values().filter(|live| source.as_ref().is_none_or(|s| s.id == live.id));
                queries.extend(
                    lives.filter_map(|live| live.collections.get(name)).map(|coll| query(Some(coll.id()))),
                );
                if queries.is_empty() {
                    return Err(Fault::missing(format!("collection \"{name}\"")));
                }
            }
        }
        let limit = wanted.limit.unwrap_or(usize::MAX);
        let work = move |r: &Reader<'_>| {
            let mut left = limit;
            for mut query in queries {
                while left > 0 {
                    query.limit = Some(PAGE.min(left));
                    let rows = r.list(&query)?.rows;
                    query.offset += rows.len();
                    left -= rows.len().min(left);
                    let last = rows.len() < PAGE;
                    let page: Vec<_> = rows.into_iter().map(|found| listed(found.record)).collect();
                    if pages.blocking_send(page).is_err() {
                        return Ok(());
                    }
                    if last {
                        break;
                    }
                }
            }
            Ok(())
        };
        Ok(self.inner.store.read(work).await?)
    }

    /// Address and state of a record; `None` = it is only in the history any more.
    ///
    /// # Errors
    /// No such record.
    pub async fn address_of(&self, key: LocalKey) -> Answered<(String, Option<State>)> {
        let (record, gone) = self.inner.store.read(move |r| Ok((r.load(key)?, r.gone(key)?))).await?;
        let run = self.inner.store.run();
        let (record, state) = match (record, gone) {
            (Some(record), _) => {
                let state = record.state(run).map_err(|e| Fault::new(ErrorCode::Internal, e.to_string()))?;
                (record, Some(state))
            }
            (None, Some(gone)) => (Record::new(key, gone.source, gone.collection_name, gone.id), None),
            (None, None) => return Err(Fault::missing("such record any more")),
        };
        let live = self.inner.live(record.source)?;
        Ok((view::address(live.name(), &record), state))
    }

    /// Saves these bytes as the whole record, whatever their type. Durable when this answers.
    ///
    /// # Errors
    /// No such record; a JSON record that would not be JSON; more than 16 MiB.
    pub async fn replace_body(&self, key: LocalKey, bytes: Vec<u8>) -> Answered<Saved> {
        let desk = self.inner.desk();
        let work = move |tx: &mut Tx<'_>| {
            let record = tx.load(key)?.ok_or_else(|| Fault::missing("such record any more"))?;
            edits::writable(&desk, &record)?;
            let now = record.visible().ok_or_else(|| {
                Fault::new(ErrorCode::NotNow, "You deleted this record. Take that back first, then edit it.")
            })?;
            let body = Body::new(bytes, now.media_type.clone());
            edits::well_formed(&body)?;
            desk.step_loaded(tx, record, Event::EditSaved(body))
        };
        let applied = self.inner.store.try_write(Priority::Person, work).await?;
        self.saved(&applied)
    }

    /// Records that need the person, in the order they were added.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn conflict_heads(&self) -> Answered<Vec<ConflictHead>> {
        let mut records = self.in_state(State::NeedsYou).await?;
        records.sort_by_key(|record| record.key);
        let handle = self.clone();
        let made = tokio::task::spawn_blocking(move || {
            records.iter().filter_map(|record| handle.head(record).ok()).collect::<Vec<_>>()
        });
        made.await.map_err(|_| Fault::new(ErrorCode::Internal, "The list could not be made."))
    }

    /// One record that needs the person.
    ///
    /// # Errors
    /// `not_now` if it does not need the person any more.
    pub async fn conflict_head(&self, key: LocalKey) -> Answered<ConflictHead> {
        self.head(&self.load(key).await?)
    }

    fn head(&self, record: &Record) -> Answered<ConflictHead> {
        let sources = self.inner.sources();
        let (live, coll) = place(&sources, record)?;
        let ctx = context(live, coll, self.inner.store.run());
        let state = view::merge_of(&ctx, record).map_err(view_fault)?;
        let two_records = two_records(record);
        let open = if two_records { 0 } else { state.still_open().len() };
        let automatic = state.reviewed.iter().filter(|row| row.row.group == Group::Automatic).count();
        let conflict = record.conflict.as_ref().ok_or_else(|| view_fault(view::ViewError::NotInMerge))?;
        let validator = match record.theirs.as_ref().map(|theirs| &theirs.what) {
            Some(Theirs::Present(version)) => version.validator.as_ref().map(|v| v.as_str().to_owned()),
            Some(Theirs::Gone) | None => None,
        };
        let body = record.visible().or(record.base.as_ref().map(|base| &base.body));
        let id = record.id.as_ref().map_or("", |id| id.0.as_str());
        Ok(ConflictHead {
            record: view::address(live.name(), record),
            title: view::title(body, &coll.schema, id),
            kind: view::kind_of(conflict.kind),
            open: u32::try_from(open).unwrap_or(u32::MAX),
            automatic: u32::try_from(automatic).unwrap_or(u32::MAX),
            theirs_validator: validator,
            seen: view::seen_of(record),
            two_records,
        })
    }

    /// Decides that what was made in both places are two records, or opens that again. Durable when this answers;
    /// [`SyncHandle::keep_both`] does it.
    ///
    /// # Errors
    /// `not_now` if the record was not made in both places.
    pub async fn keep_two_records(&self, key: LocalKey, two: bool) -> Answered<()> {
        let desk = self.inner.desk();
        let work = move |tx: &mut Tx<'_>| {
            let record = tx.load(key)?.ok_or_else(|| Fault::missing("such record any more"))?;
            let conflict = record.conflict.as_ref().ok_or_else(|| view_fault(view::ViewError::NotInMerge))?;
            if conflict.kind != sync_engine::ConflictKind::CreateCreate {
                return Err(Fault::new(
                    ErrorCode::NotNow,
                    "This record was not made in both places: it is one record.",
                ));
            }
            let mut decisions = conflict.decisions.clone();
            decisions.retain(|decision| !decision.path.is_root());
            if two {
                decisions.push(Decision {
                    path: Path::root(),
                    part: None,
                    choice: Choice::Both,
                    value: None,
                    validator: None,
                    theirs_then: None,
                    mine_then: None,
                });
            }
            desk.step_loaded(tx, record, Event::Decided(decisions))
        };
        let applied = self.inner.store.try_write(Priority::Person, work).await?;
        self.saved(&applied).map(drop)
    }

    /// Fails with `changed_on_server` if the server's version is not `seen` any more (a validator, or what
    /// [`ConflictHead::seen`] said).
    ///
    /// # Errors
    /// That; no such record.
    pub async fn still_seen(&self, key: LocalKey, seen: &str) -> Answered<()> {
        let record = self.load(key).await?;
        let now = view::parse_seen(&record, &view::seen_of(&record));
        if view::parse_seen(&record, seen).is_some_and(|seen| Some(seen) == now) {
            return Ok(());
        }
        let words = "The server's version changed since you looked at it. Look again, your choices are kept.";
        Err(Fault::new(ErrorCode::ChangedOnServer, words))
    }

    /// The check-up of an address that is no source (yet). Nothing is kept here.
    ///
    /// # Errors
    /// An address that is none, a server that cannot be reached or asks to sign in.
    pub async fn check_address(&self, address: AddSource) -> Answered<Vec<CheckReport>> {
        let headers: Vec<(String, String)> = address.headers.into_iter().map(|h| (h.name, h.value)).collect();
        let secret = address.secret.map(Secret::new);
        let stranger = self
            .meet(
                &address.family,
                &address.url,
                address.user.as_deref(),
                secret.as_ref(),
                &headers,
                address.profile,
            )
            .await?;
        let wire = StrangerWire { handle: self, stranger: &stranger };
        let mut reports = Vec::new();
        for collection in self.collections_to_keep(&stranger, &address.collections).await? {
            let began = Instant::now();
            let like = wire.any_record(&collection.name).await;
            let schema = collection.schema.as_deref();
            let found = check_up::check_up(
                &*stranger.connector,
                &collection.name,
                schema,
                like.as_ref(),
                collection.rules,
                &wire,
            )
            .await?;
            reports.push(checking::report(&collection.name, &found, began)?);
        }
        Ok(reports)
    }
}

fn listed(brief: Brief) -> ListedRecord {
    let record = Record::new(brief.key, brief.source, brief.collection_name, brief.id);
    ListedRecord {
        record: view::address(&brief.source_name, &record),
        title: brief.title,
        state: brief.state,
        validator: brief.validator.map(String::from),
    }
}

/// The person wants what was made in both places as two records.
fn two_records(record: &Record) -> bool {
    record.conflict.as_ref().is_some_and(|conflict| {
        conflict.kind == sync_engine::ConflictKind::CreateCreate
            && conflict.decisions.iter().any(|d| d.path.is_root() && d.choice == Choice::Both)
    })
}

struct StrangerWire<'a> {
    handle: &'a SyncHandle,
    stranger: &'a Stranger,
}

impl StrangerWire<'_> {
    /// A record of the collection: a scratch record is made like it.
    async fn any_record(&self, collection: &str) -> Option<Body> {
        let request = self.stranger.connector.list(collection, None).ok()?;
        let answer = self.handle.inner.transport.perform(request, self.stranger.envelope(PAGE_LIMIT)).await;
        let listed = self.stranger.connector.listed(collection, None, &answer, clock::now());
        let ListOutcome::Page { items, .. } = listed else { return None };
        items.into_iter().find_map(|item| match item.what {
            ItemWhat::Present(version) => Some(version.body),
            ItemWhat::Gone | ItemWhat::Stale(_) => None,
        })
    }
}

impl Wire for StrangerWire<'_> {
    async fn send(&self, request: connectors::Request) -> connectors::Answer {
        self.handle.inner.transport.perform(request, self.stranger.envelope(RECORD_LIMIT)).await
    }

    fn now(&self) -> Timestamp {
        clock::now()
    }
}
