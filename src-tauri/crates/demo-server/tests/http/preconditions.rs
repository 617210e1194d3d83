//! Every row of the precondition table, and the race.

use crate::client::{Client, problem, tag};

/// Method, which tag goes into If-Match (`$` = the current one, `~` = one before), If-None-Match, on which record,
/// wanted status.
type Row = (&'static str, Option<&'static str>, Option<&'static str>, &'static str, u16);

const ROWS: &[Row] = &[
    ("PUT", None, None, "there", 428),
    ("PUT", Some("$"), None, "there", 204),
    ("PUT", Some("~"), None, "there", 412),
    ("PUT", Some("~, $"), None, "there", 204),
    ("PUT", Some("W/$"), None, "there", 412),
    ("PUT", Some("*"), None, "there", 204),
    ("PUT", Some("57-ab"), None, "there", 400),
    ("PUT", None, Some("*"), "there", 412),
    ("PUT", None, Some("~"), "there", 428),
    ("PUT", Some("$"), Some("*"), "there", 412),
    ("PUT", None, None, "missing", 428),
    ("PUT", None, Some("*"), "missing", 201),
    ("PUT", Some("*"), None, "missing", 412),
    ("PUT", Some("$"), None, "missing", 412),
    ("PUT", None, Some("*"), "deleted", 201),
    ("PUT", Some("$"), None, "deleted", 412),
    ("PATCH", None, None, "there", 428),
    ("PATCH", Some("$"), None, "there", 200),
    ("PATCH", Some("~"), None, "there", 412),
    ("PATCH", Some("$"), None, "missing", 404),
    ("PATCH", Some("$"), None, "deleted", 410),
    ("DELETE", None, None, "there", 428),
    ("DELETE", Some("$"), None, "there", 204),
    ("DELETE", Some("~"), None, "there", 412),
    ("DELETE", Some("*"), None, "there", 204),
    ("DELETE", Some("$"), None, "missing", 404),
    ("DELETE", Some("$"), None, "deleted", 410),
    ("GET", None, None, "there", 200),
    ("GET", None, Some("$"), "there", 304),
    ("GET", None, Some("W/$"), "there", 304),
    ("GET", None, Some("*"), "there", 304),
    ("GET", None, Some("~"), "there", 200),
    ("GET", Some("~"), None, "there", 412),
    ("GET", None, None, "missing", 404),
    ("GET", None, None, "deleted", 410),
    ("HEAD", None, None, "there", 200),
    ("HEAD", None, Some("$"), "there", 304),
    ("HEAD", None, None, "missing", 404),
];

#[tokio::test]
async fn table() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    for (number, (method, if_match, if_none_match, record, wanted)) in ROWS.iter().enumerate() {
        let address = format!("things/{record}-{number}");
        let (mut before, mut current) = ("\"0-0\"".to_owned(), "\"0-1\"".to_owned());
        if *record != "missing" {
            before = client.create(&address, r#"{"n":1}"#).await?;
            let changed = client.put(&address, r#"{"n":2}"#).header("if-match", &before).send().await?;
            current = tag(&changed);
        }
        if *record == "deleted" {
            client.delete(&address).header("if-match", &current).send().await?.error_for_status()?;
        }
        let (collection, id) = address.split_once('/').unwrap();
        let mut request = client.request(method, &format!("/collections/{collection}/records/{id}"));
        request = match *method {
            "PUT" => request.body(r#"{"n":3}"#),
            "PATCH" => request.header("content-type", "application/merge-patch+json").body(r#"{"n":3}"#),
            _ => request,
        };
        let fill = |text: &str| text.replace('$', &current).replace('~', &before);
        for (name, value) in [("if-match", if_match), ("if-none-match", if_none_match)] {
            if let Some(value) = value {
                request = request.header(name, fill(value));
            }
        }
        let answer = request.send().await?;
        let row = format!("{method} If-Match {if_match:?} If-None-Match {if_none_match:?} {record}");
        assert_eq!(answer.status().as_u16(), *wanted, "{row}");
        match (*wanted, *method) {
            (412 | 428 | 404 | 410 | 400, "GET" | "PUT" | "PATCH" | "DELETE") => {
                let sent = answer.headers().get("etag").map(|v| v.to_str().unwrap().to_owned());
                let (_, body) = problem(answer).await;
                assert_eq!(body["status"], *wanted, "{row}");
                if *wanted == 412 && *record == "there" {
                    assert_eq!(body["etag"], current, "{row}");
                    assert_eq!(body["current"]["n"], 2, "{row}");
                    assert_eq!(sent.as_ref(), Some(&current), "{row}");
                } else if *wanted == 412 {
                    assert_eq!(body["gone"], true, "{row}");
                }
            }
            (200 | 201 | 204 | 304, "GET" | "HEAD" | "PUT" | "PATCH") => {
                assert!(answer.headers().contains_key("etag"), "{row}");
            }
            _ => {}
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_writers_with_one_tag_have_one_winner() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    for round in 0..5 {
        let address = format!("things/r{round}");
        let first = client.create(&address, r#"{"by":"nobody"}"#).await?;
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..20 {
            let request = client.put(&address, &format!(r#"{{"by":{writer}}}"#)).header("if-match", &first);
            writers
                .spawn(async move { (writer, request.send().await.map(|r| (r.status().as_u16(), tag(&r)))) });
        }
        let mut won = Vec::new();
        let mut refused = 0;
        for (writer, answer) in writers.join_all().await {
            match answer? {
                (204, tag) => won.push((writer, tag)),
                (412, _) => refused += 1,
                (other, _) => anyhow::bail!("status {other}"),
            }
        }
        assert_eq!((won.len(), refused), (1, 19));
        let got = client.get(&address).send().await?;
        assert_eq!(tag(&got), won[0].1);
        assert_eq!(got.text().await?, format!(r#"{{"by":{}}}"#, won[0].0));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_creators_of_one_address_have_one_winner() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..20 {
        let request = client.put("things/new", &format!("{writer}")).header("if-none-match", "*");
        writers.spawn(async move { request.send().await.map(|r| r.status().as_u16()) });
    }
    let statuses: Vec<u16> = writers.join_all().await.into_iter().collect::<Result<_, _>>()?;
    assert_eq!(statuses.iter().filter(|s| **s == 201).count(), 1);
    assert_eq!(statuses.iter().filter(|s| **s == 412).count(), 19);
    Ok(())
}
