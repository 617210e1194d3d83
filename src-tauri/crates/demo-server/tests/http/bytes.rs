//! Documents come back byte for byte, alone, in lists, in batches and in refusals.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::client::{Client, tag};

const PLAIN: &[&str] = &[
    "{\"a\":1.0,\r\n \"b\":12345678901234567890}",
    r#"{"n":1e400,"m":-0.0,"z":1E+2}"#,
    r#"{"a":1,"a":2,"\u0061":3}"#,
    r#"{"lone":"\ud800","slash":"\/","ä":"é"}"#,
    "[ 1 ,\t2 ]",
    "\"text\"",
    "20.00",
    "null",
];

const OTHER: &[(&str, &[u8])] = &[
    ("application/json", b"\xef\xbb\xbf{\"a\":1}"),
    ("application/json", b"{\"a\":1}\r\n"),
    ("application/json", b" {}"),
    ("application/vnd.api+json", b"{}"),
    ("text/vcard; charset=utf-8", b"BEGIN:VCARD\r\nEND:VCARD\r\n"),
    ("application/octet-stream", b"\x00\xff\xfe"),
    ("text/plain", b""),
];

#[tokio::test]
async fn plain_documents_are_spliced_unchanged() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    for (number, body) in PLAIN.iter().enumerate() {
        let address = format!("things/{number}");
        let made = client.put(&address, body).header("if-none-match", "*").send().await?;
        assert_eq!(made.status(), 201, "{body}");
        let got = client.get(&address).send().await?;
        assert_eq!(got.headers()["content-type"], "application/json");
        assert_eq!(got.text().await?, *body);
        let refused = client.put(&address, "1").header("if-match", "\"x\"").send().await?;
        let text = refused.text().await?;
        assert!(text.ends_with(&format!(",\"current\":{body}}}")), "{text}");
    }
    for path in ["records", "records?since=0", "changes"] {
        let list = client.request("GET", &format!("/collections/things/{path}")).send().await?.text().await?;
        for body in PLAIN {
            assert!(list.contains(&format!(",\"record\":{body}}}")), "{path} {body}");
        }
    }
    let requests: Vec<String> = (0..PLAIN.len())
        .map(|n| format!(r#"{{"method":"GET","path":"/collections/things/records/{n}"}}"#))
        .collect();
    let batch = format!(r#"{{"requests":[{}]}}"#, requests.join(","));
    let answer = client.request("POST", "/batch").body(batch).send().await?.text().await?;
    for body in PLAIN {
        assert!(answer.contains(&format!(",\"body\":{body}}}")), "{body}");
    }
    Ok(())
}

#[tokio::test]
async fn other_documents_are_kept_and_only_named_in_lists() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    for (number, (media_type, body)) in OTHER.iter().enumerate() {
        let path = format!("/collections/things/records/{number}");
        let put = client.request("PUT", &path).header("content-type", *media_type).body(body.to_vec());
        let made = put.header("if-none-match", "*").send().await?;
        assert_eq!(made.status(), 201, "{media_type}");
        let made = tag(&made);
        let got = client.request("GET", &path).send().await?;
        assert_eq!(got.headers()["content-type"], *media_type);
        assert_eq!(got.bytes().await?.as_ref(), *body);
        let list = client.json("/collections/things/records").await?;
        let item = &list["items"][number];
        assert_eq!((&item["id"], &item["etag"]), (&number.to_string().into(), &made.into()));
        assert!(item.get("record").is_none());
        let batch = format!(r#"{{"requests":[{{"method":"GET","path":"{path}"}}]}}"#);
        let answer = client.request("POST", "/batch").body(batch).send().await?.bytes().await?;
        let answer: serde_json::Value = serde_json::from_slice(&answer)?;
        match (*media_type, body.len()) {
            (_, 0) => assert!(answer["responses"][0].get("body").is_none()),
            ("application/vnd.api+json", _) => {
                assert_eq!(answer["responses"][0]["body"], serde_json::json!({}))
            }
            _ => {
                assert_eq!(answer["responses"][0]["encoding"], "base64");
                let text = answer["responses"][0]["body"].as_str().unwrap();
                assert_eq!(BASE64_STANDARD.decode(text)?, *body);
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn ids_of_any_letters() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("my%20tools", "{}").await?;
    for (encoded, id) in
        [("a%2Fb", "a/b"), ("%C3%A9%20x", "é x"), ("50%25", "50%"), ("a%3Fb%23c", "a?b#c"), ("~'x", "~'x")]
    {
        client.create(&format!("my%20tools/{encoded}"), "1").await?;
        let list = client.json("/collections/my%20tools/records").await?;
        let ids: Vec<&str> =
            list["items"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap()).collect();
        assert!(ids.contains(&id), "{ids:?}");
    }
    for bad in ["%ff", "%00", "%2"] {
        let answer =
            client.put(&format!("my%20tools/{bad}"), "1").header("if-none-match", "*").send().await?;
        assert_eq!(answer.status(), 400, "{bad}");
    }
    Ok(())
}
