//! `lists.toml`.

use super::*;
use connectors::{Failed, ItemWhat, ListOutcome, PageNext};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    it: String,
    family: OneOrMore,
    step: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    asks: Option<String>,
    condition: Option<String>,
    #[serde(flatten)]
    said: Said,
    #[serde(default)]
    says: Vec<String>,
    then: String,
    words: Option<String>,
}

fn item(item: connectors::Item) -> String {
    let at = |v: Option<Validator>| v.map(|v| format!(" @{v}")).unwrap_or_default();
    match item.what {
        ItemWhat::Present(version) => {
            format!("{} = {}{}", item.id, text(&version.body), at(version.validator))
        }
        ItemWhat::Gone => format!("{} gone", item.id),
        ItemWhat::Stale(validator) => format!("{} read it{}", item.id, at(validator)),
    }
}

fn failed(failed: Failed) -> (&'static str, String) {
    match failed {
        Failed::Later { words, .. } => ("later", words),
        Failed::Unknown { words } => ("unknown", words),
        Failed::NotSent { words } => ("not sent", words),
        Failed::NotOurs { words } => ("not ours", words),
        Failed::SignIn(reason) => (sign_in(reason), "-".to_owned()),
        Failed::Forbidden { words } => ("forbidden", words),
        Failed::NotThere { words } => ("not there", words),
    }
}

#[test]
fn lists() {
    let mut report = Report::default();
    for case in cases::<Case>("lists.toml") {
        for family in case.family.all() {
            let server = server(family);
            let mut cursor: Option<String> = None;
            for (n, step) in case.step.iter().enumerate() {
                let name = format!("{family}: {}, step {}", case.it, n + 1);
                let request = server.list(collection(family), cursor.as_deref()).unwrap();
                let query = request.url.query().map(|q| format!("?{q}")).unwrap_or_default();
                let asked = format!("{}{query}", request.url.path());
                if let Some(asks) = &step.asks {
                    report.expect(&name, "asks", asked.as_str(), asks.as_str());
                    report.expect(
                        &name,
                        "condition",
                        request.header("if-none-match"),
                        step.condition.as_deref(),
                    );
                }
                report.expect(&name, "host", request.url.host_str(), Some("h.example"));
                let outcome = server.listed(collection(family), cursor.as_deref(), &step.said.answer(), NOW);
                let mut says = Vec::new();
                let (then, words) = match outcome {
                    ListOutcome::Page { items, next, .. } => {
                        says = items.into_iter().map(item).collect();
                        let then = match &next {
                            PageNext::More(_) => "more",
                            PageNext::Done { complete: true, .. } => "all",
                            PageNext::Done { complete: false, .. } => "part",
                        };
                        cursor = Some(next.cursor().to_owned());
                        (then, "-".to_owned())
                    }
                    ListOutcome::Unchanged => ("unchanged", "-".to_owned()),
                    ListOutcome::CursorLost { words } => ("cursor lost", words),
                    ListOutcome::Failed(own) => failed(own),
                };
                report.expect(&name, "then", then, step.then.as_str());
                report.expect(&name, "says", &says, &step.says);
                report.expect(&name, "says why", words.is_empty(), false);
                if let Some(part) = &step.words {
                    report.holds(&name, "words", &words, part);
                }
            }
        }
    }
    report.finish(200);
}
