//! What a REST service may offer besides records: collections, schemas, history, authors.

use super::Rest;
use crate::envelope::{self, Object};
use crate::{Answer, AuditLine, Discovery, Failed, FoundCollection, Request, Stamp, judge, time};
use http::Method;
use serde_json::value::RawValue;
use sync_engine::{Body, Timestamp, Validator};

impl Rest {
    pub(super) fn build_discover(&self) -> Request {
        let collections = self.profile.collections.as_ref();
        let url = collections
            .and_then(|c| c.url.fill("", None).ok())
            .and_then(|below| self.base.below(&below).ok())
            .unwrap_or_else(|| self.base.url().clone());
        self.request(Method::GET, url, "application/json")
    }

    pub(super) fn judge_discover(&self, request: &Request, answer: &Answer, now: Timestamp) -> Discovery {
        let Some(places) = &self.profile.collections else {
            // Without a list of collections the answer only shows whether there is a server and who may speak to it.
            return match judge::read(answer, now) {
                Err(failed @ (Failed::NotSent { .. } | Failed::SignIn(_))) => Discovery::Failed(failed),
                Err(failed @ Failed::Later { .. }) => Discovery::Failed(failed),
                _ => Discovery::Unlisted {
                    words: "This server does not say which collections it has. Name those you want to keep."
                        .to_owned(),
                },
            };
        };
        let response = match judge::read_json(answer, now) {
            Ok(response) => response,
            Err(Failed::NotThere { .. } | Failed::NotOurs { .. }) => {
                return Discovery::NotThisFamily {
                    words: "The profile's list of collections is not at this address.".to_owned(),
                };
            }
            Err(failed) => return Discovery::Failed(failed),
        };
        let raw = envelope::parse(&response.body).ok();
        let items = raw.and_then(|raw| envelope::at(raw, &places.items)).and_then(envelope::elements);
        let (Some(raw), Some(items)) = (raw, items) else {
            return Discovery::NotThisFamily { words: "The list of collections cannot be read.".to_owned() };
        };
        let found = items.into_iter().filter_map(|item| self.found(item)).collect();
        let next =
            self.profile.paging.next.iter().find_map(|at| envelope::at(raw, at).and_then(envelope::text));
        let next =
            next.and_then(|link| self.base.link(&request.url, &link).ok()).filter(|url| *url != request.url);
        let more = next.map(|url| self.request(Method::GET, url, "application/json"));
        Discovery::Step { found, more: more.into_iter().collect() }
    }

    fn found(&self, item: &RawValue) -> Option<FoundCollection> {
        let places = self.profile.collections.as_ref()?;
        let word = |at: &Option<envelope::Pointer>| {
            at.as_ref().and_then(|at| envelope::at(item, at)).and_then(envelope::word)
        };
        let name =
            envelope::at(item, &places.name).and_then(envelope::word).filter(|name| !name.is_empty())?;
        Some(FoundCollection {
            title: word(&places.title).unwrap_or_else(|| name.clone()),
            noun: word(&places.noun),
            count: places.count.as_ref().and_then(|at| envelope::at(item, at)).and_then(envelope::count),
            name,
        })
    }

    pub(super) fn read_schema(&self, answer: &Answer) -> Option<String> {
        let (_, at) = self.profile.schema.as_ref()?;
        let response = answer.as_ref().ok().filter(|r| r.status == 200 && r.is_json())?;
        let schema = envelope::at(envelope::parse(&response.body).ok()?, at)?;
        Some(schema.get().to_owned()).filter(|text| text != "null")
    }

    pub(super) fn read_history(&self, answer: &Answer, now: Timestamp) -> Result<Vec<AuditLine>, Failed> {
        let Some(places) = &self.profile.history else {
            return Err(Failed::NotThere { words: "This server keeps no history of records.".to_owned() });
        };
        let response = judge::read_json(answer, now)?;
        let unreadable = || Failed::Unknown { words: "The server's history cannot be read.".to_owned() };
        let raw = envelope::parse(&response.body).map_err(|_| unreadable())?;
        let lines = envelope::at(raw, &places.lines).and_then(envelope::elements).ok_or_else(unreadable)?;
        let line = |raw: &RawValue| {
            let object = Object::of(raw)?;
            let word = |at: &envelope::Pointer| object.at(at).and_then(envelope::word);
            let tag = |at: &envelope::Pointer| word(at).and_then(|text| Validator::new(text).ok());
            let changed = object.at(&places.changed).and_then(envelope::elements).unwrap_or_default();
            Some(AuditLine {
                at: word(&places.at).and_then(|text| time::read(&text)),
                actor: word(&places.actor),
                from: tag(&places.from),
                to: tag(&places.to),
                changed: changed.into_iter().filter_map(envelope::word).collect(),
                request_id: word(&places.request_id),
            })
        };
        Ok(lines.into_iter().filter_map(line).collect())
    }

    pub(super) fn read_stamp(&self, body: &Body) -> Stamp {
        let (author, at) = (&self.profile.author, &self.profile.time);
        if author.is_none() && at.is_none() {
            return Stamp::default();
        }
        let Ok(raw) = envelope::parse(&body.bytes) else { return Stamp::default() };
        let word = |at: &Option<envelope::Pointer>| {
            at.as_ref().and_then(|at| envelope::at(raw, at)).and_then(envelope::word)
        };
        Stamp { by: word(author), at: word(at).and_then(|text| time::read(&text)) }
    }
}
