//! A server, a colleague who writes to it over HTTP, and people with a data folder of their own.

use demo_server::{Options, RequestLine, Server, start};
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_matchbookctl");

/// A reference server with an empty collection `things`, and whoever else writes to it.
pub struct World {
    pub server: Server,
    http: reqwest::Client,
    requests: Arc<Mutex<Vec<RequestLine>>>,
    secret: Option<String>,
}

impl World {
    pub async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> Self {
        let requests: Arc<Mutex<Vec<RequestLine>>> = Arc::default();
        let log = Arc::clone(&requests);
        let secret = options.user.as_ref().map(|(_, secret)| secret.clone());
        let observe = move |line: &RequestLine| log.lock().unwrap().push(line.clone());
        let options = Options { on_request: Some(Arc::new(observe)), ..options };
        let server = start(options).await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let world = Self { server, http, requests, secret };
        world.send("PUT", "/collections/things", Some("{}"), None).await;
        world
    }

    pub fn url(&self) -> String {
        self.server.base_url()
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<&str>,
        condition: Option<(&str, &str)>,
    ) -> (u16, String) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.http.request(method, format!("{}{path}", self.url())).header("x-actor", "Ben");
        if let Some(secret) = &self.secret {
            request = request.header("authorization", format!("Bearer {secret}"));
        }
        if let Some((name, value)) = condition {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_owned());
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    fn path(id: &str) -> String {
        format!("/collections/things/records/{id}")
    }

    /// The bytes of a record on the server; `None` = it is not there.
    pub async fn get(&self, id: &str) -> Option<String> {
        let (status, body) = self.send("GET", &Self::path(id), None, None).await;
        (status == 200).then_some(body)
    }

    /// The tag of a record.
    pub async fn tag(&self, id: &str) -> String {
        let mut request = self.http.get(format!("{}{}", self.url(), Self::path(id)));
        if let Some(secret) = &self.secret {
            request = request.header("authorization", format!("Bearer {secret}"));
        }
        request.send().await.unwrap().headers()["etag"].to_str().unwrap().to_owned()
    }

    /// Somebody else makes a record.
    pub async fn create(&self, id: &str, body: &str) {
        let (status, text) =
            self.send("PUT", &Self::path(id), Some(body), Some(("if-none-match", "*"))).await;
        assert_eq!(status, 201, "{text}");
    }

    /// Somebody else replaces a record.
    pub async fn change(&self, id: &str, body: &str) {
        let tag = self.tag(id).await;
        let (status, text) = self.send("PUT", &Self::path(id), Some(body), Some(("if-match", &tag))).await;
        assert!(status < 300, "{text}");
    }

    /// Somebody else deletes a record.
    pub async fn delete(&self, id: &str) {
        let tag = self.tag(id).await;
        let (status, text) = self.send("DELETE", &Self::path(id), None, Some(("if-match", &tag))).await;
        assert!(status < 300, "{text}");
    }

    /// Writes to records the server saw so far.
    pub fn writes(&self) -> Vec<RequestLine> {
        let requests = self.requests.lock().unwrap();
        let write = |line: &&RequestLine| {
            line.method != "GET" && line.method != "HEAD" && line.target.contains("/records")
        };
        requests.iter().filter(write).cloned().collect()
    }

    /// Nothing was ever written without a condition.
    pub fn assert_guarded(&self) {
        for line in self.writes() {
            assert!(line.if_match.is_some() || line.if_none_match.is_some(), "{line:?}");
        }
    }
}

/// Somebody at the command line.
pub struct Person {
    pub home: TempDir,
}

impl Person {
    pub fn new() -> Self {
        Self { home: TempDir::new().unwrap() }
    }

    /// Somebody who added the server as `lib` and read it.
    pub fn of(world: &World) -> Self {
        let person = Self::new();
        person.run(&["source", "add", "lib", &world.url(), "--family", "rest"]).ok();
        person.run(&["sync"]).ok();
        person
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(args).env_clear().env("MATCHBOOK_HOME", self.home.path()).env("NO_PROXY", "*");
        command
    }

    /// Runs a command with `--json`.
    pub fn run(&self, args: &[&str]) -> Done {
        self.feed(args, "", &[])
    }

    pub fn feed(&self, args: &[&str], stdin: &str, variables: &[(&str, &str)]) -> Done {
        let mut command = self.command(args);
        command.arg("--json").envs(variables.iter().copied());
        perform(command, stdin)
    }

    /// Runs a command as people do, without `--json`.
    pub fn read(&self, args: &[&str]) -> Done {
        perform(self.command(args), "")
    }
}

fn perform(mut command: Command, stdin: &str) -> Done {
    tokio::task::block_in_place(|| {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let text = stdin.to_owned();
        // A child that ends without reading is no failure of the test.
        let writing = std::thread::spawn(move || drop(pipe.write_all(text.as_bytes())));
        let output = child.wait_with_output().unwrap();
        writing.join().unwrap();
        Done {
            name: format!("{command:?}"),
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    })
}

/// How a command ended.
#[derive(Debug)]
pub struct Done {
    name: String,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Done {
    #[track_caller]
    pub fn exit(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}{}", self.name, self.stdout, self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        self
    }

    #[track_caller]
    pub fn ok(self) -> Self {
        self.exit(0)
    }

    /// The lines as JSON.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}")))
            .collect()
    }

    /// The only line.
    #[track_caller]
    pub fn line(&self) -> Value {
        let lines = self.lines();
        assert_eq!(lines.len(), 1, "{}\n{}", self.name, self.stdout);
        lines[0].clone()
    }

    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.stderr.contains(words), "{:?} is not in: {}", words, self.stderr);
        self
    }
}

/// Names of a line's members: the contract lists them all.
pub fn members(line: &Value) -> Vec<&str> {
    line.as_object().unwrap().keys().map(String::as_str).collect()
}
