//! `matchbookctl merge`: the merge as one JSON object, and `merge --batch`: JSON Lines in, JSON Lines out.

use crate::json::Document;
use crate::merge::{Merge, Merged, merge, merge_whole};
use crate::model::{Format, Inputs, Path, Policy, Row, RowKind, Token};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// One line of input. Values are source text; absent = does not exist.
#[derive(Deserialize)]
struct Question {
    format: String,
    base: Option<String>,
    mine: Option<String>,
    theirs: Option<String>,
    policy: Option<Policy>,
    /// When the versions were made, in milliseconds since 1970; only the rule `newest` asks for it.
    mine_at: Option<i64>,
    theirs_at: Option<i64>,
}

/// Only the id, for questions that cannot be answered.
#[derive(Deserialize)]
struct Id<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
}

/// What came of a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything fits together.
    Merged,
    /// It fits together, and the record is gone.
    Deleted,
    /// Something needs a person.
    Conflict,
}

/// The answer to one merge, in the shape of the contract. Serialize it as one line.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// What came of it.
    pub outcome: Outcome,
    /// The merged source text; only for [`Outcome::Merged`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged: Option<String>,
    /// What needs a person.
    pub conflicts: Vec<Conflict>,
    /// The record with the person's side at each conflict; `None` = deleted.
    pub all_mine: Option<String>,
    /// The record with the server's side at each conflict; `None` = deleted.
    pub all_theirs: Option<String>,
    /// Why the record was not merged by fields but as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// For text: its parts in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segments: Option<Vec<Segment>>,
}

/// One place that needs a person; values are source text, absent = not there.
#[derive(Debug, Serialize)]
pub struct Conflict {
    /// Member names, positions and identity objects.
    pub path: Vec<Box<RawValue>>,
    /// The kind as the truth table names it.
    pub kind: &'static str,
    /// Part of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
    /// Value before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The person's value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mine: Option<String>,
    /// The server's value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theirs: Option<String>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Segment {
    /// Put together.
    Ok {
        /// The text.
        ok: String,
    },
    /// Both sides wrote something else here.
    Clash {
        /// Text before; absent = the document was not there.
        #[serde(skip_serializing_if = "Option::is_none")]
        base: Option<String>,
        /// The person's text.
        #[serde(skip_serializing_if = "Option::is_none")]
        mine: Option<String>,
        /// The server's text.
        #[serde(skip_serializing_if = "Option::is_none")]
        theirs: Option<String>,
    },
}

/// Answers one line of `merge --batch`. Never fails: what cannot be merged comes back as `{"id", "error"}` with words.
pub fn run_batch_line(line: &str) -> String {
    // Some programs begin every file and pipe with it.
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    #[derive(Serialize)]
    struct Answered<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'a RawValue>,
        #[serde(flatten, skip_serializing_if = "Option::is_none")]
        answer: Option<Answer>,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    }
    let id = serde_json::from_str::<Id<'_>>(line).ok().and_then(|found| found.id);
    let answered = match answer_line(line) {
        Ok(answer) => Answered { id, answer: Some(answer), error: None },
        Err(words) => Answered { id, answer: None, error: Some(words) },
    };
    serde_json::to_string(&answered)
        .unwrap_or_else(|error| format!("{{\"error\":{}}}", crate::json::quote(&error.to_string())))
}

fn answer_line(line: &str) -> Result<Answer, String> {
    let question: Question = serde_json::from_str(line).map_err(|_| crate::asked::wrong_question(line))?;
    let format = format_named(&question.format)?;
    let bytes = |text: &'_ Option<String>| text.as_ref().map(|text| text.as_bytes().to_vec());
    let (base, mine, theirs) = (bytes(&question.base), bytes(&question.mine), bytes(&question.theirs));
    let inputs = Inputs::new(base.as_deref(), mine.as_deref(), theirs.as_deref())
        .made_at(question.mine_at, question.theirs_at);
    let policy = question.policy.unwrap_or_default();
    crate::pattern::check(&policy)
        .map_err(|error| format!("this line is not a question to merge: {error}"))?;
    answer(format, inputs, &policy)
}

/// The format of that name.
///
/// # Errors
/// Words that name the formats there are.
pub fn format_named(name: &str) -> Result<Format, String> {
    match name {
        "json" => Ok(Format::Json),
        "text" => Ok(Format::Text),
        "vcard" => Ok(Format::Vcard),
        "icalendar" => Ok(Format::Icalendar),
        other => Err(format!("there is no format {other:?}. Use json, text, vcard or icalendar.")),
    }
}

/// Merges once and puts the outcome in the shape of the contract.
///
/// # Errors
/// As [`merged`].
pub fn answer(format: Format, inputs: Inputs<'_>, policy: &Policy) -> Result<Answer, String> {
    merged(format, inputs, policy).map(|(merge, refused)| answer_of(&merge, refused, format, inputs))
}

/// Merges once. Where the versions cannot be taken apart, the answer that needs no taking apart, with the words why: a
/// card as a whole; anything if only one side changed it, or both made the same of it (merge.md 2.7, L1 to L3).
///
/// # Errors
/// Words saying which version cannot be merged, and why.
pub fn merged(
    format: Format,
    inputs: Inputs<'_>,
    policy: &Policy,
) -> Result<(Merge, Option<String>), String> {
    let Inputs { base, mine, theirs, .. } = inputs;
    let is_card = matches!(format, Format::Vcard | Format::Icalendar);
    match merge(format, inputs, policy) {
        Ok(merge) => Ok((merge, None)),
        Err(error) if is_card || mine == theirs || base == mine || base == theirs => {
            Ok((merge_whole(inputs, policy), Some(error.to_string())))
        }
        Err(error) => Err(error.to_string()),
    }
}

/// A merge in the shape of the contract. `format` and `inputs` are those it was made of.
pub fn answer_of(merge: &Merge, refused: Option<String>, format: Format, inputs: Inputs<'_>) -> Answer {
    let (outcome, merged) = match merge.result(&[]) {
        Ok(Merged::Document(bytes)) => (Outcome::Merged, Some(text(bytes))),
        Ok(Merged::Deleted) => (Outcome::Deleted, None),
        Err(_) => (Outcome::Conflict, None),
    };
    Answer {
        outcome,
        merged,
        conflicts: merge.open().map(|row| conflict(row, format, inputs)).collect(),
        refused,
        all_mine: document(merge.all_mine()),
        all_theirs: document(merge.all_theirs()),
        segments: (format == Format::Text).then(|| segments(merge, inputs)),
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn document(merged: Merged) -> Option<String> {
    match merged {
        Merged::Document(bytes) => Some(text(bytes)),
        Merged::Deleted => None,
    }
}

fn conflict(row: &Row, format: Format, inputs: Inputs<'_>) -> Conflict {
    let source = |value: &Option<String>, version: Option<&[u8]>| match version {
        // A whole card is its own text, not the fields it is shown as.
        Some(bytes) if row.path.is_root() && format != Format::Json => {
            value.as_ref().map(|_| String::from_utf8_lossy(bytes).into_owned())
        }
        _ => value.clone().map(|lexeme| source_text(lexeme, format)),
    };
    // A part of a text is not the whole of it.
    let [base, mine, theirs] =
        if row.part.is_some() { [None; 3] } else { [inputs.base, inputs.mine, inputs.theirs] };
    Conflict {
        path: path_tokens(&row.path),
        kind: row.kind.table_name(),
        part: row.part,
        base: source(&row.before, base),
        mine: source(&row.mine, mine),
        theirs: source(&row.theirs, theirs),
    }
}

/// Rows of texts and cards hold a text as a JSON string; outside it is just text.
fn source_text(lexeme: String, format: Format) -> String {
    if format == Format::Json {
        return lexeme;
    }
    let read = Document::parse(lexeme.as_bytes()).ok();
    read.and_then(|document| document.string(document.root()).map(|text| text.into_owned())).unwrap_or(lexeme)
}

fn segments(merge: &Merge, inputs: Inputs<'_>) -> Vec<Segment> {
    let text = |bytes: Option<&[u8]>| bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    match merge.result(&[]) {
        Ok(Merged::Document(bytes)) => vec![Segment::Ok { ok: String::from_utf8_lossy(&bytes).into_owned() }],
        Ok(Merged::Deleted) => Vec::new(),
        Err(_) => merge.text_segments().unwrap_or_else(|| {
            vec![Segment::Clash {
                base: text(inputs.base),
                mine: text(inputs.mine),
                theirs: text(inputs.theirs),
            }]
        }),
    }
}

/// A path as JSON values: names, positions, identities as objects with the key's own value.
pub fn path_tokens(path: &Path) -> Vec<Box<RawValue>> {
    let raw = |token: &Token| {
        let text = match token {
            Token::Member(name) => crate::json::quote(name),
            Token::Index(index) => index.to_string(),
            Token::Identity(keys) => {
                let members: Vec<String> = keys
                    .iter()
                    .map(|(name, value)| format!("{}:{value}", crate::json::quote(name)))
                    .collect();
                format!("{{{}}}", members.join(","))
            }
        };
        RawValue::from_string(text).ok()
    };
    path.0.iter().filter_map(raw).collect()
}

impl RowKind {
    /// The name in the truth table, as `matchbookctl merge` writes it.
    pub fn table_name(self) -> &'static str {
        match self {
            RowKind::TheirsOnly => "theirs-only",
            RowKind::MineOnly => "mine-only",
            RowKind::EditedDifferently => "edited-differently",
            RowKind::AddedDifferently => "added-differently",
            RowKind::AddedByBoth => "added-by-both",
            RowKind::DeletedByMeEditedByServer | RowKind::DeleteEdit => "deleted-by-me/edited-by-server",
            RowKind::EditedByMeDeletedByServer | RowKind::EditDelete => "edited-by-me/deleted-by-server",
            RowKind::NullVsMissing => "null-vs-missing",
            RowKind::TypeChanged => "type-changed",
            RowKind::Combined => "combined",
            RowKind::Reordered => "reordered",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shapes_of_the_contract() {
        let cases = [
            (
                r#"{"id":1,"format":"json","base":"{\"a\":1,\"b\":1.0}","mine":"{\"a\":2,\"b\":1.0}","theirs":"{\"a\":1,\"b\":1.00,\"c\":[]}"}"#,
                r#"{"id":1,"outcome":"merged","merged":"{\"a\":2,\"b\":1.00,\"c\":[]}","conflicts":[],"all_mine":"{\"a\":2,\"b\":1.00,\"c\":[]}","all_theirs":"{\"a\":2,\"b\":1.00,\"c\":[]}"}"#,
            ),
            (
                r#"{"id":"x","format":"json","base":"{\"a\":{\"b\":1}}","mine":"{\"a\":{\"b\":2}}","theirs":"{\"a\":{}}"}"#,
                r#"{"id":"x","outcome":"conflict","conflicts":[{"path":["a","b"],"kind":"edited-by-me/deleted-by-server","base":"1","mine":"2"}],"all_mine":"{\"a\":{\"b\":2}}","all_theirs":"{\"a\":{}}"}"#,
            ),
            (
                r#"{"format":"json","base":"1","mine":"1"}"#,
                r#"{"outcome":"deleted","conflicts":[],"all_mine":null,"all_theirs":null}"#,
            ),
            (
                r#"{"id":null,"format":"text","base":"a\n","mine":"b\n","theirs":"c\n"}"#,
                r#"{"outcome":"conflict","conflicts":[{"path":[],"kind":"edited-differently","base":"a\n","mine":"b\n","theirs":"c\n"}],"all_mine":"b\n","all_theirs":"c\n","segments":[{"base":"a\n","mine":"b\n","theirs":"c\n"}]}"#,
            ),
            (
                r#"{"id":7,"format":"text","base":"a","mine":"a","theirs":"c"}"#,
                r#"{"id":7,"outcome":"merged","merged":"c","conflicts":[],"all_mine":"c","all_theirs":"c","segments":[{"ok":"c"}]}"#,
            ),
            (
                r#"{"id":8,"format":"json","base":"[{\"id\":7,\"n\":1}]","mine":"[{\"id\":7,\"n\":2}]","theirs":"[{\"id\":7,\"n\":3}]"}"#,
                r#"{"id":8,"outcome":"conflict","conflicts":[{"path":[{"id":7},"n"],"kind":"edited-differently","base":"1","mine":"2","theirs":"3"}],"all_mine":"[{\"id\":7,\"n\":2}]","all_theirs":"[{\"id\":7,\"n\":3}]"}"#,
            ),
            (
                r#"{"id":9,"format":"text","base":"a\nb\nc\nd\ne","mine":"A\nb\nx\nd\ne","theirs":"a\nb\ny\nd\nE"}"#,
                r#"{"id":9,"outcome":"conflict","conflicts":[{"path":[],"kind":"edited-differently","part":2,"base":"c\n","mine":"x\n","theirs":"y\n"}],"all_mine":"A\nb\nx\nd\nE","all_theirs":"A\nb\ny\nd\nE","segments":[{"ok":"A\nb\n"},{"base":"c\n","mine":"x\n","theirs":"y\n"},{"ok":"d\nE"}]}"#,
            ),
        ];
        for (question, expected) in cases {
            assert_eq!(run_batch_line(question), expected, "{question}");
        }
    }

    #[test]
    fn what_cannot_be_merged_comes_back_with_words() {
        for (line, words) in [
            ("{", "this line is not a question"),
            (r#"{"id":3,"format":"xml"}"#, "Use json, text, vcard or icalendar"),
            (
                r#"{"id":3,"format":"json","base":"1","mine":"{","theirs":"2"}"#,
                "Your version cannot be merged field by field: line 1, column 2",
            ),
            (r#"{"id":3,"format":"json","policy":{"arrays":{"a":"bag"}}}"#, "bag"),
            (r#"{"id":3,"base":"1"}"#, "it names no \\\"format\\\""),
            (r#"{"id":3,"format":7}"#, "must be json, text, vcard or icalendar"),
            (r#"{"id":3,"format":"json","mine":{"a":1}}"#, "must be the source text as a string"),
            (r#"{"id":3,"format":"json","mine":"\ud800"}"#, "half a character"),
            ("[]", "it must be an object"),
        ] {
            let answer = run_batch_line(line);
            assert!(answer.contains("\"error\"") && answer.contains(words), "{answer}");
            assert_eq!(answer.contains("\"id\":3"), line.contains("\"id\":3"), "{answer}");
        }
    }

    #[test]
    fn what_cannot_be_read_has_its_trivial_answers() {
        let question = |format: &str, versions: [&str; 3]| {
            let [base, mine, theirs] = versions.map(crate::json::quote);
            format!("{{\"format\":\"{format}\",\"base\":{base},\"mine\":{mine},\"theirs\":{theirs}}}")
        };
        for format in ["json", "vcard", "icalendar"] {
            for (versions, expected) in [
                (["{", "{", "{"], "{"),
                (["{", "{", "1"], "1"),
                (["1", "{", "1"], "{"),
                (["1", "{", "{"], "{"),
            ] {
                let answer = run_batch_line(&question(format, versions));
                let merged = format!("{{\"outcome\":\"merged\",\"merged\":\"{expected}\",\"conflicts\":[]");
                assert!(answer.starts_with(&merged) && answer.contains("\"refused\""), "{answer}");
            }
        }
        assert_eq!(
            run_batch_line(&format!("\u{feff}{}", question("text", ["a", "b", "a"]))),
            run_batch_line(&question("text", ["a", "b", "a"]))
        );
    }

    #[test]
    fn policies_are_read_as_the_contract_writes_them() {
        for (keys, expected) in [("\"id\"", vec!["id"]), ("[\"a\",\"b\"]", vec!["a", "b"])] {
            let text =
                format!("{{\"arrays\":{{\"x/y\":{{\"identity\":{keys}}},\"**/t\":\"set\"}},\"words\":true}}");
            let policy: Policy = serde_json::from_str(&text).unwrap();
            let keys = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(policy.arrays.get("x/y"), Some(&crate::ArrayMode::Identity(keys)));
            assert_eq!(policy.arrays.get("**/t"), Some(&crate::ArrayMode::Set));
            assert!(policy.words);
        }
    }
}
