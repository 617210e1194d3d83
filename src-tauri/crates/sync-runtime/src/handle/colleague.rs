//! The colleague of the tour: another client of the demo server.

use super::{SyncHandle, edits};
use crate::clock;
use crate::fault::{Answered, Fault};
use crate::transport::RECORD_LIMIT;
use ipc_types::{BodyOperation, ErrorCode};
use sync_engine::{Precondition, Read, ReadOutcome, RemoteId, Write, WriteOutcome};

impl SyncHandle {
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
