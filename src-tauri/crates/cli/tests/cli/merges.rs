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

const VERSIONS: [(&str, &[u8]); 7] = [
    ("base", br#"{"a": 1, "b": 1.0}"#),
    ("mine", br#"{"a": 2, "b": 1.0}"#),
    ("theirs", br#"{ "a": 1, "b": 1.0, "c": 12345678901234567890 }"#),
    ("other", br#"{"a": 3, "b": 1.0}"#),
    ("broken", b"{"),
    ("bytes", b"\xff\xfe"),
    ("former", b"{}"),
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
    for _ in 0..2 {
        // also where nothing stands any more
        let args = ["--format", "json", "base", "base", "-", "-o", "former"];
        assert_eq!(files.merge(&args, true).ok().line()["outcome"], "deleted");
        assert!(!files.path("former").exists(), "what stood there is no outcome");
    }
    for args in [
        &["--format", "json", "base", "broken", "theirs"][..],
        &["--format", "json", "base", "mine", "/does/not/exist"],
        &["--format", "xml", "base", "mine", "theirs"],
        &["--format", "json", "--policy", "mine", "base", "mine", "theirs"],
        &["--format", "json", "--policy", "broken", "base", "mine", "theirs"],
        // what could not be written is not a question
        &["--format", "json", "base", "mine", "theirs", "-o", "/does/not/exist"],
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_merge_answers_as_a_batch_does() {
    let files = Files::new(&VERSIONS);
    let text = |name: &str| {
        VERSIONS
            .iter()
            .find(|(file, _)| *file == name)
            .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
    };
    for format in ["json", "text", "vcard", "icalendar"] {
        for (base, mine, theirs, exit) in [
            ("base", "base", "theirs", 0),
            ("broken", "broken", "theirs", 0),
            ("broken", "broken", "broken", 0),
            ("base", "broken", "base", 0),
            ("base", "mine", "other", 1),
            ("base", "-", "other", 1),
            ("-", "-", "-", 0),
        ] {
            let single = files.merge(&["--format", format, base, mine, theirs], true).exit(exit).line();
            let mut question = json!({"format": format});
            for (name, file) in [("base", base), ("mine", mine), ("theirs", theirs)] {
                if let Some(text) = text(file) {
                    question[name] = json!(text);
                }
            }
            let batch =
                files.person.feed(&["merge", "--batch"], &format!("\u{feff}{question}\n"), &[]).ok().line();
            assert_eq!(single, batch, "{format} {base} {mine} {theirs}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_utf_8_is_one_value() {
    let files = Files::new(&[("one", b"\xff1"), ("two", b"\xff2"), ("three", b"\xff3")]);
    for format in ["text", "json", "vcard"] {
        for (args, expected) in [
            (["one", "one", "one"], b"\xff1"),
            (["one", "two", "one"], b"\xff2"),
            (["one", "one", "three"], b"\xff3"),
        ] {
            files.merge(&["--format", format, args[0], args[1], args[2], "-o", "out"], false).ok();
            assert_eq!(std::fs::read(files.path("out")).unwrap(), expected, "{format} {args:?}");
        }
    }
    let answer = files.merge(&["--format", "text", "one", "two", "three"], true).exit(1).line();
    assert_eq!(answer["encoding"], "base64");
    assert_eq!(
        answer["conflicts"],
        json!([{"path": [], "kind": "edited-differently", "base": "/zE=", "mine": "/zI=", "theirs": "/zM="}])
    );
    assert_eq!((&answer["all_mine"], &answer["all_theirs"]), (&json!("/zI="), &json!("/zM=")));
    let words = files.merge(&["--format", "json", "one", "two", "three"], true).exit(2);
    assert!(words.stderr.contains("UTF-8"), "{words:?}");
}
