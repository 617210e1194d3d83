//! The order of list elements that are followed by value or identity (merge.md 2.4, "Order").

use crate::lookup::{Known, Lookup};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

/// Whose order the elements stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Both have what they share in the same order.
    Same,
    /// Only the person put them in another order.
    Mine,
    /// Only the server did.
    Theirs,
    /// Both did, differently: the server's is used.
    Both,
}

/// Who put shared elements in another order. Each list has an element at most once.
pub(super) fn order<K: Eq + Hash + Clone>(base: &[K], mine: &[K], theirs: &[K]) -> Order {
    let shared = within(mine, &set(theirs));
    if shared == within(theirs, &set(mine)) {
        return Order::Same;
    }
    let in_base = set(base);
    let all: Known<K> = shared.into_iter().filter(|key| in_base.contains(key)).collect();
    let [base, mine, theirs] = [base, mine, theirs].map(|side| within(side, &all));
    match (mine == base, theirs == base) {
        (false, true) => Order::Mine,
        (true, false) => Order::Theirs,
        _ => Order::Both,
    }
}

fn set<K: Eq + Hash + Clone>(all: &[K]) -> Known<K> {
    all.iter().cloned().collect()
}

fn within<K: Eq + Hash + Clone>(all: &[K], chosen: &Known<K>) -> Vec<K> {
    all.iter().filter(|key| chosen.contains(key)).cloned().collect()
}

/// All elements of two lists: those of `frame` in its order, the others after the element they follow that both have.
/// What stands before or after everything both have, stays there. `others_first` = in one gap, before those of `frame`.
pub(super) fn arranged<K: Eq + Hash + Clone>(frame: &[K], others: &[K], others_first: bool) -> Vec<K> {
    let (in_frame, in_others) = (set(frame), set(others));
    let mut front = Vec::new();
    let mut after: Lookup<&K, Vec<K>> = Lookup::default();
    let mut gap: Vec<K> = Vec::new();
    let mut anchor = None;
    for key in others {
        if !in_frame.contains(key) {
            gap.push(key.clone());
            continue;
        }
        match anchor {
            None => front = std::mem::take(&mut gap),
            Some(anchor) => {
                after.insert(anchor, std::mem::take(&mut gap));
            }
        }
        anchor = Some(key);
    }
    let end = gap;
    let mut out = Vec::with_capacity(frame.len() + others.len());
    let mut own: Vec<K> = Vec::new();
    let mut put = |mut others: Vec<K>, own: &mut Vec<K>| {
        if others_first {
            out.append(&mut others);
            out.append(own);
        } else {
            out.append(own);
            out.append(&mut others);
        }
    };
    let mut section = front;
    for key in frame {
        if in_others.contains(key) {
            put(std::mem::take(&mut section), &mut own);
            own.push(key.clone());
            put(Vec::new(), &mut own);
            section = after.remove(key).unwrap_or_default();
        } else {
            own.push(key.clone());
        }
    }
    section.extend(end);
    put(section, &mut own);
    out
}

/// Elements of `side` that cannot have stayed in their place while the others of `base` moved: those that are not part of
/// every longest row of elements in the old order. `narrow`: only as many as must have moved.
pub(super) fn moved<K: Ord + Hash + Clone>(base: &[K], side: &[K], narrow: bool) -> BTreeSet<K> {
    let places: Lookup<&K, usize> = base.iter().enumerate().map(|(at, key)| (key, at)).collect();
    let shared: Vec<(&K, usize)> = side.iter().filter_map(|key| Some((key, *places.get(key)?))).collect();
    let rising = lengths(&shared.iter().map(|(_, at)| *at).collect::<Vec<_>>());
    let back: Vec<usize> = shared.iter().rev().map(|(_, at)| base.len() - at).collect();
    let falling = lengths(&back);
    let longest = rising.iter().copied().max().unwrap_or(0);
    let mut by_length: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (position, (up, down)) in rising.iter().zip(falling.iter().rev()).enumerate() {
        if up + down == longest + 1 {
            by_length.entry(*up).or_default().push(position);
        }
    }
    let stays: BTreeSet<usize> = if narrow {
        one_longest(&shared, &rising, longest)
    } else {
        by_length.into_values().filter(|all| all.len() == 1).flatten().collect()
    };
    let gone = shared.iter().enumerate().filter(|(position, _)| !stays.contains(position));
    gone.map(|(_, (key, _))| (*key).clone()).collect()
}

/// For each number the length of the longest rising row that ends with it.
fn lengths(numbers: &[usize]) -> Vec<usize> {
    let mut ends: Vec<usize> = Vec::new();
    numbers
        .iter()
        .map(|number| {
            let at = ends.partition_point(|end| end < number);
            match ends.get_mut(at) {
                Some(end) => *end = *number,
                None => ends.push(*number),
            }
            at + 1
        })
        .collect()
}

/// Positions of one longest rising row, found from the end.
fn one_longest<K>(shared: &[(&K, usize)], rising: &[usize], longest: usize) -> BTreeSet<usize> {
    let mut wanted = longest;
    let mut below = usize::MAX;
    let mut found = BTreeSet::new();
    for (position, ((_, at), length)) in shared.iter().zip(rising).enumerate().rev() {
        if *length == wanted && *at < below {
            found.insert(position);
            below = *at;
            wanted -= 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn who_moved_something() {
        let cases = [
            ("abc", "abc", "abc", Order::Same),
            ("abc", "bac", "abc", Order::Mine),
            ("abc", "abc", "cab", Order::Theirs),
            ("abc", "bac", "bac", Order::Same),
            ("abc", "bac", "acb", Order::Both),
            // what the other side removed cannot be out of order
            ("abc", "cab", "ab", Order::Same),
            ("abc", "cxab", "abcy", Order::Mine),
            // added by both, in another order
            ("a", "axy", "ayx", Order::Both),
            ("", "xy", "yx", Order::Both),
            ("ab", "xba", "abx", Order::Mine),
        ];
        for (base, mine, theirs, expected) in cases {
            assert_eq!(order(&keys(base), &keys(mine), &keys(theirs)), expected, "{base} {mine} {theirs}");
        }
    }

    #[test]
    fn others_keep_their_neighbours() {
        let cases = [
            ("abc", "abc", "abc"),
            ("abc", "axbc", "axbc"),
            ("abc", "xabc", "xabc"),
            ("abc", "abcx", "abcx"),
            ("cab", "axbc", "caxb"),
            // appended stays last
            ("cab", "abcx", "cabx"),
            ("aybc", "axbc", "ayxbc"),
            ("yabc", "xabc", "yxabc"),
            ("abcy", "abcx", "abcyx"),
            ("y", "x", "yx"),
            ("", "xz", "xz"),
            ("yz", "", "yz"),
        ];
        for (frame, others, expected) in cases {
            let found: String = arranged(&keys(frame), &keys(others), false).into_iter().collect();
            assert_eq!(found, expected, "{frame} {others}");
        }
        for (frame, others, expected) in [
            ("aybc", "axbc", "axybc"),
            ("y", "x", "xy"),
            ("cyab", "abcx", "cyabx"),
            ("abcy", "abcx", "abcxy"),
        ] {
            let found: String = arranged(&keys(frame), &keys(others), true).into_iter().collect();
            assert_eq!(found, expected, "{frame} {others}");
        }
    }

    #[test]
    fn moved_elements_are_found() {
        let cases = [
            ("abcd", "abcd", "", ""),
            ("abcd", "dabc", "d", "d"),
            ("abcd", "bcda", "a", "a"),
            ("ab", "ba", "ab", "b"),
            ("abcd", "acd", "", ""),
            ("abcd", "badc", "abcd", "bd"),
            ("abcd", "xdabyc", "d", "d"),
        ];
        for (base, side, wide, narrow) in cases {
            let found = |narrow| moved(&keys(base), &keys(side), narrow).into_iter().collect::<String>();
            assert_eq!(found(false), wide, "{base} {side}");
            assert_eq!(found(true).len(), narrow.len(), "{base} {side}");
        }
    }
}
