//! Path patterns of a policy: member names joined by `/`, `*` for any one name, `**` for any number of them.
//!
//! Array positions do not count: `lines/note` names the `note` of each element of `lines`. `~`, `/` and `*` inside a
//! name are written `~0`, `~1` (as in RFC 6901) and `~2`; a leading `/` may be there or not.

use crate::model::{Format, Path, Policy, Token};

/// Longest pattern, in names. Longer ones name no place.
const LONGEST: usize = 127;

/// Why a text is not a path pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a path pattern: in it ~ must be followed by 0, 1 or 2. Inside a name write ~0 for ~, ~1 for / and ~2 for *"
)]
pub struct PatternError(pub String);

/// A member name as a path pattern spells it.
pub fn pattern_name(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1").replace('*', "~2")
}

/// The pattern that fits a place in every entry of the lists it lies in; "" = the whole record. Positions and identities
/// do not count; the key of an entry of a card or calendar, and the UID of a component, are any one name.
pub fn pattern_of(format: Format, path: &Path) -> String {
    let name = |(at, token): (usize, &Token)| match token {
        Token::Member(_) if crate::card::is_key(format, path, at) => Some("*".to_owned()),
        Token::Member(name) => Some(pattern_name(name)),
        _ => None,
    };
    path.0.iter().enumerate().filter_map(name).collect::<Vec<_>>().join("/")
}

/// Looks for escapes in a pattern that mean nothing.
///
/// # Errors
/// A `~` that is none of `~0`, `~1` and `~2`.
pub fn check_pattern(text: &str) -> Result<(), PatternError> {
    let fits = text.split('~').skip(1).all(|after| after.starts_with(['0', '1', '2']));
    if fits { Ok(()) } else { Err(PatternError(text.to_owned())) }
}

/// All patterns of a policy.
pub(crate) fn check(policy: &Policy) -> Result<(), PatternError> {
    let Policy { arrays, rules, origins, groups, texts, server_kept, .. } = policy;
    let keyed = arrays.keys().chain(rules.keys()).chain(origins.keys());
    let mut all = keyed.chain(groups.iter().flatten()).chain(texts).chain(server_kept);
    all.try_for_each(|text| check_pattern(text))
}

/// One name of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment {
    /// `**`: any number of names.
    Any,
    /// `*`: any one name.
    One,
    Name(String),
}

/// The names a pattern is made of. The empty pattern is the record itself (a list, say); the member without a name is
/// `/`.
pub(crate) fn segments(text: &str) -> Vec<Segment> {
    if text.is_empty() {
        return Vec::new();
    }
    let name = |name: &str| match name {
        "**" => Segment::Any,
        "*" => Segment::One,
        name => Segment::Name(name.replace("~2", "*").replace("~1", "/").replace("~0", "~")),
    };
    text.strip_prefix('/').unwrap_or(text).split('/').map(name).collect()
}

/// One pattern. All the places on the way through a document are asked in turn, each from the one around it, so that a
/// deep document costs no more than a flat one.
#[derive(Clone, Debug)]
struct Pattern {
    segments: Vec<Segment>,
    /// Which of the segments are `**`, as bits.
    any: u128,
}

impl Pattern {
    fn of(segments: Vec<Segment>) -> Pattern {
        let any = segments.iter().take(LONGEST).enumerate().filter(|(_, segment)| **segment == Segment::Any);
        let any = any.map(|(at, _)| 1u128 << at).sum();
        Pattern { segments, any }
    }

    /// `**` also stands for nothing.
    fn skip_any(&self, mut reached: u128) -> u128 {
        loop {
            let more = reached | (reached & self.any) << 1;
            if more == reached {
                return reached;
            }
            reached = more;
        }
    }

    fn start(&self) -> u128 {
        if self.segments.len() > LONGEST { 0 } else { self.skip_any(1) }
    }

    fn enter(&self, reached: u128, name: &str) -> u128 {
        if reached == 0 {
            return 0;
        }
        let mut next = reached & self.any;
        for (at, segment) in self.segments.iter().enumerate().take(LONGEST) {
            let fits = match segment {
                Segment::Any => false,
                Segment::One => true,
                Segment::Name(own) => own == name,
            };
            if fits && reached & (1 << at) != 0 {
                next |= 1 << (at + 1);
            }
        }
        self.skip_any(next)
    }

    fn is_reached(&self, reached: u128) -> bool {
        self.segments.len() <= LONGEST && reached & (1 << self.segments.len()) != 0
    }
}

/// Patterns that are looked for together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patterns(Vec<Pattern>);

/// What the patterns say about one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    depth: usize,
    /// For each pattern how far it has come, and the depth at which it was matched last.
    states: Vec<(u128, Option<usize>)>,
}

impl Patterns {
    pub(crate) fn of(patterns: impl IntoIterator<Item = Vec<Segment>>) -> Patterns {
        Patterns(patterns.into_iter().map(Pattern::of).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The whole record.
    pub(crate) fn start(&self) -> Spot {
        let state = |pattern: &Pattern| {
            let reached = pattern.start();
            (reached, pattern.is_reached(reached).then_some(0))
        };
        Spot { depth: 0, states: self.0.iter().map(state).collect() }
    }

    /// The member of that name.
    pub(crate) fn enter(&self, outer: &Spot, name: &str) -> Spot {
        let depth = outer.depth + 1;
        let state = |(pattern, (reached, longest)): (&Pattern, &(u128, Option<usize>))| {
            let reached = pattern.enter(*reached, name);
            (reached, if pattern.is_reached(reached) { Some(depth) } else { *longest })
        };
        Spot { depth, states: self.0.iter().zip(&outer.states).map(state).collect() }
    }

    /// The place these names lead to.
    pub(crate) fn at<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Spot {
        names.into_iter().fold(self.start(), |spot, name| self.enter(&spot, name))
    }

    /// The last name of the pattern is given, not left open.
    pub(crate) fn names_a_field(&self, number: usize) -> bool {
        let last = self.0.get(number).and_then(|pattern| pattern.segments.last());
        matches!(last, Some(Segment::Name(_)))
    }
}

impl Spot {
    /// The numbers of the patterns that match this very place.
    pub(crate) fn matches(&self) -> impl Iterator<Item = usize> {
        self.nearest().filter(|(_, depth)| *depth == self.depth).map(|(number, _)| number)
    }

    /// The patterns that match this place or one around it, with the depth of the nearest such place.
    pub(crate) fn nearest(&self) -> impl Iterator<Item = (usize, usize)> {
        self.states.iter().enumerate().filter_map(|(number, (_, depth))| Some((number, (*depth)?)))
    }

    /// How many names lead here.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("a/**/z", "a/b/c/z/d", false),
            ("a/*/z", "a/z", false),
            ("a/*/z", "a/b/z", true),
            ("a/**", "a/b/c", true),
            ("a/**", "a", true),
            ("a/**", "b", false),
            ("**/**/b", "a/b/b", true),
            ("**", "a/b", true),
        ];
        for (pattern, path, expected) in cases {
            let patterns = Patterns::of([segments(pattern)]);
            let found = patterns.at(path.split('/')).matches().next().is_some();
            assert_eq!(found, expected, "{pattern} on {path}");
        }
        // What stands in a name: each escape, and a star that is none.
        for (pattern, name) in
            [("a~1b", "a/b"), ("~2", "*"), ("~2~2", "**"), ("~01", "~1"), ("~02", "~2"), ("2~2 3", "2* 3")]
        {
            let found = |name| Patterns::of([segments(pattern)]).at([name]).matches().next().is_some();
            assert!(found(name) && !found("other") && !found(pattern), "{pattern}");
            assert_eq!(pattern_name(name), pattern);
        }
        let patterns = Patterns::of([segments("a~1b"), segments("")]);
        assert_eq!(patterns.at(["a/b"]).matches().collect::<Vec<_>>(), [0]);
        assert_eq!(patterns.at([""]).matches().next(), None);
        assert_eq!(Patterns::of([segments("/")]).at([""]).matches().collect::<Vec<_>>(), [0]);
        assert_eq!(patterns.start().matches().collect::<Vec<_>>(), [1]);
        assert!(Patterns::of([segments(&"a/".repeat(200))]).at(["a"]).matches().next().is_none());
    }

    #[test]
    fn the_pattern_of_a_place_leaves_entries_open() {
        use Format::{Icalendar, Json, Vcard};
        for (format, pointer, expected) in [
            (Json, "/TEL/+351912/value", "TEL/+351912/value"),
            (Vcard, "/TEL/+351912/value", "TEL/*/value"),
            (Vcard, "/TEL/+351912", "TEL/*"),
            (Vcard, "/X-OWN/one", "X-OWN/*"),
            (Vcard, "/FN", "FN"),
            (Vcard, "/FN parameters/LANGUAGE", "FN parameters/LANGUAGE"),
            (Vcard, "/VCARD/u1/EMAIL/a@b.c/type", "VCARD/*/EMAIL/*/type"),
            (Icalendar, "/VEVENT/u1@x/SUMMARY", "VEVENT/*/SUMMARY"),
            (Icalendar, "/VEVENT/u1@x/SUMMARY parameters/LANGUAGE", "VEVENT/*/SUMMARY parameters/LANGUAGE"),
            (Icalendar, "/VEVENT/u1/ATTENDEE/ben@x/PARTSTAT", "VEVENT/*/ATTENDEE/*/PARTSTAT"),
            (Json, "/a~1b/*/~0", "a~1b/~2/~0"),
            (Json, "", ""),
        ] {
            let path = Path::from_pointer(pointer).unwrap();
            let pattern = pattern_of(format, &path);
            assert_eq!(pattern, expected, "{pointer}");
            let names: Vec<&str> = path
                .0
                .iter()
                .filter_map(|t| if let Token::Member(n) = t { Some(n.as_str()) } else { None })
                .collect();
            assert_eq!(Patterns::of([segments(&pattern)]).at(names).matches().next(), Some(0), "{pointer}");
        }
        let identity = Token::Identity([("id".to_owned(), "7".to_owned())].into());
        let path = Path(vec![Token::Member("lines".into()), identity, Token::Member("price".into())]);
        assert_eq!(pattern_of(Json, &path), "lines/price");
    }

    #[test]
    fn escapes_that_mean_nothing_are_named() {
        for good in ["", "/", "a/**/b", "~0~1~2", "a~0"] {
            assert_eq!(check_pattern(good), Ok(()));
        }
        for bad in ["~", "a~", "a~3", "~~0", "a/~b/c"] {
            let words = check_pattern(bad).unwrap_err().to_string();
            assert!(words.starts_with(&format!("{bad:?} is not a path pattern")), "{words}");
        }
    }

    #[test]
    fn the_nearest_place_around() {
        let nearest = |pattern: &str, path: &[&str]| {
            Patterns::of([segments(pattern)])
                .at(path.iter().copied())
                .nearest()
                .next()
                .map(|(_, depth)| depth)
        };
        assert_eq!(nearest("a", &["a", "b", "c"]), Some(1));
        assert_eq!(nearest("**/b", &["a", "b", "c"]), Some(2));
        assert_eq!(nearest("a/**", &["a", "b", "c"]), Some(3));
        assert_eq!(nearest("b", &["a", "b"]), None);
    }
}
