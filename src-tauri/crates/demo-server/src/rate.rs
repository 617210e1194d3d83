//! A token bucket per client (429 with `Retry-After`, RFC 6585 section 4).

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Instant;

use crate::options::Rate;

/// Clients remembered at once; full buckets are forgotten first, and a forgotten client starts with a full one.
const MAX_CLIENTS: usize = 1024;

/// The buckets.
#[derive(Debug)]
pub(crate) struct Buckets {
    rate: Option<Rate>,
    clients: Mutex<BTreeMap<String, (f64, Instant)>>,
}

impl Buckets {
    /// Buckets of this size; `None` never refuses.
    pub(crate) fn new(rate: Option<Rate>) -> Self {
        Self { rate, clients: Mutex::new(BTreeMap::new()) }
    }

    /// Takes `cost` tokens, or says after how many seconds they will be there. More than a bucket holds costs a
    /// whole bucket, so nothing is refused for ever.
    pub(crate) fn take(&self, client: &str, cost: f64, now: Instant) -> Result<(), u64> {
        let Some(rate) = self.rate else { return Ok(()) };
        let mut clients = self.clients.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if clients.len() >= MAX_CLIENTS {
            clients.retain(|_, (tokens, at)| refilled(*tokens, *at, now, rate) < rate.burst);
        }
        let (tokens, at) = clients.entry(client.to_owned()).or_insert((rate.burst, now));
        *tokens = refilled(*tokens, *at, now, rate);
        *at = now;
        let cost = cost.min(rate.burst.max(1.0));
        if *tokens >= cost {
            *tokens -= cost;
            return Ok(());
        }
        let seconds = (cost - *tokens) / rate.per_second.max(1e-6);
        // Bounded, so the cast keeps its meaning.
        Err(seconds.ceil().clamp(1.0, 86_400.0) as u64)
    }
}

fn refilled(tokens: f64, at: Instant, now: Instant, rate: Rate) -> f64 {
    let since = now.saturating_duration_since(at).as_secs_f64();
    (tokens + since * rate.per_second).min(rate.burst.max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn empties_and_refills() {
        let buckets = Buckets::new(Some(Rate { per_second: 0.5, burst: 2.0 }));
        let start = Instant::now();
        assert_eq!(buckets.take("a", 1.0, start), Ok(()));
        assert_eq!(buckets.take("a", 1.0, start), Ok(()));
        assert_eq!(buckets.take("a", 1.0, start), Err(2));
        assert_eq!(buckets.take("b", 1.0, start), Ok(()));
        assert_eq!(buckets.take("a", 1.0, start + Duration::from_secs(1)), Err(1));
        assert_eq!(buckets.take("a", 1.0, start + Duration::from_secs(2)), Ok(()));
        assert_eq!(buckets.take("a", 100.0, start + Duration::from_secs(60)), Ok(()));
        assert_eq!(Buckets::new(None).take("a", 1e9, start), Ok(()));
    }
}
