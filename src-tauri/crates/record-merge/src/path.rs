//! Paths as JSON pointers (RFC 6901).

use crate::model::{Path, Token};

/// Why a text is not a JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a path: it must be empty or start with /, and ~ must be followed by 0 or 1")]
pub struct PointerError(pub String);

impl Path {
    /// The whole document.
    pub fn root() -> Path {
        Path(Vec::new())
    }

    /// True for the whole document.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads a JSON pointer. All steps come as [`Token::Member`]; a number among them also finds an array element.
    ///
    /// # Errors
    /// A text that does not start with `/`, or with a `~` that is neither `~0` nor `~1`.
    pub fn from_pointer(pointer: &str) -> Result<Path, PointerError> {
        if pointer.is_empty() {
            return Ok(Path::root());
        }
        let bad = || PointerError(pointer.to_owned());
        let rest = pointer.strip_prefix('/').ok_or_else(bad)?;
        rest.split('/')
            .map(|step| {
                if !step.split('~').skip(1).all(|after| after.starts_with(['0', '1'])) {
                    return Err(bad());
                }
                Ok(Token::Member(step.replace("~1", "/").replace("~0", "~")))
            })
            .collect::<Result<_, _>>()
            .map(Path)
    }

    /// The JSON pointer. RFC 6901 knows no identities: such a step is written as its key values joined by commas,
    /// `/lines/id=7/price`.
    pub fn to_pointer(&self) -> String {
        let mut out = String::new();
        for token in &self.0 {
            out.push('/');
            match token {
                Token::Member(name) => out.push_str(&name.replace('~', "~0").replace('/', "~1")),
                Token::Index(index) => out.push_str(&index.to_string()),
                Token::Identity(keys) => {
                    let keys: Vec<String> =
                        keys.iter().map(|(name, value)| format!("{name}={value}")).collect();
                    out.push_str(&keys.join(",").replace('~', "~0").replace('/', "~1"));
                }
            }
        }
        out
    }

    /// The same place, however its steps are written: `Member("3")` and `Index(3)` are one.
    pub fn same(&self, other: &Path) -> bool {
        self.0.len() == other.0.len() && self.starts_with(other)
    }

    /// `other` is this place or encloses it.
    pub fn starts_with(&self, other: &Path) -> bool {
        self.0.len() >= other.0.len() && self.0.iter().zip(&other.0).all(|(a, b)| same_token(a, b))
    }

    /// The path of a member of this place.
    pub fn child(&self, token: Token) -> Path {
        let mut tokens = self.0.clone();
        tokens.push(token);
        Path(tokens)
    }
}

fn same_token(a: &Token, b: &Token) -> bool {
    match (a, b) {
        (Token::Member(name), Token::Index(position)) | (Token::Index(position), Token::Member(name)) => {
            index(name) == Some(*position)
        }
        (Token::Member(name), Token::Identity(keys)) | (Token::Identity(keys), Token::Member(name)) => {
            *name == keys.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",")
        }
        (Token::Identity(a), Token::Identity(b)) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|((name, value), (other, same))| {
                    name == other && crate::json::classes::same_lexeme(value, same)
                })
        }
        _ => a == b,
    }
}

/// An array position as RFC 6901 writes it: no sign, no leading zero.
pub(crate) fn index(name: &str) -> Option<usize> {
    let plain = name.bytes().all(|byte| byte.is_ascii_digit()) && (name == "0" || !name.starts_with('0'));
    if plain { name.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_go_there_and_back() {
        for pointer in ["", "/a", "/a~1b/~0/3", "/", "/a//b", "/é \"x"] {
            assert_eq!(Path::from_pointer(pointer).unwrap().to_pointer(), pointer);
        }
        for bad in ["a", "/~", "/~2", "/a~", "/~~01", "/~~10"] {
            assert!(Path::from_pointer(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_number_is_a_name_or_a_position() {
        let by_name = Path::from_pointer("/list/3").unwrap();
        let by_position = Path(vec![Token::Member("list".into()), Token::Index(3)]);
        assert!(by_name.same(&by_position));
        assert!(!Path::from_pointer("/list/03").unwrap().same(&by_position));
        assert!(by_position.starts_with(&Path::from_pointer("/list").unwrap()));
    }
}
