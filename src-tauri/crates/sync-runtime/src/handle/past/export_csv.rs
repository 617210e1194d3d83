//! Lines of a CSV file (RFC 4180), safe to open in a spreadsheet.

use super::export::Line;
use std::io::{self, Write};

pub(super) const HEAD: &str = "record,title,version,at,clock,seen_at,what,by,device,validator,from_validator,changed,why,of_version,words,request_id,media_type,encoding,body\r\n";

/// One line.
pub(super) fn line(out: &mut impl Write, record: &str, title: &str, line: &Line<'_>) -> io::Result<()> {
    let why: Vec<String> = line
        .why
        .iter()
        .map(|why| {
            let from = format!("{:?}", why.from).to_lowercase();
            format!("{}: {from}. {}", why.field, why.words)
        })
        .collect();
    let version = line.version.to_string();
    let of_version = line.of_version.map(|n| n.to_string()).unwrap_or_default();
    let clock = format!("{:?}", line.clock).to_lowercase();
    let cells = [
        record,
        title,
        &version,
        &line.at,
        &clock,
        line.seen_at.as_deref().unwrap_or_default(),
        line.what,
        line.by,
        line.device.unwrap_or_default(),
        line.validator.unwrap_or_default(),
        line.from_validator.unwrap_or_default(),
        &line.changed.join("; "),
        &why.join("; "),
        &of_version,
        line.words.unwrap_or_default(),
        line.request_id.unwrap_or_default(),
        line.media_type.unwrap_or_default(),
        line.encoding.unwrap_or_default(),
        line.body.as_deref().unwrap_or_default(),
    ];
    for (at, text) in cells.into_iter().enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        cell(out, text)?;
    }
    out.write_all(b"\r\n")
}

/// One cell. A text that a spreadsheet would take for a formula gets an apostrophe in front, as spreadsheets themselves
/// mark text; numbers stay numbers.
fn cell(out: &mut impl Write, text: &str) -> io::Result<()> {
    let apostrophe = if is_formula(text) { "'" } else { "" };
    let quoted = text.contains(['"', ',', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ');
    if !quoted {
        return write!(out, "{apostrophe}{text}");
    }
    write!(out, "\"{apostrophe}{}\"", text.replace('"', "\"\""))
}

/// Begins as a formula does, also in full-width letters or behind white space, and is no plain number.
fn is_formula(text: &str) -> bool {
    let start = text.trim_start_matches([' ', '\u{a0}']).chars().next();
    let begins =
        matches!(start, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'));
    begins && text.parse::<f64>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formula() {
        for (text, expected) in [
            ("plain", "plain"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("+351 912", "'+351 912"),
            ("-12.50", "-12.50"),
            ("-cmd|x", "'-cmd|x"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            (" =1", "\"' =1\""),
            ("＝1+1", "'＝1+1"),
            ("{\"a\":1}", "\"{\"\"a\"\":1}\""),
        ] {
            let mut out = Vec::new();
            cell(&mut out, text).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }

    #[test]
    fn the_head_names_each_column() {
        let entry = ipc_types::HistoryEntry::default();
        let mut out = Vec::new();
        line(&mut out, "a/b/c", "T", &Line::of(&entry, None)).unwrap();
        let line = String::from_utf8(out).unwrap();
        assert_eq!(line.matches(',').count(), HEAD.matches(',').count());
        assert!(line.ends_with("\r\n") && line.contains("1970-01-01T00:00:00Z"));
    }
}
