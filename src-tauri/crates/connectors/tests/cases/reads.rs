//! `answers-to-reads.toml`.

use super::*;
use sync_engine::{Read, ReadOutcome};

#[derive(Deserialize)]
struct Case {
    it: String,
    family: OneOrMore,
    #[serde(flatten)]
    said: Said,
    then: String,
    found: Option<String>,
    version: Option<String>,
    words: Option<String>,
    seconds: Option<i64>,
}

#[test]
fn answers_to_reads() {
    let mut report = Report::default();
    for case in cases::<Case>("answers-to-reads.toml") {
        for family in case.family.all() {
            let name = format!("{family}: {}", case.it);
            let read = Read { id: RemoteId("T-1".into()) };
            let outcome = server(family).did_read(collection(family), &read, &case.said.answer(), NOW);
            let (mut found, mut version, mut at) = (None, None, None);
            let (then, words) = match outcome {
                ReadOutcome::Found(own) => {
                    found = Some(text(&own.body));
                    version = own.validator.map(String::from);
                    ("found", None)
                }
                ReadOutcome::Gone => ("gone", None),
                ReadOutcome::Later { not_before, words } => {
                    at = not_before;
                    ("later", Some(words))
                }
                ReadOutcome::Unknown { words } => ("unknown", Some(words)),
                ReadOutcome::NotSent { words } => ("not sent", Some(words)),
                ReadOutcome::NotOurs { words } => ("not ours", Some(words)),
                ReadOutcome::SignIn(reason) => (sign_in(reason), None),
                ReadOutcome::Forbidden { words } => ("forbidden", Some(words)),
            };
            report.expect(&name, "then", then, case.then.as_str());
            report.expect(&name, "found", found.as_ref(), case.found.as_ref());
            report.expect(&name, "version", version.as_ref(), case.version.as_ref());
            report.expect(&name, "seconds", seconds(at), case.seconds);
            if let Some(part) = &case.words {
                report.holds(&name, "words", words.as_deref().unwrap_or_default(), part);
            }
            report.expect(&name, "says something", words.is_some_and(|w| w.is_empty()), false);
        }
    }
    report.finish(200);
}
