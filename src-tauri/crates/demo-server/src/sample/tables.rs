//! The word lists, read from the text files beside this one.

/// Lines of a table, cut into columns; `#` begins a comment.
pub(super) fn table(text: &'static str) -> Vec<Vec<&'static str>> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect()
}

/// A column of a line; empty if the line is too short.
pub(super) fn column<'a>(line: &[&'a str], number: usize) -> &'a str {
    line.get(number).copied().unwrap_or_default()
}

/// Everything of one kind: lines whose first column is `kind`.
pub(super) fn of_kind<'t>(table: &'t [Vec<&'static str>], kind: &str) -> Vec<&'t Vec<&'static str>> {
    table.iter().filter(|line| column(line, 0) == kind).collect()
}
