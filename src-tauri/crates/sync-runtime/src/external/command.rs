//! The command of the other program, split without a shell.

use super::{ExternalError, Files};
use std::path::Path;
use std::process::{Child, Stdio};

/// A command with its placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    program: String,
    arguments: Vec<String>,
}

impl Command {
    /// Splits a command into words as a shell would, and does nothing else that a shell does.
    pub fn read(text: &str) -> Result<Self, ExternalError> {
        // On Windows a backslash belongs to a path.
        let text = if cfg!(windows) { text.replace('\\', "\\\\") } else { text.to_owned() };
        let mut words = shlex::split(&text).ok_or(ExternalError::Unreadable)?.into_iter();
        let program = words.next().filter(|word| !word.is_empty()).ok_or(ExternalError::Unreadable)?;
        let arguments: Vec<String> = words.collect();
        if !arguments.iter().any(|argument| argument.contains("{result}")) {
            return Err(ExternalError::NoResult);
        }
        Ok(Self { program, arguments })
    }

    /// The program, as people name it.
    pub fn name(&self) -> String {
        let known = super::presets().iter().find(|preset| preset.program() == self.program);
        let stem = || Path::new(&self.program).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        known.map(|preset| preset.name.to_owned()).or_else(stem).unwrap_or_else(|| self.program.clone())
    }

    /// The arguments with the files in them. A file is put in after the splitting, so its path is one word.
    pub fn arguments(&self, files: &Files) -> Vec<String> {
        let path = |path: &Path| path.to_string_lossy().into_owned();
        let filled = |argument: &String| {
            argument
                .replace("{before}", &path(&files.before))
                .replace("{server}", &path(&files.server))
                .replace("{yours}", &path(&files.yours))
                .replace("{result}", &path(&files.result))
        };
        self.arguments.iter().map(filled).collect()
    }

    /// Starts it.
    pub fn start(&self, files: &Files) -> Result<Child, ExternalError> {
        std::process::Command::new(&self.program)
            .args(self.arguments(files))
            .current_dir(&files.folder)
            .stdin(Stdio::null())
            // Some programs go on in the background when they write to a terminal.
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| ExternalError::NotStarted {
                program: self.program.clone(),
                words: error.to_string(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_split_without_a_shell() {
        for (text, expected) in [
            ("meld {server} {result} {yours}", Ok("meld|{server}|{result}|{yours}")),
            ("'/opt/my tool/merge' --out={result}", Ok("/opt/my tool/merge|--out={result}")),
            ("tool {result}; rm -rf $HOME `id` > x", Ok("tool|{result};|rm|-rf|$HOME|`id`|>|x")),
            ("tool {before}", Err("The command must hold {result}: the file that the program writes.")),
            (
                "tool \"{result}",
                Err(
                    "This command cannot be read. Put quotation marks around a path with spaces, and end them.",
                ),
            ),
            (
                "",
                Err(
                    "This command cannot be read. Put quotation marks around a path with spaces, and end them.",
                ),
            ),
        ] {
            let read = Command::read(text);
            let shown =
                read.map(|c| [vec![c.program], c.arguments].concat().join("|")).map_err(|e| e.to_string());
            assert_eq!(shown, expected.map(str::to_owned).map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    fn known_programs_have_names() {
        assert_eq!(Command::read("meld {result}").unwrap().name(), "Meld");
        assert_eq!(Command::read("/usr/local/bin/mymerge.sh {result}").unwrap().name(), "mymerge");
    }
}
