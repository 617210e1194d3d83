//! Another program for merging: its command, the files it gets, what it gives back.

mod about;
mod command;
mod files;
mod presets;

pub(crate) use about::{About, Left, leave, left};
pub(crate) use command::Command;
pub(crate) use files::{Fetched, Files, Versions};
pub(crate) use presets::{Preset, presets};

/// Why another program cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExternalError {
    /// The command does not say where the result goes.
    #[error("The command must hold {{result}}: the file that the program writes.")]
    NoResult,
    /// The command is empty, or has quotation marks that do not end.
    #[error("This command cannot be read. Put quotation marks around a path with spaces, and end them.")]
    Unreadable,
    /// It does not start.
    #[error(
        "\"{program}\" could not be started: {words}. Is it installed? Choose another program: More, Open in another program."
    )]
    NotStarted {
        /// The program.
        program: String,
        /// Why.
        words: String,
    },
    /// The files could not be written.
    #[error("The files for the other program could not be written: {0}.")]
    Files(#[from] std::io::Error),
    /// No text.
    #[error("This record is no text; another program cannot merge it.")]
    NoText,
}
