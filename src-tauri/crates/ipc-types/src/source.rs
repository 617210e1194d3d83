//! Sources: servers that keep records.

use crate::Millis;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How safely a source can be written to (UI.md section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// The check-up has not run; sending waits for it.
    NotChecked,
    /// Could not be tested (creating is not allowed, say): the person is asked.
    Unknown,
    /// Nothing can be overwritten unseen.
    Protected,
    /// Protected, with care that Matchbook takes by itself.
    Partly,
    /// Read-only until the person allows sending.
    Unprotected,
}

/// What happens to a change that met no clash (M21).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MergePolicy {
    /// Shown in "Needs you" first.
    #[default]
    Review,
    /// Sent by itself when fields do not overlap.
    Auto,
}

/// A server family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Family {
    /// Name for programs: `rest`, `kinto`.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// What address to give.
    pub hint: String,
}

/// A source in the sidebar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceView {
    /// Name, unique.
    pub name: String,
    /// Address.
    pub url: String,
    /// Family.
    pub family: String,
    /// User name, if signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub user: Option<String>,
    /// Lowest grade of its collections.
    pub grade: Grade,
    /// The person allowed sending although it is unprotected.
    pub allow_unprotected: bool,
    /// What happens without a clash.
    pub policy: MergePolicy,
    /// Why nothing is sent now: `sign_in`, `proxy`, `network_sign_in`, `server_full`, `offline`, `server_busy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub paused: Option<String>,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub paused_words: Option<String>,
    /// It is the demo on this computer.
    pub demo: bool,
    /// Its collections.
    pub collections: Vec<CollectionView>,
    /// Last successful round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub synced_at: Option<Millis>,
}

/// A collection in the sidebar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CollectionView {
    /// As the source names it.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// What one record is called.
    pub noun: String,
    /// Records kept here.
    pub count: u32,
    /// Its grade.
    pub grade: Grade,
    /// Records can be created.
    pub can_create: bool,
    /// A question that stops the reading of this collection: the listing is suddenly (nearly) empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub guard: Option<Guard>,
}

/// A listing that would delete much (sync.md rule 11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Guard {
    /// Records the server lists now.
    pub listed: u32,
    /// Records kept here.
    pub kept: u32,
}

/// Answer to a [`Guard`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AnswerGuard {
    /// Source name.
    pub source: String,
    /// Collection.
    pub collection: String,
    /// `true`: keep the records here; `false`: they were really deleted.
    pub keep: bool,
}

/// A new source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AddSource {
    /// Name for people, unique.
    pub name: String,
    /// Address.
    pub url: String,
    /// Family.
    pub family: String,
    /// Collections to keep; empty = all.
    pub collections: Vec<String>,
    /// User name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub user: Option<String>,
    /// Password or token; goes into the keychain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub secret: Option<String>,
    /// A declarative profile (TOML) for family `rest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub profile: Option<String>,
    /// Extra headers for every request.
    pub headers: Vec<crate::Header>,
}

/// Look at an address before adding it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProbeAddress {
    /// Address.
    pub url: String,
    /// Family; absent = find out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub family: Option<String>,
    /// User name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub user: Option<String>,
    /// Password or token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub secret: Option<String>,
}

/// What is at an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProbeReply {
    /// Address to use.
    pub url: String,
    /// Family found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub family: Option<String>,
    /// It asks to sign in.
    pub needs_sign_in: bool,
    /// Collections it offers.
    pub collections: Vec<FoundCollection>,
    /// In words.
    pub words: String,
}

/// A collection offered by a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FoundCollection {
    /// As the server names it.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// Records, if the server tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub count: Option<u32>,
}

/// One line of the check-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckTest {
    /// Name for programs: `put_stale_if_match`, `delete_stale_if_match`, `create_if_none_match`,
    /// `validator_in_answer`, `body_kept`.
    pub test: String,
    /// What it tests, for people.
    pub title: String,
    /// `pass`, `fail`, `care` or `unknown`.
    pub result: String,
    /// What the server did.
    pub detail: String,
}

/// The check-up of one collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckReport {
    /// Collection tested.
    pub collection: String,
    /// The tests.
    pub tests: Vec<CheckTest>,
    /// The grade.
    pub grade: Grade,
    /// What was learnt, as JSON text (`profile` of the command line).
    pub profile: String,
    /// Scratch records made and removed.
    pub scratch: u32,
    /// How long it took, in milliseconds.
    pub millis: u32,
}

/// Change settings of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SetSource {
    /// Source name.
    pub name: String,
    /// Policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub policy: Option<MergePolicy>,
    /// Allow sending although unprotected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub allow_unprotected: Option<bool>,
    /// User name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub user: Option<String>,
    /// New password or token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub secret: Option<String>,
}

/// Remove a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RemoveSource {
    /// Source name.
    pub name: String,
    /// Also when edits or decisions were not sent.
    pub discard_unsent: bool,
}
