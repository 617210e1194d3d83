//! Reads written cases: folders of files, and books (Markdown with many cases). The README of `tests/merge-cases`
//! says how they are written.

use record_merge::Policy;
use std::path::Path;

/// One story and how it should end.
#[derive(Debug, Default)]
pub struct Case {
    pub name: String,
    /// As `matchbookctl merge --format` names it.
    pub format: String,
    pub before: Option<String>,
    pub yours: Option<String>,
    pub server: Option<String>,
    /// The JSON text of the policy, if any.
    pub policy: Option<String>,
    /// Path and kind, one for each open row; empty = nothing is asked.
    pub questions: Vec<String>,
    /// The record when nothing is asked; `None` = deleted.
    pub result: Option<String>,
    /// The record with every question answered for one side; `None` = deleted.
    pub all_yours: Option<String>,
    pub all_server: Option<String>,
    /// How exactly the two above are known: not at all if the case leaves them to the versions themselves.
    pub sides_written: bool,
    /// The outcome with the sides turned round, where the order or spelling follows the server.
    pub turned: Option<String>,
    /// Paths of the rows that ask for a look; `None` = not said.
    pub look: Option<Vec<String>>,
    /// What the case waits for: it is read, but not run.
    pub waits: Option<String>,
}

impl Case {
    pub fn policy(&self) -> Policy {
        let parse =
            |text: &String| serde_json::from_str(text).unwrap_or_else(|e| panic!("{}: {e}", self.name));
        self.policy.as_ref().map(parse).unwrap_or_default()
    }
}

/// `base.json`, `mine.json`, ... in one folder; the ending is the format.
pub fn from_folder(folder: &Path, name: &str) -> Case {
    let endings = [("json", "json"), ("vcf", "vcard"), ("ics", "icalendar"), ("txt", "text"), ("md", "text")];
    let file = |stem: &str, ending: &str| folder.join(format!("{stem}.{ending}"));
    let found = |(ending, _): &&(&str, &str)| {
        ["base", "mine", "theirs"].iter().any(|stem| file(stem, ending).exists())
    };
    let (ending, format) = endings.iter().find(found).unwrap_or_else(|| panic!("{name} holds no version"));
    let read = |stem: &str| std::fs::read_to_string(file(stem, ending)).ok();
    let words = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    assert!(
        words("about.txt").is_some_and(|text| !text.trim().is_empty()),
        "{name} says nothing about itself"
    );
    let gone = |text: Option<String>| text.filter(|text| text.trim_end() != "(deleted)");
    let questions: Vec<String> = words("open.txt").unwrap_or_default().lines().map(str::to_owned).collect();
    let need = |stem: &str| read(stem).unwrap_or_else(|| panic!("{name} has no {stem}.{ending}"));
    let open = !questions.is_empty();
    Case {
        name: name.to_owned(),
        format: (*format).to_owned(),
        before: read("base"),
        yours: read("mine"),
        server: read("theirs"),
        policy: words("policy.json"),
        result: if open { None } else { gone(Some(need("expected"))) },
        all_yours: if open { gone(Some(need("all-mine"))) } else { None },
        all_server: if open { gone(Some(need("all-theirs"))) } else { None },
        sides_written: open,
        turned: read("turned"),
        look: None,
        waits: None,
        questions,
    }
}

/// What a whole book says before its first case.
#[derive(Clone, Default)]
struct Settings {
    format: String,
    policy: Option<String>,
    windows: bool,
}

/// The cases of one book. A heading of level 2 begins a case.
pub fn from_book(text: &str, file: &str) -> Vec<Case> {
    let mut parts = text.split("\n## ");
    let settings = settings(parts.next().unwrap_or_default(), file);
    parts.map(|part| case(part, &settings, file)).collect()
}

fn settings(head: &str, file: &str) -> Settings {
    let mut settings = Settings { format: "json".to_owned(), ..Settings::default() };
    for line in head.lines() {
        match line.split_once(": ") {
            Some(("Format", format)) => settings.format = format.trim().to_owned(),
            Some(("Policy", policy)) => settings.policy = Some(inline(policy, file)),
            Some(("Line ends", ends)) => settings.windows = ends.trim() == "Windows",
            _ => {}
        }
    }
    settings
}

/// The code in one line: between the first backtick and the last.
fn inline(text: &str, place: &str) -> String {
    let text = text.trim();
    let inner = text.strip_prefix('`').and_then(|text| text.strip_suffix('`'));
    inner.unwrap_or_else(|| panic!("{place}: {text:?} should stand between backticks")).to_owned()
}

/// One label with what belongs to it.
struct Item {
    label: String,
    value: Value,
}

enum Value {
    /// Words after the label.
    Words(String),
    /// Code in the line, or in a block below.
    Code(String),
}

fn items(part: &str, place: &str, windows: bool) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut lines = part.lines();
    while let Some(line) = lines.next() {
        let Some((label, rest)) = line.strip_prefix("- ").and_then(|line| line.split_once(':')) else {
            continue;
        };
        let rest = rest.trim();
        let value = if rest.is_empty() {
            let fence = lines.next().unwrap_or_default();
            assert!(fence.starts_with("```"), "{place}: after \"{label}:\" comes a block, not {fence:?}");
            let block: String = lines
                .by_ref()
                .take_while(|line| !line.starts_with("```"))
                .map(|line| format!("{line}\n"))
                .collect();
            Value::Code(drawn(&block, windows))
        } else if rest.starts_with('`') && label != "Question" {
            Value::Code(drawn(&inline(rest, place), windows))
        } else {
            Value::Words(rest.to_owned())
        };
        items.push(Item { label: label.to_owned(), value });
    }
    items
}

/// Signs that cannot be seen are drawn.
fn drawn(text: &str, windows: bool) -> String {
    let text = text.strip_suffix("⟨no line end⟩\n").unwrap_or(text);
    let text = if windows { text.replace('\n', "\r\n") } else { text.to_owned() };
    text.replace("⟨CR⟩", "\r")
        .replace("⟨LF⟩", "\n")
        .replace("⟨tab⟩", "\t")
        .replace("⟨space⟩", " ")
        .replace("⟨nbsp⟩", "\u{a0}")
        .replace("⟨BOM⟩", "\u{feff}")
        .replace("⟨combining acute⟩", "\u{301}")
}

fn case(part: &str, settings: &Settings, file: &str) -> Case {
    let (title, body) = part.split_once('\n').unwrap_or((part, ""));
    let name = format!("{file}: {}", title.trim());
    let mut case = Case {
        name: name.clone(),
        format: settings.format.clone(),
        policy: settings.policy.clone(),
        ..Case::default()
    };
    let (mut all_yours, mut all_server, mut result) = (None, None, None);
    let mut said = Vec::new();
    for Item { label, value } in items(body, &name, settings.windows) {
        said.push(label.clone());
        match label.as_str() {
            "Question" => case.questions.push(words(value)),
            "Look" => case.look.get_or_insert_default().push(words(value)),
            "Waits" => case.waits = Some(words(value)),
            "Before" => case.before = version(value, &case),
            "Yours" => case.yours = version(value, &case),
            "Server" => case.server = version(value, &case),
            "Policy" => case.policy = version(value, &case),
            "Result" => result = Some(version(value, &case)),
            "All yours" => all_yours = Some(version(value, &case)),
            "All server's" => all_server = Some(version(value, &case)),
            "Turned round" => case.turned = version(value, &case),
            other => panic!("{name}: there is no label \"{other}\""),
        }
    }
    for needed in ["Before", "Yours", "Server"] {
        assert!(said.iter().any(|label| label == needed), "{name} does not say \"{needed}\"");
    }
    assert!(result.is_some() == case.questions.is_empty(), "{name}: either a result or questions");
    assert_eq!(all_yours.is_some(), all_server.is_some(), "{name}: both sides or neither");
    case.sides_written = all_yours.is_some();
    case.result = result.flatten();
    case.all_yours = all_yours.unwrap_or_else(|| case.yours.clone());
    case.all_server = all_server.unwrap_or_else(|| case.server.clone());
    case
}

fn words(value: Value) -> String {
    match value {
        Value::Words(words) | Value::Code(words) => words.replace('`', ""),
    }
}

/// A version, written out or by reference.
fn version(value: Value, case: &Case) -> Option<String> {
    match value {
        Value::Code(text) => Some(text),
        Value::Words(words) => match words.as_str() {
            "no record" | "deleted" => None,
            "as before" => case.before.clone(),
            "yours" => case.yours.clone(),
            "the server's" => case.server.clone(),
            other => panic!("{}: \"{other}\" is no version", case.name),
        },
    }
}
