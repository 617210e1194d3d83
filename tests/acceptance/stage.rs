//! Where a story plays: a server behind a network that can fail, colleagues who write to it directly, and people with
//! the real engine and the real database.

use crate::person::Person;
use crate::servers::{Backend, Server};
use ipc_types::AddSource;
use reqwest::Method;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use testkit::{FaultProxy, Passed, Written, until};

/// Conditions come true within this, also on a busy computer.
pub const SOON: Duration = Duration::from_secs(45);

/// The record of most stories. The spelling is odd on purpose: it has to survive.
pub const DRILL: &str = "{ \"name\":\"Drill\",\t\"deposit\" : 30.00, \"serial\":12345678901234567890, \"ratio\":1.0,\n  \"notes\":\"first line\", \"place\":{\"shelf\":\"A1\",\"room\":\"north\"} }";

/// Waits until `check` says yes.
pub async fn eventually<F: FnMut() -> A, A: Future<Output = bool>>(what: &str, mut check: F) {
    let check = || {
        let asked = check();
        async { asked.await.then_some(()) }
    };
    until(what, SOON, check).await.unwrap();
}

/// What a record is, by how it begins.
fn media_type(record: &str) -> &'static str {
    match record {
        card if card.starts_with("BEGIN:VCARD") => "text/vcard",
        event if event.starts_with("BEGIN:VCALENDAR") => "text/calendar",
        _ => "application/json",
    }
}

/// A server behind a proxy. All requests of people go through the proxy; when the stage goes, it is an error if any
/// of their writes had no precondition.
pub struct Stage {
    pub server: Arc<dyn Server>,
    pub proxy: FaultProxy,
    http: reqwest::Client,
    /// Writes that may go without a precondition: of servers that choose addresses, or ignore preconditions.
    pub may_be_bare: fn(&Written) -> bool,
}

impl Stage {
    /// A server with an empty collection.
    pub async fn new(backend: &Backend, story: &str) -> Self {
        Self::around(backend.server(story).await).await
    }

    /// Around a server that is already there.
    pub async fn around(server: Arc<dyn Server>) -> Self {
        let proxy = FaultProxy::start(server.address()).await.unwrap();
        Self { server, proxy, http: reqwest::Client::new(), may_be_bare: |_| false }
    }

    /// A server with one record, the [`DRILL`], at the id `drill`.
    pub async fn with_drill(backend: &Backend, story: &str) -> Self {
        let stage = Self::new(backend, story).await;
        stage.creates("drill", DRILL).await;
        stage
    }

    /// A person with an empty data folder who adds the server, and has read everything.
    pub async fn person(&self) -> Person {
        let person = Person::at(tempfile::tempdir().unwrap()).await;
        person.handle.add_source(self.source(None)).await.unwrap();
        person.reads().await;
        person
    }

    /// The server as a source `work`, seen through the proxy.
    pub fn source(&self, profile: Option<String>) -> AddSource {
        AddSource {
            name: "work".to_owned(),
            url: format!("{}{}", self.proxy.url(), self.server.root()),
            family: self.server.family().to_owned(),
            collections: vec![self.server.collection()],
            user: None,
            secret: None,
            profile,
            headers: Vec::new(),
        }
    }

    /// Address of a record as people write it.
    pub fn address(&self, id: &str) -> String {
        format!("work/{}/{id}", self.server.collection().replace('/', "%2F"))
    }

    fn ask(&self, method: Method, url: impl reqwest::IntoUrl) -> reqwest::RequestBuilder {
        let request = self.http.request(method, url);
        match self.server.sign_in() {
            Some((user, secret)) => request.basic_auth(user, Some(secret)),
            None => request,
        }
    }

    fn url(&self, id: &str) -> String {
        format!("http://{}{}/{id}", self.server.address(), self.server.records())
    }

    /// What the server has: the tag, and the record as it is spelled there.
    pub async fn has(&self, id: &str) -> Option<(String, String)> {
        let answer = self.ask(Method::GET, self.url(id)).send().await.unwrap();
        if matches!(answer.status().as_u16(), 404 | 410) {
            return None;
        }
        assert_eq!(answer.status(), 200);
        let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
        Some((tag, self.server.unwrap(&answer.text().await.unwrap())))
    }

    /// One member of what the server has.
    pub async fn member(&self, id: &str, name: &str) -> serde_json::Value {
        let (_, text) = self.has(id).await.unwrap_or_else(|| panic!("the server has no {id}"));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        value[name].clone()
    }

    /// Every id of the collection, over all pages.
    pub async fn ids(&self) -> Vec<String> {
        let list = format!("http://{}{}", self.server.address(), self.server.list());
        let (mut ids, mut next) = (Vec::new(), Some(list));
        while let Some(url) = next {
            let url = reqwest::Url::parse(&url).unwrap();
            let answer = self.ask(Method::GET, url.clone()).send().await.unwrap();
            assert_eq!(answer.status(), 200);
            let page = answer.headers().get("next-page").map(|v| v.to_str().unwrap().to_owned());
            let list: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
            let linked = list.get("next").and_then(|n| n.as_str()).map(|n| url.join(n).unwrap().to_string());
            ids.extend(self.server.ids(&list));
            next = page.or(linked);
        }
        ids.sort();
        ids
    }

    async fn colleague_sends(&self, request: reqwest::RequestBuilder, record: Option<&str>) -> u16 {
        let request = request.header("X-Actor", "cho");
        let request = match record {
            Some(record) => request.header("Content-Type", media_type(record)).body(self.server.wrap(record)),
            None => request,
        };
        request.send().await.unwrap().status().as_u16()
    }

    /// A colleague makes a record.
    pub async fn creates(&self, id: &str, record: &str) {
        let request = self.ask(Method::PUT, self.url(id)).header("If-None-Match", "*");
        assert_eq!(self.colleague_sends(request, Some(record)).await, 201);
    }

    /// A colleague replaces a piece of the text of a record; it has to be there once.
    pub async fn changes(&self, id: &str, from: &str, to: &str) {
        let (tag, text) = self.has(id).await.unwrap();
        // Servers that spell anew leave out white space.
        assert_eq!(text.matches(from).count(), 1, "{from} is not once in {text}");
        let request = self.ask(Method::PUT, self.url(id)).header("If-Match", tag);
        let status = self.colleague_sends(request, Some(&text.replace(from, to))).await;
        assert!(matches!(status, 200 | 204), "{status}");
    }

    /// A colleague deletes a record.
    pub async fn deletes(&self, id: &str) {
        let (tag, _) = self.has(id).await.unwrap();
        let request = self.ask(Method::DELETE, self.url(id)).header("If-Match", tag);
        let status = self.colleague_sends(request, None).await;
        assert!(matches!(status, 200 | 204), "{status}");
    }

    /// Everything that came by from the `mark` on ([`Stage::mark`]).
    pub fn passed(&self, mark: usize) -> Vec<Passed> {
        self.proxy.log().into_iter().skip(mark).collect()
    }

    /// Now, for [`Stage::passed`] and [`Stage::writes`].
    pub fn mark(&self) -> usize {
        self.proxy.log().len()
    }

    /// Writes of people to one record since the mark, items of batches included.
    pub fn writes(&self, id: &str, mark: usize) -> Vec<Written> {
        let end = format!("/{id}");
        let all = self.passed(mark);
        all.iter().flat_map(Passed::writes).filter(|write| write.path.ends_with(&end)).collect()
    }

    /// Writes of people to one record since the mark that had an effect on the server.
    pub fn effects(&self, id: &str, mark: usize) -> usize {
        self.writes(id, mark).iter().filter(|w| w.status.is_some_and(|s| s < 300)).count()
    }

    /// All records vanish from the server without a trace.
    pub async fn flush(&self) {
        self.server.flush().await;
        self.proxy.lead_to(self.server.address());
    }

    /// The server's spelling of a piece of JSON: some leave white space out.
    pub fn spelled(&self, piece: &str) -> String {
        if self.server.keeps_bytes() { piece.to_owned() } else { piece.replace([' ', '\t', '\n'], "") }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        for write in self.proxy.log().iter().flat_map(Passed::writes) {
            let allowed = write.is_guarded() || (self.may_be_bare)(&write);
            assert!(allowed, "a write without a precondition: {write:?}");
        }
    }
}

/// Where a data folder is kept between two runs.
pub enum Home {
    /// It goes with the person.
    Kept(tempfile::TempDir),
    /// Somebody else's.
    Elsewhere(PathBuf),
}

impl Home {
    /// The folder.
    pub fn path(&self) -> PathBuf {
        match self {
            Self::Kept(folder) => folder.path().to_owned(),
            Self::Elsewhere(path) => path.clone(),
        }
    }
}
