//! `answers-to-writes.toml` and `batches.toml`.

use super::*;
use connectors::BatchOutcome;
use sync_engine::{Current, RefusalKind, Version, WriteOutcome};

#[derive(Deserialize)]
struct Case {
    it: String,
    family: OneOrMore,
    what: String,
    #[serde(flatten)]
    said: Said,
    then: String,
    version: Option<String>,
    body_kept: Option<String>,
    id: Option<String>,
    now: Option<String>,
    now_version: Option<String>,
    words: Option<String>,
    places: Option<Vec<String>>,
    seconds: Option<i64>,
}

/// An outcome in the words of the files.
#[derive(Default)]
struct Told {
    then: &'static str,
    version: Option<String>,
    body: Option<String>,
    id: Option<String>,
    now: Option<String>,
    now_version: Option<String>,
    words: String,
    places: Vec<String>,
    seconds: Option<i64>,
}

fn tell(outcome: WriteOutcome) -> Told {
    let of = |then, words: String| Told { then, words, ..Told::default() };
    match outcome {
        WriteOutcome::Applied { validator, body, id } => Told {
            then: "applied",
            version: validator.map(String::from),
            body: body.map(|b| text(&b)),
            id: id.map(|id| id.0),
            ..Told::default()
        },
        WriteOutcome::Accepted => of("accepted", String::new()),
        WriteOutcome::PreconditionFailed { current, words } => {
            let (now, now_version) = match current {
                None => (None, None),
                Some(Current::Gone) => (Some("gone".to_owned()), None),
                Some(Current::Present(Version { body, validator })) => {
                    (Some(text(&body)), validator.map(String::from))
                }
            };
            Told { then: "changed there", words, now, now_version, ..Told::default() }
        }
        WriteOutcome::NotThere => of("not there", String::new()),
        WriteOutcome::Refused(refusal) => Told {
            then: match refusal.kind {
                RefusalKind::Content => "content refused",
                RefusalKind::Permission => "person refused",
                RefusalKind::Protocol => "request refused",
            },
            words: refusal.words,
            places: refusal.pointers.into_iter().map(|p| format!("{}: {}", p.pointer, p.words)).collect(),
            ..Told::default()
        },
        WriteOutcome::Later { not_before, words } => {
            Told { then: "later", words, seconds: seconds(not_before), ..Told::default() }
        }
        WriteOutcome::Unknown { words } => of("unknown", words),
        WriteOutcome::NotSent { words } => of("not sent", words),
        WriteOutcome::NotOurs { words } => of("not ours", words),
        WriteOutcome::SignIn(reason) => of(sign_in(reason), "-".to_owned()),
        WriteOutcome::Full { words } => of("full", words),
        WriteOutcome::Differs { .. } => of("differs", String::new()),
    }
}

#[test]
fn answers_to_writes() {
    let mut report = Report::default();
    for case in cases::<Case>("answers-to-writes.toml") {
        for family in case.family.all() {
            let name = format!("{family}: {}", case.it);
            let write = write(&case.what, "T-1", "{\"n\": 1.0}");
            let told = tell(server(family).wrote(collection(family), &write, &case.said.answer(), NOW));
            report.expect(&name, "then", told.then, case.then.as_str());
            report.expect(&name, "version", told.version.as_ref(), case.version.as_ref());
            report.expect(&name, "body", told.body.as_ref(), case.body_kept.as_ref());
            report.expect(&name, "id", told.id.as_ref(), case.id.as_ref());
            report.expect(&name, "now", told.now.as_ref(), case.now.as_ref());
            report.expect(&name, "now_version", told.now_version.as_ref(), case.now_version.as_ref());
            report.expect(&name, "seconds", told.seconds, case.seconds);
            if let Some(words) = &case.words {
                report.holds(&name, "words", &told.words, words);
            }
            if let Some(places) = &case.places {
                report.expect(&name, "places", &told.places, places);
            }
            if !matches!(told.then, "applied" | "accepted" | "not there") {
                report.expect(&name, "says something", told.words.is_empty(), false);
            }
        }
    }
    report.finish(1000);
}

#[derive(Deserialize)]
struct Batch {
    it: String,
    family: OneOrMore,
    writes: Vec<String>,
    sent: Option<String>,
    #[serde(flatten)]
    said: Said,
    #[serde(default)]
    each: Vec<String>,
    then: Option<String>,
}

fn short(outcome: WriteOutcome) -> String {
    let told = tell(outcome);
    let mut out = told.then.to_owned();
    if let Some(now) = told.now {
        out = format!("{out}: {now}");
    }
    if let Some(version) = told.version.or(told.now_version) {
        out = format!("{out} @{version}");
    }
    match told.seconds {
        Some(seconds) => format!("{out} {seconds} s"),
        None => out,
    }
}

#[test]
fn batches() {
    let mut report = Report::default();
    for case in cases::<Batch>("batches.toml") {
        for family in case.family.all() {
            let name = format!("{family}: {}", case.it);
            let server = server(family);
            let own: Vec<Write> = case
                .writes
                .iter()
                .map(|w| w.split_once(' ').map(|(what, id)| write(what, id, "{\"n\": 1.0}")).unwrap())
                .collect();
            let writes: Vec<(&str, &Write)> = own.iter().map(|w| (collection(family), w)).collect();
            assert!(own.iter().all(|w| server.batchable(collection(family), w)), "{name}");
            let request = server.batch(&writes).unwrap();
            assert_eq!(request.url.path(), if family == "kinto" { "/v1/batch" } else { "/api/batch" });
            if let Some(sent) = &case.sent {
                let body = String::from_utf8(request.body.unwrap().to_vec()).unwrap();
                report.expect(&name, "sent", &body, sent);
            }
            let outcome = server.batched(&writes, &case.said.answer(), NOW);
            match outcome {
                BatchOutcome::Singly { .. } => {
                    report.expect(&name, "then", Some("singly"), case.then.as_deref())
                }
                BatchOutcome::Each(each) => {
                    report.expect(&name, "each", each.into_iter().map(short).collect(), case.each.clone());
                }
            }
        }
    }
    report.finish(25);
}

#[test]
fn what_does_not_fit_goes_alone() {
    for family in ["reference", "kinto"] {
        let (server, tools) = (server(family), collection(family));
        let large = format!("{{\"a\":\"{}\"}}", "x".repeat(300_000));
        for (body, wanted) in [
            ("{\"a\":1}", true),
            (" {\"a\":1}", false),
            ("{\"a\":1}\n", false),
            ("\u{feff}{\"a\":1}", false),
            ("{", false),
            ("", false),
            (&large, false),
        ] {
            let change = write("change", "T-1", body);
            assert_eq!(server.batchable(tools, &change), wanted, "{family} {body:.20}");
            assert_eq!(server.batch(&[(tools, &change)]).is_some(), wanted, "{family} {body:.20}");
        }
        let text = Write::Replace {
            id: RemoteId("T-1".into()),
            body: Body::new(&b"1"[..], "text/plain"),
            precondition: Precondition::IfMatch(usable("\"1\"")),
        };
        assert!(!server.batchable(tools, &text));
        let bare = Write::Delete {
            id: RemoteId("T-1".into()),
            precondition: Precondition::ComparedJustBefore { hash: None },
        };
        assert!(!server.batchable(tools, &bare));
        let removal = write("removal", "T-1", "");
        let many: Vec<(&str, &Write)> =
            std::iter::repeat_n((tools, &removal), server.batch_size() + 1).collect();
        assert!(
            server.batch(&many).is_none()
                && server.batch(&many[1..]).is_some()
                && server.batch(&[]).is_none()
        );
    }
    let plain = server("plain");
    assert_eq!(plain.batch_size(), 1);
    assert!(!plain.batchable("tools", &write("removal", "T-1", "")));
}
