//! The rules of merge.md 2.6 as tables.

use super::*;

fn drawn(blend: &Blend) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Clash(clash) => format!("<{}|{}|{}>", clash.base, clash.mine, clash.theirs),
        Piece::Done(text) => text.clone(),
    };
    blend.framed().iter().map(piece).collect()
}

/// The outcome; with both sides turned round it must ask in the same way.
fn merged(base: &str, mine: &str, theirs: &str, words: bool) -> String {
    let outcome = drawn(&texts(base, mine, theirs, words));
    let turned = drawn(&texts(base, theirs, mine, words));
    assert_eq!(outcome.contains('<'), turned.contains('<'), "turned: {base:?} {mine:?} {theirs:?}");
    outcome
}

fn check(cases: &[(&str, &str, &str, &str)], words: bool) {
    for (base, mine, theirs, expected) in cases {
        assert_eq!(merged(base, mine, theirs, words), *expected, "{base:?} {mine:?} {theirs:?}");
    }
}

#[test]
fn lines_go_together() {
    check(
        &[
            ("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n", "A\nb\nc\nD\n"),
            ("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n"),
            ("a\nb\nc\n", "a\nB\nc\n", "a\nX\nc\n", "a\n<b\n|B\n|X\n>c\n"),
            // next to each other: a question, as in git
            ("a\nb\n", "A\nb\n", "a\nB\n", "<a\nb\n|A\nb\n|a\nB\n>"),
            ("a\n", "a\nm\n", "a\nt\n", "a\n<|m\n|t\n>"),
            ("a\nb\nc\n", "a\nm\nb\nc\n", "a\nB\nc\n", "a\n<b\n|m\nb\n|B\n>c\n"),
            // the same on both sides
            ("a\nb\nc\nd\n", "a\nB\nc\nD\n", "a\nB\nc\nd\n", "a\nB\nc\nD\n"),
            // removed here, changed there
            ("a\nb\nc\n", "a\nc\n", "a\nB\nc\n", "a\n<b\n||B\n>c\n"),
            ("a\nb\nc\nd\ne\n", "a\nb\ne\n", "a\nb\nc\nD\ne\n", "a\nb\n<c\nd\n||c\nD\n>e\n"),
            // a paragraph put in beside one that was changed: there is an empty line between
            ("one\n\ntwo\n", "ONE\n\ntwo\n", "one\n\nnew\n\ntwo\n", "ONE\n\nnew\n\ntwo\n"),
            // a paragraph from each at the same place
            ("a\n\nb\n", "a\n\nm\n\nb\n", "a\n\nt\n\nb\n", "a\n\n<|m\n\n|t\n\n>b\n"),
            // empty and short texts
            ("", "a\n", "b\n", "<|a\n|b\n>"),
            ("a\nb\n", "", "a\nB\n", "<a\nb\n||a\nB\n>"),
            ("a", "b", "c", "<a|b|c>"),
            ("a\nb", "A\nb", "a\nb\nc", "A\nb\nc"),
            // marker-like text is just text
            ("x\n<\ny\n", "X\n<\ny\n", "x\n<\nY\n", "X\n<\nY\n"),
            (
                "x\n=======\n>>>>>>> b\ny\n",
                "X\n=======\n>>>>>>> b\ny\n",
                "x\n=======\n>>>>>>> b\nY\n",
                "X\n=======\n>>>>>>> b\nY\n",
            ),
            // every script, and what is put together from several characters
            ("שלום\nעולם\nסוף\n", "שלום!\nעולם\nסוף\n", "שלום\nעולם\nסוף.\n", "שלום!\nעולם\nסוף.\n"),
            ("👩‍👩‍👧\nb\n🇩🇪\n", "👩‍👧\nb\n🇩🇪\n", "👩‍👩‍👧\nb\n🇦🇹\n", "👩‍👧\nb\n🇦🇹\n"),
            ("a\u{2028}b\nc\nd\n", "a\u{2028}B\nc\nd\n", "a\u{2028}b\nc\nD\n", "a\u{2028}B\nc\nD\n"),
        ],
        false,
    );
}

#[test]
fn what_nobody_sees_makes_no_clash() {
    check(
        &[
            // line ends changed on one side, text on the other
            ("a\nb\nc\n", "a\r\nb\r\nc\r\n", "a\nb\nC\n", "a\r\nb\r\nC\r\n"),
            ("a\nb\nc\n", "A\nb\nc\n", "a\r\nb\r\nc\r\n", "A\r\nb\r\nc\r\n"),
            ("a\r\nb\r\nc\r\n", "A\r\nb\r\nc\r\n", "a\nb\nc\n", "A\nb\nc\n"),
            ("a\rb\rc\r", "A\rb\rc\r", "a\rb\rC\r", "A\rb\rC\r"),
            ("a\nb\nc\n", "a\rb\rc\r", "a\nb\nC\n", "a\rb\rC\r"),
            // no line end of its own: a new last line
            ("a\r\nb", "a\r\nb\r\nc", "A\r\nb", "A\r\nb\r\nc"),
            ("a", "a\r\nm", "A", "<a|a\r\nm|A>"),
            // a mixture stays one
            ("a\r\nb\nc\n", "A\r\nb\nc\n", "a\r\nb\nC\n", "A\r\nb\nC\n"),
            ("a\r\nb\nc\n", "a\r\nb\r\nc\n", "a\r\nb\nC\n", "a\r\nb\r\nC\n"),
            // the final line break and the byte-order mark by themselves
            ("a\nb\nc", "A\nb\nc", "a\nb\nc\n", "A\nb\nc\n"),
            ("a\nb\nc\n", "a\nb\nc", "A\nb\nc\n", "A\nb\nc"),
            ("a\nb\nc", "a\nb\nc\nd", "A\nb\nc", "A\nb\nc\nd"),
            ("a\nb\nc\n", "\u{feff}a\nb\nc\n", "a\nb\nC\n", "\u{feff}a\nb\nC\n"),
            ("\u{feff}a\nb\n", "a\nb\n", "\u{feff}A\nb\n", "A\nb\n"),
            // trailing space and Unicode form: the edit is taken
            ("a\nb\nc\n", "a\nb  \nc\n", "a\nB\nc\n", "a\nB\nc\n"),
            ("a\nb \nc\n", "a\nb\nc\n", "A\nb \nc\n", "A\nb\nc\n"),
            ("a\ne\u{301}\nc\n", "a\né\nc\n", "a\nE\nc\n", "a\nE\nc\n"),
            ("é\nb\nc\n", "e\u{301}\nb\nc\n", "é\nb\nC\n", "e\u{301}\nb\nC\n"),
            ("a b\nc\n", "a\u{a0}b\nc\n", "a b!\nc\n", "a b!\nc\n"),
            // what changes how it is read is seen
            ("ab\n", "a\u{202e}b\n", "abc\n", "<ab\n|a\u{202e}b\n|abc\n>"),
        ],
        false,
    );
}

#[test]
fn runs_of_equal_lines_are_asked_about() {
    check(
        &[
            ("a\no\no\no\nb\n", "a\no\no\nb\n", "a\no\no\no\no\nb\n", "a\no\no\n<o\n||o\no\n>b\n"),
            // which one is gone, and which one the new line stands behind, cannot be told
            ("a\no\no\nb\n", "a\no\nb\n", "a\no\nz\no\nb\n", "a\no\n<o\n||z\no\n>b\n"),
            ("o\no\no\no\n", "o\nm\no\no\no\n", "o\no\no\nt\no\n", "o\n<o\no\n|m\no\no\n|o\no\nt\n>o\n"),
            // beside the run
            ("a\no\no\no\nb\n", "a\no\no\nb\n", "a\no\no\no\nB\n", "a\no\no\n<o\nb\n|b\n|o\nB\n>"),
            // an empty line that could be the one there was, or a new one
            ("0\n\n1\n\n", "0\n\n1\n\nu\n", "0\ny\n1\n\n\n", "0\n<\n1\n\n|\n1\n\nu\n|y\n1\n\n\n>"),
            // with something else between: no doubt
            ("a\no\no\nx\nb\n", "a\no\nx\nb\n", "a\no\no\nx\nB\n", "a\no\nx\nB\n"),
        ],
        false,
    );
}

const OLD: &str = "The old drill is in the cellar and nobody knows why.\n";

#[test]
fn words_go_together_where_that_is_wanted() {
    check(
        &[
            (
                OLD,
                "The new drill is in the cellar and nobody knows why.\n",
                "The old drill is in the attic and nobody knows why.\n",
                "The new drill is in the attic and nobody knows why.\n",
            ),
            // the same word, differently
            (
                "It stands in the cellar now.\n",
                "It stands in the attic now.\n",
                "It stands in the shed now.\n",
                "<It stands in the cellar now.\n|It stands in the attic now.\n|It stands in the shed now.\n>",
            ),
        ],
        true,
    );
    let asked = [
        (
            "neighbours",
            OLD,
            "The new drill is in the cellar and nobody knows why.\n",
            "The old saw is in the cellar and nobody knows why.\n",
        ),
        (
            "only one word between",
            OLD,
            "The new drill is in the cellar and nobody knows why.\n",
            "The old drill was in the cellar and nobody knows why.\n",
        ),
        (
            "both put in at one place",
            OLD,
            "The old drill is in the wet cellar and nobody knows why.\n",
            "The old drill is in the dark cellar and nobody knows why.\n",
        ),
        (
            "figures on both sides",
            "The 5 old drills that are in the cellar cost 40 euro.\n",
            "The 6 old drills that are in the cellar cost 40 euro.\n",
            "The 5 old drills that are in the cellar cost 45 euro.\n",
        ),
        (
            "dates on both sides",
            "From 2026-11-01 we all are here until 2026-11-05 or so.\n",
            "From 2026-11-02 we all are here until 2026-11-05 or so.\n",
            "From 2026-11-01 we all are here until 2026-11-06 or so.\n",
        ),
        (
            "a figure on one side",
            "The 5 old drills that are in the cellar cost 40 euro.\n",
            "The 6 old drills that are in the cellar cost 40 euro.\n",
            "The 5 old drills that are in the attic cost 40 euro.\n",
        ),
        (
            "numbers in words on both sides",
            "Please give two tablets each morning and one tablet each night.\n",
            "Please give three tablets each morning and one tablet each night.\n",
            "Please give two tablets each morning and no tablet each night.\n",
        ),
        (
            "a negation on one side",
            "The patient may take the tablet in the morning with some milk.\n",
            "The patient may not take the tablet in the morning with some milk.\n",
            "The patient may take the tablet in the morning with some water.\n",
        ),
        ("shorter than a sentence", "red door at home\n", "green door at home\n", "red door at work\n"),
        (
            "settings",
            "name: the old drill is in the cellar\n",
            "name: the new drill is in the cellar\n",
            "name: the old drill is in the attic\n",
        ),
        (
            "code",
            "call(the, old, drill, is, in, cellar);\n",
            "call(the, new, drill, is, in, cellar);\n",
            "call(the, old, drill, is, in, attic);\n",
        ),
        (
            "one took the sentence away",
            "The old drill is in the cellar. It is broken.\n",
            "It is broken.\n",
            "The old drill is in the attic. It is broken.\n",
        ),
        (
            "one took most of it away",
            OLD,
            "The old drill is here.\n",
            "The very old drill is in the cellar and nobody knows why.\n",
        ),
        (
            "the same word put in at two places",
            OLD,
            "The very old drill is in the cellar and nobody knows why.\n",
            "The old drill is in the cellar and nobody knows very why.\n",
        ),
        (
            "a fenced block",
            "```\nthe old drill is in the cellar\n```\n",
            "```\nthe new drill is in the cellar\n```\n",
            "```\nthe old drill is in the attic\n```\n",
        ),
        (
            "a table row",
            "| the old drill is | in the cellar |\n",
            "| the new drill is | in the cellar |\n",
            "| the old drill is | in the attic |\n",
        ),
        (
            "a link",
            "See [the old drill](https://example.org/a) in the cellar.\n",
            "See [the new drill](https://example.org/a) in the cellar.\n",
            "See [the old drill](https://example.org/b) in the cellar.\n",
        ),
        (
            "front matter",
            "---\nname of it is the old drill in the cellar\n---\n",
            "---\nname of it is the new drill in the cellar\n---\n",
            "---\nname of it is the old drill in the attic\n---\n",
        ),
        (
            "an entry of a list",
            "- the old drill is in the cellar\n",
            "- the new drill is in the cellar\n",
            "- the old drill is in the attic\n",
        ),
        ("removed", "The old drill is in the cellar.\n", "", "The new drill is in the cellar.\n"),
        (
            "a line more on one side",
            "The old drill is in the cellar.\n",
            "The new drill is in the cellar.\nIt is broken.\n",
            "The old drill is in the attic.\n",
        ),
    ];
    for (why, base, mine, theirs) in asked {
        let outcome = merged(base, mine, theirs, true);
        assert!(outcome.contains('<'), "{why}: {outcome}");
    }
}

#[test]
fn proposals_wait_for_a_person() {
    let cases = [
        // words
        ("red door at home\n", "green door at home\n", "red door at work\n", Some("green door at work\n")),
        (
            OLD,
            "The new drill is in the cellar and nobody knows why.\n",
            "The old drill is in the attic and nobody knows why.\n",
            Some("The new drill is in the attic and nobody knows why.\n"),
        ),
        ("a red door\n", "a green door\n", "a blue door\n", None),
        ("a red door\n", "a green door\n", "a red gate\n", None),
        ("5 or 6 of them\n", "4 or 6 of them\n", "5 or 7 of them\n", None),
        ("drei oder vier davon\n", "kein oder vier davon\n", "drei oder fünf davon\n", None),
        (
            "ne pas ouvrir la porte\n",
            "ouvrir la porte\n",
            "ne pas ouvrir la fenêtre\n",
            Some("ouvrir la fenêtre\n"),
        ),
        // lines beside each other
        ("a\nb\n", "A\nb\n", "a\nB\n", Some("A\nB\n")),
        ("a\nb\n", "a\nB\n", "A\nb\n", Some("A\nB\n")),
        ("```\na\nb\n```\n", "```\nA\nb\n```\n", "```\na\nB\n```\n", Some("```\nA\nB\n```\n")),
        // both at the same place
        ("a\n", "a\nm\n", "a\nt\n", None),
        // a check box and the text of its entry
        ("- [ ] buy milk\n", "- [x] buy milk\n", "- [ ] buy oat milk\n", Some("- [x] buy oat milk\n")),
        ("- [ ] buy milk\n", "- [x] buy milk\n", "- [-] buy milk\n", None),
        ("- buy milk today\n", "- buy bread today\n", "- buy milk tomorrow\n", None),
        // entries beside each other
        ("- milk\n- bread\n", "- oat milk\n- bread\n", "- milk\n- rolls\n", Some("- oat milk\n- rolls\n")),
        // in runs nothing is proposed
        ("a\no\no\nb\n", "a\no\nb\n", "a\no\nz\no\nb\n", None),
    ];
    for (base, mine, theirs, expected) in cases {
        for (mine, theirs) in [(mine, theirs), (theirs, mine)] {
            let blend = texts(base, mine, theirs, false);
            assert_eq!(blend.clashes().count(), 1, "{base:?} {mine:?} {theirs:?}");
            assert_eq!(blend.suggested().as_deref(), expected, "{base:?} {mine:?} {theirs:?}");
        }
    }
    let proposed =
        proposal("\"a red door at home\"", "\"a green door at home\"", "\"a red door at \\\"work\\\"\"");
    assert_eq!(proposed.as_deref(), Some(r#""a green door at \"work\"""#));
    // with words, a check box and the text of its entry need no question
    check(&[("- [ ] buy milk\n", "- [x] buy milk\n", "- [ ] buy oat milk\n", "- [x] buy oat milk\n")], true);
}

#[test]
fn entries_of_a_list_go_together() {
    check(
        &[
            // beside each other
            ("- [ ] a\n- [ ] b\n", "- [x] a\n- [ ] b\n", "- [ ] a\n- [x] b\n", "- [x] a\n- [x] b\n"),
            (
                "- [ ] a\n- [ ] b\n",
                "- [ ] a\n- [x] b\n",
                "- [ ] a\n- [ ] b\n- [ ] c\n",
                "- [ ] a\n- [x] b\n- [ ] c\n",
            ),
            ("- a\n- b\n- c\n", "- a\n- c\n", "- a\n- b\n- c\n- d\n", "- a\n- c\n- d\n"),
            ("- a\n- b\n", "- a\n", "- a\n- b\n- c\n", "- a\n- c\n"),
            ("- [ ] a\n- b\n", "- [x] a\n- b\n", "- [ ] a\n- B\n", "- [x] a\n- B\n"),
            // both checked it
            ("- [ ] a\n- [ ] b\n", "- [x] a\n- [ ] b\n", "- [x] a\n- [x] b\n", "- [x] a\n- [x] b\n"),
            ("- [ ] a\n- [ ] b\n", "- [x] a\n- [ ] b\n", "- [X] a\n- [x] b\n", "- [X] a\n- [x] b\n"),
            ("- [ ] a\n", "- [x] a\n", "- [X] a\n", "- [X] a\n"),
            ("- [ ] a\n", "- [x] a\n", "- [-] a\n", "<- [ ] a\n|- [x] a\n|- [-] a\n>"),
            // both put in the same
            ("- a\n", "- a\n- n\n", "- a\n- n\n", "- a\n- n\n"),
            // both put in something
            ("- a\n", "- a\n- m\n", "- a\n- t\n", "- a\n<|- m\n|- t\n>"),
            // changed here, removed there
            ("- a\n- b\n", "- [x] a\n- b\n", "- b\n", "<- a\n|- [x] a\n|>- b\n"),
            ("- a\n- b\n- c\n", "- a\n- B\n- c\n", "- a\n- c\n", "- a\n<- b\n|- B\n|>- c\n"),
            // texts of neighbours
            ("- a\n- b\n", "- A\n- b\n", "- a\n- B\n", "<- a\n- b\n|- A\n- b\n|- a\n- B\n>"),
            // an entry that is there twice
            (
                "- a\n- b\n- a\n",
                "- [x] a\n- b\n- a\n",
                "- a\n- [x] b\n- a\n",
                "<- a\n- b\n|- [x] a\n- b\n|- a\n- [x] b\n>- a\n",
            ),
            // with entries below entries
            (
                "- a\n  - b\n",
                "- [x] a\n  - b\n",
                "- a\n  - [x] b\n",
                "<- a\n  - b\n|- [x] a\n  - b\n|- a\n  - [x] b\n>",
            ),
            // moved here, changed there
            (
                "- a\n- b\n- c\n",
                "- b\n- a\n- c\n",
                "- a\n- [x] b\n- c\n",
                "<- a\n- b\n|- b\n- a\n|- a\n- [x] b\n>- c\n",
            ),
            // no list
            ("a\nb\n", "A\nb\n", "a\nB\n", "<a\nb\n|A\nb\n|a\nB\n>"),
            // with numbers only the boxes
            ("1. [ ] a\n2. [ ] b\n", "1. [x] a\n2. [ ] b\n", "1. [ ] a\n2. [x] b\n", "1. [x] a\n2. [x] b\n"),
            ("1. a\n2. [ ] b\n", "1. [ ] a\n2. [ ] b\n", "1. a\n2. [x] b\n", "1. [ ] a\n2. [x] b\n"),
            (
                "1. [ ] a\n2. b\n3. c\n",
                "1. [x] a\n2. b\n3. c\n",
                "1. [ ] a\n2. c\n",
                "<1. [ ] a\n2. b\n3. c\n|1. [x] a\n2. b\n3. c\n|1. [ ] a\n2. c\n>",
            ),
            (
                "1. [ ] a\n2. [ ] b\n",
                "1. [x] a\n2. [ ] b\n",
                "1. [ ] a\n1. [x] b\n",
                "<1. [ ] a\n2. [ ] b\n|1. [x] a\n2. [ ] b\n|1. [ ] a\n1. [x] b\n>",
            ),
            ("1. a\n2. b\n", "1. A\n2. b\n", "1. a\n2. B\n", "<1. a\n2. b\n|1. A\n2. b\n|1. a\n2. B\n>"),
        ],
        false,
    );
}

#[test]
fn clashes_keep_their_number_whatever_the_server_does() {
    let base = "a\nb\nc\nd\ne\nf\ng\nh\n";
    let mine = "a\nB\nc\nd\nE\nf\ng\nh\ni\n";
    let numbers = |theirs: &str| -> Vec<u32> {
        texts(base, mine, theirs, false).clashes().map(|clash| clash.number).collect()
    };
    for (theirs, expected) in [
        ("a\nX\nc\nd\nY\nf\ng\nh\nz\n", vec![1, 4, 8]),
        ("a\nb\nc\nd\nY\nf\ng\nh\n", vec![4]),
        // now the line before it, too
        ("a\nb\nc\nX\nY\nf\ng\nh\n", vec![4]),
        ("new\na\nb\nc\nd\nY\nf\ng\nH\n", vec![4, 8]),
        // two clashes have become one
        ("a\nX\nX\nX\nX\nf\ng\nh\n", vec![1]),
    ] {
        assert_eq!(numbers(theirs), expected, "{theirs:?}");
    }
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
    assert!(strings(r#""a""#, r#""b""#, r#""c""#, false, true).is_some());
    assert_eq!(strings(r#""a\n""#, r#""b\n\ud800""#, r#""c\n""#, false, false), None);
    // line ends by themselves, in the spelling of the document
    let blend = strings(r#""a\nb\nc""#, r#""a\r\nb\r\nc""#, r#""a\nb\nC""#, false, false);
    assert_eq!(drawn(&blend.unwrap()), r"a\r\nb\r\nC");
    let blend = strings(r#""a\\n\nb\nc\\n""#, r#""A\\n\nb\nc\\n""#, r#""a\\n\nb\nC\\n""#, false, false);
    assert_eq!(drawn(&blend.unwrap()), r"A\\n\nb\nC\\n");
}

#[test]
fn typed_text_keeps_to_its_own_lines() {
    let blend = texts("a\nb\nc\n", "a\nm\nc\n", "a\nt\nc\n", false);
    assert_eq!(blend.text(|_, _| "typed".to_owned()), "a\ntyped\nc\n");
    assert_eq!(blend.text(|_, _| String::new()), "a\nc\n");
    let both = |piece: &Piece| (blend.both(piece), blend.both_switched(piece));
    let clash = blend.pieces.iter().find(|piece| matches!(piece, Piece::Clash(_))).unwrap();
    assert_eq!(both(clash), ("t\nm\n".to_owned(), "m\nt\n".to_owned()));
}

proptest::proptest! {
    #[test]
    fn any_text_gives_an_answer(
        base in "[ab <\\-\\n\\r\u{a0}é|`]{0,30}", mine in "[ab <\\-\\n\\r\u{a0}é|`]{0,30}", theirs in "[ab <\\-\\n\\r\u{a0}é|`]{0,30}", words: bool,
    ) {
        let blend = texts(&base, &mine, &theirs, words);
        proptest::prop_assert_eq!(&blend, &texts(&base, &mine, &theirs, words));
        let side = |pick: fn(&Clash) -> &String| blend.text(|_, piece| match piece {
            Piece::Clash(clash) => pick(clash).clone(),
            Piece::Done(_) => String::new(),
        });
        // Nothing that is only in one side is lost: taking one side everywhere gives each of its changed lines. The kind
        // of a space is no change of a line.
        let plain = |text: &String| text.replace('\u{a0}', " ");
        let (base, mine, theirs) = (plain(&base), plain(&mine), plain(&theirs));
        for (out, side, other) in [(side(|c| &c.mine), &mine, &theirs), (side(|c| &c.theirs), &theirs, &mine)] {
            let out = plain(&out);
            for line in side.lines().map(|line| line.trim_end_matches(['\r', ' '])) {
                let known = base.contains(line) || other.contains(line) || line.contains('\r');
                proptest::prop_assert!(known || words || out.contains(line), "{} is not in {}", line, out);
            }
        }
    }
}
