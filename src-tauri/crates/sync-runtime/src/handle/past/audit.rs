//! The server's own log of a record: read when somebody looks, kept for when there is no connection.

use super::Place;
use crate::clock;
use crate::engine::Inner;
use crate::handle::SyncHandle;
use crate::transport::PAGE_LIMIT;
use crate::view::LogInput;
use connectors::AuditLine;
use record_store::Audit;
use std::time::Duration;
use sync_engine::LocalKey;

/// The server's own lines are worth this much waiting.
const PATIENCE: Duration = Duration::from_secs(3);

impl SyncHandle {
    /// Reads the server's log, if it has one and answers soon. What it says is kept.
    pub(super) async fn read_log(&self, place: &Place, key: LocalKey) {
        let Some(id) = &place.id else { return };
        let Some(request) = place.live.connector.history(place.coll.name(), id) else { return };
        if self.inner.offline()
            || !self.inner.store.writable()
            || self.inner.gates.state(place.live.id).unreachable
        {
            return;
        }
        let asked = self.inner.perform(&place.live, request, PAGE_LIMIT);
        let Ok(answer) = tokio::time::timeout(PATIENCE, asked).await else { return };
        if let Ok(lines) = place.live.connector.history_answer(&answer, clock::now()) {
            keep_lines(&self.inner, key, &lines).await;
        }
    }
}

/// Keeps what the server's log says of a record, so that it can be read offline.
pub(crate) async fn keep_lines(inner: &Inner, key: LocalKey, lines: &[AuditLine]) {
    let lines: Vec<Audit> = lines
        .iter()
        .map(|line| Audit {
            at: line.at,
            who: line.actor.clone(),
            from: line.from.clone(),
            to: line.to.clone(),
            changed: line.changed.clone(),
            request_id: line.request_id.clone(),
        })
        .collect();
    if lines.is_empty() {
        return;
    }
    let now = clock::now();
    let kept = inner.store.write_relaxed(move |tx| tx.keep_audit(key, &lines, now)).await;
    if let Err(error) = kept {
        tracing::warn!(%error, "the server's log could not be kept");
    }
}

/// What was kept of the server's log.
pub(crate) async fn known_lines(inner: &Inner, key: LocalKey) -> Vec<AuditLine> {
    let kept = inner.store.read(move |r| r.audit(key)).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the server's log kept here could not be read");
        Vec::new()
    });
    let line = |kept: Audit| AuditLine {
        at: kept.at,
        actor: kept.who,
        from: kept.from,
        to: kept.to,
        changed: kept.changed,
        request_id: kept.request_id,
    };
    kept.into_iter().map(line).collect()
}

pub(super) fn log_input(line: Audit) -> LogInput {
    LogInput {
        at: line.at.map(|at| at.0),
        who: line.who,
        from: line.from.map(String::from),
        to: line.to.map(String::from),
        changed: line.changed,
        request_id: line.request_id,
    }
}
