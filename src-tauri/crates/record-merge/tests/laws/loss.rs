//! L5, L6 and L13: nothing lost, nothing invented, nothing touched that nobody touched.

use crate::draw::Draw;
use crate::given::{Three, at, empty, leaves, parsed, three, words};
use crate::hold;
use crate::run::Verdict;
use record_merge::json::{Document, Kind};
use record_merge::{ArrayMode, Format, Group, Path, Policy, RowKind, Token};

/// The same, or a set in another order.
fn says_the_same(t: &Three, path: &Path, now: Option<&str>, value: &str) -> bool {
    let is_set = path.0.last().is_some_and(|token| *token == Token::Member("tags".to_owned()));
    let all_in = |a: &Document, b: &Document| {
        let has = |one: &str| b.children(b.root()).any(|other| t.like(Some(one), Some(b.text(other))));
        a.children(a.root()).all(|one| has(a.text(one)))
    };
    let same_set = |now: &str| {
        let (a, b) = (parsed(now), parsed(value));
        let arrays = [&a, &b].iter().all(|version| version.kind(version.root()) == Kind::Array);
        arrays && all_in(&a, &b) && all_in(&b, &a)
    };
    t.like(now, Some(value)) || (is_set && now.is_some_and(same_set))
}

pub fn json_l5_l6(d: &mut Draw) -> Verdict {
    no_loss(&three(d))
}

fn no_loss(t: &Three) -> Verdict {
    let m = t.merge();
    // open, or put together from both sides and listed; what a list is made of is in the laws of lists
    let inside = |path: &Path| {
        m.rows.iter().any(|row| {
            let asked =
                row.group == Group::Open || matches!(row.kind, RowKind::Combined | RowKind::Reordered);
            let in_list = row.path.0.iter().any(|token| matches!(token, Token::Identity(_)));
            let here = |place: &Path| {
                (asked && path.starts_with(place)) || ((asked || in_list) && place.starts_with(path))
            };
            here(&row.path) || row.with.iter().any(here)
        })
    };
    let (base, mine, theirs) = (parsed(&t.base), parsed(&t.mine), parsed(&t.theirs));
    let sides = [(words(m.all_mine()), &mine, &theirs), (words(m.all_theirs()), &theirs, &mine)];
    let missing = |value: &str| t.policy.null_is_missing && value == "null";
    for (all, side, other) in sides {
        let after = parsed(&all);
        for (path, value) in leaves(side.source()) {
            let edited = !t.like(at(&base, &path), Some(&value));
            let kept = says_the_same(t, &path, at(&after, &path), &value);
            // an empty object that the other side filled is still there, with more in it
            let filled = empty(&value) && at(&after, &path).is_some_and(|now| now.starts_with('{'));
            let lost = edited && !kept && !filled && !inside(&path) && !missing(&value);
            hold!(t, !lost, "{} of {} is lost in {all}", path.to_pointer(), side.source());
        }
        for (path, value) in leaves(&t.base) {
            let back = at(side, &path).is_none() && at(&after, &path).is_some();
            let changed_there = !t.like(at(other, &path), Some(&value));
            let right = !back || inside(&path) || changed_there || missing(&value);
            hold!(t, right, "{} came back in {all}", path.to_pointer());
        }
        for (path, value) in leaves(&all) {
            let known = [&base, &mine, &theirs]
                .iter()
                .any(|version| at(version, &path).is_some_and(|known| t.like(Some(known), Some(&value))));
            hold!(t, known || empty(&value) || inside(&path), "{} of {all} was invented", path.to_pointer());
        }
    }
    Ok(())
}

pub fn json_l13(d: &mut Draw) -> Verdict {
    let t = three(d);
    let m = t.merge();
    let merged = words(m.all_theirs());
    let after = leaves(&merged);
    let touched = |path: &Path| {
        m.rows.iter().any(|row| {
            let meets = |place: &Path| path.starts_with(place) || place.starts_with(path);
            row.kind != RowKind::AddedByBoth && (meets(&row.path) || row.with.iter().any(meets))
        })
    };
    let mut last = 0;
    for (path, value) in leaves(&t.theirs).iter().filter(|(path, _)| !touched(path)) {
        let position = after.iter().position(|(other, _)| other == path);
        hold!(t, position.is_some(), "{} is gone from {merged}", path.to_pointer());
        let position = position.unwrap();
        hold!(t, &after[position].1 == value, "{} is spelled anew in {merged}", path.to_pointer());
        hold!(t, position >= last, "{} moved in {merged}", path.to_pointer());
        last = position;
    }
    Ok(())
}

/// What ten million cases found: the same under the policy, and counted as lost.
#[test]
fn the_same_in_other_words_is_not_lost() {
    let sets = Policy { arrays: [("**/tags".to_owned(), ArrayMode::Set)].into(), ..Policy::default() };
    let nulls = Policy { null_is_missing: true, ..Policy::default() };
    for (base, mine, theirs, policy) in [
        // a set made the same by both, in another order
        (
            r#"{"tags":[{"id":0},{"id":1}]}"#,
            r#"{"a":1,"tags":[{"id":1},null]}"#,
            r#"{"tags":[null,{"id":1}]}"#,
            &sets,
        ),
        // where null means missing, inside of lists as well, nothing was changed
        (
            r#"{"x":[{"a":null},{"a":null}]}"#,
            r#"{"x":[{},{"a":null}]}"#,
            r#"{"x":[{"a":null},{"a":null}]}"#,
            &nulls,
        ),
        (r#"{"c":{"a":null}}"#, "null", r#"{"c":{}}"#, &nulls),
    ] {
        let [base, mine, theirs] = [base, mine, theirs].map(str::to_owned);
        let t = Three { format: Format::Json, base, mine, theirs, policy: policy.clone() };
        assert_eq!(no_loss(&t), Ok(()));
    }
    // and what is lost indeed is still found
    let [base, mine, theirs] = [r#"{"tags":["a"]}"#, "{}", r#"{"tags":["b"]}"#].map(str::to_owned);
    let t = Three { format: Format::Json, base, mine, theirs, policy: sets };
    let path = Path(vec![Token::Member("tags".to_owned())]);
    for (other, same) in
        [(r#"["b","a"]"#, true), (r#"["a"]"#, false), (r#"["a","b","c"]"#, false), ("1", false)]
    {
        assert_eq!(says_the_same(&t, &path, Some(r#"["a","b"]"#), other), same, "{other}");
    }
}
