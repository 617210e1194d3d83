//! `merge` and `merge --batch`.

use crate::world::Person;
use serde_json::json;
use std::path::PathBuf;

struct Files {
    person: Person,
    folder: tempfile::TempDir,
}

impl Files {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        Self { person: Person::new(), folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn args(&self, args: &[&str]) -> Vec<String> {
        let known = |name: &&str| self.path(name).exists() || *name == "out";
        let path = |name: &str| self.path(name).to_str().unwrap().to_owned();
        args.iter().map(|arg| if known(arg) { path(arg) } else { (*arg).to_owned() }).collect()
    }

    fn merge(&self, args: &[&str], json: bool) -> crate::world::Done {
        let args = self.args(args);
        let mut all = vec!["merge"];
        all.extend(args.iter().map(String::as_str));
        if json { self.person.run(&all) } else { self.person.read(&all) }
    }
}

const VERSIONS: [(&str, &[u8]); 6] = [
    ("base", br#"{"a": 1, "b": 1.0}"#),
    ("mine", br#"{"a": 2, "b": 1.0}"#),
    ("theirs", br#"{ "a": 1, "b": 1.0, "c": 12345678901234567890 }"#),
    ("other", br#"{"a": 3, "b": 1.0}"#),
    ("broken", b"{"),
    ("bytes", b"\xff\xfe"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_merged() {
    let files = Files::new(&VERSIONS);
    let merged = r#"{ "a": 2, "b": 1.0, "c": 12345678901234567890 }"#;
    let done = files.merge(&["--format", "json", "base", "mine", "theirs"], false).ok();
    assert_eq!(done.stdout, merged);
    let done = files.merge(&["--format", "json", "base", "mine", "theirs", "-o", "out"], false).ok();
    assert_eq!(done.stdout, "");
    assert_eq!(std::fs::read_to_string(files.path("out")).unwrap(), merged);
    let answer = files.merge(&["--format", "json", "base", "mine", "theirs"], true).ok().line();
    assert_eq!((&answer["outcome"], &answer["merged"]), (&json!("merged"), &json!(merged)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clashes_are_1_bad_input_is_2() {
    let files = Files::new(&VERSIONS);
    let answer =
        files.merge(&["--format", "json", "base", "mine", "other", "-o", "out"], true).exit(1).line();
    assert_eq!(answer["outcome"], "conflict");
    let conflict =
        json!({"path": ["a"], "kind": "edited-differently", "base": "1", "mine": "2", "theirs": "3"});
    assert_eq!(answer["conflicts"], json!([conflict]));
    assert_eq!(answer["all_mine"], r#"{"a": 2, "b": 1.0}"#);
    assert_eq!(answer["all_theirs"], r#"{"a": 3, "b": 1.0}"#);
    assert!(!files.path("out").exists(), "nothing is written while something is open");
    let deleted = files.merge(&["--format", "json", "base", "base", "-"], true).ok().line();
    assert_eq!(deleted["outcome"], "deleted");
    for args in [
        &["--format", "json", "base", "broken", "theirs"][..],
        &["--format", "text", "base", "bytes", "theirs"],
        &["--format", "json", "base", "mine", "/does/not/exist"],
        &["--format", "vcard", "base", "mine", "theirs"],
        &["--format", "icalendar", "base", "mine", "theirs"],
        &["--format", "xml", "base", "mine", "theirs"],
        &["--format", "json", "--policy", "mine", "base", "mine", "theirs"],
    ] {
        let done = files.merge(args, true).exit(2);
        assert!(done.stdout.is_empty() && !done.stderr.is_empty(), "{done:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_says_how_lists_merge() {
    let files = Files::new(&[
        ("base", br#"{"tags":["a"]}"#),
        ("mine", br#"{"tags":["a","b"]}"#),
        ("theirs", br#"{"tags":["a","c"]}"#),
        ("set", br#"{"arrays":{"tags":"set"}}"#),
    ]);
    files.merge(&["--format", "json", "base", "mine", "theirs"], true).exit(1);
    let answer =
        files.merge(&["--format", "json", "--policy", "set", "base", "mine", "theirs"], true).ok().line();
    assert_eq!(answer["outcome"], "merged");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_questions_get_as_many_answers_in_order() {
    let anna = Person::new();
    let question = |id: usize| json!({"id": id, "format": "json", "base": "{\"a\":1}", "mine": format!("{{\"a\":{id}}}"), "theirs": "{\"a\":1}"});
    let lines: String = (0..500).map(|id| format!("{}\n", question(id))).collect();
    let answers = anna.feed(&["merge", "--batch"], &lines, &[]).ok().lines();
    assert_eq!(answers.len(), 500);
    for (id, answer) in answers.iter().enumerate() {
        assert_eq!((&answer["id"], &answer["merged"]), (&json!(id), &json!(format!("{{\"a\":{id}}}"))));
    }
    let text = json!({"id": "t", "format": "text", "base": "a\n", "mine": "b\n", "theirs": "c\n"});
    let done = anna.feed(&["merge", "--batch"], &format!("\n{text}"), &[]).ok();
    assert_eq!(done.line()["segments"], json!([{"base": "a\n", "mine": "b\n", "theirs": "c\n"}]));
    // A line that cannot be read does not stop the others.
    let done = anna.feed(&["merge", "--batch"], &format!("{{\n{}\n", question(1)), &[]).exit(2);
    let lines = done.lines();
    assert!(lines[0]["error"].is_string());
    assert_eq!(lines[1]["outcome"], "merged");
}
