//! Finding collections: the start page, then the buckets, then the collections of each.

use super::Kinto;
use crate::envelope::{self, Object};
use crate::{Answer, Discovery, Failed, FoundCollection, Request, Response, judge};
use percent_encoding::percent_decode_str;
use sync_engine::Timestamp;

/// The start page, if this is a Kinto.
pub(super) fn hello(response: &Response) -> Option<Object<'_>> {
    if response.status != 200 || !response.is_json() {
        return None;
    }
    let hello = envelope::parse(&response.body).ok().and_then(Object::of)?;
    let known = ["project_name", "http_api_version", "settings"].iter().all(|name| hello.get(name).is_some());
    known.then_some(hello)
}

impl Kinto {
    pub(super) fn judge_discover(&self, request: &Request, answer: &Answer, now: Timestamp) -> Discovery {
        let below: Vec<String> = request
            .url
            .path()
            .strip_prefix(self.base.url().path())
            .unwrap_or_default()
            .split('/')
            .map(|step| percent_decode_str(step).decode_utf8_lossy().into_owned())
            .collect();
        let below: Vec<&str> = below.iter().map(String::as_str).collect();
        match below.as_slice() {
            ["buckets"] => self.buckets(request, answer, now),
            ["buckets", bucket, "collections"] => self.collections(bucket, request, answer, now),
            _ => self.start(answer, now),
        }
    }

    fn start(&self, answer: &Answer, now: Timestamp) -> Discovery {
        let not_kinto = || Discovery::NotThisFamily {
            words: "There is no Kinto at this address. It usually ends in /v1/.".to_owned(),
        };
        match judge::read(answer, now) {
            Ok(response) if hello(response).is_some() => self.step(Vec::new(), &["buckets".to_owned()]),
            Ok(_) | Err(Failed::NotThere { .. } | Failed::Unknown { .. } | Failed::NotOurs { .. }) => {
                match answer {
                    Ok(response) if response.status < 500 => not_kinto(),
                    _ => failed(answer, now),
                }
            }
            Err(other) => Discovery::Failed(other),
        }
    }

    fn buckets(&self, request: &Request, answer: &Answer, now: Timestamp) -> Discovery {
        match data(answer, now) {
            Ok(items) => {
                let paths: Vec<String> = ids(&items)
                    .iter()
                    .map(|bucket| format!("buckets/{}/collections", crate::address::escape(bucket)))
                    .collect();
                let mut step = self.step(Vec::new(), &paths);
                self.add_next(&mut step, request, answer);
                step
            }
            Err(Failed::Forbidden { .. }) => Discovery::Unlisted {
                words: "You may not see which buckets there are. Name the collections as BUCKET/COLLECTION."
                    .to_owned(),
            },
            Err(failed) => Discovery::Failed(failed),
        }
    }

    fn collections(&self, bucket: &str, request: &Request, answer: &Answer, now: Timestamp) -> Discovery {
        match data(answer, now) {
            Ok(items) => {
                let found = items
                    .iter()
                    .filter_map(|item| {
                        let id = item.get("id").and_then(envelope::word)?;
                        let title =
                            item.get("title").and_then(envelope::text).filter(|text| !text.is_empty());
                        Some(FoundCollection {
                            name: format!("{bucket}/{id}"),
                            title: title.unwrap_or(id),
                            noun: None,
                            count: None,
                        })
                    })
                    .collect();
                let mut step = self.step(found, &[]);
                self.add_next(&mut step, request, answer);
                step
            }
            // One closed bucket must not hide the others.
            Err(Failed::Forbidden { .. } | Failed::NotThere { .. }) => self.step(Vec::new(), &[]),
            Err(failed) => Discovery::Failed(failed),
        }
    }

    fn step(&self, found: Vec<FoundCollection>, paths: &[String]) -> Discovery {
        let more =
            paths.iter().filter_map(|path| self.base.below(path).ok()).map(|url| self.get(url)).collect();
        Discovery::Step { found, more }
    }

    fn add_next(&self, step: &mut Discovery, request: &Request, answer: &Answer) {
        let link = answer.as_ref().ok().and_then(|response| response.header("next-page"));
        let next = link.and_then(|link| request.url.join(link).ok());
        if let (Discovery::Step { more, .. }, Some(next)) = (step, next)
            && next.query() != request.url.query()
        {
            let mut url = request.url.clone();
            url.set_query(next.query());
            more.push(self.get(url));
        }
    }
}

fn failed(answer: &Answer, now: Timestamp) -> Discovery {
    match judge::read(answer, now) {
        Err(failed) => Discovery::Failed(failed),
        Ok(response) => Discovery::Failed(judge::not_ours(response)),
    }
}

fn data(answer: &Answer, now: Timestamp) -> Result<Vec<Object<'_>>, Failed> {
    let response = judge::read_json(answer, now)?;
    let raw = envelope::parse(&response.body).ok().and_then(Object::of);
    let items = raw.and_then(|object| object.get("data")).and_then(envelope::elements);
    let items =
        items.ok_or_else(|| Failed::Unknown { words: "The server's list cannot be read.".to_owned() })?;
    Ok(items.into_iter().filter_map(Object::of).collect())
}

fn ids(items: &[Object<'_>]) -> Vec<String> {
    items.iter().filter_map(|item| item.get("id").and_then(envelope::word)).collect()
}
