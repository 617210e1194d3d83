//! What happened to a field, and why it was put together so, in words (M14, M32, M43, M53).

use ipc_types::{Absent, EntryChange, Value, ValueType};
use record_merge::{Origin, Provenance, Row, RowKind, Rule};

/// Longest value that is quoted in a sentence, in characters.
const QUOTED: usize = 60;

/// What stands for a value that is not there to see; `before` is the value before it, if it has one.
pub(crate) fn absent(now: &Value, before: Option<&Value>) -> Option<Absent> {
    match now.r#type {
        ValueType::Missing => {
            let was = before.is_some_and(|before| before.r#type != ValueType::Missing);
            Some(if was { Absent::Removed } else { Absent::NotThere })
        }
        ValueType::Null => Some(Absent::NoValue),
        ValueType::Text if now.text.is_empty() => Some(Absent::Empty),
        ValueType::List if inside(&now.json).is_empty() => Some(Absent::EmptyList),
        ValueType::Object if inside(&now.json).is_empty() => Some(Absent::Empty),
        _ => None,
    }
}

/// What stands between the brackets.
fn inside(json: &str) -> &str {
    let json = json.trim();
    json.get(1..json.len().saturating_sub(1)).unwrap_or_default().trim()
}

/// The same as the person reads it in a sentence.
fn absent_words(absent: Absent) -> &'static str {
    match absent {
        Absent::NotThere => "not there",
        Absent::NoValue => "no value",
        Absent::Empty => "empty",
        Absent::EmptyList => "an empty list",
        Absent::Removed => "removed",
    }
}

/// What one side did to a value; `None` = nothing.
pub(crate) fn change(before: &Value, after: &Value) -> Option<EntryChange> {
    let there = |value: &Value| value.r#type != ValueType::Missing;
    match (there(before), there(after)) {
        (false, true) => Some(EntryChange::Added),
        (true, false) => Some(EntryChange::Removed),
        (true, true) if before.json != after.json => Some(EntryChange::Changed),
        _ => None,
    }
}

/// The values of a row, as its sentence names them.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    pub(crate) before: &'a Value,
    pub(crate) theirs: &'a Value,
    pub(crate) mine: &'a Value,
    /// Who changed it on the server.
    pub(crate) who: Option<&'a str>,
    /// What a whole element of a list is called.
    pub(crate) entry: Option<&'a str>,
    /// What one record is called.
    pub(crate) noun: &'a str,
}

/// What happened, in one sentence.
pub(crate) fn sentence(kind: RowKind, told: &Told<'_>) -> String {
    let server = told.who.unwrap_or("The server");
    match kind {
        RowKind::EditDelete => {
            return format!("{server} deleted this {}; you changed it.", told.noun);
        }
        RowKind::DeleteEdit => {
            return format!(
                "You deleted this {}; {} changed it.",
                told.noun,
                told.who.unwrap_or("the server")
            );
        }
        RowKind::Combined
            if change(told.before, told.theirs).is_some() && change(told.before, told.mine).is_some() =>
        {
            return format!("{server} and you both changed this text, at different places.");
        }
        _ => {}
    }
    let theirs = change(told.before, told.theirs)
        .map(|what| clause(what, told.before, told.theirs, told.entry, false));
    let mine_follows = theirs.is_some();
    let mine = change(told.before, told.mine)
        .map(|what| clause(what, told.before, told.mine, told.entry, mine_follows));
    match (theirs, mine) {
        (Some(theirs), Some(mine)) => format!("{server} {theirs}; you {mine}."),
        (Some(theirs), None) => format!("{server} {theirs}."),
        (None, Some(mine)) => format!("You {mine}."),
        (None, None) => format!("{server} and you have the same."),
    }
}

/// "changed "a" to "b"", "added "b"", "removed "a"".
fn clause(what: EntryChange, before: &Value, after: &Value, entry: Option<&str>, again: bool) -> String {
    let named = |value: &Value| entry.map(|name| format!("\u{201c}{name}\u{201d}")).or_else(|| quoted(value));
    let it =
        |value: &Value| if again { "it".to_owned() } else { named(value).unwrap_or_else(|| "it".to_owned()) };
    match what {
        EntryChange::Added if again => {
            named(after).map_or_else(|| "added another".to_owned(), |to| format!("added {to}"))
        }
        EntryChange::Added => format!("added {}", it(after)),
        EntryChange::Removed => format!("removed {}", it(before)),
        EntryChange::Changed | EntryChange::Moved => match (again, entry, quoted(before), quoted(after)) {
            (_, Some(_), ..) => format!("changed {}", it(after)),
            (false, None, Some(from), Some(to)) => format!("changed {from} to {to}"),
            (_, None, _, Some(to)) => format!("changed it to {to}"),
            _ => "changed it".to_owned(),
        },
    }
}

/// A short value in quotation marks; words for one that is not there to see; `None` for what is too long.
fn quoted(value: &Value) -> Option<String> {
    if let Some(absent) = absent(value, None) {
        return Some(absent_words(absent).to_owned());
    }
    let text = match value.r#type {
        ValueType::Boolean => {
            if value.text == "true" {
                "yes"
            } else {
                "no"
            }
        }
        ValueType::List | ValueType::Object => return None,
        _ => value.text.trim(),
    };
    let short = !text.contains('\n') && text.chars().nth(QUOTED).is_none();
    short.then(|| format!("\u{201c}{text}\u{201d}"))
}

/// The rule that put a row together, or why it needs a choice.
pub(crate) fn rule_words(row: &Row) -> String {
    if row.automatic.is_none() {
        return open_words(row.kind).to_owned();
    }
    let words = match &row.rule {
        Some(Provenance::Rule { rule, origin, .. }) => return rule_of(*rule, *origin),
        Some(Provenance::OnlyServer) => "Only the server changed it.",
        Some(Provenance::OnlyMine) => "Only you changed it.",
        Some(Provenance::AddedByBoth) => "Both sides added it; its fields were put together.",
        Some(Provenance::Lines) => "Both sides changed different lines.",
        Some(Provenance::Words) => "Both sides changed different words.",
        Some(Provenance::Set) => "What either side added is kept, what either side removed is not.",
        Some(Provenance::List) => "Both sides changed different entries.",
        Some(Provenance::ServerOrder) => {
            "Both sides put the entries in another order; the server's order is used."
        }
        Some(Provenance::Invisible) => "The difference cannot be seen.",
        None => match row.kind {
            RowKind::TheirsOnly => "Only the server changed it.",
            RowKind::MineOnly => "Only you changed it.",
            RowKind::AddedByBoth => "Both sides added it; its fields were put together.",
            _ => "Both sides changed different places.",
        },
    };
    words.to_owned()
}

fn open_words(kind: RowKind) -> &'static str {
    match kind {
        RowKind::AddedDifferently | RowKind::AddedByBoth => "Both sides added it, differently.",
        RowKind::DeletedByMeEditedByServer => "You removed it, the server changed it.",
        RowKind::EditedByMeDeletedByServer => "You changed it, the server removed it.",
        RowKind::NullVsMissing => "One side gave it no value, the other removed it.",
        RowKind::TypeChanged => "It became another kind of value.",
        RowKind::EditDelete => "You changed it, it was deleted on the server.",
        RowKind::DeleteEdit => "You deleted it, it was changed on the server.",
        RowKind::TheirsOnly => "Only the server changed it, but the outcome would not fit.",
        RowKind::MineOnly => "Only you changed it, but the outcome would not fit.",
        RowKind::EditedDifferently | RowKind::Combined | RowKind::Reordered => {
            "Both sides changed it, differently."
        }
    }
}

fn rule_of(rule: Rule, origin: Option<Origin>) -> String {
    let whose = match origin {
        Some(Origin::Person) => "Your rule",
        Some(Origin::Profile) => "A rule of the source",
        Some(Origin::Schema) => "A rule of the schema",
        None => "A rule",
    };
    let says = match rule {
        Rule::Mine => "always yours",
        Rule::Server => "always the server's",
        Rule::Newest => "the newer of the two",
        Rule::Union => "what either side added",
        Rule::Sum => "both changes added up",
        Rule::Higher => "the higher of the two",
    };
    format!("{whose}: {says}.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::value;

    #[test]
    fn five_words_for_nothing() {
        let was = value(Some("1"));
        for (json, before, word) in [
            (None, None, Some(Absent::NotThere)),
            (None, Some(&was), Some(Absent::Removed)),
            (Some("null"), Some(&was), Some(Absent::NoValue)),
            (Some("\"\""), None, Some(Absent::Empty)),
            (Some("[ ]"), None, Some(Absent::EmptyList)),
            (Some("{}"), None, Some(Absent::Empty)),
            (Some("0"), None, None),
            (Some("[null]"), None, None),
        ] {
            assert_eq!(absent(&value(json), before), word, "{json:?}");
        }
    }

    #[test]
    fn sentences() {
        use RowKind::*;
        type Case<'a> =
            (RowKind, Option<&'a str>, Option<&'a str>, Option<&'a str>, Option<&'a str>, &'a str);
        let long = format!("\"{}\"", "word ".repeat(30));
        let cases: [Case<'_>; 11] = [
            (
                EditedDifferently,
                Some("\"cellar\""),
                Some("\"attic\""),
                Some("\"shed\""),
                None,
                "Ines changed “cellar” to “attic”; you changed it to “shed”.",
            ),
            (
                TheirsOnly,
                Some("20.00"),
                Some("25.00"),
                Some("20.00"),
                None,
                "Ines changed “20.00” to “25.00”.",
            ),
            (MineOnly, Some("false"), Some("false"), Some("true"), None, "You changed “no” to “yes”."),
            (
                EditedByMeDeletedByServer,
                Some("\"worn\""),
                None,
                Some("\"one new\""),
                None,
                "Ines removed “worn”; you changed it to “one new”.",
            ),
            (
                DeletedByMeEditedByServer,
                Some("\"worn\""),
                Some("\"new\""),
                None,
                None,
                "Ines changed “worn” to “new”; you removed it.",
            ),
            (TheirsOnly, None, Some("{\"no\":3}"), None, Some("Bit set"), "Ines added “Bit set”."),
            (AddedDifferently, None, Some("1"), Some("2"), None, "Ines added “1”; you added “2”."),
            (
                NullVsMissing,
                Some("1"),
                Some("null"),
                None,
                None,
                "Ines changed “1” to no value; you removed it.",
            ),
            (
                EditedDifferently,
                Some(&long),
                Some("\"short\""),
                Some("[]"),
                None,
                "Ines changed it to “short”; you changed it to an empty list.",
            ),
            (EditDelete, Some("\"\""), None, Some("\"\""), None, "Ines deleted this tool; you changed it."),
            (DeleteEdit, Some("\"\""), Some("\"\""), None, None, "You deleted this tool; Ines changed it."),
        ];
        for (kind, before, theirs, mine, entry, words) in cases {
            let [before, theirs, mine] = [before, theirs, mine].map(value);
            let told = Told {
                before: &before,
                theirs: &theirs,
                mine: &mine,
                who: Some("Ines"),
                entry,
                noun: "tool",
            };
            assert_eq!(sentence(kind, &told), words);
        }
    }
}
