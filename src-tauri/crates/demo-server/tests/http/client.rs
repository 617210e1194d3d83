//! A server and a client for it.

use demo_server::{Options, Server, start};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

/// A running server with an empty collection `things`, and a client.
pub struct Client {
    pub server: Server,
    pub http: reqwest::Client,
}

impl Client {
    pub async fn start() -> anyhow::Result<Self> {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> anyhow::Result<Self> {
        let client =
            Self { server: start(options).await?, http: reqwest::Client::builder().no_proxy().build()? };
        Ok(client)
    }

    /// A request to a path of the server.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.http.request(method, format!("{}{path}", self.server.base_url()))
    }

    fn record(&self, method: &str, address: &str) -> RequestBuilder {
        let (collection, id) = address.split_once('/').unwrap();
        self.request(method, &format!("/collections/{collection}/records/{id}"))
    }

    pub fn get(&self, address: &str) -> RequestBuilder {
        self.record("GET", address)
    }

    pub fn delete(&self, address: &str) -> RequestBuilder {
        self.record("DELETE", address)
    }

    pub fn put(&self, address: &str, body: &str) -> RequestBuilder {
        self.record("PUT", address).header("content-type", "application/json").body(body.to_owned())
    }

    pub fn patch(&self, address: &str, media_type: &str, body: &str) -> RequestBuilder {
        self.record("PATCH", address).header("content-type", media_type).body(body.to_owned())
    }

    /// Makes a collection.
    pub async fn collection(&self, name: &str, settings: &str) -> anyhow::Result<()> {
        let made =
            self.request("PUT", &format!("/collections/{name}")).body(settings.to_owned()).send().await?;
        assert_eq!(made.status(), 201, "{}", made.text().await?);
        Ok(())
    }

    /// Creates a record and gives its tag.
    pub async fn create(&self, address: &str, body: &str) -> anyhow::Result<String> {
        let made = self.put(address, body).header("if-none-match", "*").send().await?;
        assert_eq!(made.status(), 201);
        Ok(tag(&made))
    }

    /// GET of a path, as JSON.
    pub async fn json(&self, path: &str) -> anyhow::Result<Value> {
        let got = self.request("GET", path).send().await?;
        assert_eq!(got.status(), 200, "{path}");
        Ok(serde_json::from_slice(&got.bytes().await?)?)
    }
}

/// The tag of an answer.
pub fn tag(response: &Response) -> String {
    response.headers()["etag"].to_str().unwrap().to_owned()
}

/// Status and body as JSON.
pub async fn problem(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap())
}
