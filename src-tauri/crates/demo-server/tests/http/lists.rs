//! Pages, deltas, tombstones, list tags, the change stream.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use serde_json::Value;

use crate::client::{Client, problem, tag};

/// Follows `next` from a path to the end.
async fn pages(client: &Client, path: &str) -> anyhow::Result<(Vec<Value>, String, usize)> {
    let mut url = reqwest::Url::parse(&format!("{}{path}", client.server.base_url()))?;
    let (mut items, mut count) = (Vec::new(), 0);
    loop {
        let page: Value = serde_json::from_slice(&client.http.get(url.clone()).send().await?.bytes().await?)?;
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        count += 1;
        match page["next"].as_str() {
            Some(next) => url = url.join(next)?,
            None => return Ok((items, page["cursor"].as_str().unwrap().to_owned(), count)),
        }
    }
}

#[tokio::test]
async fn what_changes_while_pages_are_read_is_in_the_delta() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    let mut tags = BTreeMap::new();
    for n in 0..25 {
        let id = format!("r{n:02}");
        tags.insert(id.clone(), client.create(&format!("things/{id}"), &format!("{n}")).await?);
    }
    let first = client.json("/collections/things/records?limit=10").await?;
    assert_eq!((first["total"].as_i64(), first["items"].as_array().unwrap().len()), (Some(25), 10));
    // One that was read, one that is still to come, one new before the place, one deleted.
    client.put("things/r03", "333").header("if-match", &tags["r03"]).send().await?.error_for_status()?;
    client.put("things/r20", "2020").header("if-match", &tags["r20"]).send().await?.error_for_status()?;
    client.create("things/a", "7").await?;
    client.delete("things/r05").header("if-match", &tags["r05"]).send().await?.error_for_status()?;
    let next = first["next"].as_str().unwrap();
    let (rest, cursor, _) = pages(&client, &format!("/collections/things/records{next}")).await?;
    assert_eq!(rest.len(), 15);
    assert_eq!(rest[10]["record"], 2020);
    let (delta, end, _) = pages(&client, &format!("/collections/things/records?since={cursor}")).await?;
    let seen: Vec<(&str, bool)> =
        delta.iter().map(|i| (i["id"].as_str().unwrap(), i["deleted"] == true)).collect();
    assert_eq!(seen, [("r03", false), ("r20", false), ("a", false), ("r05", true)]);
    assert_eq!(delta[0]["record"], 333);
    assert!(delta[3].get("etag").is_none() && delta[3].get("record").is_none());
    let (nothing, _, _) = pages(&client, &format!("/collections/things/changes?since={end}")).await?;
    assert!(nothing.is_empty());
    let (all, _, count) = pages(&client, "/collections/things/changes?limit=4").await?;
    assert_eq!((all.len(), count), (26, 7));
    assert!(all.windows(2).all(|w| w[0]["seq"].as_i64() < w[1]["seq"].as_i64()));
    Ok(())
}

#[tokio::test]
async fn list_tags() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    client.create("things/a", "1").await?;
    for (number, path) in
        ["/collections/things/records", "/collections/things/records?since=0", "/collections/things/changes"]
            .into_iter()
            .enumerate()
    {
        let list = client.request("GET", path).send().await?;
        let same = client.request("GET", path).header("if-none-match", tag(&list)).send().await?;
        assert_eq!((same.status().as_u16(), tag(&same)), (304, tag(&list)), "{path}");
        client.create(&format!("things/{}", number), "1").await?;
        let other = client.request("GET", path).header("if-none-match", tag(&list)).send().await?;
        assert_eq!(other.status(), 200, "{path}");
    }
    let all = client.request("GET", "/collections").send().await?;
    let same = client.request("GET", "/collections").header("if-none-match", tag(&all)).send().await?;
    assert_eq!(same.status(), 304);
    Ok(())
}

#[tokio::test]
async fn cursors_of_another_life_are_refused() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    for (since, wanted) in [("0", 200), ("1", 410), ("00000000-0", 410), ("-1", 410), ("x", 400), ("", 400)] {
        let answer =
            client.request("GET", &format!("/collections/things/records?since={since}")).send().await?;
        assert_eq!(answer.status(), wanted, "{since}");
    }
    for query in ["limit=0", "limit=x", "next=%21"] {
        let answer = client.request("GET", &format!("/collections/things/records?{query}")).send().await?;
        assert_eq!(problem(answer).await.0, 400, "{query}");
    }
    let big = client.json("/collections/things/records?limit=5000").await?;
    assert_eq!(big["items"].as_array().unwrap().len(), 0);
    Ok(())
}

#[tokio::test]
async fn large_records_end_a_page_early() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    let large = format!("\"{}\"", "x".repeat(9 * 1024 * 1024));
    for n in 0..3 {
        client.create(&format!("things/{n}"), &large).await?;
    }
    let (items, _, count) = pages(&client, "/collections/things/records").await?;
    assert_eq!((items.len(), count), (3, 3));
    Ok(())
}

#[tokio::test]
async fn the_stream_tells_what_happens() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    client.create("things/before", "1").await?;
    let follow = |since: Option<&str>| {
        let request =
            client.request("GET", "/collections/things/changes").header("accept", "text/event-stream");
        match since {
            Some(id) => request.header("last-event-id", id),
            None => request,
        }
    };
    let stream = follow(None).send().await?;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let tag = client.create("things/a", "{\n \"n\": 1.0\n}").await?;
    client.delete("things/a").header("if-match", &tag).send().await?.error_for_status()?;
    client.create("things/cr", "[\r\n1]").await?;
    let text = read_until(stream, "\"cr\"").await?;
    assert!(!text.contains("before"));
    let spliced = format!(
        "data: {{\"id\":\"a\",\"etag\":{},\"seq\":2,\"record\":{{\ndata:  \"n\": 1.0\ndata: }}}}\n\n",
        Value::from(tag)
    );
    assert!(text.contains(&spliced) || text.contains("{\"id\":\"a\",\"seq\":3,\"deleted\":true}"), "{text}");
    assert!(text.contains("data: {\"id\":\"a\",\"seq\":3,\"deleted\":true}\n\n"), "{text}");
    assert!(!text.contains('\r'));
    let id = text.lines().rfind(|l| l.starts_with("id: ")).unwrap().trim_start_matches("id: ").to_owned();
    let again = follow(Some(&id)).send().await?;
    client.create("things/later", "1").await?;
    let text = read_until(again, "\"later\"").await?;
    assert!(!text.contains("\"cr\""), "{text}");
    let lost = follow(Some("00000000-1")).send().await?;
    assert_eq!(problem(lost).await.0, 410);
    Ok(())
}

async fn read_until(response: reqwest::Response, wanted: &str) -> anyhow::Result<String> {
    let mut chunks = response.bytes_stream();
    let mut text = String::new();
    while let Some(chunk) = chunks.next().await {
        text.push_str(std::str::from_utf8(&chunk?)?);
        if text.contains(wanted) && text.ends_with("\n\n") {
            return Ok(text);
        }
    }
    anyhow::bail!("the stream ended: {text}")
}
