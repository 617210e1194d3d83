//! Waiting for a condition, with a deadline.

use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// How often a condition is looked at.
const EVERY: Duration = Duration::from_millis(15);

/// The condition did not come true in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("waited {} s in vain: {what}", .after.as_secs())]
pub struct TimedOut {
    /// What was waited for.
    pub what: String,
    /// For how long.
    pub after: Duration,
}

/// Asks `check` again and again until it gives something.
///
/// # Errors
/// [`TimedOut`] after `deadline`; `check` was asked at least once.
pub async fn until<T, F, A>(what: &str, deadline: Duration, mut check: F) -> Result<T, TimedOut>
where
    F: FnMut() -> A,
    A: Future<Output = Option<T>>,
{
    let end = Instant::now() + deadline;
    loop {
        if let Some(found) = check().await {
            return Ok(found);
        }
        if Instant::now() >= end {
            return Err(TimedOut { what: what.to_owned(), after: deadline });
        }
        tokio::time::sleep(EVERY).await;
    }
}
