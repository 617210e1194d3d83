//! What each target does with bytes, and what must hold then.

use crate::all::LAWS;
use crate::common::{number as digits, ordered};
use crate::draw::Draw;
use crate::given::three;
use record_merge::json::{Document, quote};
use record_merge::{
    ArrayMode, Choice, Decision, Format, Inputs, Merged, Operation, Path, Policy, Rule, Side, apply, equal,
    merge_whole, resolve, review,
};

/// A document that is read gives every byte back, is what other readers read, and its refusal has words and a place.
pub fn json_parse(bytes: &[u8]) {
    let read = Document::parse(bytes);
    let text = std::str::from_utf8(bytes).ok();
    let plain = text.filter(|text| !text.starts_with('\u{feff}') && text.matches(['[', '{']).count() < 100);
    if let Some(text) = plain {
        let other: Result<serde::de::IgnoredAny, _> = serde_json::from_str(text);
        assert_eq!(
            read.is_ok(),
            other.is_ok(),
            "another reader says {other:?} to {text:?}, this one {read:?}"
        );
    }
    match read {
        Ok(document) => {
            assert_eq!(document.source().as_bytes(), bytes);
            assert!(equal(Format::Json, bytes, bytes, &Policy::default()));
            ordered(document.source());
        }
        Err(error) => assert!(!error.words.is_empty() && error.line > 0 && error.column > 0),
    }
}

/// Up to four parts, cut at NUL.
pub fn parts(bytes: &[u8]) -> [&[u8]; 4] {
    let mut all = bytes.splitn(4, |byte| *byte == 0);
    [(); 4].map(|()| all.next().unwrap_or_default())
}

/// Single edits: what is set is there afterwards, what is unset is not, and everything else is as before.
pub fn json_apply(bytes: &[u8]) {
    let [body, pointer, value, _] = parts(bytes);
    let (pointer, value) = (String::from_utf8_lossy(pointer), String::from_utf8_lossy(value));
    let Ok(path) = Path::from_pointer(&pointer) else { return };
    let set = Operation::Set { path: path.clone(), value: value.trim().to_owned() };
    if let Ok(after) = apply(body, &[set]) {
        let document = Document::parse(&after).unwrap();
        let there = document.at(&path);
        assert_eq!(there.map(|id| document.text(id)), Some(value.trim()), "{pointer} in {document:?}");
    }
    if let Ok(after) = apply(body, &[Operation::Unset { path: path.clone() }]) {
        let before = Document::parse(body).unwrap();
        let after = Document::parse(&after).unwrap();
        assert!(after.len() < before.len());
    }
    // every value set to itself changes nothing
    if let Ok(document) = Document::parse(body) {
        let root = Operation::Set { path: Path::root(), value: document.text(document.root()).to_owned() };
        assert_eq!(apply(body, &[root]).unwrap(), body);
    }
}

/// A pointer that is one is read and written the same.
pub fn pointer(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(path) = Path::from_pointer(&text) {
        assert_eq!(path.to_pointer(), text);
        assert!(path.same(&path) && path.starts_with(&Path::root()));
    }
    if let Ok(path) = serde_json::from_slice::<Path>(bytes) {
        path.to_pointer();
        assert!(path.same(&path));
    }
}

/// Any text may stand in a policy as a pattern.
pub fn pattern(bytes: &[u8]) {
    let [pattern, body, mine, theirs] = parts(bytes);
    let text = String::from_utf8_lossy(pattern).into_owned();
    let mut policy = Policy::default();
    policy.arrays.insert(text.clone(), ArrayMode::Set);
    policy.rules.insert(text.clone(), Rule::Higher);
    policy.texts.push(text.clone());
    policy.groups.push(vec![text.clone(), "a".to_owned()]);
    policy.server_kept.push(text);
    checked(Format::Json, Some(body), Some(mine), Some(theirs), &policy);
}

/// Numbers are the same if their digits are, whatever their spelling.
pub fn number(bytes: &[u8]) {
    let [one, other, _, _] = parts(bytes);
    let is_number = |bytes: &[u8]| {
        Document::parse(bytes)
            .is_ok_and(|document| document.kind(document.root()) == record_merge::json::Kind::Number)
    };
    // the judge here counts with 128 bits
    let small = |bytes: &[u8]| {
        bytes.rsplit(|byte| byte.eq_ignore_ascii_case(&b'e')).next().is_some_and(|e| e.len() < 30)
    };
    if is_number(one) && is_number(other) && small(one) && small(other) {
        let lexeme = |bytes: &[u8]| {
            let document = Document::parse(bytes).unwrap();
            document.text(document.root()).to_owned()
        };
        let same = equal(Format::Json, one, other, &Policy::default());
        let (one, other) = (lexeme(one), lexeme(other));
        assert_eq!(same, digits(&one) == digits(&other), "{one} and {other}");
    }
}

/// Three versions of any bytes.
pub fn merge(format: Format, bytes: &[u8]) {
    let [flags, base, mine, theirs] = match bytes.split_first() {
        Some((flags, rest)) => {
            let [base, mine, theirs, _] = parts(rest);
            [std::slice::from_ref(flags), base, mine, theirs]
        }
        None => [bytes; 4],
    };
    let flags = flags.first().copied().unwrap_or_default();
    let version = |bit: u8, bytes| if flags & 0b111 == bit { None } else { Some(bytes) };
    let policy = Policy { words: flags & 8 > 0, null_is_missing: flags & 16 > 0, ..Policy::default() };
    checked(format, version(1, base), version(2, mine), version(3, theirs), &policy);
    checked(format, Some(base), Some(base), Some(theirs), &policy);
    checked(format, Some(base), Some(mine), Some(base), &policy);
}

pub fn checked(
    format: Format,
    base: Option<&[u8]>,
    mine: Option<&[u8]>,
    theirs: Option<&[u8]>,
    policy: &Policy,
) {
    let inputs = Inputs::new(base, mine, theirs);
    // choosing a whole version is always possible
    let whole = merge_whole(inputs, policy);
    assert_eq!(
        whole.all_theirs(),
        if mine == base || theirs != base { document(theirs) } else { document(mine) }
    );
    let m = match record_merge::merge(format, inputs, policy) {
        Ok(m) => m,
        Err(refused) => return assert!(refused.to_string().len() > 20),
    };
    assert_eq!(m.rows, record_merge::merge(format, inputs, policy).unwrap().rows);
    if mine == theirs {
        assert!(m.is_clean(), "both say the same: {:?}", m.rows);
    }
    if mine == base || mine == theirs {
        assert_eq!(m.result(&[]), Ok(document(theirs)), "only the server changed it");
    }
    let decided = |choice| -> Vec<Decision> {
        let one = |row: &record_merge::Row| Decision {
            path: row.path.clone(),
            part: row.part,
            choice,
            value: None,
            validator: None,
            theirs_then: row.theirs.clone(),
            mine_then: row.mine.clone(),
        };
        m.open().map(one).collect()
    };
    for (choice, all) in [(Choice::Mine, m.all_mine()), (Choice::Theirs, m.all_theirs())] {
        assert_eq!(m.result(&decided(choice)).as_ref(), Ok(&all), "all is decided: {choice:?}");
        if format == Format::Json
            && let Merged::Document(bytes) = &all
        {
            Document::parse(bytes)
                .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(bytes)));
        }
    }
    for row in m.open() {
        assert!(row.mine != row.theirs && row.choices.contains(&Choice::Theirs), "{row:?}");
    }
}

fn document(bytes: Option<&[u8]>) -> Merged {
    bytes.map_or(Merged::Deleted, |bytes| Merged::Document(bytes.to_vec()))
}

/// Any line gets an answer: one line of JSON, with the id of the question.
pub fn batch_line(bytes: &[u8]) {
    let line = String::from_utf8_lossy(bytes);
    let answered = |line: &str| {
        let answer = record_merge::batch::run_batch_line(line);
        assert!(!answer.contains('\n'));
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert!(answer.get("error").is_some() != answer.get("outcome").is_some(), "{answer}");
        answer
    };
    answered(&line);
    let [format, base, mine, theirs] = parts(bytes);
    let text = |bytes: &[u8]| quote(&String::from_utf8_lossy(bytes));
    for known in ["json", "text", "vcard", "icalendar"] {
        let named = if format.is_empty() { quote(known) } else { text(format) };
        let question = format!(
            "{{\"id\":[7],\"format\":{named},\"base\":{},\"mine\":{},\"theirs\":{}}}",
            text(base),
            text(mine),
            text(theirs)
        );
        assert_eq!(answered(&question)["id"], serde_json::json!([7]));
    }
}

/// Any decisions about a real merge: never a panic, and what is not decided is never settled by chance.
pub fn decisions(bytes: &[u8]) {
    let mut d = Draw::replay(bytes.to_vec());
    let t = three(&mut d);
    let m = t.merge();
    let mut decisions: Vec<Decision> = Vec::new();
    for _ in 0..d.below(8) {
        let row = if m.rows.is_empty() { None } else { m.rows.get(d.below(m.rows.len())) };
        let odd = [Path::root(), Path::from_pointer("/a/b").unwrap(), Path::from_pointer("/0").unwrap()];
        let path = match row {
            Some(row) if d.chance(200) => row.path.clone(),
            _ => odd[d.below(3)].clone(),
        };
        let values = [
            None,
            Some("1"),
            Some("\"x\""),
            Some("{"),
            Some(""),
            Some("{\"id\":1}"),
            Some("\"\\ud800\""),
            Some("[]"),
        ];
        decisions.push(Decision {
            path,
            part: [None, None, Some(0), Some(7)][d.below(4)],
            choice: [Choice::Theirs, Choice::Mine, Choice::Both, Choice::Edit, Choice::Later][d.below(5)],
            value: values[d.below(values.len())].map(str::to_owned),
            validator: None,
            theirs_then: row.and_then(|row| row.theirs.clone()),
            mine_then: row.and_then(|row| row.mine.clone()),
        });
    }
    let reviewed = review(&m, &decisions, Some("\"1\""));
    for row in m.open() {
        assert!(
            reviewed.iter().any(|seen| seen.row.path == row.path && seen.row.part == row.part),
            "{row:?} is gone"
        );
    }
    let unused = m.unused(&decisions);
    let (result, resolved) = (m.result(&decisions), resolve(&m, &decisions, None));
    for outcome in [&result, &resolved] {
        match outcome {
            Ok(Merged::Document(bytes)) => {
                let text = std::str::from_utf8(bytes).unwrap();
                Document::parse(bytes).unwrap_or_else(|error| panic!("{error} in {text}"));
            }
            Ok(Merged::Deleted) => {
                let deletes =
                    |d: &Decision| d.path.is_root() && d.choice == Choice::Edit && d.value.is_none();
                assert!(decisions.iter().any(deletes), "nobody deleted anything: {decisions:?}");
            }
            Err(still) => assert!(!still.open.is_empty() && still.unused == unused),
        }
    }
    // a decision about something else settles nothing
    let useful = |row: &&record_merge::Row| {
        decisions
            .iter()
            .any(|decision| row.path.starts_with(&decision.path) || decision.path.starts_with(&row.path))
            || row
                .with
                .iter()
                .any(|with| decisions.iter().any(|d| d.path.starts_with(with) || with.starts_with(&d.path)))
    };
    if let Some(row) = m.open().find(|row| !useful(row)) {
        assert!(result.is_err(), "{row:?} was never decided, and it became {result:?}");
    }
    for side in [Side::Base, Side::Mine, Side::Theirs] {
        decisions.iter().for_each(|decision| drop(m.value(side, &decision.path)));
    }
}

/// The laws, with cases made of the fuzzer's bytes.
pub fn laws(bytes: &[u8]) {
    let Some((number, tape)) = bytes.split_first() else { return };
    let law = LAWS[usize::from(*number) % LAWS.len()];
    if let Err(words) = (law.holds)(&mut Draw::replay(tape.to_vec())) {
        panic!("{} is broken\n{words}", law.name);
    }
}
