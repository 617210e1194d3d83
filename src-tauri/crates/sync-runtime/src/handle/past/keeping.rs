//! How long versions are kept. Nothing is removed before the person was told how much; the clean-up goes on beside
//! everything else, in small transactions.

use crate::clock;
use crate::engine::Inner;
use crate::fault::{Answered, Fault};
use crate::handle::SyncHandle;
use ipc_types::{ErrorCode, Keeping, KeepingPreview, KeptBySource, SetKeeping};
use record_store::{Priority, Removed};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use sync_engine::Timestamp;

/// The setting: days, or nothing for good.
pub(crate) const DAYS: &str = "keep_versions_days";
const DAY: i64 = 86_400_000;
/// A file is made smaller by itself when this much of it is free and that takes about a second at most.
const WORTH_IT: u64 = 4 << 20;
const QUICK: u64 = 256 << 20;
/// Between two clean-ups.
const EVERY: Duration = Duration::from_secs(6 * 3600);
/// Between two transactions of a clean-up.
const BREATH: Duration = Duration::from_millis(20);

/// What a clean-up is doing.
#[derive(Debug, Default)]
pub(crate) struct CleaningUp(AtomicBool);

impl SyncHandle {
    /// How long versions are kept, and what they take.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn keeping(&self) -> Answered<Keeping> {
        let (days, kept) = self.inner.store.read(|r| Ok((r.setting(DAYS)?, r.kept()?))).await?;
        let sources = self.inner.sources();
        let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let by_source = kept.sources.iter().filter_map(|source| {
            Some(KeptBySource {
                source: sources.get(&source.source)?.name().to_owned(),
                versions: small(source.versions),
                bytes: float(source.bytes),
                oldest: source.oldest.map(|at| at.0),
            })
        });
        Ok(Keeping {
            days: days.and_then(|days| days.parse().ok()),
            sources: by_source.collect(),
            versions: small(kept.versions),
            bytes: float(kept.bytes),
            file: float(kept.file),
            free: float(kept.free),
            cleaning: self.inner.cleaning.0.load(Ordering::Relaxed),
        })
    }

    /// What would be removed by keeping versions only so long.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn keeping_preview(&self, wanted: SetKeeping) -> Answered<KeepingPreview> {
        let Some(days) = checked(wanted.days)? else { return Ok(KeepingPreview::default()) };
        let before = oldest_kept(days);
        let told = self.inner.store.read(move |r| r.removable(before)).await?;
        let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        Ok(KeepingPreview {
            versions: small(told.versions),
            bytes: float(told.bytes),
            records: small(told.records),
            needed: small(told.needed),
        })
    }

    /// Keeps versions so long from now on; older ones go in the background.
    ///
    /// # Errors
    /// Fewer than one day; those of the disk.
    pub async fn set_keeping(&self, wanted: SetKeeping) -> Answered<Keeping> {
        let days = checked(wanted.days)?;
        let text = days.map(|days| days.to_string());
        self.inner.store.write(Priority::Person, move |tx| tx.set_setting(DAYS, text.as_deref())).await?;
        self.inner.hub.status();
        if days.is_some() {
            let inner = Arc::clone(&self.inner);
            tokio::spawn(async move { inner.clean_up().await });
        }
        self.keeping().await
    }

    /// Gives the free room of the file back to the disk. Saving waits meanwhile.
    ///
    /// # Errors
    /// The disk has no room for a second copy of the file.
    pub async fn shrink_file(&self) -> Answered<Keeping> {
        self.inner.store.shrink().await?;
        self.keeping().await
    }
}

fn checked(days: Option<u32>) -> Answered<Option<u32>> {
    match days {
        Some(days) if !(1..=36_500).contains(&days) => {
            Err(Fault::new(ErrorCode::BadInput, "Versions can be kept for 1 to 36,500 days, or for good."))
        }
        days => Ok(days),
    }
}

fn oldest_kept(days: u32) -> Timestamp {
    clock::now().plus_millis(-i64::from(days).saturating_mul(DAY))
}

#[allow(clippy::cast_precision_loss)]
fn float(bytes: u64) -> f64 {
    bytes as f64
}

impl Inner {
    /// Cleans up now and again while the program runs.
    pub(crate) async fn keep_clean(self: Arc<Self>) {
        let mut stop = self.stop.subscribe();
        loop {
            self.clean_up().await;
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Removes what is older than the person wants to keep, and makes the file smaller where that is quick.
    async fn clean_up(&self) {
        if self.cleaning.0.swap(true, Ordering::Relaxed) {
            return;
        }
        match self.remove_old().await {
            Ok(Some(removed)) if removed.versions > 0 => {
                tracing::info!(
                    versions = removed.versions,
                    records = removed.records,
                    "old versions were removed"
                );
                if let Err(error) = self.shrink_if_quick().await {
                    tracing::warn!(%error, "the file could not be made smaller");
                }
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "old versions could not be removed"),
        }
        self.cleaning.0.store(false, Ordering::Relaxed);
        self.hub.status();
    }

    async fn remove_old(&self) -> Answered<Option<Removed>> {
        let mut all = Removed::default();
        let mut from = None;
        loop {
            // Asked each time: the person may have changed their mind.
            let days = self.store.read(|r| r.setting(DAYS)).await?;
            let Some(days) = days.and_then(|days| days.parse().ok()) else { return Ok(None) };
            let before = oldest_kept(days);
            let (removed, next) =
                self.store.write(Priority::Sync, move |tx| tx.remove_older(before, from)).await?;
            all.versions += removed.versions;
            all.records += removed.records;
            if *self.stop.borrow() {
                return Ok(Some(all));
            }
            match next {
                Some(next) => from = Some(next),
                None => return Ok(Some(all)),
            }
            tokio::time::sleep(BREATH).await;
        }
    }

    async fn shrink_if_quick(&self) -> Answered<()> {
        let kept = self.store.read(|r| r.kept()).await?;
        if kept.free >= WORTH_IT && kept.free * 4 >= kept.file && kept.file <= QUICK {
            self.store.shrink().await?;
        }
        Ok(())
    }
}
