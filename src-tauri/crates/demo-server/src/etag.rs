//! Entity tags (RFC 9110 section 8.8.3).

/// A tag as a client sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EntityTag {
    /// `W/` was in front.
    pub weak: bool,
    /// What is between the quotes.
    pub opaque: String,
}

/// The opaque part of a new tag: the place of this write in its collection, which never comes twice (so a revert gets a
/// new tag), and a hash of the bytes (so that a database started anew does not give old tags to other content).
pub(crate) fn new_opaque(seq: i64, body: &[u8]) -> String {
    let hash = blake3::hash(body).to_hex();
    format!("{seq}-{}", hash.get(..8).unwrap_or_default())
}

/// Tag of one member of a record: a hash of its spelling, which is all there is of it.
pub(crate) fn field_opaque(lexeme: &[u8]) -> String {
    let hash = blake3::hash(lexeme).to_hex();
    format!("f-{}", hash.get(..16).unwrap_or_default())
}

/// The tag as it stands in a header.
pub(crate) fn quoted(opaque: &str, weak: bool) -> String {
    if weak { format!("W/\"{opaque}\"") } else { format!("\"{opaque}\"") }
}

/// Reads a list of tags: `"a", W/"b"`. `None` if it is not one. Empty members are allowed (RFC 9110 section 5.6.1).
pub(crate) fn parse_list(text: &[u8]) -> Option<Vec<EntityTag>> {
    let mut tags = Vec::new();
    let mut rest = text;
    let mut separated = true;
    loop {
        match rest {
            [] => return Some(tags),
            [b' ' | b'\t', tail @ ..] => rest = tail,
            [b',', tail @ ..] => (rest, separated) = (tail, true),
            _ if !separated => return None,
            _ => {
                let (weak, tail) = match rest {
                    [b'W', b'/', b'"', tail @ ..] => (true, tail),
                    [b'"', tail @ ..] => (false, tail),
                    _ => return None,
                };
                let end = tail.iter().position(|b| *b == b'"')?;
                let (opaque, after) = tail.split_at_checked(end)?;
                if opaque.iter().any(|b| *b <= b' ' || *b == 0x7f) {
                    return None;
                }
                tags.push(EntityTag { weak, opaque: String::from_utf8_lossy(opaque).into_owned() });
                (rest, separated) = (after.get(1..)?, false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        let tag = |weak, opaque: &str| EntityTag { weak, opaque: opaque.into() };
        for (text, wanted) in [
            ("\"a\"", Some(vec![tag(false, "a")])),
            ("W/\"a\" , \"b\"", Some(vec![tag(true, "a"), tag(false, "b")])),
            ("\"a,b\",,\"\"", Some(vec![tag(false, "a,b"), tag(false, "")])),
            ("", Some(vec![])),
            ("a", None),
            ("\"a", None),
            ("\"a\"\"b\"", None),
            ("w/\"a\"", None),
            ("\"a b\"", None),
            ("*", None),
        ] {
            assert_eq!(parse_list(text.as_bytes()), wanted, "{text}");
        }
    }

    #[test]
    fn a_revert_gets_a_new_tag() {
        assert_ne!(new_opaque(1, b"{}"), new_opaque(3, b"{}"));
        assert_ne!(new_opaque(1, b"{}"), new_opaque(1, b"{ }"));
    }
}
