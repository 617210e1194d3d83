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

/// What became of each place of the base: lines put in before it, and the line itself (`None` = taken away).
type Places = Vec<(Vec<String>, Option<String>)>;

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

/// Both changes made to one text; `None` if they are at one place and differ.
fn truth(base: &[String], mine: &Places, theirs: &Places) -> Option<String> {
    let mut both: Places = Vec::new();
    for (at, (mine, theirs)) in mine.iter().zip(theirs).enumerate() {
        let before = match (mine.0.as_slice(), theirs.0.as_slice()) {
            (m, t) if m == t || t.is_empty() => m.to_vec(),
            ([], t) => t.to_vec(),
            _ => return None,
        };
        let old = base.get(at).cloned();
        let line = match (&mine.1, &theirs.1) {
            (m, t) if m == t || *t == old => m.clone(),
            (m, t) if *m == old => t.clone(),
            _ => return None,
        };
        both.push((before, line));
    }
    Some(text(&both))
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

/// The same stories each time: git has heuristics of its own, and a rare disagreement is no news.
fn stories(count: u32, mut look: impl FnMut(&Story)) {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
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

/// The fewest lines that must be put in and taken out.
fn fewest_lines(base: &[String], side: &str) -> usize {
    let side: Vec<&str> = side.lines().collect();
    let mut row: Vec<usize> = (0..=side.len()).collect();
    for (at, line) in base.iter().enumerate() {
        let mut next = vec![at + 1];
        for (place, other) in side.iter().enumerate() {
            next.push(if line == other { row[place] } else { 1 + row[place + 1].min(next[place]) });
        }
        row = next;
    }
    row[side.len()]
}

/// A clean answer that is not the truth.
#[derive(Default, Debug)]
struct Score {
    right: u32,
    wrong: u32,
    asked: u32,
}

impl Score {
    fn count(&mut self, answer: Option<&String>, truth: Option<&String>) -> bool {
        match (answer, truth) {
            (None, _) => self.asked += 1,
            (Some(answer), Some(truth)) if answer == truth => self.right += 1,
            _ => self.wrong += 1,
        }
        answer.is_some() && answer != truth
    }
}

#[test]
fn no_answer_is_wrong_where_the_truth_is_known() {
    let (mut here, mut there) = (Score::default(), Score::default());
    let mut wrong = Vec::new();
    stories(cases(), |story| {
        let (mine, theirs) = (places(&story.base, &story.here), places(&story.base, &story.there));
        let truth = truth(&story.base, &mine, &theirs);
        // Changes that can be told in fewer words cannot be seen in the texts: nobody could know better.
        let plain =
            |places: &Places| changed_lines(&story.base, places) == fewest_lines(&story.base, &text(places));
        if !plain(&mine) || !plain(&theirs) {
            return;
        }
        let (base, mine, theirs) = (text(&places(&story.base, &[])), text(&mine), text(&theirs));
        // One side changed nothing, or both came to the same: no merge of lines.
        if mine == base || theirs == base || mine == theirs {
            return;
        }
        there.count(library(&base, &mine, &theirs).as_ref(), truth.as_ref());
        let answer = ours(&base, &mine, &theirs);
        if here.count(answer.as_ref(), truth.as_ref()) {
            wrong.push((base, mine, theirs, answer, truth));
        }
    });
    println!("this: {here:?}; similar::TextMerge with Histogram: {there:?}");
    for case in wrong.iter().take(12) {
        println!("{case:?}");
    }
    assert!(here.wrong <= there.wrong, "{here:?} {there:?}");
}

fn cases() -> u32 {
    std::env::var("MERGE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000)
}
