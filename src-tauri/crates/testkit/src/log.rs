//! What passed a proxy.

use crate::proxy::Fault;
use crate::wire::Heard;
use serde_json::Value;
use std::time::Instant;

/// One request that came by.
#[derive(Clone, Debug)]
pub struct Passed {
    /// The request, before any fault changed it.
    pub heard: Heard,
    /// When it came.
    pub at: Instant,
    /// The fault it met.
    pub fault: Option<Fault>,
    /// Status the server behind answered; `None` = the server never saw the request.
    pub status: Option<u16>,
    /// Body the server behind answered, as it came on the wire.
    pub answer: Vec<u8>,
}

/// One write, alone or as an item of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Method, in upper case.
    pub method: String,
    /// Path as sent.
    pub path: String,
    /// `If-Match` as sent.
    pub if_match: Option<String>,
    /// `If-None-Match` as sent.
    pub if_none_match: Option<String>,
    /// Status the server answered; `None` = it never saw it.
    pub status: Option<u16>,
    /// The server saw it.
    pub arrived: bool,
}

impl Written {
    /// It cannot overwrite anything unseen.
    pub fn is_guarded(&self) -> bool {
        self.if_match.is_some() || self.if_none_match.as_deref() == Some("*")
    }
}

impl Passed {
    /// The writes of this request: itself, or the items of a batch (`{"requests":[{"method","path","headers"}]}`).
    pub fn writes(&self) -> Vec<Written> {
        if !self.heard.is_write() {
            return Vec::new();
        }
        let path = self.heard.target.split('?').next().unwrap_or_default();
        if self.heard.method == "POST" && path.ends_with("/batch") {
            return self.items().unwrap_or_default();
        }
        let header = |name: &str| self.heard.header(name).map(str::to_owned);
        vec![Written {
            method: self.heard.method.clone(),
            path: path.to_owned(),
            if_match: header("if-match"),
            if_none_match: header("if-none-match"),
            status: self.status,
            arrived: self.status.is_some(),
        }]
    }

    /// Items of a batch, with their answers in the same order (`{"responses":[{"status"}]}`).
    fn items(&self) -> Option<Vec<Written>> {
        let batch: Value = serde_json::from_slice(&self.heard.body).ok()?;
        let answer: Value = serde_json::from_slice(&self.answer).unwrap_or_default();
        let status = |at: usize| {
            let status = answer.get("responses")?.get(at)?.get("status")?.as_u64()?;
            u16::try_from(status).ok()
        };
        let items = batch.get("requests")?.as_array()?.iter().enumerate().map(|(at, item)| {
            let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let header = |name: &str| {
                let all = item.get("headers")?.as_object()?;
                let found = all.iter().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
                found.1.as_str().map(str::to_owned)
            };
            Written {
                method: text("method").to_ascii_uppercase(),
                path: text("path"),
                if_match: header("if-match"),
                if_none_match: header("if-none-match"),
                status: status(at),
                arrived: self.status.is_some(),
            }
        });
        Some(items.filter(|item| item.method != "GET").collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_writes_of_a_batch_are_told_apart() {
        let answer = br#"{"responses":[{"status":412},{"status":204}]}"#.to_vec();
        let body = br#"{"requests":[{"method":"PUT","path":"/a","headers":{"If-Match":"\"1\""}},{"method":"delete","path":"/b"}]}"#;
        let heard =
            Heard { method: "POST".into(), target: "/v1/batch".into(), headers: vec![], body: body.to_vec() };
        let writes = Passed { heard, at: Instant::now(), fault: None, status: Some(200), answer }.writes();
        assert_eq!(writes.iter().map(|w| w.status).collect::<Vec<_>>(), [Some(412), Some(204)]);
        assert_eq!(writes.iter().map(Written::is_guarded).collect::<Vec<_>>(), [true, false]);
        assert_eq!(writes.iter().map(|w| w.path.as_str()).collect::<Vec<_>>(), ["/a", "/b"]);
    }

    #[test]
    fn only_a_star_guards_a_creation() {
        let write = |value: &str| {
            let headers = vec![("if-none-match".to_owned(), value.to_owned())];
            let heard = Heard { method: "PUT".into(), target: "/a".into(), headers, body: vec![] };
            Passed { heard, at: Instant::now(), fault: None, status: None, answer: vec![] }.writes().remove(0)
        };
        assert!(write("*").is_guarded());
        assert!(!write("\"1\"").is_guarded());
    }
}
