//! Path patterns of a policy: member names joined by `/`, `*` for any one name, `**` for any number of them.
//!
//! Array positions do not count: `lines/note` names the `note` of each element of `lines`. `/` and `~` inside a
//! name are written `~1` and `~0` as in RFC 6901; a leading `/` may be there or not.

/// Longest pattern, in names. Longer ones name no place.
const LONGEST: usize = 127;

/// The names a pattern is made of; `*` and `**` among them. The empty pattern is the record itself (a list, say); the
/// member without a name is `/`.
pub(crate) fn segments(text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let text = text.strip_prefix('/').unwrap_or(text);
    text.split('/').map(|name| name.replace("~1", "/").replace("~0", "~")).collect()
}

/// One pattern. All the places on the way through a document are asked in turn, each from the one around it, so that a
/// deep document costs no more than a flat one.
#[derive(Clone, Debug)]
struct Pattern {
    segments: Vec<String>,
    /// Which of the segments are `**`, as bits.
    any: u128,
}

impl Pattern {
    fn of(segments: Vec<String>) -> Pattern {
        let any = segments.iter().take(LONGEST).enumerate().filter(|(_, segment)| *segment == "**");
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
            if reached & (1 << at) != 0 && segment != "**" && (segment == "*" || segment == name) {
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
    pub(crate) fn of(patterns: impl IntoIterator<Item = Vec<String>>) -> Patterns {
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
        last.is_some_and(|name| name != "*" && name != "**")
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
        let patterns = Patterns::of([segments("a~1b"), segments("")]);
        assert_eq!(patterns.at(["a/b"]).matches().collect::<Vec<_>>(), [0]);
        assert_eq!(patterns.at([""]).matches().next(), None);
        assert_eq!(Patterns::of([segments("/")]).at([""]).matches().collect::<Vec<_>>(), [0]);
        assert_eq!(patterns.start().matches().collect::<Vec<_>>(), [1]);
        assert!(Patterns::of([segments(&"a/".repeat(200))]).at(["a"]).matches().next().is_none());
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
