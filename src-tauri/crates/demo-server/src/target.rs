//! What an address means. One reading for requests over HTTP and for items of a batch.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::problem::{Kind, Problem};

/// Everything but unreserved characters is escaped in the addresses we write.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b',')
    .add(b'/')
    .add(b':')
    .add(b';')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'?')
    .add(b'@')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'$')
    .add(b'!')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b'*');

/// Longest name of a collection, record or field, in bytes.
const MAX_NAME: usize = 512;

/// A resource of this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// `/`
    Root,
    /// `/openapi.json`
    OpenApi,
    /// `/.well-known/matchbook.toml`
    Profile,
    /// `/batch`
    Batch,
    /// `/collections`
    Collections,
    /// `/collections/{c}`
    Collection(String),
    /// `/collections/{c}/schema`
    Schema(String),
    /// `/collections/{c}/records`
    Records(String),
    /// `/collections/{c}/changes`
    Changes(String),
    /// `/collections/{c}/records/{id}`
    Record(String, String),
    /// `/collections/{c}/records/{id}/history`
    History(String, String),
    /// `/collections/{c}/records/{id}/fields/{name}`
    Field(String, String, String),
}

impl Target {
    /// Reads a path as it was sent. Segments are split before they are decoded, so `%2F` is part of a name.
    pub(crate) fn parse(path: &str) -> Result<Self, Problem> {
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        Ok(match segments.as_slice() {
            [""] => Self::Root,
            ["openapi.json"] => Self::OpenApi,
            [".well-known", "matchbook.toml"] => Self::Profile,
            ["batch"] => Self::Batch,
            ["collections"] | ["collections", ""] => Self::Collections,
            ["collections", c] => Self::Collection(name(c)?),
            ["collections", c, "schema"] => Self::Schema(name(c)?),
            ["collections", c, "records"] | ["collections", c, "records", ""] => Self::Records(name(c)?),
            ["collections", c, "changes"] => Self::Changes(name(c)?),
            ["collections", c, "records", id] => Self::Record(name(c)?, name(id)?),
            ["collections", c, "records", id, "history"] => Self::History(name(c)?, name(id)?),
            ["collections", c, "records", id, "fields", field] => {
                Self::Field(name(c)?, name(id)?, field_name(field)?)
            }
            _ => {
                return Err(Problem::new(
                    Kind::NotFound,
                    "There is nothing here. GET / lists what there is.",
                ));
            }
        })
    }

    /// Methods possible here.
    pub(crate) fn methods(&self) -> &'static [&'static str] {
        match self {
            Self::Root
            | Self::OpenApi
            | Self::Profile
            | Self::Collections
            | Self::Changes(_)
            | Self::History(..) => &["GET", "HEAD", "OPTIONS"],
            Self::Batch => &["POST", "OPTIONS"],
            Self::Collection(_) | Self::Schema(_) => &["GET", "HEAD", "PUT", "OPTIONS"],
            Self::Records(_) => &["GET", "HEAD", "POST", "OPTIONS"],
            Self::Record(..) => &["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"],
            Self::Field(..) => &["GET", "HEAD", "PUT", "DELETE", "OPTIONS"],
        }
    }
}

/// The address of a record.
pub(crate) fn record_path(collection: &str, id: &str) -> String {
    format!("/collections/{}/records/{}", escape(collection), escape(id))
}

/// A name as a path segment.
pub(crate) fn escape(name: &str) -> String {
    utf8_percent_encode(name, ESCAPED).to_string()
}

/// Refuses names that clients or URL libraries would turn into another address, or that no screen can show.
pub(crate) fn check_name(name: &str) -> Result<(), Problem> {
    let why = if name.is_empty() {
        "A name in the address is empty."
    } else if name.len() > MAX_NAME {
        "A name in the address is longer than 512 bytes."
    } else if name == "." || name == ".." {
        "The names \".\" and \"..\" are not allowed: URL libraries rewrite them."
    } else if name.chars().any(char::is_control) {
        "A name in the address holds control characters."
    } else {
        return Ok(());
    };
    Err(Problem::new(Kind::BadRequest, why))
}

fn name(segment: &str) -> Result<String, Problem> {
    let text = decode(segment)?;
    check_name(&text)?;
    Ok(text)
}

/// Members of a JSON object may have any name, even an empty one.
fn field_name(segment: &str) -> Result<String, Problem> {
    decode(segment)
}

fn decode(segment: &str) -> Result<String, Problem> {
    let bad = |why: &str| Problem::new(Kind::BadRequest, format!("The address is not valid: {why}."));
    let mut rest = segment;
    while let Some(at) = rest.find('%') {
        let digits = rest.get(at + 1..at + 3).unwrap_or_default();
        if digits.len() != 2 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(bad("a % is not followed by two hexadecimal digits"));
        }
        rest = rest.get(at + 3..).unwrap_or_default();
    }
    let text =
        percent_decode_str(segment).decode_utf8().map_err(|_| bad("it is not UTF-8 after decoding"))?;
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let record = |id: &str| Some(Target::Record("tools".into(), id.into()));
        for (path, wanted) in [
            ("/", Some(Target::Root)),
            ("/collections", Some(Target::Collections)),
            ("/collections/tools/records/T-118", record("T-118")),
            ("/collections/tools/records/a%2Fb", record("a/b")),
            ("/collections/tools/records/%C3%A9%20%25", record("é %")),
            ("/collections/tools/records/a%3Fb", record("a?b")),
            ("/collections/tools/records/%2e%2E", None),
            ("/collections/tools/records/%ff", None),
            ("/collections/tools/records/%0a", None),
            ("/collections/tools/records/%zz", None),
            ("/collections/tools/records/%2", None),
            ("/collections//records/x", None),
            ("/nowhere", None),
            (
                "/collections/tools/records/x/fields/",
                Some(Target::Field("tools".into(), "x".into(), "".into())),
            ),
        ] {
            assert_eq!(Target::parse(path).ok(), wanted, "{path}");
        }
    }

    #[test]
    fn written_addresses_are_read_back() {
        for id in ["T-118", "a/b", "é ?#%&+", "%2F", "~x", "a:b", "\u{202e}x"] {
            let path = record_path("my tools", id);
            assert_eq!(Target::parse(&path).unwrap(), Target::Record("my tools".into(), id.into()), "{path}");
        }
    }
}
