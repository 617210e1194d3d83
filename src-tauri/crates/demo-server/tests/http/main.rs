//! The server over real HTTP.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod bytes;
mod client;
mod limits;
mod lists;
mod preconditions;
mod writes;

use client::Client;

#[tokio::test]
async fn a_record_goes_in_and_comes_out() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    let put = client.put("things/a", r#"{"n": 1.0}"#).header("if-none-match", "*").send().await?;
    assert_eq!(put.status(), 201);
    assert_eq!(put.headers()["location"], "/collections/things/records/a");
    let tag = put.headers()["etag"].clone();
    let got = client.get("things/a").send().await?;
    assert_eq!((got.status().as_u16(), &got.headers()["etag"]), (200, &tag));
    assert_eq!(got.text().await?, r#"{"n": 1.0}"#);
    Ok(())
}
