//! Every small text, and every way to see it changed: an answer must not depend on which way one takes.
//!
//! All texts of up to some lines of a small alphabet, one of them the empty line, are merged with all their neighbours (texts
//! that some lines less or more lead to). The judge here knows nothing of how the merge works. It lists *every* shortest way
//! in which each side can have come from the base (which lines stayed where) and puts every way of the one side together
//! with every way of the other. An answer is right if all of these say the same. What even one of them says is a clash is a
//! question; so is what all of them say are edits that touch (no line between them stayed).
//!
//! One thing is settled before: between two lines that stay in all ways, where both sides read the same, that is the text.
//! Whether two people who removed one of three like lines each meant the same one, no way can say.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use record_merge::{Format, Inputs, Merged, Policy, merge};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

type Text = Vec<u8>;

/// Where each line of the base is in the side; `None` = it is gone.
type Way = Vec<Option<usize>>;

/// All ways that keep as many lines as can be kept.
fn ways(base: &[u8], side: &[u8]) -> Vec<Way> {
    fn go(base: &[u8], side: &[u8], from: usize, way: &mut Way, kept: usize, all: &mut Vec<(usize, Way)>) {
        let Some((line, rest)) = base.split_first() else {
            all.push((kept, way.clone()));
            return;
        };
        way.push(None);
        go(rest, side, from, way, kept, all);
        way.pop();
        for at in (from..side.len()).filter(|at| side[*at] == *line) {
            way.push(Some(at));
            go(rest, side, at + 1, way, kept + 1, all);
            way.pop();
        }
    }
    let mut all = Vec::new();
    go(base, side, 0, &mut Vec::new(), 0, &mut all);
    let most = all.iter().map(|(kept, _)| *kept).max().unwrap_or(0);
    all.into_iter().filter(|(kept, _)| *kept == most).map(|(_, way)| way).collect()
}

/// The places of the lines that all ways leave where they are.
fn firm(ways: &[Way]) -> Vec<Option<usize>> {
    let at = |line: usize| ways[0][line].filter(|place| ways.iter().all(|way| way[line] == Some(*place)));
    (0..ways[0].len()).map(at).collect()
}

/// Lines of the base, and what a side has instead of them.
type Edit = (Range<usize>, Text);

/// What a way changes between the lines it keeps.
fn edits(side: &[u8], way: &Way) -> Vec<Edit> {
    let mut edits = Vec::new();
    let (mut base, mut from) = (0, 0);
    let ends = way.iter().enumerate().filter_map(|(at, place)| Some((at, (*place)?)));
    for (at, place) in ends.chain([(way.len(), side.len())]) {
        if base < at || from < place {
            edits.push((base..at, side[from..place].to_vec()));
        }
        (base, from) = (at + 1, place + 1);
    }
    edits
}

/// Both ways made to one text, and whether a line that stayed is between any two edits of different sides; `None` if two
/// edits overlap or are at one place, and differ.
fn together(base: &[u8], mine: &[Edit], theirs: &[Edit]) -> Option<(Text, bool)> {
    let mut apart = true;
    for (a, _) in mine.iter().filter(|edit| !theirs.contains(edit)) {
        for (b, _) in theirs.iter().filter(|edit| !mine.contains(edit)) {
            if a == b || (a.start < b.end && b.start < a.end) {
                return None;
            }
            apart &= a.end < b.start || b.end < a.start;
        }
    }
    let mut all = [mine, theirs].concat();
    all.sort_by_key(|(place, _)| (place.start, place.end));
    all.dedup();
    let mut out = Text::new();
    let mut at = 0;
    for (place, lines) in all {
        out.extend(&base[at..place.start]);
        out.extend(lines);
        at = place.end;
    }
    out.extend(&base[at..]);
    Some((out, apart))
}

/// A line that stands for a stretch on which both sides agree; `AGREED + n` is the n-th.
const AGREED: u8 = 100;

/// What all ways of both sides come to, without and with the stretches both agree on; `None` if they do not, or clash.
fn judged(
    base: &[u8],
    mine: &[u8],
    theirs: &[u8],
    known: &mut HashMap<(Text, Text), Vec<Way>>,
) -> Option<Text> {
    let mut of = |base: &[u8], side: &[u8]| {
        known.entry((base.to_vec(), side.to_vec())).or_insert_with(|| ways(base, side)).clone()
    };
    let places = [firm(&of(base, mine)), firm(&of(base, theirs))];
    let (mut short, mut agreed): ([Text; 3], Vec<&[u8]>) = Default::default();
    let mut from = [0; 3];
    for at in 0..=base.len() {
        let place = |side: usize| places[side].get(at).copied().flatten();
        let end = match at == base.len() {
            true => Some([base.len(), mine.len(), theirs.len()]),
            false => place(0).zip(place(1)).map(|(m, t)| [at, m, t]),
        };
        let Some(end) = end else { continue };
        let [b, m, t] = [(base, 0), (mine, 1), (theirs, 2)].map(|(text, n)| &text[from[n]..end[n]]);
        if m == t && m != b {
            short.iter_mut().for_each(|text| text.push(AGREED + u8::try_from(agreed.len()).unwrap()));
            agreed.push(m);
        } else {
            short.iter_mut().zip([b, m, t]).for_each(|(text, part)| text.extend(part));
        }
        short.iter_mut().for_each(|text| text.extend(base.get(at)));
        from = end.map(|end| end + 1);
    }
    let [base, mine, theirs] = &short;
    let mut answers = BTreeSet::new();
    let mut any_apart = false;
    let all = |ways: Vec<Way>, side: &[u8]| ways.iter().map(|way| edits(side, way)).collect::<Vec<_>>();
    let (mine_ways, theirs_ways) = (all(of(base, mine), mine), all(of(base, theirs), theirs));
    for mine in &mine_ways {
        for theirs in &theirs_ways {
            let (answer, apart) = together(base, mine, theirs)?;
            any_apart |= apart;
            answers.insert(answer);
        }
    }
    let [answer] = answers.into_iter().filter(|_| any_apart).collect::<Vec<_>>().try_into().ok()?;
    let whole = |line: &u8| match line.checked_sub(AGREED) {
        Some(number) => agreed[usize::from(number)].to_vec(),
        None => vec![*line],
    };
    Some(answer.iter().flat_map(whole).collect())
}

/// The lines are `""`, `a`, `b`, ...
fn written(text: &[u8]) -> String {
    let line = |line: &u8| match line {
        0 => "\n".to_owned(),
        letter => format!("{}\n", char::from(b'`' + letter)),
    };
    text.iter().map(line).collect()
}

fn answer(texts: [&Text; 3]) -> Option<String> {
    let texts = texts.map(|text| written(text));
    let [base, mine, theirs] = texts.each_ref().map(|text| Some(text.as_bytes()));
    match merge(Format::Text, Inputs::new(base, mine, theirs), &Policy::default()).unwrap().result(&[]) {
        Ok(Merged::Document(bytes)) => Some(String::from_utf8(bytes).unwrap()),
        _ => None,
    }
}

fn texts(letters: u8, longest: usize) -> Vec<Text> {
    let mut all = vec![Text::new()];
    let mut from = 0;
    for _ in 0..longest {
        let longer: Vec<Text> = all[from..]
            .iter()
            .flat_map(|text| (0..letters).map(move |letter| [text.as_slice(), &[letter]].concat()))
            .collect();
        from = all.len();
        all.extend(longer);
    }
    all
}

/// The texts with so many lines less and more in all.
fn neighbours(base: &Text, letters: u8, changes: usize) -> Vec<Text> {
    let mut all = BTreeSet::from([base.clone()]);
    for _ in 0..changes {
        let mut next = all.clone();
        for text in &all {
            for at in 0..=text.len() {
                let (head, tail) = text.split_at(at);
                next.extend((0..letters).map(|letter| [head, &[letter], tail].concat()));
                next.extend(tail.split_first().map(|(_, tail)| [head, tail].concat()));
            }
        }
        all = next;
    }
    all.into_iter().collect()
}

/// Merges each base with all pairs of its neighbours, each pair once: swapped sides are a law of their own (L4).
fn all_are_right(letters: u8, longest: usize, changes: usize) {
    let (mut right, mut rightly_asked, mut asked) = (0u64, 0u64, 0u64);
    for base in texts(letters, longest) {
        let mut known = HashMap::new();
        let sides = neighbours(&base, letters, changes);
        for (number, mine) in sides.iter().enumerate() {
            for theirs in &sides[number..] {
                if mine == theirs || *mine == base || *theirs == base {
                    continue;
                }
                let judged = judged(&base, mine, theirs, &mut known).map(|text| written(&text));
                match (answer([&base, mine, theirs]), judged) {
                    (None, None) => rightly_asked += 1,
                    (None, Some(_)) => asked += 1,
                    (Some(found), Some(judged)) if found == judged => right += 1,
                    (found, judged) => panic!(
                        "before {:?}, mine {:?}, theirs {:?}: answered {found:?}, and all ways say {judged:?}",
                        written(&base),
                        written(mine),
                        written(theirs)
                    ),
                }
            }
        }
    }
    println!(
        "{letters} kinds of lines, up to {longest} of them, {changes} changes: {right} answers, all right; \
         {rightly_asked} rightly asked; {asked} asked although all ways agree (runs of like lines)"
    );
    assert!(right > 0 && asked * 4 < right + rightly_asked);
}

#[test]
fn every_edit_of_two_kinds_of_lines() {
    all_are_right(2, 4, 2);
}

#[test]
fn every_edit_of_three_kinds_of_lines() {
    all_are_right(3, 3, 2);
}

/// Much more of it: `EVERY_WAY=4,4,2` (kinds of lines, lines, changes).
#[test]
fn as_many_as_wanted() {
    let wanted = std::env::var("EVERY_WAY").unwrap_or_else(|_| "4,2,1".to_owned());
    let numbers: Vec<usize> = wanted.split(',').map(|number| number.parse().unwrap()).collect();
    all_are_right(u8::try_from(numbers[0]).unwrap(), numbers[1], numbers[2]);
}
