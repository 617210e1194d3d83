//! Batches of a REST service.

use super::Rest;
use crate::{Answer, BatchOutcome, Request, batch};
use http::Method;
use sync_engine::{Timestamp, Write};

impl Rest {
    pub(super) fn build_batch(&self, writes: &[(&str, &Write)]) -> Option<Request> {
        let (url, size) = self.profile.batch.as_ref()?;
        if writes.is_empty() || writes.len() > *size || !writes.iter().all(|(_, write)| batch::fits(write)) {
            return None;
        }
        let url = self.base.below(&url.fill("", None).ok()?).ok()?;
        let mut request = self.request(Method::POST, url, "application/json");
        request.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        request.body = Some(batch::body(&self.base, &self.items(writes)?).into());
        Some(request)
    }

    fn items(&self, writes: &[(&str, &Write)]) -> Option<Vec<Request>> {
        writes.iter().map(|(collection, write)| self.build_write(collection, write, false).ok()).collect()
    }

    pub(super) fn judge_batch(
        &self,
        writes: &[(&str, &Write)],
        answer: &Answer,
        now: Timestamp,
    ) -> BatchOutcome {
        let Some(items) = self.items(writes) else {
            return BatchOutcome::Singly { words: "These changes do not fit into a batch.".to_owned() };
        };
        let answers = match batch::answers(&self.base, &items, answer, now) {
            Ok(answers) => answers,
            Err(outcome) => return outcome,
        };
        let each = writes.iter().zip(answers).map(|((collection, write), answer)| {
            self.judge_write(collection, write, &answer.unwrap_or_else(batch::missing), now)
        });
        BatchOutcome::Each(each.collect())
    }
}
