//! The words of a merge: paths, choices, rows, decisions.
//!
//! Values are *lexemes*: the JSON text of one value, byte for byte as its document spells it. They never pass
//! through a number or string type, so nothing is re-spelled on its way to a person or back to a server.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use crate::policy::{ArrayMode, Origin, Policy, RowRule, Rule};

/// JSON text of one value, spelled as in its document. For text documents: the whole text as a JSON string.
pub type Lexeme = String;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Token {
    /// A member of an object, by its unescaped name.
    Member(String),
    /// An element of an array, by position.
    Index(usize),
    /// An element of an array, by identity: key member to the lexeme of its value (`{"id": "7"}` for number 7).
    Identity(BTreeMap<String, Lexeme>),
}

/// Where a node is in a record. Empty = the whole document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path(pub Vec<Token>);

/// How the bytes of a record are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// RFC 8259 JSON, merged node by node.
    Json,
    /// Any UTF-8 text, merged as one value for now.
    Text,
    /// RFC 6350 and RFC 2426 cards, merged property by property.
    Vcard,
    /// RFC 5545 calendar objects, merged component by component and property by property.
    Icalendar,
    /// Anything else: only equal or not.
    Binary,
}

/// The three versions of one document. `None` = does not exist.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inputs<'a> {
    /// Last synced version ("Before").
    pub base: Option<&'a [u8]>,
    /// The person's version ("Yours").
    pub mine: Option<&'a [u8]>,
    /// The server's version ("On the server").
    pub theirs: Option<&'a [u8]>,
    /// When the person's version was made, in milliseconds since 1970; only [`Rule::Newest`] asks for it.
    pub mine_at: Option<i64>,
    /// When the server's version was made, in milliseconds since 1970.
    pub theirs_at: Option<i64>,
}

impl<'a> Inputs<'a> {
    /// Three versions whose times are not known.
    pub fn new(base: Option<&'a [u8]>, mine: Option<&'a [u8]>, theirs: Option<&'a [u8]>) -> Inputs<'a> {
        Inputs { base, mine, theirs, mine_at: None, theirs_at: None }
    }

    /// The same with the times of the person's and the server's version, in milliseconds since 1970.
    #[must_use]
    pub fn made_at(self, mine_at: Option<i64>, theirs_at: Option<i64>) -> Inputs<'a> {
        Inputs { mine_at, theirs_at, ..self }
    }
}

/// What a person can say about one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The server's value.
    Theirs,
    /// The person's value.
    Mine,
    /// Both values, where that has a meaning.
    Both,
    /// A value of the person's own writing.
    Edit,
    /// Open again.
    Later,
}

/// Why a row is there (truth table, merge.md 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// Only the server changed it.
    TheirsOnly,
    /// Only the person changed it.
    MineOnly,
    /// Both changed it to different values.
    EditedDifferently,
    /// Both added it with different values.
    AddedDifferently,
    /// Both added an object here; its members were united (an automatic row that asks for a look).
    AddedByBoth,
    /// The person removed it, the server changed it.
    DeletedByMeEditedByServer,
    /// The person changed it, the server removed it.
    EditedByMeDeletedByServer,
    /// One side set `null`, the other removed it.
    NullVsMissing,
    /// One side changed its type, or both to different types.
    TypeChanged,
    /// Put together from both sides.
    Combined,
    /// The entries of a list with identities were put in another order; the entries themselves have rows of their own.
    Reordered,
    /// The whole record: edited by me, deleted on the server.
    EditDelete,
    /// The whole record: deleted by me, edited on the server.
    DeleteEdit,
}

/// Which list of the merge screen a row is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// A true clash: a person has to choose.
    Open,
    /// Put together automatically, reversible.
    Automatic,
}

/// Why the merge took what it took (M53).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Provenance {
    /// Only the server changed it.
    OnlyServer,
    /// Only the person changed it.
    OnlyMine,
    /// Both added an object; its members were united.
    AddedByBoth,
    /// Lines of a text that do not touch.
    Lines,
    /// Words of a text that do not touch.
    Words,
    /// A set: what either side added, without what either side removed.
    Set,
    /// A list: entries in different places.
    List,
    /// Both put the entries in another order; the server's is used.
    ServerOrder,
    /// One side differs from before only in what nobody sees.
    Invisible,
    /// A rule of the policy.
    Rule {
        /// The rule.
        rule: Rule,
        /// The pattern it was given for.
        pattern: String,
        /// Who gave it, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        origin: Option<Origin>,
    },
}

/// What a row says besides its values; nothing here asks for a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "notice")]
pub enum Notice {
    /// Both sides put the entries in another order; the server's order is used.
    Order,
    /// Entries that the person moved: by identity, or by position in the person's list.
    MovedByMe {
        /// The entries.
        entries: Vec<Token>,
    },
    /// Entries that the server moved: by identity, or by position in the server's list.
    MovedByServer {
        /// The entries.
        entries: Vec<Token>,
    },
}

/// One line of the merge screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The node.
    pub path: Path,
    /// Part of a text or list, when a node has several rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
    /// Which list it is in.
    pub group: Group,
    /// Why it is there.
    pub kind: RowKind,
    /// Value in base; `None` = not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Lexeme>,
    /// The person's value; `None` = not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<Lexeme>,
    /// The server's value; `None` = not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs: Option<Lexeme>,
    /// What the merge takes by itself; `None` on an open row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic: Option<Choice>,
    /// Asks for a look although nothing clashes (M20).
    #[serde(default)]
    pub please_look: bool,
    /// What may be chosen here, server's first.
    pub choices: Vec<Choice>,
    /// Why the automatic take was made; `None` on an open row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Provenance>,
    /// The other fields of a group row. `path` is the first of the group; the values of such a row are JSON objects of
    /// the members, without those that are not there. A decision counts for all, its own value is such an object.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<Path>,
    /// How the array here is merged, declared or inferred; `None` = no array.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<ArrayMode>,
    /// What else there is to say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// A proposal at an open row that nobody has chosen yet, such as words put together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<Lexeme>,
    /// Why a row is open that could have been merged, in words (M22: the outcome would break a check).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Row {
    /// An open row for a place, nothing known about it yet.
    pub fn open(path: Path, kind: RowKind) -> Row {
        Row {
            path,
            part: None,
            group: Group::Open,
            kind,
            before: None,
            mine: None,
            theirs: None,
            automatic: None,
            please_look: false,
            choices: vec![Choice::Theirs, Choice::Mine, Choice::Edit, Choice::Later],
            rule: None,
            with: Vec::new(),
            mode: None,
            notices: Vec::new(),
            suggestion: None,
            reason: None,
        }
    }
}

/// What a person decided for one row. Durable; rows are always computed anew (M47a).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The node decided.
    pub path: Path,
    /// Its part, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
    /// What was chosen; never [`Choice::Later`] in a stored decision.
    pub choice: Choice,
    /// The person's own value for [`Choice::Edit`]; `None` there = remove the member. With [`Choice::Both`]: which of
    /// [`crate::Merge::both`] was chosen, `None` = the first (the server's before the person's).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Lexeme>,
    /// Validator of the server's version the choice was made against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validator: Option<String>,
    /// The server's value at that time; `None` = not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs_then: Option<Lexeme>,
    /// The person's value at that time; `None` = not there. A decision stays only while mine here is unchanged (sync.md 3.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine_then: Option<Lexeme>,
}
