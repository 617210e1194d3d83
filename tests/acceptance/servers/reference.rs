//! The reference server.

use super::{SCHEMA, Server};
use futures_util::future::BoxFuture;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Mutex;

/// A reference server of one story.
pub struct Reference {
    running: Mutex<demo_server::Server>,
    user: Option<(String, String)>,
    /// What the collection is made with.
    settings: String,
}

async fn with_collection(user: Option<(String, String)>, settings: &str) -> demo_server::Server {
    let options = demo_server::Options { user: user.clone(), ..demo_server::Options::default() };
    let server = demo_server::start(options).await.unwrap();
    let url = format!("{}/collections/tools", server.base_url());
    let request = reqwest::Client::new().put(url);
    let request = match user {
        Some((user, secret)) => request.basic_auth(user, Some(secret)),
        None => request,
    };
    let made =
        request.header("Content-Type", "application/json").body(settings.to_owned()).send().await.unwrap();
    assert_eq!(made.status(), 201);
    server
}

impl Reference {
    /// Starts one with an empty collection `tools`.
    pub async fn start() -> Self {
        Self::asking(None).await
    }

    /// The same, asking everybody to sign in with this name and secret.
    pub async fn asking(user: Option<(String, String)>) -> Self {
        Self::with(user, format!("{{\"schema\":{SCHEMA}}}")).await
    }

    /// The same for records of any kind: there is no schema.
    pub async fn for_anything() -> Self {
        Self::with(None, "{}".to_owned()).await
    }

    async fn with(user: Option<(String, String)>, settings: String) -> Self {
        Self { running: Mutex::new(with_collection(user.clone(), &settings).await), user, settings }
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

    fn list(&self) -> String {
        format!("{}?limit=1000", self.records())
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

    fn sign_in(&self) -> Option<(String, String)> {
        self.user.clone()
    }

    fn flush(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let fresh = with_collection(self.user.clone(), &self.settings).await;
            let old = std::mem::replace(&mut *self.running.lock().unwrap(), fresh);
            old.stop().await;
        })
    }
}
