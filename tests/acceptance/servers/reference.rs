//! The reference server.

use super::{SCHEMA, Server};
use futures_util::future::BoxFuture;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Mutex;

/// A reference server of one story.
pub struct Reference {
    running: Mutex<demo_server::Server>,
}

async fn with_collection() -> demo_server::Server {
    let server = demo_server::start(demo_server::Options::default()).await.unwrap();
    let url = format!("{}/collections/tools", server.base_url());
    let made = reqwest::Client::new()
        .put(url)
        .header("Content-Type", "application/json")
        .body(format!("{{\"schema\":{SCHEMA}}}"))
        .send()
        .await
        .unwrap();
    assert_eq!(made.status(), 201);
    server
}

impl Reference {
    /// Starts one with an empty collection `tools`.
    pub async fn start() -> Self {
        Self { running: Mutex::new(with_collection().await) }
    }
}

impl Server for Reference {
    fn family(&self) -> &'static str {
        "rest"
    }

    fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.running.lock().unwrap().port()).into()
    }

    fn root(&self) -> String {
        String::new()
    }

    fn collection(&self) -> String {
        "tools".to_owned()
    }

    fn records(&self) -> String {
        "/collections/tools/records".to_owned()
    }

    fn wrap(&self, record: &str) -> String {
        record.to_owned()
    }

    fn unwrap(&self, answer: &str) -> String {
        answer.to_owned()
    }

    fn ids(&self, list: &serde_json::Value) -> Vec<String> {
        let items = list["items"].as_array().unwrap();
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    }

    fn keeps_bytes(&self) -> bool {
        true
    }

    fn names_fields(&self) -> bool {
        true
    }

    fn flush(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let fresh = with_collection().await;
            let old = std::mem::replace(&mut *self.running.lock().unwrap(), fresh);
            old.stop().await;
        })
    }
}
