//! Starting: open, read the queue, look whether something is new.

use super::{MAIN, Side, Stage, turns};
use crate::limit::Limit;
use crate::machine::{Watch, settle};
use crate::report::{Figures, Goal, Row};
use anyhow::{Context as _, Result};
use connectors::{Answer, Request};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use sync_runtime::transport::{Envelope, HttpTransport, Transport};
use sync_runtime::{Options, SyncHandle};
use tokio::sync::Notify;

/// Starts of each side.
const STARTS: usize = 10;

/// HTTP, and a word when an answer is there.
struct Announced {
    http: HttpTransport,
    answered: Arc<Notify>,
}

impl Transport for Announced {
    fn perform(
        &self,
        request: Request,
        envelope: Envelope,
    ) -> Pin<Box<dyn Future<Output = Answer> + Send + '_>> {
        Box::pin(async move {
            let answer = self.http.perform(request, envelope).await;
            self.answered.notify_one();
            answer
        })
    }
}

impl Stage {
    /// From opening the folder to the server's answer to the first check.
    pub(super) async fn start(&mut self) -> Result<Row> {
        let home = self.folder()?;
        let matchbook = crate::matchbook::Matchbook::open(&home, self.server.url(), MAIN, None).await?;
        matchbook.pull().await?;
        matchbook.check_up().await?;
        matchbook.pull().await?;
        matchbook.close().await;
        let folder = self.folder()?;
        Limit::open(&folder, self.server.url(), MAIN)?.pull().await?;
        let (mut ours, mut limits, mut opening) =
            (Figures::default(), Figures::default(), Figures::default());
        for round in 0..STARTS {
            for side in turns(round) {
                settle().await;
                let watch = Watch::start();
                match side {
                    Side::Matchbook => {
                        let answered = Arc::new(Notify::new());
                        let http = HttpTransport::new().map_err(|e| anyhow::anyhow!("{e:?}"))?;
                        let transport = Announced { http, answered: Arc::clone(&answered) };
                        let options =
                            Options { transport: Some(Arc::new(transport)), ..Options::window(&home) };
                        let handle = SyncHandle::open(options).await?;
                        opening.add(watch.read());
                        handle.start();
                        let patience = std::time::Duration::from_secs(10);
                        tokio::time::timeout(patience, answered.notified())
                            .await
                            .context("no first check")?;
                        ours.add(watch.read());
                        handle.stop().await;
                        drop(handle);
                        settle().await;
                    }
                    Side::Limit => {
                        let mut limit = Limit::open(&folder, self.server.url(), MAIN)?;
                        limit.store().edits()?;
                        limit.pull().await?;
                        limits.add(watch.read());
                    }
                }
            }
        }
        let words = format!(
            "median of {STARTS}; of it {:.1} ms to open; the answer of the first check included",
            opening.median()
        );
        Ok(Row::beside("engine start", ours, limits, Goal::AtMost(50.0)).note(words))
    }
}
