//! Table `in_flight`: the frozen copy being sent.

use crate::columns::{Columns, bytes, media_type, to_json, to_name};
use crate::{Result, Tx};
use sync_engine::{InFlight, LocalKey, Rev, RunId, Sent};

/// For the JOIN, with alias `f`.
pub(crate) const COLUMNS: &str =
    "f.sent, f.body, f.media_type, f.rev, f.precondition, f.run, f.fate, f.twins, f.asks";
const COUNT: usize = 9;

/// Reads [`COLUMNS`].
pub(crate) fn read(columns: &mut Columns<'_, '_>) -> Result<Option<InFlight>> {
    columns.of("in_flight");
    let Some(sent) = columns.take::<Option<String>>()? else {
        columns.skip(COUNT - 1);
        return Ok(None);
    };
    let sent = match (sent.as_str(), columns.body()?) {
        ("create", Some(body)) => Sent::Create(body),
        ("replace", Some(body)) => Sent::Replace(body),
        ("delete", None) => Sent::Delete,
        _ => return Err(columns.wrong("request and representation do not fit")),
    };
    Ok(Some(InFlight {
        sent,
        rev: Rev(columns.take()?),
        precondition: columns.take()?,
        run: RunId(columns.take()?),
        fate: columns.name()?,
        twins: columns.json()?,
        asks: columns.take()?,
    }))
}

/// Stores or replaces it.
pub(crate) fn save(tx: &Tx<'_>, key: LocalKey, in_flight: &InFlight) -> Result<()> {
    let sent = match in_flight.sent {
        Sent::Create(_) => "create",
        Sent::Replace(_) => "replace",
        Sent::Delete => "delete",
    };
    let body = in_flight.sent.body();
    tx.execute(
        "INSERT INTO in_flight (key, sent, body, media_type, rev, precondition, run, fate, twins, asks)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (key) DO UPDATE SET sent = ?2, body = ?3, media_type = ?4, rev = ?5, precondition = ?6, run = ?7,
             fate = ?8, twins = ?9, asks = ?10",
        (
            key.0,
            sent,
            bytes(body),
            media_type(body),
            in_flight.rev.0,
            &in_flight.precondition,
            in_flight.run.0,
            to_name(&in_flight.fate)?,
            to_json(&in_flight.twins)?,
            in_flight.asks,
        ),
    )?;
    Ok(())
}

/// Removes it.
pub(crate) fn delete(tx: &Tx<'_>, key: LocalKey) -> Result<()> {
    tx.execute("DELETE FROM in_flight WHERE key = ?1", [key.0])?;
    Ok(())
}
