//! What is a command, and what is wrong usage.

use super::*;
use clap::CommandFactory;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("matchbookctl").chain(line.split_whitespace()))
}

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_of_the_contract_is_read() {
    for line in [
        "serve",
        "serve --port 0 --data d --sample",
        "serve --user anna",
        "source add n http://x --family rest",
        "source add n http://x --family rest --collection a --collection b --user u --secret-stdin --profile p.toml --header A=b --header C=d=e",
        "source list",
        "source families",
        "source set n --policy auto",
        "source set n --policy review --allow-unprotected yes",
        "source set n --allow-unprotected no",
        "source set n --secret-stdin",
        "source remove n",
        "source remove n --discard-unsent",
        "check http://x --family rest",
        "check n",
        "sync",
        "sync n --pull",
        "sync --push",
        "records",
        "records --source n --collection c --query x --state needs_you --limit 3",
        "show s/c/1",
        "show s/c/1 --version base",
        "show s/c/1 --version 7",
        "edit s/c/1 --set /a=1 --set /b=\"x=y\"",
        "edit s/c/1 --unset /a --unset /b",
        "edit s/c/1 --set /a=1 --unset /b",
        "edit s/c/1 --file f",
        "edit s/c/1 --file -",
        "edit s/c/1 --delete",
        "new s/c --file f",
        "new s/b%2Fc --file f --id i",
        "outbox",
        "retry s/c/1",
        "hold s/c/1",
        "release s/c/1",
        "discard s/c/1",
        "conflicts",
        "conflict s/c/1",
        "decide s/c/1 1 theirs",
        "decide s/c/1 /phone edit --value \"x\"",
        "decide s/c/1 /phone edit --value -5",
        "decide s/c/1 /phone edit --remove",
        "decide s/c/1 2 later",
        "resolve s/c/1",
        "resolve s/c/1 --all mine --seen \"v\" --dry-run",
        "resolve --ready",
        "resolve --ready n",
        "settle s/c/~4 --is 7",
        "settle s/c/~4 --send-again",
        "history s/c/1",
        "history --export all.csv",
        "history s/c/1 --export one.txt --format csv",
        "history --export tools.json --source s --collection c",
        "undo s/c/1",
        "undo s/c/1 7 --to mine",
        "restore s/c/1 3",
        "merge --format json a b c",
        "merge --format text --policy p - b c -o out",
        "merge --batch",
        "mirror n d --once",
        "export f",
        "import f",
        "--home h --json outbox",
        "outbox --json --home h",
    ] {
        parse(line).unwrap_or_else(|e| panic!("{line}: {e}"));
    }
}

#[test]
fn wrong_usage_is_exit_2() {
    for line in [
        "",
        "frobnicate",
        "serve --port 70000",
        "source add n http://x",
        "source add n --family rest",
        "source set n",
        "source set n --policy newest",
        "source set n --allow-unprotected perhaps",
        "source add n http://x --family rest --header nothing",
        "source add n http://x --family rest --password p",
        "sync --pull --push",
        "records --state perhaps",
        "records --limit -1",
        "show",
        "show s/c/1 --version newest",
        "edit s/c/1",
        "edit s/c/1 --set /a",
        "edit s/c/1 --set a=1",
        "edit s/c/1 --set /a=word",
        "edit s/c/1 --unset a",
        "edit s/c/1 --set /a=1 --delete",
        "edit s/c/1 --file f --delete",
        "new s --file f",
        "new s/c/d --file f",
        "new s/c",
        "decide s/c/1 1",
        "decide s/c/1 first mine",
        "decide s/c/1 1 newest",
        "decide s/c/1 1 edit --value {",
        "resolve",
        "resolve s/c/1 --ready --all mine",
        "resolve s/c/1 --all both",
        "settle s/c/~4",
        "settle s/c/~4 --is 7 --send-again",
        "restore s/c/1 newest",
        "merge --format json a b",
        "merge a b c",
        "merge --batch --format json",
        "merge --batch a b c",
    ] {
        let error = parse(line).err().unwrap_or_else(|| panic!("{line} was taken"));
        assert_eq!(error.exit_code(), 2, "{line}");
    }
    for line in ["--help", "--version", "help", "decide --help"] {
        assert_eq!(parse(line).unwrap_err().exit_code(), 0, "{line}");
    }
}

#[test]
fn values_are_split_and_kept_as_they_are_written() {
    let edit = |line| match parse(line).unwrap().command {
        Command::Edit(edit) => edit,
        other => panic!("{other:?}"),
    };
    let cases = [
        ("edit r --set /a=1", ("/a", "1")),
        ("edit r --set /a=1.0", ("/a", "1.0")),
        ("edit r --set /a=12345678901234567890", ("/a", "12345678901234567890")),
        ("edit r --set /a=\"x=y\"", ("/a", "\"x=y\"")),
        ("edit r --set /a~1b=null", ("/a~1b", "null")),
        ("edit r --set =[]", ("", "[]")),
    ];
    for (line, (at, value)) in cases {
        assert_eq!(edit(line).sets, [(at.to_owned(), value.to_owned())], "{line}");
    }
    for (text, expected) in
        [("1", Row::Number(1)), ("/1", Row::Pointer("/1".to_owned())), ("", Row::Pointer(String::new()))]
    {
        assert_eq!(row(text), Ok(expected), "{text}");
    }
    for (text, source, collection) in [("s/c", "s", "c"), ("my%20s/b%2Fc", "my s", "b/c")] {
        let expected = Place { source: source.to_owned(), collection: collection.to_owned() };
        assert_eq!(place(text), Ok(expected), "{text}");
    }
    assert!(place("s/%ff").is_err());
}
