//! `history` and `undo`.

use super::Side;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `history`.
#[derive(Debug, Args)]
pub struct History {
    /// source/collection/id; not needed with --export
    #[arg(required_unless_present = "export")]
    pub record: Option<String>,
    /// Write the history to this file instead: of the record, of --source and --collection, or of all
    #[arg(long, value_name = "FILE")]
    pub export: Option<PathBuf>,
    /// What kind of file [default: by its name, else json]
    #[arg(long, value_name = "FORMAT", requires = "export")]
    pub format: Option<ExportAs>,
    /// Only records of this source
    #[arg(long, value_name = "NAME", requires = "export", conflicts_with = "record")]
    pub source: Option<String>,
    /// Only this collection of it
    #[arg(long, value_name = "PATH", requires = "source")]
    pub collection: Option<String>,
}

/// The kind of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportAs {
    /// One JSON document
    Json,
    /// A table, one line for each version (RFC 4180)
    Csv,
}

/// `undo`.
#[derive(Debug, Args)]
pub struct Undo {
    /// source/collection/id
    pub record: String,
    /// Number of the merged version shown by `history` [default: the newest merge]
    pub version: Option<u32>,
    /// Which version comes back once it was sent [default: theirs]
    #[arg(long, value_name = "SIDE")]
    pub to: Option<Side>,
}
