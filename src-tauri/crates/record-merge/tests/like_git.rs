//! Texts beside `git merge-file` and `similar::TextMerge`, and beside the truth.
//!
//! The truth is known because the changes are: every line of the base carries a hidden number, each side's changes are
//! made to the numbered lines, and both are then made to one text. Where that is possible without two changes touching,
//! it is the one right outcome. Lines are few and repeat, so that comparing them can go wrong. Only stories whose changes
//! are the fewest that lead to the texts are counted: what else really happened cannot be seen.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use record_merge::{Format, Inputs, Merged, Policy, merge};
use similar::{Algorithm, TextMerge};
use std::collections::BTreeMap;
use std::process::Command;

#[derive(Clone, Debug)]
enum Change {
    Replace(usize, String),
    Remove(usize),
    Insert(usize, String),
}

/// New lines are sometimes like others.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => proptest::char::range('a', 'z').prop_map(|letter| format!("new {letter}")),
        1 => (0..8u8).prop_map(|n| format!("line {n}")),
        1 => Just(String::new()),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let place = 0..14usize;
    prop_oneof![
        3 => (place.clone(), line()).prop_map(|(at, new)| Change::Replace(at, new)),
        1 => place.clone().prop_map(Change::Remove),
        2 => (place, line()).prop_map(|(at, new)| Change::Insert(at, new)),
    ]
}

#[derive(Clone, Debug)]
struct Story {
    base: Vec<String>,
    here: Vec<Change>,
    there: Vec<Change>,
}

fn story() -> impl Strategy<Value = Story> {
    let base = prop_oneof![
        // every line its own; lines that repeat; paragraphs with empty lines between
        1 => (0..12usize).prop_map(|length| (0..length).map(|n| format!("line {n}")).collect::<Vec<_>>()),
        1 => proptest::collection::vec(0..6u8, 0..12).prop_map(|all| all.iter().map(|n| format!("line {n}")).collect()),
        1 => (0..6usize).prop_map(|length| (0..length).flat_map(|n| [format!("line {n}"), String::new()]).collect()),
    ];
    let changes = || proptest::collection::vec(change(), 0..4);
    (base, changes(), changes()).prop_map(|(base, here, there)| Story { base, here, there })
}

/// What became of a place of the base: lines put in before it, and the line itself (`None` = taken away).
type Place = (Vec<String>, Option<String>);
type Places = Vec<Place>;

fn places(base: &[String], changes: &[Change]) -> Places {
    let mut places: Places = base.iter().map(|line| (Vec::new(), Some(line.clone()))).collect();
    places.push((Vec::new(), None));
    for change in changes {
        match change {
            Change::Replace(at, new) if *at < base.len() => places[*at].1 = Some(new.clone()),
            Change::Remove(at) if *at < base.len() => places[*at].1 = None,
            Change::Insert(at, new) => places[(*at).min(base.len())].0.push(new.clone()),
            _ => {}
        }
    }
    places
}

fn text(places: &Places) -> String {
    let lines = places.iter().flat_map(|(before, line)| before.iter().chain(line));
    lines.map(|line| format!("{line}\n")).collect()
}

struct Truth {
    text: String,
    /// Changes of different sides have a line between them that both kept.
    clear: bool,
}

/// Both changes made to one text; `None` if they are at one place and differ.
///
/// What both read the same between two lines that stay at their place in every way to see it, they agree on, however each
/// came to it: whether two people who took one of three like lines out each meant the same one, no text can say.
fn truth(base: &[String], mine: &Places, theirs: &Places) -> Option<Truth> {
    let kept = |side: &Places, at: usize| side[at].1.as_ref() == base.get(at);
    let firm = [mine, theirs].map(|side| firm(base, &text(side).lines().collect::<Vec<_>>()));
    let mut both: Places = Vec::new();
    let mut clear = true;
    let (mut start, mut apart) = (0, 0);
    for at in 0..=base.len() {
        if at == base.len() || (kept(mine, at) && kept(theirs, at)) {
            let old = text(&places(&base[apart..base.len().min(at + 1)], &[]));
            let [mine, theirs] = [mine, theirs].map(|side| text(&side[apart..=at].to_vec()));
            clear &= mine == theirs || mine == old || theirs == old;
            apart = at + 1;
        }
        if at < base.len() && !(firm[0][at] && firm[1][at]) {
            continue;
        }
        if text(&mine[start..=at].to_vec()) == text(&theirs[start..=at].to_vec()) {
            both.extend(mine[start..=at].iter().cloned());
        } else {
            for place in start..=at {
                both.push(at_one_place(base.get(place), &mine[place], &theirs[place])?);
            }
        }
        start = at + 1;
    }
    Some(Truth { text: text(&both), clear })
}

/// The most lines that two texts have in common, in order, for every head of both.
fn common(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut table = vec![vec![0; new.len() + 1]; old.len() + 1];
    for (at, line) in old.iter().enumerate() {
        for (place, other) in new.iter().enumerate() {
            table[at + 1][place + 1] = match line == other {
                true => table[at][place] + 1,
                false => table[at][place + 1].max(table[at + 1][place]),
            };
        }
    }
    table
}

/// For each line of the base: every way to see it that keeps as many lines as can be kept leaves it at one place.
fn firm(base: &[String], side: &[&str]) -> Vec<bool> {
    let old: Vec<&str> = base.iter().map(String::as_str).collect();
    let head = common(&old, side);
    let [mut old_back, mut new_back] = [old.clone(), side.to_vec()];
    [&mut old_back, &mut new_back].into_iter().for_each(|lines| lines.reverse());
    let tail = common(&old_back, &new_back);
    let behind = |at: usize, place: usize| tail[old.len() - at][side.len() - place];
    let most = head[old.len()][side.len()];
    (0..old.len())
        .map(|at| {
            let gone = (0..=side.len()).any(|place| head[at][place] + behind(at + 1, place) == most);
            let stands = |place: &usize| {
                side[*place] == old[at] && head[at][*place] + 1 + behind(at + 1, place + 1) == most
            };
            !gone && (0..side.len()).filter(stands).count() == 1
        })
        .collect()
}

/// The fewest lines that must be put in and taken out.
fn fewest_lines(base: &[String], side: &str) -> usize {
    let old: Vec<&str> = base.iter().map(String::as_str).collect();
    let new: Vec<&str> = side.lines().collect();
    old.len() + new.len() - 2 * common(&old, &new)[old.len()][new.len()]
}

fn at_one_place(old: Option<&String>, mine: &Place, theirs: &Place) -> Option<Place> {
    let before = match (mine.0.as_slice(), theirs.0.as_slice()) {
        (m, t) if m == t || t.is_empty() => m.to_vec(),
        ([], t) => t.to_vec(),
        _ => return None,
    };
    let line = match (&mine.1, &theirs.1) {
        (m, t) if m == t || t.as_ref() == old => m.clone(),
        (m, t) if m.as_ref() == old => t.clone(),
        _ => return None,
    };
    Some((before, line))
}

/// The outcome of git; `None` = it asks.
fn git(folder: &std::path::Path, base: &str, mine: &str, theirs: &str) -> Option<String> {
    for (name, text) in [("base", base), ("mine", mine), ("theirs", theirs)] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let output = Command::new("git")
        .args(["merge-file", "-p", "mine", "base", "theirs"])
        .current_dir(folder)
        .output()
        .expect("git is needed to build this project, and to compare with it");
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

fn ours(base: &str, mine: &str, theirs: &str) -> Option<String> {
    let [base, mine, theirs] = [base, mine, theirs].map(|text| Some(text.as_bytes()));
    match merge(Format::Text, Inputs::new(base, mine, theirs), &Policy::default()).unwrap().result(&[]) {
        Ok(Merged::Document(bytes)) => Some(String::from_utf8(bytes).unwrap()),
        _ => None,
    }
}

fn library(base: &str, mine: &str, theirs: &str) -> Option<String> {
    let mut config = TextMerge::configure();
    let found = config.algorithm(Algorithm::Histogram).merge_lines(base, mine, theirs);
    (!found.is_conflicted()).then(|| found.to_string())
}

/// The same stories each time, unless `MERGE_SEED` says otherwise.
fn stories(count: u64, mut look: impl FnMut(&Story)) {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&setting("MERGE_SEED").unwrap_or(20_261_122).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, rng);
    for _ in 0..count {
        look(&story().new_tree(&mut runner).unwrap().current());
    }
}

/// Why git answers and this asks: the reason, found in the texts.
fn reason(base: &str, mine: &str, theirs: &str) -> &'static str {
    let has_run = |text: &str| {
        let lines: Vec<&str> = text.lines().collect();
        lines.windows(2).any(|pair| pair[0] == pair[1])
    };
    let repeats = |text: &str| {
        let mut lines: Vec<&str> = text.lines().collect();
        let all = lines.len();
        lines.sort_unstable();
        lines.dedup();
        lines.len() < all
    };
    let all = [base, mine, theirs];
    if all.into_iter().any(has_run) {
        "a run of equal lines"
    } else if all.into_iter().any(repeats) {
        "repeated lines that can be compared in several ways"
    } else {
        "not known"
    }
}

#[test]
fn answers_are_those_of_git() {
    let folder = std::env::temp_dir().join(format!("like-git-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (mut both_answer, mut both_ask) = (0, 0);
    let mut only_we_ask: BTreeMap<&str, u32> = BTreeMap::new();
    let mut only_git_asks = Vec::new();
    let mut different = Vec::new();
    stories(600, |story| {
        let (mine, theirs) = (places(&story.base, &story.here), places(&story.base, &story.there));
        let (base, mine, theirs) = (text(&places(&story.base, &[])), text(&mine), text(&theirs));
        match (ours(&base, &mine, &theirs), git(&folder, &base, &mine, &theirs)) {
            (Some(ours), Some(git)) if ours == git => both_answer += 1,
            (Some(ours), Some(git)) => different.push((base, mine, theirs, ours, git)),
            (None, None) => both_ask += 1,
            (None, Some(_)) => *only_we_ask.entry(reason(&base, &mine, &theirs)).or_default() += 1,
            (Some(ours), None) => only_git_asks.push((base, mine, theirs, ours)),
        }
    });
    std::fs::remove_dir_all(&folder).unwrap();
    println!("both answer {both_answer}, both ask {both_ask}, only this asks {only_we_ask:?}");
    assert!(different.is_empty(), "other answers than git: {different:#?}");
    assert!(only_git_asks.is_empty(), "git asks, this answers: {only_git_asks:#?}");
    assert_eq!(only_we_ask.get("not known"), None);
    assert!(both_answer > 200 && both_ask > 100 && only_we_ask.values().sum::<u32>() < 60);
}

/// Lines put in and taken out by the changes of a side.
fn changed_lines(base: &[String], places: &Places) -> usize {
    let old = base.iter().map(Some).chain([None]);
    let lines = places.iter().zip(old).map(|((before, line), old)| {
        let same = line.as_ref() == old;
        before.len() + if same { 0 } else { usize::from(line.is_some()) + usize::from(old.is_some()) }
    });
    lines.sum()
}

/// How answers compare with the truth.
#[derive(Default, Debug)]
struct Score {
    right: u32,
    /// A false merge.
    wrong: u32,
    /// The changes clash or touch, and a question it is.
    asked: u32,
    /// A question although they do not.
    asked_although_clear: u32,
}

impl Score {
    fn count(&mut self, answer: Option<&String>, truth: Option<&Truth>) -> bool {
        let right = |answer: &String| truth.is_some_and(|truth| truth.text == *answer);
        let count = match answer {
            None if truth.is_some_and(|truth| truth.clear) => &mut self.asked_although_clear,
            None => &mut self.asked,
            Some(answer) if right(answer) => &mut self.right,
            Some(_) => &mut self.wrong,
        };
        *count += 1;
        answer.is_some_and(|answer| !right(answer))
    }
}

#[test]
fn no_answer_is_wrong_where_the_truth_is_known() {
    let (mut here, mut there, mut hidden) = (Score::default(), Score::default(), Score::default());
    let mut wrong = Vec::new();
    stories(setting("MERGE_CASES").unwrap_or(20_000), |story| {
        let (mine, theirs) = (places(&story.base, &story.here), places(&story.base, &story.there));
        let truth = truth(&story.base, &mine, &theirs);
        // Changes that can be told in fewer words cannot be seen in the texts: nobody could know better.
        let plain =
            |places: &Places| changed_lines(&story.base, places) == fewest_lines(&story.base, &text(places));
        let plain = plain(&mine) && plain(&theirs);
        let (base, mine, theirs) = (text(&places(&story.base, &[])), text(&mine), text(&theirs));
        // One side changed nothing, or both came to the same: no merge of lines.
        if mine == base || theirs == base || mine == theirs {
            return;
        }
        let answer = ours(&base, &mine, &theirs);
        if !plain {
            hidden.count(answer.as_ref(), truth.as_ref());
            return;
        }
        there.count(library(&base, &mine, &theirs).as_ref(), truth.as_ref());
        if here.count(answer.as_ref(), truth.as_ref()) {
            wrong.push((base, mine, theirs, answer, truth.map(|truth| truth.text)));
        }
    });
    println!("this: {here:?}; similar::TextMerge with Histogram: {there:?}");
    println!("told in more words than it needs: {hidden:?}");
    for case in wrong.iter().take(12) {
        println!("{case:?}");
    }
    assert_eq!(here.wrong, 0, "{wrong:#?}");
    assert!(here.right > 8 * here.asked_although_clear, "{here:?}");
}

/// A number from the environment, for more cases than in `make test`.
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}
