//! L1 to L4, L14 to L16: what holds for any three versions of any record.

use crate::common::{mirrored, plain, sorted};
use crate::draw::Draw;
use crate::given::{Three, at, parsed, respelled, same_value, three, words};
use crate::hold;
use crate::json::{record, tree, turned};
use crate::run::Verdict;
use record_merge::{Format, Inputs, Merge, Merged, Policy, RowKind, equal, merge};

pub fn l1(t: &Three) -> Verdict {
    let m = t.of(Some(&t.mine), Some(&t.mine), Some(&t.mine));
    hold!(t, m.rows.is_empty(), "three equal versions have rows: {:?}", m.rows);
    let result = m.result(&[]).map(words);
    hold!(t, result.as_ref() == Ok(&t.mine), "three equal versions became {result:?}");
    Ok(())
}

pub fn l2(t: &Three) -> Verdict {
    let (base, mine, theirs) = (Some(t.base.as_str()), Some(t.mine.as_str()), Some(t.theirs.as_str()));
    let one = t.of(base, mine, base).result(&[]).map(words);
    hold!(
        t,
        one.as_ref().is_ok_and(|found| t.same(found, &t.mine)),
        "only mine changed, and it became {one:?}"
    );
    let one = t.of(base, base, theirs).result(&[]).map(words);
    hold!(t, one.as_ref() == Ok(&t.theirs), "only theirs changed, and it became {one:?}");
    for (b, m, t2, wanted) in [
        (base, None, base, None),
        (base, base, None, None),
        (base, None, None, None),
        (None, mine, None, mine),
        (None, None, theirs, theirs),
        (None, None, None, None),
    ] {
        let found = t.of(b, m, t2).result(&[]);
        let wanted = wanted.map_or(Merged::Deleted, |text| Merged::Document(text.as_bytes().to_vec()));
        hold!(t, found == Ok(wanted), "one side made or deleted the record, and it became {found:?}");
    }
    Ok(())
}

pub fn json_l1(d: &mut Draw) -> Verdict {
    l1(&three(d))
}

pub fn json_l2(d: &mut Draw) -> Verdict {
    l2(&three(d))
}

pub fn json_l3(d: &mut Draw) -> Verdict {
    let new = record(d);
    let styles = [d.byte(), d.byte(), d.byte()];
    let t = Three {
        format: Format::Json,
        base: tree(d, 3).source(styles[0]),
        mine: new.source(styles[1]),
        theirs: turned(&new).source(styles[2]),
        policy: Policy::default(),
    };
    l3(&t)
}

/// Mine and theirs say the same.
pub fn l3(t: &Three) -> Verdict {
    for base in [Some(t.base.as_str()), None] {
        let m = t.of(base, Some(&t.mine), Some(&t.theirs));
        hold!(t, m.rows.is_empty(), "both say the same, and there are rows: {:?}", m.rows);
        let result = m.result(&[]).map(words);
        hold!(t, result.as_ref() == Ok(&t.theirs), "both say the same, and it became {result:?}");
    }
    Ok(())
}

/// Paths and kinds of the rows.
fn listed(m: &Merge, open: bool, turn: bool) -> Vec<String> {
    let rows = m.rows.iter().filter(|row| !open || row.automatic.is_none());
    sorted(
        rows.map(|row| {
            let kind = if turn { mirrored(row.kind) } else { row.kind };
            format!("{} {kind:?} {}", respelled(&row.path), row.part.is_some())
        })
        .collect(),
    )
}

/// `same` compares what the two ways came to; order and spelling follow the carrier.
pub fn l4(t: &Three, same: impl Fn(&str, &str) -> bool) -> Verdict {
    let there = t.merge();
    let back = t.of(Some(&t.base), Some(&t.theirs), Some(&t.mine));
    let (one, other) = (listed(&there, true, false), listed(&back, true, true));
    hold!(t, one == other, "questions {one:?}\nturned round {other:?}");
    match (there.result(&[]), back.result(&[])) {
        (Ok(a), Ok(b)) => {
            let (a, b) = (words(a), words(b));
            hold!(t, same(&a, &b), "it becomes {a}\nturned round {b}");
        }
        (a, b) => hold!(t, a.is_err() && b.is_err(), "it becomes {a:?}\nturned round {b:?}"),
    }
    for (a, b) in [(there.all_mine(), back.all_theirs()), (there.all_theirs(), back.all_mine())] {
        let (a, b) = (words(a), words(b));
        hold!(t, same(&a, &b), "one side of all questions gives {a}\nturned round {b}");
    }
    Ok(())
}

pub fn json_l4(d: &mut Draw) -> Verdict {
    let t = three(d);
    // null and a missing member are one thing then, and which of them stands there follows the carrier
    // line ends and spaces that both sides changed, each in its own way, follow the carrier as well
    let seen = |text: &str| {
        let ends = plain(text).replace("\\r\\n", "\\n").replace("\\n\"", "\"");
        ends.replace("a \"", "a\"").replace("a \\n", "a\\n").replace("b\\u{a0}\"", "b\"")
    };
    let unseen = [&t.mine, &t.theirs].iter().any(|side| seen(side) != plain(side));
    let same = |a: &str, b: &str| {
        t.same(a, b) || plain(a) == plain(b) || t.policy.null_is_missing || (unseen && seen(a) == seen(b))
    };
    l4(&t, same)
}

/// Any bytes: an answer, the same every time, in every format.
pub fn any_l14(d: &mut Draw) -> Verdict {
    let mut bytes = || {
        let kind = d.below(4);
        let length = d.below(60);
        let mut out: Vec<u8> = Vec::new();
        while out.len() < length {
            match kind {
                0 => out.push(d.byte()),
                1 => out.extend(d.pick(SNIPPETS).bytes()),
                2 => out.push(b"[]{}\",:0-9eE.+-a\\u \n"[d.below(20)]),
                _ => out.extend(record(d).source(0).bytes()),
            }
        }
        out
    };
    let (a, b, c) = (bytes(), bytes(), bytes());
    let missing = d.below(8);
    let shown = Shown([&a, &b, &c].map(|bytes| String::from_utf8_lossy(bytes).into_owned()));
    for format in [Format::Json, Format::Text, Format::Binary, Format::Vcard, Format::Icalendar] {
        let input = Inputs::new(
            (missing != 1).then_some(&a[..]),
            (missing != 2).then_some(&b[..]),
            (missing != 3).then_some(&c[..]),
        );
        let policy = Policy { words: missing == 4, ..Policy::default() };
        let (one, other) = (merge(format, input, &policy), merge(format, input, &policy));
        match (one, other) {
            (Ok(one), Ok(other)) => {
                hold!(shown, one.rows == other.rows, "{format:?}: other rows the second time");
                hold!(
                    shown,
                    one.all_mine() == other.all_mine(),
                    "{format:?}: another outcome the second time"
                );
                hold!(
                    shown,
                    one.result(&[]) == other.result(&[]),
                    "{format:?}: another result the second time"
                );
            }
            (one, other) => hold!(shown, one.is_err() && other.is_err(), "{format:?}: refused only once"),
        }
        equal(format, &a, &c, &policy);
        record_merge::changed_paths(format, &b, &c, &policy);
    }
    Ok(())
}

struct Shown([String; 3]);

impl Shown {
    fn shown(&self) -> String {
        format!("{:?}", self.0)
    }
}

const SNIPPETS: &[&str] = &[
    "\u{feff}",
    "\r\n",
    "\n",
    "\r",
    " ",
    "{\"a\":",
    "}",
    "[",
    "]",
    ",",
    "\"\\ud800\"",
    "1e999999999999",
    "-",
    "null",
    "BEGIN:VCARD\r\n",
    "END:VCARD\r\n",
    "VERSION:4.0\r\n",
    "TEL;TYPE=home:1\r\n",
    "BEGIN:VCALENDAR\n",
    "END:VEVENT",
    "BEGIN:VEVENT\n",
    "UID:1\n",
    "DTSTART:2026",
    "EXDATE:1,2\n",
    "item1.",
    ";",
    ":",
    "\\,",
    "\u{0}",
    "e\u{301}",
    "- [ ] x\n",
    "```\n",
    "| a | b |\n",
    "[x](y)",
    "😀",
    "\u{2028}",
];

pub fn json_l15_l16(d: &mut Draw) -> Verdict {
    let t = three(d);
    for row in t.merge().open() {
        let (before, mine, theirs) = (row.before.as_deref(), row.mine.as_deref(), row.theirs.as_deref());
        hold!(t, !same_value(mine, theirs), "a question without a difference: {row:?}");
        hold!(t, !same_value(mine, before), "a question although only the server changed it: {row:?}");
        hold!(t, !same_value(theirs, before), "a question although only mine changed it: {row:?}");
        // the base shown is the base of that very place
        if row.part.is_none() && row.with.is_empty() && row.kind != RowKind::Reordered {
            let base = parsed(&t.base);
            hold!(t, same_value(at(&base, &row.path), before), "another base is shown: {row:?}");
        }
    }
    Ok(())
}

/// Other spellings on all sides, and nothing else: no rows at all.
pub fn json_l15(d: &mut Draw) -> Verdict {
    let tree = record(d);
    let styles = [d.byte(), d.byte(), d.byte()];
    let t = Three {
        format: Format::Json,
        base: tree.source(styles[0]),
        mine: turned(&tree).source(styles[1]),
        theirs: crate::json::respelled(&tree).source(styles[2]),
        policy: Policy::default(),
    };
    let m = t.merge();
    hold!(t, m.rows.is_empty(), "only the spelling differs, and there are rows: {:?}", m.rows);
    hold!(
        t,
        m.result(&[]).map(words).as_ref() == Ok(&t.theirs),
        "only the spelling differs, and it is not theirs"
    );
    Ok(())
}
