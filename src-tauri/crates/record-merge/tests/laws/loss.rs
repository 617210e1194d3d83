//! L5, L6 and L13: nothing lost, nothing invented, nothing touched that nobody touched.

use crate::draw::Draw;
use crate::given::{at, empty, leaves, parsed, same_value, three, words};
use crate::hold;
use crate::run::Verdict;
use record_merge::{Group, Path, RowKind, Token};

pub fn json_l5_l6(d: &mut Draw) -> Verdict {
    let t = three(d);
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
            let edited = !same_value(at(&base, &path), Some(&value));
            let kept = same_value(at(&after, &path), Some(&value));
            // an empty object that the other side filled is still there, with more in it
            let filled = empty(&value) && at(&after, &path).is_some_and(|now| now.starts_with('{'));
            let lost = edited && !kept && !filled && !inside(&path) && !missing(&value);
            hold!(t, !lost, "{} of {} is lost in {all}", path.to_pointer(), side.source());
        }
        for (path, value) in leaves(&t.base) {
            let back = at(side, &path).is_none() && at(&after, &path).is_some();
            let changed_there = !same_value(at(other, &path), Some(&value));
            let right = !back || inside(&path) || changed_there || missing(&value);
            hold!(t, right, "{} came back in {all}", path.to_pointer());
        }
        for (path, value) in leaves(&all) {
            let known = [&base, &mine, &theirs]
                .iter()
                .any(|version| at(version, &path).is_some_and(|known| same_value(Some(known), Some(&value))));
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
