//! What the lines of a text are, as far as Markdown says so. Any text is looked at this way: a line that looks like an
//! entry of a list is one for the people who wrote it.

use super::lines::Text;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Blank,
    /// A paragraph, a heading, a quotation.
    Prose,
    /// An entry of a list: where its text begins, after marker and check box (in bytes of the line as it is read).
    Item {
        /// Columns before the marker.
        indent: usize,
        text: usize,
        /// Marked by a sign, not by a number.
        bullet: bool,
    },
    /// Inside something that must not be taken apart: a fenced block, a table row, front matter, an indented line.
    Whole,
}

/// The kind of each line.
pub(super) fn kinds(text: &Text<'_>) -> Vec<Kind> {
    let mut kinds = Vec::with_capacity(text.len());
    // The sign and how often it stands there.
    let mut fence: Option<(char, usize)> = None;
    let front = front_matter((0..text.len()).map(|at| text.read(at)));
    for number in 0..text.len() {
        let line = text.read(number);
        if line.is_empty() && fence.is_none() && number >= front {
            kinds.push(Kind::Blank);
            continue;
        }
        let mark = fence_of(&line);
        let kind = if number < front {
            Kind::Whole
        } else if let Some((sign, length)) = fence {
            let closes = |mark: &str| {
                mark.starts_with(sign) && mark.len() >= length && line.trim().len() == mark.len()
            };
            if mark.is_some_and(closes) {
                fence = None;
            }
            Kind::Whole
        } else if let Some(mark) = mark {
            fence = mark.chars().next().map(|sign| (sign, mark.len()));
            Kind::Whole
        } else {
            one(&line)
        };
        kinds.push(kind);
    }
    kinds
}

/// How many lines at the start are front matter, with the lines that enclose it.
fn front_matter(mut lines: impl Iterator<Item = impl AsRef<str>>) -> usize {
    let is = |line: &str, marks: &[&str]| marks.contains(&line.trim_end());
    if !lines.next().is_some_and(|line| is(line.as_ref(), &["---", "+++"])) {
        return 0;
    }
    let end = lines.position(|line| is(line.as_ref(), &["---", "...", "+++"]));
    end.map_or(0, |at| at + 2)
}

/// The run of marks that opens or closes a fenced block.
fn fence_of(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(' ');
    let mark = rest.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let length = rest.len() - rest.trim_start_matches(mark).len();
    let tail = rest.get(length..)?;
    // Three marks and more in one line are code inside a sentence.
    (length >= 3 && !(mark == '`' && tail.contains('`'))).then(|| rest.get(..length))?
}

fn one(line: &str) -> Kind {
    if line.is_empty() || line.trim().is_empty() {
        return Kind::Blank;
    }
    let rest = line.trim_start_matches([' ', '\t']);
    let indent = line.len() - rest.len();
    if let Some((marker, bullet)) = marker(rest) {
        let after = rest.get(marker..).unwrap_or_default();
        return Kind::Item { indent, text: indent + marker + check_box(after), bullet };
    }
    let table = rest.starts_with('|') || rest.contains(" | ");
    if indent > 0 || table { Kind::Whole } else { Kind::Prose }
}

/// The length of the marker of an entry with the space after it.
fn marker(line: &str) -> Option<(usize, bool)> {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (sign, bullet) = match line.get(digits..)?.chars().next()? {
        '-' | '*' | '+' | '•' if digits == 0 => (line.chars().next()?.len_utf8(), true),
        '.' | ')' if (1..=9).contains(&digits) => (digits + 1, false),
        _ => return None,
    };
    let rest = line.get(sign..)?;
    let space = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    (space > 0 || rest.is_empty()).then_some((sign + space, bullet))
}

/// The length of a check box with the space after it.
fn check_box(text: &str) -> usize {
    let mut characters = text.chars();
    let shape = (characters.next(), characters.next(), characters.next(), characters.next());
    match shape {
        (Some('['), Some(' ' | 'x' | 'X' | '-'), Some(']'), None) => 3,
        (Some('['), Some(' ' | 'x' | 'X' | '-'), Some(']'), Some(' ')) => {
            text.len() - text.get(3..).unwrap_or_default().trim_start_matches(' ').len()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str) -> String {
        let kinds = kinds(&Text::of(text, false));
        kinds
            .iter()
            .map(|kind| match kind {
                Kind::Blank => "_".to_owned(),
                Kind::Prose => "p".to_owned(),
                Kind::Item { indent, text, bullet } => {
                    format!("{}{indent}:{text} ", if *bullet { "-" } else { "#" })
                }
                Kind::Whole => "w".to_owned(),
            })
            .collect()
    }

    #[test]
    fn lines_have_kinds() {
        let cases = [
            ("a\n\n# b\n> c\n", "p_pp"),
            ("- a\n* [ ] b\n+ [x]  c\n", "-0:2 -0:6 -0:7 "),
            ("  - a\n1. b\n12) [ ] c\n-\n", "-2:4 #0:3 #0:8 -0:1 "),
            ("-a\n1.b\n2026. was\n**b**\n---\n", "pp#0:6 pp"),
            ("```\n- a\n```\nb\n", "wwwp"),
            ("````x\n```\n````\nb\n~~~\nnever closed\n", "wwwpww"),
            ("a ```b``` c\n``` x `\n", "pp"),
            ("| a | b |\n|---|---|\na | b\n", "www"),
            ("---\nt: 1\n---\na\n---\n", "wwwpp"),
            ("---\nnever closed\n", "pp"),
            ("    code\n  more of an entry\n", "ww"),
        ];
        for (text, expected) in cases {
            assert_eq!(drawn(text), expected, "{text:?}");
        }
    }
}
