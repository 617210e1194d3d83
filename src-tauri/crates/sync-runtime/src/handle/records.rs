//! Lists and single records.

use super::{SyncHandle, key};
use crate::clock;
use crate::engine::Sources;
use crate::fault::{Answered, Fault};
use crate::live::{Coll, Live};
use crate::view::{self, RecordInput, ViewContext};
use ipc_types::{ErrorCode, RecordKey, RecordRow, RecordView, RecordsPage, RecordsQuery, Twin};
use percent_encoding::percent_decode_str;
use record_store::{Query, Reader, Sort};
use std::sync::Arc;
use sync_engine::{Body, LocalKey, Record, RemoteId, State, Theirs};

/// Most rows of one page.
const MOST: usize = 500;
/// Records looked at for the columns of a collection without a schema.
const SAMPLE: usize = 20;

/// Which version of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// What the person sees.
    Current,
    /// The last synced one.
    Base,
    /// The person's.
    Mine,
    /// The server's, as far as it is known.
    Theirs,
    /// One of the history.
    Number(u32),
}

/// The bytes of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionBytes {
    /// `source/collection/id`.
    pub record: String,
    /// State of the record; `None` = it is gone.
    pub state: Option<State>,
    /// Validator of this version, if it has one.
    pub validator: Option<String>,
    /// The representation; `None` = a removal.
    pub body: Option<Body>,
}

/// The context of a record's views.
pub(crate) fn context<'a>(live: &'a Live, coll: &'a Coll, run: sync_engine::RunId) -> ViewContext<'a> {
    ViewContext {
        schema: &coll.schema,
        rules: &coll.rules,
        now: clock::now(),
        run,
        source: live.name(),
        collection_title: &coll.row.settings.title,
    }
}

pub(crate) fn place<'a>(sources: &'a Sources, record: &Record) -> Answered<(&'a Arc<Live>, &'a Arc<Coll>)> {
    let live = sources.get(&record.source).ok_or_else(|| Fault::missing("source"))?;
    Ok((live, live.coll(&record.collection)?))
}

impl SyncHandle {
    /// One page of a list.
    ///
    /// # Errors
    /// No such source or collection.
    pub async fn records(&self, query: RecordsQuery) -> Answered<RecordsPage> {
        let sources = self.inner.sources();
        let live = query.source.as_deref().map(|name| self.inner.named(name)).transpose()?;
        let coll = match (&live, &query.collection) {
            (Some(live), Some(name)) => Some(Arc::clone(live.coll(name)?)),
            (None, Some(_)) => return Err(Fault::bad("A collection needs its source.")),
            _ => None,
        };
        let mut wanted = Query {
            source: live.as_ref().map(|l| l.id),
            collection: coll.as_ref().map(|c| c.id()),
            state: query.state.map(state_back),
            text: query.text.clone(),
            sort: sort(query.sort.as_deref()),
            descending: query.descending,
            offset: query.offset as usize,
            limit: Some((query.limit as usize).clamp(1, MOST)),
            columns: Vec::new(),
        };
        let mut offset = query.offset;
        let around = query.around.as_deref().map(key).transpose()?;
        let page = self
            .inner
            .store
            .read(move |r| {
                let columns = match &coll {
                    Some(coll) => columns(r, coll)?,
                    None => Vec::new(),
                };
                let at = match around {
                    Some(key) => r.position(&wanted, key)?,
                    None => None,
                };
                if let (Some(at), Some(limit)) = (at, wanted.limit) {
                    wanted.offset = at / limit * limit;
                    offset = u32::try_from(wanted.offset).unwrap_or(u32::MAX);
                }
                let page = r.list(&wanted)?;
                let mut rows = Vec::with_capacity(page.rows.len());
                for found in page.rows {
                    let place = sources.get(&found.record.source).and_then(|live| {
                        let coll = live.collections.get(&found.record.collection_name)?;
                        Some((live, coll))
                    });
                    let Some((live, coll)) = place else { continue };
                    let cells = match columns.is_empty() {
                        true => Vec::new(),
                        false => {
                            let body = r.visible(found.record.key)?;
                            view::cells(body.as_ref(), &columns, &coll.schema)
                        }
                    };
                    rows.push(row(found.record, live, coll, cells));
                }
                Ok(RecordsPage {
                    total: u32::try_from(page.total).unwrap_or(u32::MAX),
                    offset,
                    at: at.and_then(|at| u32::try_from(at).ok()),
                    columns,
                    rows,
                })
            })
            .await?;
        Ok(page)
    }

    /// One record, whole.
    ///
    /// # Errors
    /// No such record.
    pub async fn record(&self, wanted: RecordKey) -> Answered<RecordView> {
        let record = self.load(key(&wanted.key)?).await?;
        self.shown(&record);
        let sources = self.inner.sources();
        let (live, coll) = place(&sources, &record)?;
        let ctx = context(live, coll, self.inner.store.run());
        let twins = self.twins(&record).await?;
        let mut view = view::record_view(&ctx, &record, RecordInput { twins }).map_err(view_fault)?;
        let author = self.author(&record);
        if let Some(news) = &mut view.news {
            news.who = author.who.or(news.who.take());
            // The server's log knows better than a member that a client may have forgotten to set.
            news.made_at = author.at.or(news.made_at);
        }
        Ok(view)
    }

    /// Records of the server that a lost create may have made, with titles where they are kept here.
    async fn twins(&self, record: &Record) -> Answered<Vec<Twin>> {
        let Some(flight) = &record.in_flight else { return Ok(Vec::new()) };
        let (source, collection, ids) = (record.source, record.collection.clone(), flight.twins.clone());
        Ok(self
            .inner
            .store
            .read(move |r| {
                let mut twins = Vec::new();
                for id in ids {
                    let known =
                        r.find(source, &collection, &id)?.map(|key| r.brief(key)).transpose()?.flatten();
                    let title = known.map_or_else(|| id.0.clone(), |b| b.title);
                    twins.push(Twin { id: id.0, title });
                }
                Ok(twins)
            })
            .await?)
    }

    /// The record at `source/collection/id` as the command line writes it; `~KEY` for one without an id.
    ///
    /// # Errors
    /// No such record; an address that is none.
    pub async fn find(&self, address: &str) -> Answered<LocalKey> {
        let parts: Vec<&str> = address.split('/').collect();
        let [source, collection, id] = parts.as_slice() else {
            return Err(Fault::bad(format!(
                "\"{address}\" is no record. Write source/collection/id, a / inside a part as %2F."
            )));
        };
        let decode = |part: &str| {
            percent_decode_str(part)
                .decode_utf8()
                .map(|text| text.into_owned())
                .map_err(|_| Fault::bad(format!("\"{part}\" is not UTF-8.")))
        };
        let (source_name, collection) = (decode(source)?, decode(collection)?);
        let live = self.inner.named(&source_name)?;
        if let Some(local) = id.strip_prefix('~') {
            let key = key(local)?;
            self.load(key).await?;
            return Ok(key);
        }
        let id = decode(id)?;
        if let Some(found) = self.find_id(live.id, &collection, &id).await? {
            return Ok(found);
        }
        let (source, remote) = (live.id, RemoteId(id.clone()));
        let gone = self.inner.store.read(move |r| r.gone_at(source, &collection, &remote)).await?;
        gone.map(|g| g.key).ok_or_else(|| Fault::missing(format!("record \"{id}\"")))
    }

    /// The bytes of one version.
    ///
    /// # Errors
    /// No such record or version.
    pub async fn version_bytes(&self, key: LocalKey, which: Which) -> Answered<VersionBytes> {
        if let Which::Number(number) = which {
            return self.numbered(key, number).await;
        }
        let record = self.load(key).await?;
        let base = record.base.as_ref();
        let (body, validator) = match which {
            Which::Current => (record.visible().cloned(), base.and_then(|b| b.validator.clone())),
            Which::Base => match base {
                Some(base) => (Some(base.body.clone()), base.validator.clone()),
                None => return Err(Fault::missing("synced version of it yet")),
            },
            Which::Mine => match &record.edit {
                Some(edit) => (edit.change.body().cloned(), None),
                None => return Err(Fault::missing("edit of it")),
            },
            _ => match record.theirs.as_ref().map(|t| &t.what) {
                Some(Theirs::Present(v)) => (Some(v.body.clone()), v.validator.clone()),
                Some(Theirs::Gone) => (None, None),
                None => match base {
                    Some(base) => (Some(base.body.clone()), base.validator.clone()),
                    None => return Err(Fault::missing("version of the server")),
                },
            },
        };
        let sources = self.inner.sources();
        let (live, _) = place(&sources, &record)?;
        let state = record.state(self.inner.store.run()).ok();
        let validator = validator.map(String::from);
        Ok(VersionBytes { record: view::address(live.name(), &record), state, validator, body })
    }

    async fn numbered(&self, key: LocalKey, number: u32) -> Answered<VersionBytes> {
        let run = self.inner.store.run();
        let (kept, record, gone) =
            self.inner.store.read(move |r| Ok((r.version(key, number)?, r.load(key)?, r.gone(key)?))).await?;
        let kept = kept.ok_or_else(|| Fault::missing(format!("version {number} of it")))?;
        let state = record.as_ref().and_then(|r| r.state(run).ok());
        let record = match (record, gone) {
            (Some(record), _) => record,
            (None, Some(gone)) => Record::new(key, gone.source, gone.collection_name, gone.id),
            (None, None) => return Err(Fault::missing("such record")),
        };
        let live = self.inner.live(record.source)?;
        Ok(VersionBytes {
            record: view::address(live.name(), &record),
            state,
            validator: kept.version.validator.map(String::from),
            body: kept.body,
        })
    }
}

fn columns(r: &Reader<'_>, coll: &Coll) -> record_store::Result<Vec<ipc_types::Column>> {
    let mut bodies = Vec::new();
    if coll.row.settings.schema.is_none() {
        for key in r.first(coll.id(), SAMPLE)? {
            bodies.extend(r.visible(key)?);
        }
    }
    Ok(view::columns(&coll.schema, &bodies.iter().collect::<Vec<_>>()))
}

fn row(record: record_store::Brief, live: &Live, coll: &Coll, cells: Vec<String>) -> RecordRow {
    RecordRow {
        key: record.key.to_string(),
        title: record.title,
        state: view::state_of(record.state),
        held: record.held,
        deleted: record.deleted,
        source: live.name().to_owned(),
        collection: coll.row.settings.title.clone(),
        cells,
        changed_at: record.changed_at.0,
    }
}

fn sort(name: Option<&str>) -> Sort {
    match name {
        Some("state") => Sort::State,
        Some("changed") => Sort::Changed,
        Some(pointer) if pointer.starts_with('/') => Sort::Column(pointer.to_owned()),
        _ => Sort::Title,
    }
}

fn state_back(state: ipc_types::RecordState) -> State {
    use ipc_types::RecordState as Shown;
    match state {
        Shown::Synced => State::Synced,
        Shown::Edited => State::Edited,
        Shown::Sending => State::Sending,
        Shown::Uncertain => State::Uncertain,
        Shown::Contested => State::Contested,
        Shown::NeedsYou => State::NeedsYou,
        Shown::Rejected => State::Rejected,
    }
}

/// A view's error for a person.
pub(crate) fn view_fault(error: view::ViewError) -> Fault {
    let code = match error {
        view::ViewError::NotInMerge => ErrorCode::NotNow,
        view::ViewError::StillOpen(_) => ErrorCode::StillOpen,
        view::ViewError::State(_) => ErrorCode::Internal,
    };
    Fault::new(code, format!("{error}."))
}
