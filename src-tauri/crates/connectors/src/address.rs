//! Addresses: the base of a source, templates of a profile, and links in answers.

use crate::BuildError;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

/// Why a source cannot be made from what was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// The address is none.
    #[error("{0}")]
    Address(String),
    /// There is no such family.
    #[error("There is no server family \"{0}\". There are: rest, kinto.")]
    Family(String),
    /// A profile for a family that takes none.
    #[error("A profile is only for family rest. Leave it out, or choose rest.")]
    Unwanted,
    /// Not TOML, or a key that there is not.
    #[error("The profile cannot be read. {0}")]
    Toml(String),
    /// A value that cannot be.
    #[error("The profile's {key} {words}")]
    Key {
        /// The key, with its table.
        key: String,
        /// What is wrong with it, and what would be right.
        words: String,
    },
}

/// All but the unreserved characters of RFC 3986 section 2.3.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A name as one path segment or query value.
pub(crate) fn segment(name: &str, what: &str) -> Result<String, BuildError> {
    match name {
        "" => Err(BuildError::Address(format!("{what} is empty."))),
        // URL libraries and servers take these for steps in the path, escaped or not.
        "." | ".." => {
            Err(BuildError::Address(format!("{what} must not be \"{name}\": no address can hold it.")))
        }
        name => Ok(escape(name)),
    }
}

/// Percent-encodes all but unreserved characters.
pub(crate) fn escape(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// The address of a source; its path ends in `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base(Url);

impl Base {
    pub(crate) fn parse(text: &str) -> Result<Self, ProfileError> {
        let wrong = |words: &str| ProfileError::Address(format!("\"{}\" {words}", shown(text)));
        let mut url = Url::parse(text.trim())
            .map_err(|_| wrong("is not an address. It must look like https://example.org/api/."))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(wrong("is not a web address. It must start with https:// or http://."));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ProfileError::Address(
                "The address holds a user name or password. Leave them out; they are asked for apart."
                    .to_owned(),
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("has a part after ? or #. Leave that part out."));
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Ok(Self(url))
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }

    /// An address below the base. `below` is already encoded.
    pub(crate) fn below(&self, below: &str) -> Result<Url, BuildError> {
        let text = format!("{}{}", self.0, below.trim_start_matches('/'));
        let url =
            Url::parse(&text).map_err(|_| BuildError::Address(format!("\"{text}\" is not an address.")))?;
        if url.origin() != self.0.origin() || !url.path().starts_with(self.0.path()) {
            return Err(BuildError::Address(format!("\"{text}\" leads out of the source.")));
        }
        Ok(url)
    }

    /// The same origin with another path.
    pub(crate) fn at_root(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        url
    }

    /// A link found in an answer to a request for `from`. Only links to the same server are followed: others would get
    /// the person's credentials.
    pub(crate) fn link(&self, from: &Url, link: &str) -> Result<Url, String> {
        let mut url =
            from.join(link).map_err(|_| format!("The server gave a link that is none: {}.", shown(link)))?;
        if url.origin() != self.0.origin() {
            return Err(format!(
                "The server gave a link to another server ({}), which is not followed.",
                shown(link)
            ));
        }
        let _ = (url.set_username(""), url.set_password(None));
        url.set_fragment(None);
        Ok(url)
    }
}

fn shown(text: &str) -> String {
    crate::problem::tidy(text)
}

/// A piece of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Collection,
    /// `{+collection}`: its slashes are steps of the path.
    CollectionPath,
    Id,
}

/// An address with `{collection}` and `{id}` to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(Vec<Part>);

impl Template {
    /// Reads a template; `id` says whether it may and must hold `{id}`.
    pub(crate) fn parse(text: &str, id: bool) -> Result<Self, String> {
        if text.contains("://") || text.starts_with("//") {
            return Err("must be relative to the source's address: no https:// in it.".to_owned());
        }
        let mut parts = Vec::new();
        let mut rest = text.trim_start_matches('/');
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else {
                return Err("has a { without a }.".to_owned());
            };
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(match name {
                "collection" => Part::Collection,
                "+collection" => Part::CollectionPath,
                "id" if id => Part::Id,
                "id" => return Err("must not hold {id}.".to_owned()),
                other => {
                    return Err(format!(
                        "holds {{{other}}}. Only {{collection}}, {{+collection}} and {{id}} are filled in."
                    ));
                }
            });
            rest = behind;
        }
        if rest.contains('}') {
            return Err("has a } without a {.".to_owned());
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        if id && parts.iter().filter(|part| **part == Part::Id).count() != 1 {
            return Err("must hold {id} once.".to_owned());
        }
        Ok(Self(parts))
    }

    /// The relative address.
    pub(crate) fn fill(&self, collection: &str, id: Option<&str>) -> Result<String, BuildError> {
        let mut out = String::new();
        for part in &self.0 {
            out.push_str(&fill_part(part, collection, id)?);
        }
        Ok(out)
    }

    /// The id in an address of this form, decoded.
    pub(crate) fn id_in(&self, base: &Base, collection: &str, url: &Url) -> Option<String> {
        let place = self.0.iter().position(|part| *part == Part::Id)?;
        let (before, after) = self.0.split_at(place);
        let text = |parts: &[Part]| -> Option<String> {
            parts.iter().map(|part| fill_part(part, collection, None).ok()).collect()
        };
        let before = format!("{}{}", base.url().path(), text(before)?);
        let after = text(after.get(1..)?)?;
        let after = after.split('?').next().unwrap_or_default();
        // Servers escape more or less than we do; what counts is the name behind it.
        let decoded = percent_decode_str(url.path()).decode_utf8().ok()?.into_owned();
        let plain_before = percent_decode_str(&before).decode_utf8().ok()?.into_owned();
        let plain_after = percent_decode_str(after).decode_utf8().ok()?.into_owned();
        decoded.strip_prefix(&plain_before)?.strip_suffix(&plain_after)?;
        let steps = before.matches('/').count();
        let raw = url.path().splitn(steps + 1, '/').nth(steps)?;
        let raw = if after.is_empty() { raw } else { raw.split('/').next()? };
        let id = percent_decode_str(raw.trim_end_matches('/')).decode_utf8().ok()?.into_owned();
        (!id.is_empty() && !raw.trim_end_matches('/').contains('/')).then_some(id)
    }
}

fn fill_part(part: &Part, collection: &str, id: Option<&str>) -> Result<String, BuildError> {
    match part {
        Part::Text(text) => Ok(text.clone()),
        Part::Collection => segment(collection, "The collection's name"),
        Part::CollectionPath => {
            let steps = collection.trim_matches('/').split('/');
            let steps: Result<Vec<String>, BuildError> =
                steps.map(|step| segment(step, "A part of the collection's name")).collect();
            Ok(steps?.join("/"))
        }
        Part::Id => segment(id.unwrap_or_default(), "The record's id"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_one_segment() {
        let base = Base::parse("https://h.example/api").unwrap();
        let template = Template::parse("/c/{collection}/r/{id}", true).unwrap();
        for (id, wanted) in [
            ("T-118", Some("T-118")),
            ("a/b", Some("a%2Fb")),
            ("é %?#", Some("%C3%A9%20%25%3F%23")),
            ("%2e%2e", Some("%252e%252e")),
            ("...", Some("...")),
            ("\0\n", Some("%00%0A")),
            ("", None),
            (".", None),
            ("..", None),
        ] {
            let url = template.fill("my tools", Some(id)).and_then(|below| base.below(&below));
            let wanted = wanted.map(|segment| format!("https://h.example/api/c/my%20tools/r/{segment}"));
            assert_eq!(url.as_ref().ok().map(Url::to_string), wanted, "{id:?}");
            if let Ok(url) = url {
                assert_eq!(template.id_in(&base, "my tools", &url).as_deref(), Some(id));
            }
        }
    }

    #[test]
    fn ids_in_locations() {
        let base = Base::parse("http://h/v1/").unwrap();
        for (template, location, wanted) in [
            ("{+collection}/{id}", "http://h/v1/a/b/7", Some("7")),
            ("{+collection}/{id}", "http://h/v1/a/b/7/", Some("7")),
            ("{+collection}/{id}", "http://h/v1/a/b/x%2Fy", Some("x/y")),
            ("{+collection}/{id}", "http://h/v1/a/b/7/8", None),
            ("{+collection}/{id}", "http://h/v1/other/7", None),
            ("{+collection}/{id}", "http://h/v1/a/b/", None),
            ("{+collection}/{id}/whole", "http://h/v1/a/b/7/whole", Some("7")),
            ("{+collection}/{id}/whole", "http://h/v1/a/b/7", None),
        ] {
            let template = Template::parse(template, true).unwrap();
            let id = template.id_in(&base, "a/b", &Url::parse(location).unwrap());
            assert_eq!(id.as_deref(), wanted, "{location}");
        }
    }

    #[test]
    fn bases_and_links() {
        for bad in
            ["", "h.example", "ftp://h/", "https://u:p@h/", "https://h/?a=1", "https://h/#x", "mailto:a@b"]
        {
            let words = Base::parse(bad).unwrap_err().to_string();
            assert!(words.ends_with('.') && words.len() > 20, "{bad}: {words}");
        }
        let base = Base::parse("https://h.example/api").unwrap();
        let from = Url::parse("https://h.example/api/c?x=1").unwrap();
        for (link, wanted) in [
            ("?next=2", Some("https://h.example/api/c?next=2")),
            ("/z#f", Some("https://h.example/z")),
            ("https://h.example:443/q", Some("https://h.example/q")),
            ("https://u:p@h.example/q", Some("https://h.example/q")),
            ("http://h.example/q", None),
            ("https://evil.example/q", None),
            ("//evil.example/q", None),
            ("https://h.example:444/q", None),
            ("javascript:alert(1)", None),
        ] {
            assert_eq!(base.link(&from, link).ok().as_ref().map(Url::as_str), wanted, "{link}");
        }
    }

    #[test]
    fn templates_say_what_is_wrong() {
        for (text, id, wanted) in [
            ("https://h/{id}", true, "relative"),
            ("{id", true, "without a }"),
            ("id}", true, "without a {"),
            ("{name}", true, "{name}"),
            ("{collection}", true, "{id} once"),
            ("{id}/{id}", true, "{id} once"),
            ("{id}", false, "must not hold"),
        ] {
            let words = Template::parse(text, id).unwrap_err();
            assert!(words.contains(wanted), "{text}: {words}");
        }
    }
}
