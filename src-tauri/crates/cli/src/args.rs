//! The command line as people write it. The contract is `docs/command-line.md`.

mod past;
mod values;

pub use past::{ExportAs, History, Undo};
pub use values::{Answer, Choice, Place, Policy, Row, Side, State, Version};

use clap::{ArgGroup, Args, Parser, Subcommand};
use std::path::PathBuf;
use values::{assignment, json, pair, place, pointer, row, version};

/// Edit records of HTTP servers offline, and merge what others changed: the engine of Matchbook without its window.
#[derive(Debug, Parser)]
#[command(name = "matchbookctl", version, max_term_width = 100, after_help = AFTER)]
pub struct Cli {
    /// Data folder [default: the one of the app]
    #[arg(long, global = true, value_name = "DIR", env = "MATCHBOOK_HOME")]
    pub home: Option<PathBuf>,
    /// Answer in JSON Lines, one object per line
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const AFTER: &str = "\
RECORD is source/collection/id, each part percent-encoded (/ is %2F); source/collection/~KEY without an id.
Exit: 0 done; 1 error; 2 wrong usage; 3 done, but something needs a person; 4 offline; 5 sign-in needed.
Passwords and tokens come from standard input (--secret-stdin), the keychain, or MATCHBOOK_SECRET.";

/// All commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the reference server on 127.0.0.1; prints base=URL when it answers
    Serve(Serve),
    /// Add, list, change or remove servers
    #[command(subcommand)]
    Source(Source),
    /// Check how safely a server can be written to, on a scratch record
    Check(Check),
    /// Read and send once, then exit
    Sync(Sync),
    /// List records
    Records(Records),
    /// Print a record as it is
    Show(Show),
    /// Change or delete a record here; it is sent with the next sync
    Edit(Edit),
    /// Make a new record here; it is sent with the next sync
    New(New),
    /// List edits that wait to be sent
    Outbox,
    /// Try a waiting or refused edit again with the next sync
    Retry(One),
    /// Keep an edit back
    Hold(One),
    /// Let an edit that was kept back go
    Release(One),
    /// Take an edit back; it stays in the history
    Discard(One),
    /// List records changed in two places
    Conflicts,
    /// Show the rows of one record changed in two places
    Conflict(One),
    /// Choose a side for one row
    Decide(Decide),
    /// Queue the merged record
    Resolve(Resolve),
    /// Say what became of a new record whose answer was lost
    Settle(Settle),
    /// List the versions of a record, or write those of many to a file
    History(History),
    /// Undo a merge: open it again, or bring the version before it back
    Undo(Undo),
    /// Bring an earlier version back
    Restore(Restore),
    /// Merge three files, like a merge driver
    Merge(Merge),
    /// Keep a folder of record files in step
    Mirror(Mirror),
    /// Write edits and decisions that were not sent to a file
    Export(File),
    /// Read such a file
    Import(File),
}

/// `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Port; 0 takes any free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Folder of its database [default: forgotten when it stops]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Begin with the tool library as sample data
    #[arg(long)]
    pub sample: bool,
    /// Ask everybody to sign in with this name, and the secret given on standard input
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
}

/// `source`.
#[derive(Debug, Subcommand)]
pub enum Source {
    /// Add a server
    Add(Add),
    /// List sources
    List,
    /// List the families of servers there are
    Families,
    /// Change settings of a source
    Set(Set),
    /// Remove a source and what is kept of it here
    Remove(Remove),
}

/// How to reach a server.
#[derive(Debug, Args)]
pub struct Reach {
    /// Collection to keep, as the server names it; several are allowed [default: all]
    #[arg(long = "collection", value_name = "PATH")]
    pub collections: Vec<String>,
    /// User name
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    /// Read the password or token from standard input
    #[arg(long)]
    pub secret_stdin: bool,
    /// A profile of the server, for family rest
    #[arg(long, value_name = "FILE.toml")]
    pub profile: Option<PathBuf>,
    /// A header for every request; several are allowed
    #[arg(long = "header", value_name = "K=V", value_parser = pair)]
    pub headers: Vec<(String, String)>,
}

/// `source add`.
#[derive(Debug, Args)]
pub struct Add {
    /// Name for this source
    pub name: String,
    /// Address of the server
    pub url: String,
    /// Family of the server: see `source families`
    #[arg(long)]
    pub family: String,
    /// How to reach it.
    #[command(flatten)]
    pub reach: Reach,
}

/// `source set`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("setting").required(true).multiple(true))]
pub struct Set {
    /// Name of the source
    pub name: String,
    /// What happens to changes of both sides that do not clash
    #[arg(long, group = "setting")]
    pub policy: Option<Policy>,
    /// Send although the server cannot protect what others write
    #[arg(long, value_name = "yes|no", group = "setting")]
    pub allow_unprotected: Option<Answer>,
    /// User name
    #[arg(long, value_name = "USER", group = "setting")]
    pub user: Option<String>,
    /// Read a new password or token from standard input
    #[arg(long, group = "setting")]
    pub secret_stdin: bool,
}

/// `source remove`.
#[derive(Debug, Args)]
pub struct Remove {
    /// Name of the source
    pub name: String,
    /// Also when edits or decisions were not sent: they are lost
    #[arg(long)]
    pub discard_unsent: bool,
}

/// `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Name of a source, or an address
    #[arg(value_name = "URL|NAME")]
    pub target: String,
    /// Family of the server, for an address
    #[arg(long)]
    pub family: Option<String>,
    /// How to reach it.
    #[command(flatten)]
    pub reach: Reach,
}

/// `sync`.
#[derive(Debug, Args)]
pub struct Sync {
    /// Only this source
    pub name: Option<String>,
    /// Only read
    #[arg(long, conflicts_with = "push")]
    pub pull: bool,
    /// Only send
    #[arg(long)]
    pub push: bool,
}

/// `records`.
#[derive(Debug, Args)]
pub struct Records {
    /// Only of this source
    #[arg(long, value_name = "N")]
    pub source: Option<String>,
    /// Only of this collection (of any source, or of the one named)
    #[arg(long, value_name = "C")]
    pub collection: Option<String>,
    /// Only with these words
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub query: String,
    /// Only in this state
    #[arg(long)]
    pub state: Option<State>,
    /// At most this many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

/// `show`.
#[derive(Debug, Args)]
pub struct Show {
    /// source/collection/id
    pub record: String,
    /// current, base, mine, theirs, or a number of the history
    #[arg(long, default_value = "current", value_parser = version)]
    pub version: Version,
}

/// `edit`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("change").required(true).multiple(true))]
pub struct Edit {
    /// source/collection/id
    pub record: String,
    /// Set a member; the object around it must exist
    #[arg(long = "set", value_name = "POINTER=JSON", value_parser = assignment, group = "change")]
    pub sets: Vec<(String, String)>,
    /// Remove a member (after all --set)
    #[arg(long = "unset", value_name = "POINTER", value_parser = pointer, group = "change")]
    pub unsets: Vec<String>,
    /// Take this file as the whole record; - is standard input
    #[arg(long, value_name = "F", group = "change", conflicts_with_all = ["sets", "unsets", "delete"])]
    pub file: Option<PathBuf>,
    /// Delete the record
    #[arg(long, group = "change", conflicts_with_all = ["sets", "unsets", "file"])]
    pub delete: bool,
}

/// `new`.
#[derive(Debug, Args)]
pub struct New {
    /// Where: source/collection, each part percent-encoded
    #[arg(value_name = "SOURCE/COLLECTION", value_parser = place)]
    pub place: Place,
    /// The record; - is standard input
    #[arg(long, value_name = "F")]
    pub file: PathBuf,
    /// Its id, where the server lets you choose
    #[arg(long)]
    pub id: Option<String>,
}

/// Commands with one record.
#[derive(Debug, Args)]
pub struct One {
    /// source/collection/id
    pub record: String,
}

/// `decide`.
#[derive(Debug, Args)]
pub struct Decide {
    /// source/collection/id
    pub record: String,
    /// Number shown by `conflict`, or a JSON pointer
    #[arg(value_parser = row)]
    pub row: Row,
    /// What to take
    pub choice: Choice,
    /// Your own value, with `edit`
    #[arg(long, value_name = "JSON", value_parser = json, allow_hyphen_values = true)]
    pub value: Option<String>,
    /// Remove the member, with `edit`
    #[arg(long, conflicts_with = "value")]
    pub remove: bool,
}

/// `resolve`.
#[derive(Debug, Args)]
pub struct Resolve {
    /// source/collection/id; with --ready: only this source
    #[arg(value_name = "RECORD", required_unless_present = "ready")]
    pub target: Option<String>,
    /// Take one side for every open row
    #[arg(long, conflicts_with = "ready")]
    pub all: Option<Side>,
    /// Only if the server's version still is this one
    #[arg(long, value_name = "V", conflicts_with = "ready")]
    pub seen: Option<String>,
    /// Only print the request that would be sent
    #[arg(long, conflicts_with = "ready")]
    pub dry_run: bool,
    /// All records without open rows
    #[arg(long)]
    pub ready: bool,
}

/// `settle`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("fate").required(true))]
pub struct Settle {
    /// source/collection/~KEY
    pub record: String,
    /// It is this one on the server
    #[arg(long, value_name = "ID", group = "fate")]
    pub is: Option<String>,
    /// It never arrived: send it again
    #[arg(long, group = "fate")]
    pub send_again: bool,
}

/// `restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// source/collection/id
    pub record: String,
    /// Number shown by `history`
    pub version: u32,
}

/// `merge`.
#[derive(Debug, Args)]
pub struct Merge {
    /// Merge many: JSON Lines from standard input to standard output
    #[arg(long, conflicts_with_all = ["format", "policy", "output", "files"])]
    pub batch: bool,
    /// json, text, vcard or icalendar
    #[arg(long, required_unless_present = "batch")]
    pub format: Option<String>,
    /// How lists are merged, as a JSON object
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Write the merged document here [default: standard output]
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// The three versions; - is one that does not exist
    #[arg(value_names = ["BASE", "MINE", "THEIRS"], num_args = 3, required_unless_present = "batch")]
    pub files: Vec<PathBuf>,
}

/// `mirror`.
#[derive(Debug, Args)]
pub struct Mirror {
    /// Name of the source
    pub source: String,
    /// The folder
    pub dir: PathBuf,
    /// One pass only
    #[arg(long)]
    pub once: bool,
}

/// `export` and `import`.
#[derive(Debug, Args)]
pub struct File {
    /// The file
    pub file: PathBuf,
}

#[cfg(test)]
mod tests;
