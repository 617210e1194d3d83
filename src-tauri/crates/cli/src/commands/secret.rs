//! Passwords and tokens: from standard input or the environment, never from an argument.

use crate::exit::usage;
use crate::output::say;
use std::io::{BufRead, IsTerminal};

/// Name of the variable that may hold a secret.
const VARIABLE: &str = "MATCHBOOK_SECRET";

/// The secret of the environment, if there is one.
pub fn from_environment() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|secret| !secret.is_empty())
}

/// One line of standard input.
///
/// # Errors
/// There is none, or it is not text.
pub fn from_stdin() -> anyhow::Result<String> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        say("type the password or token, then Enter (it is shown):");
    }
    let mut line = String::new();
    stdin
        .lock()
        .read_line(&mut line)
        .map_err(|error| usage(format!("The secret cannot be read: {error}.")))?;
    let secret = line.strip_suffix('\n').unwrap_or(&line);
    let secret = secret.strip_suffix('\r').unwrap_or(secret);
    if secret.is_empty() {
        return Err(usage("Give the password or token as one line on standard input."));
    }
    Ok(secret.to_owned())
}

/// The secret a person gave with `--secret-stdin`.
///
/// # Errors
/// As [`from_stdin`].
pub fn given(on_stdin: bool) -> anyhow::Result<Option<String>> {
    if on_stdin { from_stdin().map(Some) } else { Ok(None) }
}
