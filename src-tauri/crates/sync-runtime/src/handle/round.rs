//! One full round for the command line: read, check, send, settle; then answer.

use super::SyncHandle;
use crate::clock;
use crate::fault::{Answered, Fault};
use crate::live::Live;
use crate::pull::PullCount;
use crate::push::Pushed;
use connectors::Failed;
use ipc_types::ErrorCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use sync_engine::{Event, Grade, PauseReason, State, WaitReason};

/// A failing request is tried at most this long in one round.
const ROUND: Duration = Duration::from_secs(15);
/// A server's `Retry-After` is waited for at most this long.
const PATIENCE: i64 = 10_000;
/// Pauses before a reading that failed is tried again.
const PAUSES: [i64; 2] = [500, 1_000];

/// What a round is to do.
#[derive(Clone, Debug, Default)]
pub struct RoundRequest {
    /// Only this source.
    pub source: Option<String>,
    /// Read.
    pub pull: bool,
    /// Send.
    pub push: bool,
}

/// What a round did with one source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoundReport {
    /// Its name.
    pub source: String,
    /// Records that were new, changed, deleted, unchanged on the server.
    pub pulled: [u32; 4],
    /// Edits that were applied, merged by themselves, rejected, left uncertain.
    pub pushed: [u32; 4],
    /// Records that need a person now, earlier ones included.
    pub needs_you: u32,
    /// Requests made.
    pub requests: u32,
    /// How long it took.
    pub seconds: f64,
    /// Something needs a person: a record, or a question about a list.
    pub attention: bool,
    /// The server could not be reached.
    pub unreachable: bool,
    /// It asks to sign in.
    pub sign_in: bool,
    /// Why nothing went to it or came from it, in words.
    pub why: Option<String>,
    /// Something failed that none of these say.
    pub failed: Option<String>,
}

impl SyncHandle {
    /// One full round over one or all sources.
    ///
    /// # Errors
    /// `offline` while working offline; no such source.
    pub async fn round(&self, wanted: RoundRequest) -> Answered<Vec<RoundReport>> {
        if self.inner.offline() {
            return Err(Fault::new(ErrorCode::Offline, "You are working offline. Switch that off first."));
        }
        let sources: Vec<Arc<Live>> = match &wanted.source {
            Some(name) => vec![self.inner.named(name)?],
            None => self.inner.sources().values().cloned().collect(),
        };
        let mut reports = Vec::new();
        for live in sources {
            reports.push(self.round_of(&live, &wanted).await?);
        }
        Ok(reports)
    }

    async fn round_of(&self, live: &Arc<Live>, wanted: &RoundRequest) -> Answered<RoundReport> {
        let began = Instant::now();
        let deadline = tokio::time::Instant::now() + ROUND;
        self.forget_back_off(live).await?;
        let before = self.inner.figures.requests.load(Ordering::Relaxed);
        let mut report = RoundReport { source: live.name().to_owned(), ..RoundReport::default() };
        let mut pulled = PullCount::default();
        if wanted.pull {
            pulled = self.read_patiently(live, &mut report, deadline).await;
        }
        self.inner.gates.with(live.id, |g| g.pull_first = false);
        let mut pushed = Pushed::default();
        if wanted.push && self.may_go_on(live) {
            match self.check_waiting(live).await {
                Ok(()) => {}
                Err(fault) => report.failed = Some(fault.0.words),
            }
            // A check-up changes the rules: take the source as it is now.
            let live = self.inner.live(live.id)?;
            self.wait_for_throttle(&live).await;
            pushed = self.inner.push_source(&live, deadline).await?;
        }
        report.pulled = [pulled.new, pulled.changed, pulled.deleted, pulled.unchanged];
        report.pushed = [pushed.applied, pushed.merged, pushed.rejected, pushed.uncertain];
        report.requests = self.inner.figures.requests.load(Ordering::Relaxed) - before;
        report.seconds = began.elapsed().as_secs_f64();
        self.finish(live, report).await
    }

    /// Reads the source; again, at most twice, where the trouble may pass.
    async fn read_patiently(
        &self,
        live: &Live,
        report: &mut RoundReport,
        deadline: tokio::time::Instant,
    ) -> PullCount {
        let mut count = PullCount::default();
        let mut pauses = PAUSES.into_iter();
        loop {
            // Cursors move with each reading: take the source as it is now.
            let reading = match self.inner.live(live.id) {
                Ok(live) => self.inner.pull_source(&live).await,
                Err(fault) => Err(fault),
            };
            let (collection, failed) = match reading {
                Ok(reading) => {
                    count.add(reading.count);
                    let Some(failed) = reading.failed else { return count };
                    failed
                }
                Err(fault) => {
                    report.failed = Some(fault.0.words);
                    return count;
                }
            };
            let wait = pauses.next().and_then(|pause| self.worth_waiting(live, &failed, pause));
            let then = wait.map(|wait| tokio::time::Instant::now() + wait).filter(|then| *then < deadline);
            let Some(then) = then else {
                match failed {
                    Failed::Later { .. } => report.unreachable = true,
                    Failed::Unknown { words } | Failed::Forbidden { words } | Failed::NotThere { words } => {
                        report.failed = Some(format!("{collection} could not be read: {words}"));
                    }
                    // The gate says so.
                    Failed::SignIn(_) | Failed::NotSent { .. } | Failed::NotOurs { .. } => {}
                }
                return count;
            };
            tokio::time::sleep_until(then).await;
        }
    }

    /// How long to wait before a reading is tried again; `None` = that would not help.
    fn worth_waiting(&self, live: &Live, failed: &Failed, pause: i64) -> Option<Duration> {
        let wait = match failed {
            Failed::Later { not_before: Some(at), .. } => {
                Some(at.0.saturating_sub(clock::now().0).max(0)).filter(|wait| *wait <= PATIENCE)?
            }
            Failed::Later { not_before: None, .. } => {
                // The server did not say how long: the gate's guess is for the window, which has all day.
                self.inner.gates.with(live.id, |g| g.not_before = None);
                pause
            }
            Failed::NotSent { .. } | Failed::Unknown { .. } => pause,
            Failed::SignIn(_)
            | Failed::NotOurs { .. }
            | Failed::Forbidden { .. }
            | Failed::NotThere { .. } => return None,
        };
        u64::try_from(wait).ok().map(Duration::from_millis)
    }

    /// A round is one "Try now": our own back-off of earlier runs is ignored, a server's word is not.
    async fn forget_back_off(&self, live: &Live) -> Answered<()> {
        live.forget_authorization();
        self.inner.gates.with(live.id, |g| {
            g.paused = None;
            g.unreachable = false;
        });
        let id = live.id;
        if live.row.paused.is_some() {
            self.inner.store.write_relaxed(move |tx| tx.set_paused(id, None)).await?;
        }
        let waiting = self.inner.store.read(|r| r.waiting(usize::MAX >> 1)).await?;
        for waiting in waiting.into_iter().filter(|w| w.source == id && w.not_before.is_some()) {
            let record = self.load(waiting.key).await?;
            let ours = record.edit.as_ref().is_some_and(|e| e.wait != Some(WaitReason::ServerBusy));
            if ours {
                self.act(waiting.key, Event::Retried).await?;
            }
        }
        Ok(())
    }

    fn may_go_on(&self, live: &Live) -> bool {
        let state = self.inner.gates.state(live.id);
        !state.unreachable && !matches!(state.paused, Some(r) if r != PauseReason::ServerFull)
    }

    async fn wait_for_throttle(&self, live: &Live) {
        let Some(at) = self.inner.gates.state(live.id).not_before else { return };
        let wait = at.0 - clock::now().0;
        if (1..=PATIENCE).contains(&wait) {
            tokio::time::sleep(Duration::from_millis(u64::try_from(wait).unwrap_or(0))).await;
        }
    }

    /// The check-up of each collection with edits that wait for it.
    async fn check_waiting(&self, live: &Arc<Live>) -> Answered<()> {
        for coll in live.collections.values().filter(|c| c.rules.grade == Grade::NotChecked) {
            let id = coll.id();
            let waits = self
                .inner
                .store
                .read(move |r| {
                    let counts = r.counts_by_collection()?;
                    let mine = counts.into_iter().find(|c| c.collection == id);
                    Ok(mine.is_some_and(|c| c.counts.of(State::Edited) > 0))
                })
                .await?;
            if waits {
                self.inner.check_and_keep(live, coll.name()).await?;
            }
        }
        Ok(())
    }

    async fn finish(&self, live: &Arc<Live>, mut report: RoundReport) -> Answered<RoundReport> {
        let id = live.id;
        let counts = self.inner.store.read(move |r| r.counts(Some(id))).await?;
        report.needs_you = u32::try_from(counts.of(State::NeedsYou)).unwrap_or(u32::MAX);
        let troubled = [State::NeedsYou, State::Rejected, State::Uncertain, State::Contested];
        let live = self.inner.live(id)?;
        let asks = live.collections.values().any(|c| c.row.guard.is_some());
        let state = self.inner.gates.state(id);
        let full = state.paused == Some(PauseReason::ServerFull);
        report.attention = asks || full || troubled.iter().any(|s| counts.of(*s) > 0);
        // What answers in place of the server (the sign-in page of a network) is not the server.
        report.unreachable |= state.unreachable || state.paused == Some(PauseReason::NetworkSignIn);
        // "Tried again by itself" is for the window: a round is over.
        report.why = if state.unreachable { None } else { super::sources::paused(&state, live.name()).1 };
        report.sign_in = matches!(state.paused, Some(PauseReason::SignIn | PauseReason::ProxySignIn));
        if report.unreachable || report.sign_in {
            report.failed = None;
        }
        Ok(report)
    }
}
