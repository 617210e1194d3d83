//! Cursors of listings: what has to survive a restart between two pages.

use serde::{Deserialize, Serialize};

/// A cursor; stored as JSON text that only this crate reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Cursor {
    /// Address of the next page; `None` = the beginning of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The pages belong to a delta.
    #[serde(skip_serializing_if = "is_false")]
    pub delta: bool,
    /// Where the next delta begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Validator of the list as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// Pages read so far.
    #[serde(skip_serializing_if = "is_zero")]
    pub pages: u32,
    /// A page seen before: coming back to it means going in a circle (Brent's method, so one is enough).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// Pages until the mark moves on.
    #[serde(skip_serializing_if = "is_zero")]
    pub until: u32,
    /// Distance of marks.
    #[serde(skip_serializing_if = "is_zero")]
    pub reach: u32,
}

fn is_false(value: &bool) -> bool {
    !*value
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}

impl Cursor {
    /// Reads a stored cursor; one that cannot be read means starting over, which loses nothing.
    pub(crate) fn read(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// As it is stored; nothing known = empty.
    pub(crate) fn write(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Goes to the next page; `false` if it was read before.
    pub(crate) fn turn(&mut self, from: &str, to: &str) -> bool {
        if to == from || self.mark.as_deref() == Some(to) {
            return false;
        }
        if self.until == 0 {
            self.reach = self.reach.saturating_mul(2).max(1);
            self.until = self.reach;
            self.mark = Some(from.to_owned());
        } else {
            self.until -= 1;
        }
        self.pages = self.pages.saturating_add(1);
        self.page = Some(to.to_owned());
        true
    }

    /// What to keep when the last page is read.
    pub(crate) fn end(&self) -> Self {
        Self { since: self.since.clone(), etag: self.etag.clone(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_and_straight_lines_are_not() {
        for (start, circle) in [(0_u32, 1_u32), (0, 2), (1, 1), (5, 3), (40, 7), (3, 100)] {
            let next = |n: u32| if n + 1 < start + circle { n + 1 } else { start };
            let (mut cursor, mut at, mut steps) = (Cursor::default(), 0, 0);
            while cursor.turn(&at.to_string(), &next(at).to_string()) {
                at = next(at);
                steps += 1;
                assert!(steps < 10_000, "{start} {circle}");
            }
        }
        let mut cursor = Cursor::default();
        for n in 0..5_000 {
            assert!(cursor.turn(&n.to_string(), &(n + 1).to_string()), "{n}");
        }
    }

    #[test]
    fn stored_and_read_back() {
        let cursor =
            Cursor { page: Some("p".into()), delta: true, since: Some("s".into()), ..Cursor::default() };
        assert_eq!(Cursor::read(Some(&cursor.write())), cursor);
        assert_eq!(Cursor::default().write(), "");
        for text in [None, Some(""), Some("{"), Some("[]"), Some("{\"page\":1}"), Some("\u{0}")] {
            assert_eq!(Cursor::read(text), Cursor::default(), "{text:?}");
        }
    }
}
