//! `merge`: three files, or many questions as JSON Lines.

use super::file;
use crate::args;
use crate::exit::{Exit, usage, words};
use crate::output::{Output, printable, say};
use base64::Engine as _;
use record_merge::batch::{self, Answer, Outcome};
use record_merge::{Inputs, Merge, Merged, Policy};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Merges. Exit 0 = merged, 1 = something needs a person, 2 = bad input, or the outcome could not be written: a program
/// that merges by this must not take that for a question.
pub fn merge(args: args::Merge, out: &mut Output) -> anyhow::Result<Exit> {
    let ended = if args.batch {
        many(&mut BufReader::with_capacity(64 * 1024, std::io::stdin().lock()), out)
    } else {
        one(args, out)
    };
    ended.and_then(|exit| out.flush().map(|()| exit)).map_err(|error| usage(words(&error)))
}

fn one(args: args::Merge, out: &mut Output) -> anyhow::Result<Exit> {
    let format =
        batch::format_named(&args.format.unwrap_or_default()).map_err(|words| usage(sentence(&words)))?;
    let policy = args.policy.as_deref().map_or_else(|| Ok(Policy::default()), read_policy)?;
    let [base, mine, theirs] = args.files.as_slice() else {
        return Err(usage("Name three files: BASE MINE THEIRS; - is one that does not exist."));
    };
    let (base, mine, theirs) = (version(base)?, version(mine)?, version(theirs)?);
    let inputs = Inputs::new(base.as_deref(), mine.as_deref(), theirs.as_deref());
    let (merge, refused) = batch::merged(format, inputs, &policy).map_err(|words| usage(sentence(&words)))?;
    let document = match merge.result(&[]) {
        Ok(Merged::Document(bytes)) => Some(bytes),
        Ok(Merged::Deleted) | Err(_) => None,
    };
    let answer = batch::answer_of(&merge, refused, format, inputs);
    if let Some(words) = &answer.refused {
        say(&printable(&sentence(words)));
    }
    if let Some(path) = &args.output {
        write_outcome(path, answer.outcome, document.as_deref())
            .map_err(|error| usage(format!("{} cannot be written: {error}", path.display())))?;
    }
    let exit = match answer.outcome {
        Outcome::Merged | Outcome::Deleted => Exit::Done,
        Outcome::Conflict => Exit::Error,
    };
    let asked = answer.conflicts.len();
    if out.json() {
        out.object(&Shown::of(answer, &merge, inputs))?;
    } else {
        write(&answer, document.filter(|_| args.output.is_none()), out)?;
    }
    if exit == Exit::Error {
        say(&format!("places that need a person: {asked}"));
    }
    Ok(exit)
}

/// The outcome as a file. A record that is deleted leaves none: what stood there before must not pass for it.
fn write_outcome(path: &Path, outcome: Outcome, document: Option<&[u8]>) -> std::io::Result<()> {
    match document {
        Some(bytes) => sync_runtime::write_whole(path, bytes),
        None if outcome == Outcome::Deleted => match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        },
        None => Ok(()),
    }
}

/// A version; `-` = it does not exist.
fn version(path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    if path.as_os_str() == "-" { Ok(None) } else { file(path).map(Some) }
}

/// The JSON object that `merge --batch` takes as `policy`; here it may come from standard input.
fn read_policy(path: &Path) -> anyhow::Result<Policy> {
    record_merge::read_policy(&file(path)?)
        .map_err(|words| usage(format!("{} is no policy: {words}.", path.display())))
}

/// An answer in JSON. Versions that are not UTF-8 are one value each (merge.md 2.6), and are shown in base64.
#[derive(serde::Serialize)]
struct Shown {
    #[serde(flatten)]
    answer: Answer,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

impl Shown {
    fn of(mut answer: Answer, merge: &Merge, inputs: Inputs<'_>) -> Shown {
        let versions = [inputs.base, inputs.mine, inputs.theirs];
        if versions.iter().flatten().all(|bytes| std::str::from_utf8(bytes).is_ok()) {
            return Shown { answer, encoding: None };
        }
        let encoded = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
        let document = |merged: Merged| match merged {
            Merged::Document(bytes) => Some(encoded(&bytes)),
            Merged::Deleted => None,
        };
        answer.merged = merge.result(&[]).ok().and_then(document);
        answer.all_mine = document(merge.all_mine());
        answer.all_theirs = document(merge.all_theirs());
        answer.segments = None;
        for conflict in &mut answer.conflicts {
            let [base, mine, theirs] = versions.map(|version| version.map(encoded));
            (conflict.base, conflict.mine, conflict.theirs) = (base, mine, theirs);
        }
        Shown { answer, encoding: Some("base64") }
    }
}

/// For people: the merged bytes exactly, or what needs a person.
fn write(answer: &Answer, document: Option<Vec<u8>>, out: &mut Output) -> anyhow::Result<()> {
    if answer.outcome == Outcome::Deleted {
        say("the record is deleted: there is nothing to write");
    }
    if let Some(bytes) = document {
        return out.bytes(&bytes);
    }
    for conflict in &answer.conflicts {
        let path: Vec<&str> = conflict.path.iter().map(|token| token.get()).collect();
        say(&printable(&format!("{} at [{}]", conflict.kind, path.join(", "))));
    }
    Ok(())
}

/// One answer a line, as soon as no further question waits.
fn many(questions: &mut BufReader<impl Read>, out: &mut Output) -> anyhow::Result<Exit> {
    let mut exit = Exit::Done;
    let mut line = Vec::new();
    loop {
        line.clear();
        if questions.read_until(b'\n', &mut line)? == 0 {
            return Ok(exit);
        }
        let text = String::from_utf8_lossy(&line);
        if text.trim_start_matches('\u{feff}').trim().is_empty() {
            continue;
        }
        let answer = match std::str::from_utf8(&line) {
            Ok(text) => batch::run_batch_line(text),
            Err(_) => "{\"error\":\"this line is not UTF-8\"}".to_owned(),
        };
        if could_not(&answer) {
            exit = Exit::Usage;
        }
        out.line(&answer)?;
        if out.closed() {
            return Ok(exit);
        }
        if questions.buffer().is_empty() {
            out.flush()?;
        }
    }
}

/// The answer says that the question could not be answered.
fn could_not(answer: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Failed {
        error: Option<serde::de::IgnoredAny>,
    }
    serde_json::from_str::<Failed>(answer).is_ok_and(|failed| failed.error.is_some())
}

/// Words as a sentence.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
