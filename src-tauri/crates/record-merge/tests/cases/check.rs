//! The three ways a case is merged, and what must come out.

use crate::book::Case;
use crate::common::{mirrored, plain, sorted, text};
use record_merge::{Format, Inputs, Merge, Policy, RowKind, Rule, batch, equal, merge, merge_whole};
use serde_json::Value;

type Checked = Result<(), String>;

fn format(case: &Case) -> Format {
    batch::format_named(&case.format).unwrap_or_else(|words| panic!("{}: {words}", case.name))
}

fn inputs<'a>(base: &'a Option<String>, mine: &'a Option<String>, theirs: &'a Option<String>) -> Inputs<'a> {
    let bytes = |text: &'a Option<String>| text.as_deref().map(str::as_bytes);
    Inputs::new(bytes(base), bytes(mine), bytes(theirs))
}

/// The open rows as a case writes them.
fn questions(m: &Merge, kind: impl Fn(RowKind) -> RowKind) -> Vec<String> {
    m.open().map(|row| format!("{} {}", place(&row.path.to_pointer()), kind(row.kind).table_name())).collect()
}

fn place(pointer: &str) -> &str {
    if pointer.is_empty() { "(whole record)" } else { pointer }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, written: &T) -> Checked {
    if found == written {
        Ok(())
    } else {
        Err(format!("{what}\n  written: {written:?}\n  found:   {found:?}"))
    }
}

fn merged(case: &Case, inputs: Inputs<'_>) -> Result<Merge, String> {
    match merge(format(case), inputs, &case.policy()) {
        // A card that cannot be taken apart is one question, as everywhere.
        Err(_) if matches!(format(case), Format::Vcard | Format::Icalendar) => {
            Ok(merge_whole(inputs, &case.policy()))
        }
        merged => merged.map_err(|error| error.to_string()),
    }
}

pub fn as_written(case: &Case) -> Checked {
    let m = merged(case, inputs(&case.before, &case.yours, &case.server))?;
    same("questions", &sorted(questions(&m, |kind| kind)), &sorted(case.questions.clone()))?;
    if case.questions.is_empty() {
        return same("result", &m.result(&[]).ok().map(text), &Some(case.result.clone()))
            .and_then(|()| looks(case, &m));
    }
    side(case, "all yours", text(m.all_mine()), &case.all_yours)?;
    side(case, "all the server's", text(m.all_theirs()), &case.all_server)?;
    for row in m.open() {
        if row.mine == row.theirs || row.choices.len() < 3 {
            return Err(format!("a question without a difference or a choice: {row:?}"));
        }
    }
    looks(case, &m)
}

/// Written byte for byte; where the case leaves it to the version itself, by value.
fn side(case: &Case, what: &str, found: Option<String>, written: &Option<String>) -> Checked {
    if case.sides_written {
        return same(what, &found, written);
    }
    if same_record(case, &found, written) { Ok(()) } else { same(what, &found, written) }
}

fn looks(case: &Case, m: &Merge) -> Checked {
    let Some(look) = &case.look else { return Ok(()) };
    let asked =
        m.rows.iter().filter(|row| row.please_look).map(|row| place(&row.path.to_pointer()).to_owned());
    same("please look", &sorted(asked.collect()), &sorted(look.clone()))
}

pub fn turned_round(case: &Case) -> Checked {
    if case.policy().rules.values().any(|rule| matches!(rule, Rule::Mine | Rule::Server)) {
        return Ok(()); // a rule that prefers a side does not mirror; the other side has a case of its own
    }
    let back = merged(case, inputs(&case.before, &case.server, &case.yours))?;
    same("questions, turned round", &sorted(questions(&back, mirrored)), &sorted(case.questions.clone()))?;
    if case.questions.is_empty() {
        let found = back.result(&[]).map(text).map_err(|still| still.to_string())?;
        return match &case.turned {
            Some(written) => same("turned round", &found, &Some(written.clone())),
            None if same_record(case, &found, &case.result) => Ok(()),
            None => same("turned round", &found, &case.result),
        };
    }
    for (what, found, written) in [
        ("all the server's, turned round", text(back.all_mine()), &case.all_server),
        ("all yours, turned round", text(back.all_theirs()), &case.all_yours),
    ] {
        if !same_record(case, &found, written) {
            same(what, &found, written)?;
        }
    }
    Ok(())
}

/// The same record by value; entries of a list may stand in another order (law L4: order follows the carrier).
fn same_record(case: &Case, a: &Option<String>, b: &Option<String>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) if case.format == "json" => plain(a) == plain(b),
        (Some(a), Some(b)) => {
            equal(format(case), a.as_bytes(), b.as_bytes(), &Policy::default())
                || lines(case, a) == lines(case, b)
        }
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Cards and calendars: their lines, unfolded, in any order.
fn lines(case: &Case, text: &str) -> Vec<String> {
    if case.format == "text" {
        return vec![text.to_owned()];
    }
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    sorted(unfolded.lines().map(str::to_owned).collect())
}

pub fn in_a_batch(case: &Case) -> Checked {
    let mut question = serde_json::Map::new();
    question.insert("id".into(), case.name.clone().into());
    question.insert("format".into(), case.format.clone().into());
    for (name, version) in [("base", &case.before), ("mine", &case.yours), ("theirs", &case.server)] {
        if let Some(text) = version {
            question.insert(name.into(), text.clone().into());
        }
    }
    let mut line = Value::Object(question).to_string();
    if let Some(policy) = &case.policy {
        line.pop();
        line.push_str(&format!(",\"policy\":{}}}", policy.trim()));
    }
    let answer: Value = serde_json::from_str(&batch::run_batch_line(&line)).map_err(|e| e.to_string())?;
    same("id", &answer["id"], &case.name.clone().into())?;
    let gone = case.result.is_none();
    let outcome = match (case.questions.is_empty(), gone) {
        (false, _) => "conflict",
        (true, true) => "deleted",
        (true, false) => "merged",
    };
    same("outcome", &answer["outcome"], &outcome.into())?;
    same("merged", &answer.get("merged").cloned(), &case.result.clone().map(Value::from))?;
    let found = answer["conflicts"].as_array().ok_or("no list of conflicts")?;
    same("conflicts", &sorted(found.iter().map(written).collect()), &sorted(case.questions.clone()))?;
    for (name, all) in [("all_mine", &case.all_yours), ("all_theirs", &case.all_server)] {
        let found = answer.get(name).ok_or_else(|| format!("no {name}"))?.as_str().map(str::to_owned);
        let written = if case.questions.is_empty() { &case.result } else { all };
        side(case, name, found, written)?;
    }
    if case.format == "text" { segments(case, &answer) } else { Ok(()) }
}

/// A conflict of the contract as a case writes it.
fn written(conflict: &Value) -> String {
    let token = |token: &Value| match token {
        Value::String(name) => name.replace('~', "~0").replace('/', "~1"),
        Value::Object(keys) => {
            let keys: Vec<String> = keys.iter().map(|(name, value)| format!("{name}={value}")).collect();
            keys.join(",").replace('~', "~0").replace('/', "~1")
        }
        other => other.to_string(),
    };
    let pointer: String =
        conflict["path"].as_array().into_iter().flatten().map(|step| format!("/{}", token(step))).collect();
    format!("{} {}", place(&pointer), conflict["kind"].as_str().unwrap_or("?"))
}

/// The parts of a text, answered for one side, are the whole text.
fn segments(case: &Case, answer: &Value) -> Checked {
    let parts = answer["segments"].as_array().ok_or("no segments")?;
    let joined = |side: &str| -> String {
        let part = |part: &Value| {
            part.get("ok").or_else(|| part.get(side)).and_then(Value::as_str).unwrap_or("").to_owned()
        };
        parts.iter().map(part).collect()
    };
    let clashes = parts.iter().filter(|part| part.get("ok").is_none()).count();
    same("clashing segments", &clashes, &case.questions.len())?;
    if clashes == 0 {
        return same("segments", &joined("ok"), &case.result.clone().unwrap_or_default());
    }
    same("segments, yours", &joined("mine"), &case.all_yours.clone().unwrap_or_default())?;
    same("segments, the server's", &joined("theirs"), &case.all_server.clone().unwrap_or_default())
}
