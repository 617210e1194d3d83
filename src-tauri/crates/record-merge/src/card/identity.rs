//! What an entry is known by: its value in one spelling, its parameters, its identifiers.

use super::kinds::Shape;
use super::value::Value;
use crate::content_line::{Component, Line};
use crate::json::quote;
use std::collections::BTreeMap;

/// What else is known of an entry, apart from being the preferred one.
pub(super) fn class(value: &Value) -> String {
    let member = |name: &str| match value.member(name) {
        Some(Value::List(types)) => {
            types.iter().filter(|word| *word != "pref").map(|word| quote(word)).collect::<String>()
        }
        Some(Value::Text(text)) => quote(text),
        _ => String::new(),
    };
    ["type", "label", "group", "LANGUAGE", "ALTID"].map(member).join("|")
}

/// The value of an entry in one spelling.
pub(super) fn norm(name: &str, shape: Shape, entry: &Value) -> String {
    let value = entry.member("value").unwrap_or(entry);
    let value = value.member("value").unwrap_or(value);
    let text = match value {
        Value::Text(text) => text.clone(),
        Value::List(list) => list.join(", "),
        members => {
            members.members().iter().filter_map(|(_, part)| part.text()).collect::<Vec<_>>().join(", ")
        }
    };
    let text = match (name, shape) {
        ("TEL", _) => phone(&text),
        ("EMAIL" | "IMPP", _) | (_, Shape::Address) => {
            let lower = text.trim().to_lowercase();
            lower.strip_prefix("mailto:").map(str::to_owned).unwrap_or(lower)
        }
        ("URL", _) => url(&text),
        _ => text,
    };
    let words: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    clip(&words)
}

/// Keys stand in paths: a long text is cut, and told apart by its digest.
pub(super) fn clip(words: &str) -> String {
    const LONGEST: usize = 80;
    if words.chars().count() <= LONGEST {
        return words.to_owned();
    }
    let start: String = words.chars().take(48).collect();
    let digest = blake3::hash(words.as_bytes()).to_hex();
    format!("{}… {}", start.trim_end(), digest.get(..8).unwrap_or_default())
}

/// Digits, with a plus for the country: `0049`, `+49` and `tel:+49` begin alike.
fn phone(text: &str) -> String {
    let text = text.trim();
    let text = text
        .get(..4)
        .filter(|s| s.eq_ignore_ascii_case("tel:"))
        .map_or(text, |_| text.get(4..).unwrap_or_default());
    let kept: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '(' | ')' | '/')).collect();
    match kept.strip_prefix("00") {
        Some(rest) if rest.len() > 6 => format!("+{rest}"),
        _ => kept,
    }
}

/// Scheme and host in small letters, no slash at the end.
fn url(text: &str) -> String {
    let text = text.trim().trim_end_matches('/');
    match text.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let (host, path) = rest.split_at(end);
            format!("{}://{}{path}", scheme.to_lowercase(), host.to_lowercase())
        }
        None => text.to_owned(),
    }
}

/// Who gave the numbers of a card's property identifiers.
pub(super) struct PidSources(BTreeMap<String, String>);

impl PidSources {
    pub(super) fn of(component: Option<&Component>) -> PidSources {
        let maps = component.into_iter().flat_map(|component| component.named("CLIENTPIDMAP"));
        PidSources(
            maps.filter_map(|line| line.value.split_once(';'))
                .map(|(number, uri)| (number.trim().to_owned(), uri.trim().to_lowercase()))
                .collect(),
        )
    }

    pub(super) fn pids(&self, line: &Line) -> Vec<String> {
        line.param_values("PID")
            .flat_map(|value| value.split(','))
            .filter_map(|pid| pid.trim().split_once('.'))
            .filter_map(|(local, source)| Some(format!("{local} {}", self.0.get(source)?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{clip, phone, url};

    #[test]
    fn one_spelling_for_each_value() {
        for (text, expected) in [
            ("+351 912 345-678", "+351912345678"),
            ("00351 (912) 345.678", "+351912345678"),
            ("tel:+351-912", "+351912"),
            ("007", "007"),
            ("*100#", "*100#"),
        ] {
            assert_eq!(phone(text), expected);
        }
        assert_eq!(url("HTTPS://Example.ORG/Path/"), "https://example.org/Path");
        assert!(clip(&"word ".repeat(100)).chars().count() < 70);
    }
}
