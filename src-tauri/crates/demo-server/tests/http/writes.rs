//! Patches, fields, batches, dry runs, idempotency, history, policies, versions.

use demo_server::Options;
use serde_json::{Value, json};

use crate::client::{Client, problem, tag};

const MERGE: &str = "application/merge-patch+json";
const JSON: &str = "application/json-patch+json";

#[tokio::test]
async fn patches_splice() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    let body = "{ \"big\": 12345678901234567890,\r\n  \"n\": 1.0, \"list\": [1, 2] }";
    let first = client.create("things/a", body).await?;
    let merged =
        client.patch("things/a", MERGE, r#"{"n":2.50,"new":null}"#).header("if-match", &first).send().await?;
    assert_eq!(merged.status(), 200);
    let second = tag(&merged);
    assert_eq!(merged.text().await?, body.replace("1.0", "2.50"));
    let patch = r#"[{"op":"test","path":"/n","value":2.5},{"op":"add","path":"/list/-","value":3}]"#;
    let patched = client.patch("things/a", JSON, patch).header("if-match", &second);
    let patched = patched.header("prefer", "return=minimal").send().await?;
    assert_eq!(
        (patched.status().as_u16(), &patched.headers()["preference-applied"]),
        (204, &"return=minimal".parse()?)
    );
    let third = tag(&patched);
    assert_eq!(
        client.get("things/a").send().await?.text().await?,
        body.replace("1.0", "2.50").replace("1, 2]", "1, 2, 3]")
    );
    for (media_type, patch, wanted) in [
        (JSON, r#"[{"op":"test","path":"/n","value":9}]"#, 409),
        (JSON, r#"[{"op":"remove","path":"/zz"}]"#, 422),
        (JSON, r#"[{"op":"turn","path":"/n"}]"#, 400),
        (JSON, "{", 400),
        ("application/json", "{}", 415),
    ] {
        let refused = client.patch("things/a", media_type, patch).header("if-match", &third).send().await?;
        assert_eq!(refused.headers().contains_key("accept-patch"), wanted == 415);
        let (status, body) = problem(refused).await;
        assert_eq!(status, wanted, "{patch} {body}");
        if matches!(wanted, 409 | 422) {
            assert_eq!((&body["etag"], &body["current"]["n"]), (&json!(third), &json!(2.5)));
            assert!(body["errors"][0]["pointer"].is_string());
        }
    }
    assert_eq!(tag(&client.get("things/a").send().await?), third);
    Ok(())
}

#[tokio::test]
async fn fields_have_tags_of_their_own() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    client.create("things/a", "{\"x\": 1.0, \"y\": \"q\"}").await?;
    let field = |method: &str, name: &str| {
        client.request(method, &format!("/collections/things/records/a/fields/{name}"))
    };
    let x = field("GET", "x").send().await?;
    let x_tag = tag(&x);
    assert_eq!(x.text().await?, "1.0");
    assert_eq!(field("GET", "x").header("if-none-match", &x_tag).send().await?.status(), 304);
    // Another member changes; the tag of this one stays.
    let y_tag = tag(&field("GET", "y").send().await?);
    let set = field("PUT", "y").header("if-match", &y_tag).body("\"r\"").send().await?;
    assert_eq!(set.status(), 204);
    assert_eq!(field("PUT", "y").body("1").send().await?.status(), 428);
    let (status, body) = problem(field("PUT", "y").header("if-match", &y_tag).body("1").send().await?).await;
    assert_eq!((status, &body["current"]), (412, &json!("r")));
    let set = field("PUT", "x").header("if-match", &x_tag).body("1.50").send().await?;
    assert_eq!(tag(&set), tag(&field("GET", "x").send().await?));
    assert_eq!(field("PUT", "z%2F").header("if-none-match", "*").body("[ ]").send().await?.status(), 201);
    assert_eq!(
        client.get("things/a").send().await?.text().await?,
        "{\"x\": 1.50, \"y\": \"r\", \"z/\": [ ]}"
    );
    let z_tag = tag(&field("GET", "z%2F").send().await?);
    assert_eq!(field("DELETE", "z%2F").header("if-match", z_tag).send().await?.status(), 204);
    assert_eq!(field("GET", "z%2F").send().await?.status(), 404);
    let history = client.json("/collections/things/records/a/history").await?;
    let changed: Vec<&Value> = history["entries"].as_array().unwrap().iter().map(|e| &e["changed"]).collect();
    assert_eq!(changed, [&json!(["x", "y"]), &json!(["y"]), &json!(["x"]), &json!(["z/"]), &json!(["z/"])]);
    Ok(())
}

#[tokio::test]
async fn a_batch_is_many_requests() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    let a = client.create("things/a", "1").await?;
    let item = |method: &str, id: &str, headers: Value, body: &str| {
        let body = if body.is_empty() { String::new() } else { format!(",\"body\":{body}") };
        format!(
            r#"{{"method":"{method}","path":"/collections/things/records/{id}","headers":{headers}{body}}}"#
        )
    };
    let requests = [
        item("PUT", "a", json!({"If-Match": a}), "{\"n\": 1.0}"),
        item("PUT", "a", json!({"If-Match": a}), "2"),
        item("PUT", "b", json!({"If-None-Match": "*"}), "3"),
        item("DELETE", "c", json!({"If-Match": "\"1-x\""}), ""),
        item("PUT", "a", json!({}), "4"),
        item("GET", "a", json!({}), ""),
        item("PUT", "b", json!({"If-Match": "*", "Dry-Run": "true"}), "[5]"),
        r#"{"method":"POST","path":"/batch","body":{"requests":[]}}"#.to_owned(),
        r#"{"method":"PUT","path":"/collections/things/records/d","headers":{"if-none-match":"*","content-type":"text/plain"},"encoding":"base64","body":"/w=="}"#.to_owned(),
    ];
    let answer = client.request("POST", "/batch").header("x-actor", "Ann").header("x-request-id", "r1");
    let answer = answer.body(format!("{{\"requests\":[{}]}}", requests.join(","))).send().await?;
    assert_eq!(answer.status(), 200);
    let answer: Value = serde_json::from_slice(&answer.bytes().await?)?;
    let responses = answer["responses"].as_array().unwrap();
    let statuses: Vec<u64> = responses.iter().map(|r| r["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [204, 412, 201, 404, 428, 200, 200, 400, 201]);
    assert_eq!(responses[1]["body"]["current"], json!({"n": 1.0}));
    assert_eq!(responses[1]["body"]["etag"], responses[0]["headers"]["etag"]);
    assert_eq!(responses[5]["body"], json!({"n": 1.0}));
    assert_eq!(responses[6]["body"], json!({"dry_run": true, "status": 200, "record": [5]}));
    assert_eq!(client.get("things/b").send().await?.text().await?, "3");
    assert_eq!(client.get("things/d").send().await?.bytes().await?.as_ref(), b"\xff");
    let history = client.json("/collections/things/records/a/history").await?;
    assert_eq!(history["entries"][1]["actor"], "Ann");
    assert_eq!(history["entries"][1]["request_id"], "r1.0");

    let many = vec![item("GET", "a", json!({}), ""); 101];
    let refused = client
        .request("POST", "/batch")
        .body(format!("{{\"requests\":[{}]}}", many.join(",")))
        .send()
        .await?;
    assert_eq!(problem(refused).await.0, 413);
    let refused = client.request("POST", "/batch").body("[]").send().await?;
    assert_eq!(problem(refused).await.0, 400);
    Ok(())
}

#[tokio::test]
async fn a_dry_run_changes_nothing() -> anyhow::Result<()> {
    let client = Client::start().await?;
    let schema = r#"{"schema":{"properties":{"n":{"minimum":1}}}}"#;
    client.collection("things", schema).await?;
    let a = client.create("things/a", r#"{"n":1}"#).await?;
    let dry = |request: reqwest::RequestBuilder| request.header("dry-run", "true").send();
    for (request, status, would) in [
        (client.put("things/a", r#"{"n":2.0}"#).header("if-match", &a), 200, 200),
        (client.put("things/b", r#"{"n":2.0}"#).header("if-none-match", "*"), 200, 201),
        (client.patch("things/a", MERGE, r#"{"n":2.0}"#).header("if-match", &a), 200, 200),
        (client.delete("things/a").header("if-match", &a), 200, 204),
        (client.put("things/a", r#"{"n":2}"#).header("if-match", "\"x\""), 412, 0),
        (client.put("things/a", r#"{"n":0}"#).header("if-match", &a), 422, 0),
        (client.put("things/a", r#"{"n":2}"#), 428, 0),
    ] {
        let answer = dry(request).await?;
        assert_eq!(answer.headers()["dry-run"], "true");
        assert_eq!(answer.status().as_u16(), status);
        assert_eq!(answer.headers().contains_key("etag"), status == 412);
        let body: Value = serde_json::from_slice(&answer.bytes().await?)?;
        if status == 200 {
            assert_eq!((&body["dry_run"], &body["status"]), (&json!(true), &json!(would)));
            assert_eq!(body.get("record"), (would != 204).then_some(&json!({"n": 2.0})));
        }
    }
    let list = client.json("/collections/things/changes").await?;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0]["etag"], a);
    let unclear = client.delete("things/a").header("if-match", &a).header("dry-run", "1").send().await?;
    assert_eq!(problem(unclear).await.0, 400);
    Ok(())
}

#[tokio::test]
async fn the_same_key_is_done_once() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    let post = |key: &str, actor: &str, body: &str| {
        let request = client.request("POST", "/collections/things/records").header("idempotency-key", key);
        request.header("x-actor", actor).body(body.to_owned()).send()
    };
    let first = post("\"k1\"", "ann", "{\"n\":1}").await?;
    assert_eq!(first.status(), 201);
    let again = post("k1", "ann", "{\"n\":1}").await?;
    assert_eq!(again.status(), 201);
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    for name in ["location", "etag"] {
        assert_eq!(first.headers()[name], again.headers()[name]);
    }
    assert_eq!(problem(post("k1", "ann", "{\"n\":2}").await?).await.0, 422);
    assert_eq!(post("k1", "ben", "{\"n\":1}").await?.status(), 201);
    assert_eq!(client.json("/collections/things/records").await?["total"], 2);
    // A refusal does not use the key up.
    let put = |body: &'static str| {
        client.put("things/p", body).header("idempotency-key", "k2").header("if-none-match", "*").send()
    };
    assert_eq!(put("{").await?.status(), 400);
    assert_eq!(put("{}").await?.status(), 201);
    assert_eq!(put("{}").await?.headers()["idempotency-replayed"], "true");
    let own =
        client.request("POST", "/collections/things/records").body(r#"{"id":"mine","n":1}"#).send().await?;
    assert_eq!(own.headers()["location"], "/collections/things/records/mine");
    let used =
        client.request("POST", "/collections/things/records").body(r#"{"id":"mine","n":2}"#).send().await?;
    let (status, body) = problem(used).await;
    assert_eq!((status, &body["current"]["n"], &body["etag"]), (409, &json!(1), &json!(tag(&own))));
    Ok(())
}

#[tokio::test]
async fn history_tells_who_and_what() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    let put = |body: &str, name: &'static str, value: &str| {
        client
            .put("things/a", body)
            .header(name, value.to_owned())
            .header("x-actor", "Inês")
            .header("x-request-id", "q")
    };
    let one = tag(&put(r#"{"n":1,"m":1}"#, "if-none-match", "*").send().await?);
    let two = tag(&put(r#"{"n":1.0,"m":1}"#, "if-match", &one).send().await?);
    client.delete("things/a").header("if-match", &two).send().await?.error_for_status()?;
    let three = client.create("things/a", "{}").await?;
    let history = client.json("/collections/things/records/a/history").await?;
    let entries = history["entries"].as_array().unwrap();
    let wanted = [
        (json!("Inês"), json!(null), json!(one), json!(["n", "m"])),
        (json!("Inês"), json!(one), json!(two), json!(["n"])),
        (json!("anonymous"), json!(two), json!(null), json!([])),
        (json!("anonymous"), json!(null), json!(three), json!([])),
    ];
    assert_eq!(entries.len(), wanted.len());
    for (entry, (actor, from, to, changed)) in entries.iter().zip(wanted) {
        assert_eq!(
            (&entry["actor"], &entry["from"], &entry["to"], &entry["changed"]),
            (&actor, &from, &to, &changed)
        );
        assert!(entry["at"].as_str().unwrap().ends_with('Z'));
    }
    assert_eq!(entries[0]["request_id"], "q");
    Ok(())
}

#[tokio::test]
async fn policies() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("weak", r#"{"policy":"weak"}"#).await?;
    let first = client.create("weak/a", "1").await?;
    assert!(first.starts_with("W/\""));
    let strong = first.trim_start_matches("W/").to_owned();
    let second = client.put("weak/a", "2").header("if-match", &first).send().await?;
    assert_eq!(second.status(), 204);
    assert_eq!(client.put("weak/a", "3").header("if-match", strong).send().await?.status(), 412);
    assert_eq!(client.put("weak/a", "3").send().await?.status(), 428);
    assert_eq!(client.json("/collections/weak/records").await?["items"][0]["etag"], tag(&second));

    client.collection("loose", r#"{"policy":"last-write-wins"}"#).await?;
    let made = client.put("loose/a", "1").send().await?;
    assert_eq!(made.status(), 201);
    assert_eq!(client.put("loose/a", "2").send().await?.status(), 204);
    assert_eq!(client.put("loose/a", "3").header("if-match", tag(&made)).send().await?.status(), 412);
    assert_eq!(client.delete("loose/a").send().await?.status(), 204);
    Ok(())
}

#[tokio::test]
async fn settings_are_guarded_too() -> anyhow::Result<()> {
    let client = Client::start().await?;
    let put = |body: &'static str| client.request("PUT", "/collections/things").body(body);
    let made = put("{}").send().await?;
    assert_eq!(made.status(), 201);
    assert_eq!(put("{}").send().await?.status(), 204);
    assert_eq!(put(r#"{"policy":"weak"}"#).send().await?.status(), 428);
    assert_eq!(put(r#"{"policy":"weak"}"#).header("if-none-match", "*").send().await?.status(), 412);
    let changed = put(r#"{"policy":"weak"}"#).header("if-match", tag(&made)).send().await?;
    assert_eq!(changed.status(), 204);
    let (status, body) = problem(put("{}").header("if-match", tag(&made)).send().await?).await;
    assert_eq!(
        (status, &body["current"]["policy"], &body["etag"]),
        (412, &json!("weak"), &json!(tag(&changed)))
    );
    for bad in [r#"{"policy":"none"}"#, r#"{"polcy":"weak"}"#, "[", r#"{"schema":{"type":"nothing"}}"#] {
        assert!(
            matches!(problem(put(bad).header("if-match", "*").send().await?).await.0, 400 | 422),
            "{bad}"
        );
    }
    let schema = "{ \"title\": \"Things\",\n \"x-noun\": \"thing\" }";
    let set = client.request("PUT", "/collections/things/schema").body(schema).send().await?;
    assert_eq!(set.status(), 204);
    assert_eq!(client.request("PUT", "/collections/things/schema").body("{}").send().await?.status(), 428);
    assert_eq!(client.request("GET", "/collections/things/schema").send().await?.text().await?, schema);
    let described = client.json("/collections/things").await?;
    assert_eq!((&described["title"], &described["noun"]), (&json!("Things"), &json!("thing")));
    Ok(())
}

#[tokio::test]
async fn versions() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    client.create("things/a", "1").await?;
    let put = |version: &'static str| {
        client.put("things/a", "2").header("if-match", "\"x\"").header("api-version", version).send()
    };
    let new = put("2").await?;
    assert!(new.headers().get("deprecation").is_none());
    assert_eq!(problem(new).await.1["current"], 1);
    let old = put("1").await?;
    assert!(old.headers()["deprecation"].to_str()?.starts_with('@'));
    httpdate::parse_http_date(old.headers()["sunset"].to_str()?)?;
    let (status, body) = problem(old).await;
    assert_eq!((status, body.get("current"), body["etag"].is_string()), (412, None, true));
    assert_eq!(problem(put("3").await?).await.0, 400);
    Ok(())
}

#[tokio::test]
async fn the_sample_is_there_once() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let options = || Options { sample: true, data: Some(folder.path().to_owned()), ..Options::default() };
    let client = Client::with(options()).await?;
    let tools = client.json("/collections/tools").await?;
    assert_eq!((&tools["title"], &tools["noun"]), (&json!("Tools"), &json!("tool")));
    let got = client.get("tools/T-142").send().await?;
    let refused = client
        .patch("tools/T-142", MERGE, r#"{"deposit":-1,"status":"gone"}"#)
        .header("if-match", tag(&got))
        .send()
        .await?;
    let (status, body) = problem(refused).await;
    assert_eq!(status, 422);
    let pointers: Vec<&str> =
        body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers.len(), 2);
    assert!(pointers.contains(&"/deposit") && pointers.contains(&"/status"), "{body}");
    client.delete("tools/T-142").header("if-match", tag(&got)).send().await?.error_for_status()?;
    client.server.stop().await;
    let client = Client::with(options()).await?;
    assert_eq!(client.get("tools/T-142").send().await?.status(), 410);
    Ok(())
}
