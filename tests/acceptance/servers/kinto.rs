//! A real Kinto, from PyPI (`tests/servers/kinto.sh`).

use super::{SCHEMA, Server};
use futures_util::future::BoxFuture;
use serde_json::value::RawValue;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use testkit::until;

/// Installing takes a while the first time.
const START: Duration = Duration::from_secs(150);

/// A running Kinto; it stops when this is dropped.
pub struct KintoProcess {
    port: u16,
    script: Child,
    _folder: tempfile::TempDir,
}

impl KintoProcess {
    /// Starts one on a free port.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("servers/kinto.sh");
        let script = Command::new(script)
            .arg(port.to_string())
            .arg(folder.path())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let process = Self { port, script, _folder: folder };
        let url = format!("http://127.0.0.1:{port}/v1/__heartbeat__");
        let client = reqwest::Client::new();
        until("Kinto answers (see tests/servers/kinto.sh)", START, || async {
            client.get(&url).send().await.ok().filter(|answer| answer.status() == 200)
        })
        .await
        .unwrap();
        process
    }
}

impl Drop for KintoProcess {
    fn drop(&mut self) {
        // The end of its standard input is the sign to stop.
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }
}

/// A bucket with one collection.
pub struct Kinto {
    process: Arc<KintoProcess>,
    bucket: String,
}

impl Kinto {
    /// Makes the bucket of a story and its collection `tools`.
    pub async fn begin(process: Arc<KintoProcess>, story: &str) -> Self {
        let kinto = Self { process, bucket: story.replace('_', "-") };
        let bucket = "{\"permissions\":{\"write\":[\"system.Everyone\"]}}";
        kinto.put("", bucket).await;
        kinto.make_collection().await;
        kinto
    }

    async fn put(&self, path: &str, body: &str) {
        let url = format!("http://{}/v1/buckets/{}{path}", self.address(), self.bucket);
        let client = reqwest::Client::new();
        let made = client
            .put(url)
            .header("Content-Type", "application/json")
            .header("If-None-Match", "*")
            .body(body.to_owned())
            .send()
            .await
            .unwrap();
        assert_eq!(made.status(), 201, "{}", made.text().await.unwrap());
    }

    async fn make_collection(&self) {
        self.put("/collections/tools", &format!("{{\"data\":{{\"schema\":{SCHEMA}}}}}")).await;
    }
}

#[derive(serde::Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: &'a RawValue,
}

impl Server for Kinto {
    fn family(&self) -> &'static str {
        "kinto"
    }

    fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.process.port).into()
    }

    fn root(&self) -> String {
        "/v1".to_owned()
    }

    fn collection(&self) -> String {
        format!("{}/tools", self.bucket)
    }

    fn records(&self) -> String {
        format!("/v1/buckets/{}/collections/tools/records", self.bucket)
    }

    fn list(&self) -> String {
        self.records()
    }

    fn wrap(&self, record: &str) -> String {
        format!("{{\"data\":{record}}}")
    }

    fn unwrap(&self, answer: &str) -> String {
        serde_json::from_str::<Envelope<'_>>(answer).unwrap().data.get().to_owned()
    }

    fn ids(&self, list: &serde_json::Value) -> Vec<String> {
        let items = list["data"].as_array().unwrap();
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    }

    fn keeps_bytes(&self) -> bool {
        false
    }

    fn names_fields(&self) -> bool {
        false
    }

    fn flush(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let url = format!("http://{}/v1/buckets/{}/collections/tools", self.address(), self.bucket);
            let gone = reqwest::Client::new().delete(url).send().await.unwrap();
            assert_eq!(gone.status(), 200);
            self.make_collection().await;
        })
    }
}
