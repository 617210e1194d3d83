//! `merge`: three files, or many questions as JSON Lines.

use super::file;
use crate::args;
use crate::exit::{Exit, usage};
use crate::output::{Output, printable, say};
use record_merge::batch::{self, Answer, Outcome};
use record_merge::{Format, Inputs, Merged, Policy};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Merges. Exit 0 = merged, 1 = something needs a person, 2 = bad input.
pub fn merge(args: args::Merge, out: &mut Output) -> anyhow::Result<Exit> {
    if args.batch {
        return many(&mut BufReader::with_capacity(64 * 1024, std::io::stdin().lock()), out);
    }
    let format =
        batch::format_named(&args.format.unwrap_or_default()).map_err(|words| usage(sentence(&words)))?;
    let policy = args.policy.as_deref().map_or_else(|| Ok(Policy::default()), read_policy)?;
    let [base, mine, theirs] = args.files.as_slice() else {
        return Err(usage("Name three files: BASE MINE THEIRS; - is one that does not exist."));
    };
    let (base, mine, theirs) = (version(base, format)?, version(mine, format)?, version(theirs, format)?);
    let inputs = Inputs::new(base.as_deref(), mine.as_deref(), theirs.as_deref());
    let answer = batch::answer(format, inputs, &policy).map_err(|words| usage(sentence(&words)))?;
    let document = document(format, inputs, &policy)?;
    // Nothing to merge by fields: as with JSON that is none, the files are not what they are said to be.
    if let Some(words) = &answer.refused {
        return Err(usage(sentence(words)));
    }
    write(&answer, document, args.output, out)?;
    match answer.outcome {
        Outcome::Merged | Outcome::Deleted => Ok(Exit::Done),
        Outcome::Conflict => {
            say(&format!("places that need a person: {}", answer.conflicts.len()));
            Ok(Exit::Error)
        }
    }
}

/// A version; `-` = it does not exist. Answers hold text, so a text must be some.
fn version(path: &Path, format: Format) -> anyhow::Result<Option<Vec<u8>>> {
    if path.as_os_str() == "-" {
        return Ok(None);
    }
    let bytes = file(path)?;
    if format == Format::Text && std::str::from_utf8(&bytes).is_err() {
        return Err(usage(format!(
            "{} is not UTF-8 text. Choose one whole version instead.",
            path.display()
        )));
    }
    Ok(Some(bytes))
}

/// The JSON object that `merge --batch` takes as `policy`; here it may come from standard input.
fn read_policy(path: &Path) -> anyhow::Result<Policy> {
    serde_json::from_slice(&file(path)?)
        .map_err(|error| usage(format!("{} is no policy: {error}.", path.display())))
}

/// The merged bytes exactly, where everything fits together.
fn document(format: Format, inputs: Inputs<'_>, policy: &Policy) -> anyhow::Result<Option<Vec<u8>>> {
    // What could not be merged by fields is one question; that was said before.
    let merge = record_merge::merge(format, inputs, policy)
        .unwrap_or_else(|_| record_merge::merge_whole(inputs, policy));
    Ok(match merge.result(&[]) {
        Ok(Merged::Document(bytes)) => Some(bytes),
        Ok(Merged::Deleted) | Err(_) => None,
    })
}

fn write(
    answer: &Answer,
    document: Option<Vec<u8>>,
    to: Option<PathBuf>,
    out: &mut Output,
) -> anyhow::Result<()> {
    if let (Some(path), Some(bytes)) = (&to, &document) {
        std::fs::write(path, bytes)
            .map_err(|error| anyhow::anyhow!("{} cannot be written: {error}", path.display()))?;
    }
    if out.json() {
        return out.object(answer);
    }
    if answer.outcome == Outcome::Deleted {
        say("the record is deleted: there is nothing to write");
    }
    match (to, document) {
        (None, Some(bytes)) => out.bytes(&bytes),
        _ => {
            for conflict in &answer.conflicts {
                let path: Vec<&str> = conflict.path.iter().map(|token| token.get()).collect();
                say(&printable(&format!("{} at [{}]", conflict.kind, path.join(", "))));
            }
            Ok(())
        }
    }
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
        if text.trim().is_empty() {
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
