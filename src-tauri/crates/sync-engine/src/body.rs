//! The bytes of a representation.

use record_merge::Format;
use std::sync::Arc;

/// Content hash of a body (BLAKE3).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", blake3::Hash::from_bytes(self.0).to_hex().get(..12).unwrap_or_default())
    }
}

/// A representation's bytes exactly as received or as written by the person, with their media type.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// The bytes.
    pub bytes: Arc<[u8]>,
    /// Media type with its parameters, as the server names it.
    pub media_type: Arc<str>,
}

impl Body {
    /// A body of this media type.
    pub fn new(bytes: impl Into<Arc<[u8]>>, media_type: impl Into<Arc<str>>) -> Self {
        Self { bytes: bytes.into(), media_type: media_type.into() }
    }

    /// A JSON body.
    pub fn json(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self::new(bytes, "application/json")
    }

    /// Its content hash.
    pub fn hash(&self) -> Hash {
        Hash(*blake3::hash(&self.bytes).as_bytes())
    }

    /// How it is merged, by media type: `+json` and `/json` are JSON (RFC 6839), contacts (RFC 6350, RFC 2426) and
    /// calendars (RFC 5545) have types of their own, other `text/*` is text.
    pub fn format(&self) -> Format {
        let essence = self.media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            e if e.ends_with("/json") || e.ends_with("+json") => Format::Json,
            "text/vcard" | "text/x-vcard" | "text/directory" => Format::Vcard,
            "text/calendar" => Format::Icalendar,
            e if e.starts_with("text/") => Format::Text,
            _ => Format::Binary,
        }
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match std::str::from_utf8(&self.bytes) {
            Ok(text) if text.len() <= 200 => write!(f, "Body({text})"),
            _ => write!(f, "Body({} bytes, {:?})", self.bytes.len(), self.hash()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_media_type_says_how_a_body_is_merged() {
        for (media_type, format) in [
            ("application/json", Format::Json),
            ("application/vcard+json; charset=utf-8", Format::Json),
            ("application/calendar+json", Format::Json),
            ("text/vcard;charset=UTF-8;version=4.0", Format::Vcard),
            ("Text/X-VCard", Format::Vcard),
            ("text/directory;profile=vCard", Format::Vcard),
            ("text/calendar; component=VEVENT", Format::Icalendar),
            ("text/plain", Format::Text),
            ("text/markdown; charset=utf-8", Format::Text),
            ("image/png", Format::Binary),
            ("application/octet-stream", Format::Binary),
            ("", Format::Binary),
        ] {
            assert_eq!(Body::new(&b""[..], media_type).format(), format, "{media_type}");
        }
    }
}
