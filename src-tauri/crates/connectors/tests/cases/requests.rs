//! `requests.toml` and `profiles.toml`.

use super::*;
use sync_engine::Read;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    it: String,
    family: OneOrMore,
    what: String,
    collection: Option<String>,
    id: Option<String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    dry_run: bool,
    sent: Option<String>,
    refused: Option<String>,
}

#[test]
fn requests() {
    let mut report = Report::default();
    for case in cases::<Case>("requests.toml") {
        for family in case.family.all() {
            let name = format!("{family}: {}", case.it);
            let server = server(family);
            let tools = case.collection.as_deref().unwrap_or(collection(family));
            let id = case.id.as_deref().unwrap_or("T-1");
            let built = match case.what.as_str() {
                "reading" => server.read(tools, &Read { id: RemoteId(id.into()) }),
                what => server.write(tools, &write(what, id, &case.body), case.dry_run),
            };
            match built {
                Ok(request) => {
                    let wanted = case.sent.as_deref().unwrap_or("(refused)");
                    report.expect(&name, "sent", format!("{request:?}").as_str(), wanted);
                    report.expect(&name, "identity", request.header("accept-encoding"), Some("identity"));
                }
                Err(error) => {
                    report.holds(
                        &name,
                        "refused",
                        &error.to_string(),
                        case.refused.as_deref().unwrap_or("(sent)"),
                    );
                }
            }
        }
    }
    report.finish(25);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Profile {
    it: String,
    profile: Option<String>,
    change: Option<(String, String)>,
    words: String,
}

#[test]
fn profiles() {
    let mut report = Report::default();
    for case in cases::<Profile>("profiles.toml") {
        let profile = match (&case.profile, &case.change) {
            (Some(whole), None) => whole.clone(),
            (None, Some((from, to))) => {
                assert!(REFERENCE_PROFILE.contains(from.as_str()), "{}: nothing to change", case.it);
                REFERENCE_PROFILE.replacen(from.as_str(), to, 1)
            }
            _ => panic!("{}: profile or change", case.it),
        };
        let words = match connector("rest", "https://h.example/", Some(&profile)) {
            Ok(_) => "(taken)".to_owned(),
            Err(error) => error.to_string(),
        };
        report.holds(&case.it, "words", &words, &case.words);
        report.expect(&case.it, "one line that ends", words.ends_with('.') && !words.contains('\n'), true);
    }
    report.finish(40);
}

#[test]
fn families_and_addresses() {
    for (family, address, profile, words) in [
        ("couchdb", "https://h/", None, "There are: rest, kinto."),
        ("kinto", "https://h/", Some("x"), "only for family rest"),
        ("rest", "h", None, "must look like"),
        ("rest", "https://ann:pw@h/", None, "user name or password"),
    ] {
        let error = connector(family, address, profile).unwrap_err().to_string();
        assert!(error.contains(words) && !error.contains("pw"), "{error}");
    }
    for (address, wanted) in [
        ("https://h", "https://h/v1/"),
        ("https://h/v1", "https://h/v1/"),
        ("https://h/v1/", "https://h/v1/"),
        ("https://h/kinto", "https://h/kinto/v1/"),
        ("https://h/very", "https://h/very/v1/"),
    ] {
        assert_eq!(connector("kinto", address, None).unwrap().base().as_str(), wanted);
    }
    assert!(connectors::families().iter().all(|f| connector(f.name, "https://h/", None).is_ok()));
}
