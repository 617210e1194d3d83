//! Sources as they are used: with their connector, their collections and their sign-in.

use crate::fault::{Answered, Fault};
use crate::keychain::{Keychain, Secret};
use crate::view::CollectionSchema;
use base64::Engine as _;
use connectors::Connector;
use http::{HeaderMap, HeaderName, HeaderValue};
use record_merge::{ArrayMode, Origin, Policy, RowRule};
use record_store::{Collection, CollectionId, MergeRule, NewMergeRule, NewSource, Said, Source};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use sync_engine::{Rules, SourceId};

/// A collection with its schema read.
#[derive(Clone, Debug)]
pub(crate) struct Coll {
    pub row: Collection,
    pub schema: CollectionSchema,
    /// Rules with what the schema, the source's settings and the rules of the person say.
    pub rules: Rules,
    /// Fingerprint of all that says what clashes in a record, besides the record.
    pub made_by: i64,
}

impl Coll {
    pub fn id(&self) -> CollectionId {
        self.row.id
    }

    pub fn name(&self) -> &str {
        &self.row.settings.name
    }
}

/// A source in use.
#[derive(Debug)]
pub(crate) struct Live {
    pub id: SourceId,
    pub row: Source,
    pub connector: Arc<dyn Connector>,
    pub headers: HeaderMap,
    pub collections: BTreeMap<String, Arc<Coll>>,
    /// `None` = not asked for yet.
    authorization: Arc<Mutex<Option<Option<HeaderValue>>>>,
}

impl Live {
    pub fn new(
        row: Source,
        collections: Vec<Collection>,
        earlier: Option<&Live>,
        made: &[MergeRule],
    ) -> Answered<Self> {
        let settings = &row.settings;
        let same = earlier.filter(|e| {
            let old = &e.row.settings;
            (&old.url, &old.family, &old.profile) == (&settings.url, &settings.family, &settings.profile)
        });
        let connector = match same {
            Some(earlier) => Arc::clone(&earlier.connector),
            None => connector(&settings.family, &settings.url, settings.profile.as_deref())?,
        };
        let headers = headers(&settings.headers)?;
        let authorization = earlier.map(|e| Arc::clone(&e.authorization)).unwrap_or_default();
        let collections = collections.into_iter().map(|c| coll(c, settings, made)).collect();
        Ok(Self { id: row.id, row, connector, headers, collections, authorization })
    }

    pub fn name(&self) -> &str {
        &self.row.settings.name
    }

    pub fn coll(&self, name: &str) -> Answered<&Arc<Coll>> {
        self.collections
            .get(name)
            .ok_or_else(|| Fault::missing(format!("collection \"{name}\" in {}", self.name())))
    }

    /// `Authorization`: Basic with a user name, Bearer without. Read from the keychain once.
    pub async fn authorization(&self, keychain: &Keychain) -> Option<HeaderValue> {
        if let Some(known) = self.authorization.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return known;
        }
        let secret = keychain.secret(self.name()).await.unwrap_or_else(|error| {
            tracing::warn!(source = self.name(), %error, "no secret");
            None
        });
        let value = secret.and_then(|secret| sign_in(self.row.settings.user.as_deref(), &secret));
        *self.authorization.lock().unwrap_or_else(PoisonError::into_inner) = Some(value.clone());
        value
    }

    /// The secret changed: ask the keychain again.
    pub fn forget_authorization(&self) {
        *self.authorization.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// A connector, shared.
pub(crate) fn connector(family: &str, url: &str, profile: Option<&str>) -> Answered<Arc<dyn Connector>> {
    Ok(Arc::from(connectors::connector(family, url, profile)?))
}

/// The header of a sign-in (RFC 7617, RFC 6750); `None` if it cannot be sent in a header.
pub(crate) fn sign_in(user: Option<&str>, secret: &Secret) -> Option<HeaderValue> {
    let text = match user {
        Some(user) => {
            let pair = format!("{user}:{}", secret.expose());
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
        }
        None => format!("Bearer {}", secret.expose()),
    };
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Extra headers; credentials belong into the keychain.
pub(crate) fn headers(list: &[(String, String)]) -> Answered<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in list {
        let lower = name.to_ascii_lowercase();
        if matches!(lower.as_str(), "authorization" | "cookie" | "proxy-authorization") {
            return Err(Fault::bad(format!(
                "{name} would be kept in the clear. Sign in with a user name or a token instead."
            )));
        }
        let (Ok(name), Ok(value)) = (HeaderName::try_from(lower), HeaderValue::from_str(value)) else {
            return Err(Fault::bad(format!("\"{name}: {value}\" cannot be sent as a header.")));
        };
        headers.insert(name, value);
    }
    Ok(headers)
}

fn coll(row: Collection, source: &NewSource, made: &[MergeRule]) -> (String, Arc<Coll>) {
    let schema =
        row.settings.schema.as_deref().map(|s| CollectionSchema::read(s.as_bytes())).unwrap_or_default();
    let mut rules = row.settings.rules.clone();
    rules.merge = schema.merge_policy(&rules.merge);
    if row.settings.schema.is_some() {
        rules.shape = crate::view::shaped(&schema);
    }
    rules.policy = source.policy;
    rules.allow_unprotected = source.allow_unprotected;
    rules.merge.me.extend(mail_address(source.user.as_deref()));
    // What a person made goes before what a profile or a schema says.
    for rule in made.iter().filter(|rule| rule.enabled && rule.settings.collection == row.id) {
        add_own(&mut rules.merge, &rule.settings);
    }
    let made_by = fingerprint(&row, &rules);
    (row.settings.name.clone(), Arc::new(Coll { row, schema, rules, made_by }))
}

fn add_own(policy: &mut Policy, rule: &NewMergeRule) {
    let pattern = rule.pattern.clone();
    let row = || std::iter::once(&rule.pattern).chain(&rule.others).cloned().collect();
    match rule.said {
        Said::Answer(answer) if !rule.others.is_empty() => {
            let origin = Some(Origin::Person);
            policy.row_rules.push(RowRule { fields: row(), rule: answer, origin });
        }
        Said::Answer(answer) => {
            policy.origins.insert(pattern.clone(), Origin::Person);
            policy.rules.insert(pattern, answer);
        }
        Said::Follow => policy.server_kept.push(pattern),
        Said::Atomic => {
            policy.arrays.insert(pattern, ArrayMode::Atomic);
        }
        Said::Set => {
            policy.arrays.insert(pattern, ArrayMode::Set);
        }
        // A field is in one group only: the first that names it.
        Said::Together => policy.groups.insert(0, row()),
    }
}

/// The person's own mail address, where they sign in with it: events they organise get a higher `SEQUENCE` when a merge
/// moves them (RFC 5546 2.1.4).
fn mail_address(user: Option<&str>) -> Option<String> {
    let address = user?.trim().to_lowercase();
    let (name, host) = address.rsplit_once('@')?;
    let is_one = !name.is_empty() && !host.is_empty() && !address.contains(char::is_whitespace);
    is_one.then_some(address)
}

/// How what clashes is derived: raised when that changes.
const DERIVED: u8 = 3;

fn fingerprint(row: &Collection, rules: &Rules) -> i64 {
    let mut hasher = DefaultHasher::new();
    hasher.write_u8(DERIVED);
    hasher.write(format!("{:?}", rules.merge).as_bytes());
    hasher.write(row.settings.schema.as_deref().unwrap_or_default().as_bytes());
    hasher.finish().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use record_merge::{Format, Inputs, Merged, Rule, merge};
    use record_store::{NewCollection, RuleId};
    use sync_engine::Timestamp;

    fn live_with(
        family: &str,
        profile: Option<&str>,
        user: Option<&str>,
        schema: Option<&str>,
        made: &[MergeRule],
    ) -> Live {
        let settings = NewSource {
            name: "Club".into(),
            url: "http://h.example/".into(),
            family: family.into(),
            user: user.map(str::to_owned),
            headers: Vec::new(),
            profile: profile.map(str::to_owned),
            policy: sync_engine::MergePolicy::Review,
            allow_unprotected: false,
            demo: false,
        };
        let rules = connector(family, &settings.url, profile).unwrap().rules("events");
        let collection = NewCollection {
            source: SourceId(1),
            name: "events".into(),
            title: "Events".into(),
            noun: "event".into(),
            schema: schema.map(str::to_owned),
            rules,
        };
        let row = Source { id: SourceId(1), settings, paused: None, synced_at: None };
        let row_of =
            |settings| Collection { id: CollectionId(1), settings, cursor: None, report: None, guard: None };
        Live::new(row, vec![row_of(collection)], None, made).unwrap()
    }

    fn live(family: &str, profile: Option<&str>, user: Option<&str>, schema: Option<&str>) -> Live {
        live_with(family, profile, user, schema, &[])
    }

    fn merged(live: &Live, format: Format, versions: [&str; 3]) -> Option<String> {
        let [base, mine, theirs] = versions.map(|text| Some(text.as_bytes()));
        let rules = &live.coll("events").unwrap().rules;
        match merge(format, Inputs::new(base, mine, theirs), &rules.merge).unwrap().result(&[]) {
            Ok(Merged::Document(bytes)) => Some(String::from_utf8(bytes).unwrap()),
            _ => None,
        }
    }

    fn profile(more: &str) -> String {
        format!("{}\n{more}", connectors::DEFAULT_PROFILE)
    }

    #[test]
    fn a_merged_event_that_the_person_organises_gets_a_higher_number() {
        let event = |place: &str, title: &str, number: u32| {
            format!(
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260301T090000Z\r\n\
                 SEQUENCE:{number}\r\nDTSTART:20260303T190000Z\r\nSUMMARY:{title}\r\nLOCATION:{place}\r\n\
                 ORGANIZER;CN=Anna:mailto:anna@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            )
        };
        let versions =
            [event("Hall", "Choir", 2), event("Church", "Choir", 2), event("Hall", "Big choir", 3)];
        let [base, mine, theirs] = versions.each_ref().map(String::as_str);
        let own = profile("[merge]\nme = [\"anna@example.org\"]");
        for (user, profile, number) in [
            (Some("Anna@Example.org"), None, 4),
            (None, Some(own.as_str()), 4),
            (Some("ben@example.net"), None, 3),
            (Some("anna"), None, 3),
            (None, None, 3),
        ] {
            let live = live("rest", profile, user, None);
            let result = merged(&live, Format::Icalendar, [base, mine, theirs]).unwrap();
            assert!(result.contains(&format!("SEQUENCE:{number}\r\n")), "{user:?}: {result}");
            assert!(result.contains("LOCATION:Church") && result.contains("SUMMARY:Big choir"), "{result}");
        }
    }

    #[test]
    fn the_profile_and_the_schema_say_how_records_merge() {
        let profile = profile(
            "[merge]\ngroups = [[\"preis\", \"waehrung\"]]\n[merge.arrays]\ntags = \"set\"\n[merge.rules]\n\"/visits\" = \"sum\"",
        );
        let schema = r#"{"properties":{"visits":{"x-merge":"server"},"seen":{"x-merge":"higher"},"stamp":{"x-merge":"follow"}}}"#;
        let with = live("rest", Some(&profile), None, Some(schema));
        let without = live("rest", None, None, None);
        let pair = [
            r#"{"preis":20,"waehrung":"EUR"}"#,
            r#"{"preis":25,"waehrung":"EUR"}"#,
            r#"{"preis":20,"waehrung":"CHF"}"#,
        ];
        assert_eq!(merged(&with, Format::Json, pair), None);
        let numbers = [
            r#"{"visits":1,"seen":1,"stamp":1}"#,
            r#"{"visits":2,"seen":5,"stamp":3}"#,
            r#"{"visits":4,"seen":3,"stamp":2}"#,
        ];
        assert_eq!(merged(&with, Format::Json, numbers).unwrap(), r#"{"visits":5,"seen":5,"stamp":2}"#);
        assert_eq!(merged(&without, Format::Json, numbers), None);
        let policy = &with.coll("events").unwrap().rules.merge;
        assert_eq!((policy.rules["visits"], policy.origins["visits"]), (Rule::Sum, Origin::Profile));
        assert_eq!(policy.origins["seen"], Origin::Schema);
        assert_ne!(with.coll("events").unwrap().made_by, without.coll("events").unwrap().made_by);
    }

    #[test]
    fn what_a_person_says_about_a_field_comes_first() {
        let own = |pattern: &str, said: Said| MergeRule {
            id: RuleId(1),
            settings: NewMergeRule {
                collection: CollectionId(1),
                pattern: pattern.into(),
                others: if said == Said::Together { vec!["b".into()] } else { Vec::new() },
                label: pattern.into(),
                said,
            },
            enabled: true,
            made_at: Timestamp(0),
        };
        let profile = profile("[merge]\ngroups = [[\"a\", \"c\"]]\n[merge.rules]\nn = \"sum\"");
        let made = [
            own("n", Said::Answer(Rule::Mine)),
            own("stamp", Said::Follow),
            own("list", Said::Set),
            own("command", Said::Atomic),
            own("a", Said::Together),
        ];
        let with = live_with("rest", Some(&profile), None, None, &made);
        let versions = [
            r#"{"n":1,"stamp":1,"list":["x","y"],"b":0,"c":0}"#,
            r#"{"n":2,"stamp":2,"list":["y","x","m"],"b":0,"c":0}"#,
            r#"{"n":4,"stamp":3,"list":["x","y","t"],"b":0,"c":1}"#,
        ];
        let result = merged(&with, Format::Json, versions).unwrap();
        assert!(
            result.starts_with(r#"{"n":2,"stamp":3,"#) && result.ends_with(r#""b":0,"c":1}"#),
            "{result}"
        );
        assert!(result.contains("\"m\"") && result.contains("\"t\""), "{result}");
        let pair = |side: [u8; 3]| format!(r#"{{"a":{},"b":{},"c":{}}}"#, side[0], side[1], side[2]);
        let three = |b, m, t| [pair(b), pair(m), pair(t)];
        let clash = three([0, 0, 0], [1, 0, 0], [0, 1, 0]);
        assert_eq!(merged(&with, Format::Json, clash.each_ref().map(String::as_str)), None);
        let apart = three([0, 0, 0], [1, 0, 0], [0, 0, 1]);
        assert_eq!(
            merged(&with, Format::Json, apart.each_ref().map(String::as_str)).unwrap(),
            pair([1, 0, 1])
        );
        let command =
            [r#"{"command":["a","b","c"]}"#, r#"{"command":["x","b","c"]}"#, r#"{"command":["a","b","z"]}"#];
        assert_eq!(merged(&with, Format::Json, command), None);
        // Switched off it says nothing.
        let off: Vec<MergeRule> = made.into_iter().map(|rule| MergeRule { enabled: false, ..rule }).collect();
        let without = live_with("rest", Some(&profile), None, None, &off);
        assert!(merged(&without, Format::Json, command).is_some());
    }
}
