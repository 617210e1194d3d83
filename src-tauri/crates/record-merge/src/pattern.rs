//! Path patterns of a policy: member names joined by `/`, `*` for any one name, `**` for any number of them.
//!
//! Array positions do not count: `lines/note` names the `note` of each element of `lines`. `/` and `~` inside a
//! name are written `~1` and `~0` as in RFC 6901; a leading `/` may be there or not.

#[derive(Clone, Debug)]
pub(crate) struct Pattern(Vec<String>);

/// The names a pattern is made of; `*` and `**` among them.
pub(crate) fn segments(text: &str) -> Vec<String> {
    let text = text.strip_prefix('/').unwrap_or(text);
    text.split('/').map(|name| name.replace("~1", "/").replace("~0", "~")).collect()
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Pattern {
        Pattern(segments(text))
    }

    /// A pattern of these names; without any, the whole record.
    pub(crate) fn of(segments: &[String]) -> Pattern {
        Pattern(segments.to_vec())
    }

    pub(crate) fn matches(&self, names: &[&str]) -> bool {
        // Cheap refusal first: most names are not the last one of a pattern.
        match (self.0.last().map(String::as_str), names.last()) {
            (Some("**" | "*"), _) | (None, None) => {}
            (Some(last), Some(name)) if last == *name => {}
            _ => return false,
        }
        self.longest(names) == Some(names.len())
    }

    /// The last name is given, not left open.
    pub(crate) fn names_a_field(&self) -> bool {
        self.0.last().is_some_and(|name| name != "*" && name != "**")
    }

    /// How many of the names, from the first on, the pattern matches at most; `None` = not even none of them.
    pub(crate) fn longest(&self, names: &[&str]) -> Option<usize> {
        // `reached` holds the pattern positions that the names read so far can lead to.
        let mut reached = vec![false; self.0.len() + 1];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        self.skip_any(&mut reached);
        let mut longest = (reached.last() == Some(&true)).then_some(0);
        for (read, name) in names.iter().enumerate() {
            let mut next = vec![false; self.0.len() + 1];
            for (position, segment) in self.0.iter().enumerate() {
                if !reached.get(position).copied().unwrap_or(false) {
                    continue;
                }
                let target = if segment == "**" { position } else { position + 1 };
                if (segment == "**" || segment == "*" || segment == name)
                    && let Some(slot) = next.get_mut(target)
                {
                    *slot = true;
                }
            }
            self.skip_any(&mut next);
            reached = next;
            if reached.last() == Some(&true) {
                longest = Some(read + 1);
            }
            if !reached.contains(&true) {
                break;
            }
        }
        longest
    }

    /// `**` also stands for nothing.
    fn skip_any(&self, reached: &mut [bool]) {
        for (position, segment) in self.0.iter().enumerate() {
            if segment == "**"
                && reached.get(position).copied().unwrap_or(false)
                && let Some(slot) = reached.get_mut(position + 1)
            {
                *slot = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns() {
        let cases = [
            ("id", "id", true),
            ("/id", "id", true),
            ("id", "a/id", false),
            ("a/id", "a/id", true),
            ("**/id", "id", true),
            ("**/id", "a/b/id", true),
            ("**/id", "a/b/idx", false),
            ("a/**/z", "a/z", true),
            ("a/**/z", "a/b/c/z", true),
            ("a/*/z", "a/z", false),
            ("a/*/z", "a/b/z", true),
            ("a/**", "a/b/c", true),
            ("a/**", "b", false),
        ];
        for (pattern, path, expected) in cases {
            let names: Vec<&str> = path.split('/').collect();
            assert_eq!(Pattern::new(pattern).matches(&names), expected, "{pattern} on {path}");
        }
        assert!(Pattern::new("a~1b").matches(&["a/b"]));
        assert!(Pattern::of(&[]).matches(&[]) && !Pattern::of(&[]).matches(&["a"]));
        let longest = |pattern: &str, path: &[&str]| Pattern::new(pattern).longest(path);
        assert_eq!(longest("a", &["a", "b", "c"]), Some(1));
        assert_eq!(longest("**/b", &["a", "b", "c"]), Some(2));
        assert_eq!(longest("a/**", &["a", "b", "c"]), Some(3));
        assert_eq!(longest("b", &["a", "b"]), None);
    }
}
