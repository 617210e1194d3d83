//! The rules of merge.md 2.6 as tables.

use super::*;

fn drawn(blend: &Blend) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Clash(clash) => format!("<{}|{}|{}>", clash.base, clash.mine, clash.theirs),
        Piece::Done(text) => text.clone(),
    };
    blend.framed().iter().map(piece).collect()
}

#[test]
fn lines_go_together() {
    let cases = [
        ("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n", "A\nb\nc\nD\n"),
        ("a\nb\nc\n", "a\nB\nc\n", "a\nX\nc\n", "a\n<b\n|B\n|X\n>c\n"),
        // next to each other: a question, as in git
        ("a\nb\n", "A\nb\n", "a\nB\n", "<a\nb\n|A\nb\n|a\nB\n>"),
        ("a\n", "a\nm\n", "a\nt\n", "a\n<|m\n|t\n>"),
        // line ends changed on one side, text on the other
        ("a\nb\nc\n", "a\r\nb\r\nc\r\n", "a\nb\nC\n", "a\r\nb\r\nC\r\n"),
        ("a\nb\nc\n", "A\nb\nc\n", "a\r\nb\r\nc\r\n", "A\r\nb\r\nc\r\n"),
        // the final line break and the byte-order mark by themselves
        ("a\nb\nc", "A\nb\nc", "a\nb\nc\n", "A\nb\nc\n"),
        ("a\nb\nc\n", "a\nb\nc", "A\nb\nc\n", "A\nb\nc"),
        ("a\nb\nc", "a\nb\nc\nd", "A\nb\nc", "A\nb\nc\nd"),
        ("a\nb\nc\n", "\u{feff}a\nb\nc\n", "a\nb\nC\n", "\u{feff}a\nb\nC\n"),
        // what nobody sees makes no clash
        ("a\nb\nc\n", "a\nb  \nc\n", "a\nB\nc\n", "a\nB\nc\n"),
        ("a\ne\u{301}\nc\n", "a\né\nc\n", "a\nE\nc\n", "a\nE\nc\n"),
        // marker-like text is just text
        ("x\n<<<<<<<\ny\n", "X\n<<<<<<<\ny\n", "x\n<<<<<<<\nY\n", "X\n<<<<<<<\nY\n"),
    ];
    for (base, mine, theirs, expected) in cases {
        assert_eq!(drawn(&texts(base, mine, theirs, false)), expected, "{base:?} {mine:?} {theirs:?}");
    }
}

#[test]
fn words_go_together_where_that_is_wanted() {
    let (base, mine, theirs) = (
        "the old drill is in the cellar\n",
        "the new drill is in the cellar\n",
        "the old drill is in the attic\n",
    );
    assert_eq!(drawn(&texts(base, mine, theirs, true)), "the new drill is in the attic\n");
    assert!(drawn(&texts(base, mine, theirs, false)).starts_with('<'));
    assert!(drawn(&texts("a b\n", "c b\n", "d b\n", true)).starts_with('<'));
}

#[test]
fn strings_keep_the_escapes_of_untouched_lines() {
    let blend = strings(
        r#""\u00e9\nb\u000ac\r\nd""#,
        r#""é\nb\nc\r\nD""#,
        r#""\u00e9\/\nb\u000ac\r\nd""#,
        false,
        false,
    );
    assert_eq!(drawn(&blend.unwrap()), r"\u00e9\/\nb\u000ac\r\nD");
    assert_eq!(strings(r#""a""#, r#""b\n""#, r#""c""#, false, false), None);
    assert_eq!(strings(r#""a\n""#, r#""b\n\ud800""#, r#""c\n""#, false, false), None);
}
