//! What a person does to records: save, create, delete, take back, hold, send now.

use super::{SyncHandle, key};
use crate::desk::{Desk, new_id};
use crate::fault::{Answered, Fault};
use crate::transport::RECORD_LIMIT;
use crate::view;
use ipc_types::{BodyOperation, CreateRecord, ErrorCode, Hold, RecordKey, SaveEdit, Saved, Settle};
use record_merge::json::Document;
use record_merge::{ApplyError, Format, Operation, Path};
use record_store::{Priority, Tx};
use std::sync::Arc;
use sync_engine::{Body, Event, Grade, Read, ReadOutcome, Record, RemoteId, SourceId};

impl SyncHandle {
    /// Saves an edit: operations on the newest version here. Durable when this answers.
    ///
    /// # Errors
    /// `changed_here` if a touched field changed since `based_on_rev`; nothing is saved then.
    pub async fn save_edit(&self, edit: SaveEdit) -> Answered<Saved> {
        let key = key(&edit.key)?;
        let desk = self.inner.desk();
        let earlier = self.inner.shown.get(key, i64::from(edit.based_on_rev));
        let work = move |tx: &mut Tx<'_>| {
            let record = tx.load(key)?.ok_or_else(|| Fault::missing("such record any more"))?;
            writable(&desk, &record)?;
            let now = record.visible().ok_or_else(|| {
                Fault::new(ErrorCode::NotNow, "You deleted this record. Take that back first, then edit it.")
            })?;
            if record.rev.0 != i64::from(edit.based_on_rev) {
                unchanged_since(&edit, earlier.as_ref(), now)?;
            }
            let body = edited(now, &edit.operations)?;
            let blank = is_blank(&desk, &record);
            let saved = desk.step_loaded(tx, record, Event::EditSaved(body))?;
            // Filled in now: a new record goes out like any other.
            if blank { desk.step(tx, key, Event::Held(false)) } else { Ok(saved) }
        };
        let applied = self.inner.store.try_write(Priority::Person, work).await?;
        self.saved(&applied)
    }

    /// A new record, saved here and waiting to be sent.
    ///
    /// # Errors
    /// No such collection, one that takes no new records, a document that is not JSON.
    pub async fn create_record(&self, new: CreateRecord) -> Answered<Saved> {
        let live = self.inner.named(&new.source)?;
        let coll = Arc::clone(live.coll(&new.collection)?);
        if coll.rules.creates == sync_engine::Creates::No {
            return Err(Fault::new(ErrorCode::NotNow, format!("{} takes no new records.", live.name())));
        }
        let media_type = "application/json";
        let empty = new.text.is_none();
        let text = new.text.unwrap_or_else(|| view::blank(&coll.schema));
        let body = Body::new(text.into_bytes(), media_type);
        well_formed(&body)?;
        let own = new.id.is_none();
        let id = match new.id {
            Some(id) if id.is_empty() || id.len() > 1024 => {
                return Err(Fault::bad("An id needs 1 to 1,024 bytes."));
            }
            Some(id) => Some(RemoteId(id)),
            None => new_id(&coll),
        };
        let desk = self.inner.desk();
        let mut record = Record::new(sync_engine::LocalKey(0), live.id, new.collection, id);
        record.id_is_ours = own && record.id.is_some();
        let work = move |tx: &mut Tx<'_>| {
            writable(&desk, &record)?;
            if let Some(id) = &record.id
                && tx.find(record.source, &record.collection, id)?.is_some()
            {
                return Err(Fault::bad(format!(
                    "There is a record \"{id}\" already. Choose another id, or edit that one."
                )));
            }
            let saved = desk.step_loaded(tx, record, Event::EditSaved(body))?;
            // Nothing empty is sent: it waits for its first edit.
            if empty { desk.step(tx, saved.key, Event::Held(true)) } else { Ok(saved) }
        };
        let applied = self.inner.store.try_write(Priority::Person, work).await?;
        self.saved(&applied)
    }

    /// Deletes a record here; the server follows.
    ///
    /// # Errors
    /// No such record; a source that is not protected and not opened.
    pub async fn delete_record(&self, record: RecordKey) -> Answered<Saved> {
        let key = key(&record.key)?;
        let desk = self.inner.desk();
        let work = move |tx: &mut Tx<'_>| {
            let record = tx.load(key)?.ok_or_else(|| Fault::missing("such record any more"))?;
            writable(&desk, &record)?;
            desk.step_loaded(tx, record, Event::DeleteSaved)
        };
        let applied = self.inner.store.try_write(Priority::Person, work).await?;
        self.saved(&applied)
    }

    /// Takes the waiting edit back; it stays in the history.
    ///
    /// # Errors
    /// `not_now` while the server's answer is awaited.
    pub async fn take_back(&self, record: RecordKey) -> Answered<Saved> {
        self.act(key(&record.key)?, Event::Discarded).await
    }

    /// Tries a waiting, uncertain or rejected edit now.
    ///
    /// # Errors
    /// There is nothing to send.
    pub async fn send_now(&self, record: RecordKey) -> Answered<Saved> {
        let saved = self.act(key(&record.key)?, Event::Retried).await?;
        let record = self.load(key(&record.key)?).await;
        if let Ok(record) = record {
            self.inner.gates.with(record.source, |g| g.not_before = None);
            self.inner.wake.notify_one();
        }
        Ok(saved)
    }

    /// Keeps edits back, or releases them.
    ///
    /// # Errors
    /// A record without an edit.
    pub async fn hold(&self, hold: Hold) -> Answered<()> {
        let keys = match hold.keys.is_empty() {
            false => hold.keys.iter().map(|k| key(k)).collect::<Answered<Vec<_>>>()?,
            true => {
                let states = super::outbox::OUTBOX_STATES;
                let rows = self.inner.store.read(move |r| r.outbox(&states, usize::MAX >> 1)).await?;
                rows.into_iter().map(|row| row.record.key).collect()
            }
        };
        for key in keys {
            self.act(key, Event::Held(hold.held)).await?;
        }
        Ok(())
    }

    /// Takes the server's news under the waiting edit.
    ///
    /// # Errors
    /// `still_open` if fields clash.
    pub async fn take_in_now(&self, record: RecordKey) -> Answered<Saved> {
        self.act(key(&record.key)?, Event::TakenIn).await
    }

    /// Says what became of a create whose fate could not be found out.
    ///
    /// # Errors
    /// Nothing is to be settled; the record named cannot be read.
    pub async fn settle(&self, settle: Settle) -> Answered<Saved> {
        let key = key(&settle.key)?;
        let Some(id) = settle.is else { return self.act(key, Event::SettledAsNew).await };
        let record = self.load(key).await?;
        let live = self.inner.live(record.source)?;
        let id = RemoteId(id);
        match self.inner.look(&live, &record.collection, &Read { id: id.clone() }).await {
            ReadOutcome::Found(version) => self.act(key, Event::SettledAs { id, version }).await,
            ReadOutcome::Gone => Err(Fault::missing(format!("record \"{id}\" on the server"))),
            ReadOutcome::SignIn(_) => Err(Fault::new(ErrorCode::SignIn, "Sign in first.")),
            ReadOutcome::NotSent { words }
            | ReadOutcome::Unknown { words }
            | ReadOutcome::NotOurs { words }
            | ReadOutcome::Later { words, .. }
            | ReadOutcome::Forbidden { words } => {
                Err(Fault::new(ErrorCode::Offline, format!("It could not be read: {words}.")))
            }
        }
    }

    /// The record at an id of a collection.
    ///
    /// # Errors
    /// There is none.
    pub async fn key_of(&self, source: &str, collection: &str, id: &str) -> Answered<sync_engine::LocalKey> {
        let source = self.inner.named(source)?.id;
        self.find_id(source, collection, id).await?.ok_or_else(|| Fault::missing(format!("record \"{id}\"")))
    }

    pub(crate) async fn find_id(
        &self,
        source: SourceId,
        collection: &str,
        id: &str,
    ) -> Answered<Option<sync_engine::LocalKey>> {
        let (collection, id) = (collection.to_owned(), RemoteId(id.to_owned()));
        Ok(self.inner.store.read(move |r| r.find(source, &collection, &id)).await?)
    }
}

/// A new record that nobody has filled in yet.
fn is_blank(desk: &Desk, record: &Record) -> bool {
    let Some(edit) = &record.edit else { return false };
    let Ok((_, coll)) = desk.place(record) else { return false };
    let new = matches!(edit.change, sync_engine::Change::Create(_)) && edit.held && !edit.was_sent;
    new && record.visible().is_some_and(|body| *body.bytes == *view::blank(&coll.schema).as_bytes())
}

/// Records of an unprotected source are read-only until the person opens it.
pub(crate) fn writable(desk: &Desk, record: &Record) -> Answered<()> {
    let (live, coll) = desk.place(record)?;
    if coll.rules.grade == Grade::Unprotected && !coll.rules.allow_unprotected {
        return Err(Fault::new(
            ErrorCode::Unprotected,
            format!("{} cannot protect what others write. Allow sending in its settings first.", live.name()),
        ));
    }
    Ok(())
}

/// No touched place changed between the version the person saw and the newest one.
fn unchanged_since(edit: &SaveEdit, earlier: Option<&Body>, now: &Body) -> Answered<()> {
    let changed = |pointer: &str, value: Option<&str>| {
        let mut fault = Fault::new(
            ErrorCode::ChangedHere,
            "This was changed here meanwhile. Your text is kept in the form; look at the new value, then save again.",
        )
        .at(pointer.to_owned());
        fault.0.value = Some(view::value(value));
        fault
    };
    for operation in &edit.operations {
        let pointer = match operation {
            BodyOperation::Set { pointer, .. } | BodyOperation::Unset { pointer } => pointer.as_str(),
            BodyOperation::Replace { .. } => "",
        };
        let Some(earlier) = earlier else { return Err(changed(pointer, None)) };
        if earlier.bytes == now.bytes {
            continue;
        }
        let path = Path::from_pointer(pointer).map_err(|e| Fault::bad(e.to_string()))?;
        let (then, here) = (view::form_value(earlier, &path), view::form_value(now, &path));
        if then != here {
            return Err(changed(pointer, here.as_deref()));
        }
    }
    Ok(())
}

/// The document with the operations applied, in order.
pub(crate) fn edited(now: &Body, operations: &[BodyOperation]) -> Answered<Body> {
    let mut body = now.clone();
    for operation in operations {
        body = match operation {
            BodyOperation::Replace { text } => Body::new(text.clone().into_bytes(), now.media_type.clone()),
            BodyOperation::Set { pointer, json } => {
                let path = Path::from_pointer(pointer).map_err(|e| Fault::bad(e.to_string()))?;
                changed(&body, pointer, Operation::Set { path, value: json.clone() })?
            }
            BodyOperation::Unset { pointer } => {
                let path = Path::from_pointer(pointer).map_err(|e| Fault::bad(e.to_string()))?;
                changed(&body, pointer, Operation::Unset { path })?
            }
        };
    }
    well_formed(&body)?;
    Ok(body)
}

fn changed(body: &Body, pointer: &str, operation: Operation) -> Answered<Body> {
    let operations =
        view::form_edits(body, operation).map_err(|words| Fault::bad(words).at(pointer.to_owned()))?;
    let bytes = record_merge::apply_to(body.format(), &body.bytes, &operations)
        .map_err(|e: ApplyError| Fault::bad(e.to_string()).at(pointer.to_owned()))?;
    Ok(Body::new(bytes, body.media_type.clone()))
}

/// A document that says it is JSON must be, and no record is larger than 16 MiB.
pub(crate) fn well_formed(body: &Body) -> Answered<()> {
    if body.bytes.len() > RECORD_LIMIT {
        return Err(Fault::bad("A record may have 16 MiB at most. Nothing was saved."));
    }
    if body.format() == Format::Json {
        Document::parse(&body.bytes)
            .map_err(|e| Fault::bad(format!("This is not JSON yet: {e}. Nothing was saved.")))?;
    }
    Ok(())
}
