//! The durable store: one SQLite file in the data folder.
//!
//! [`Store`] owns one writing thread and a few reading ones. Closures given to [`Store::write`] get a [`Tx`] and are one
//! transaction each, committed and flushed before they are acknowledged; closures given to [`Store::read`] get a
//! [`Reader`] of one moment. A record's rows say its state; combinations that fit no state cannot be stored
//! (`migrations/`), and one found anyway is an error naming table and id, never a panic.

mod audit;
mod base;
mod batch;
mod collection;
mod columns;
mod conflict;
mod edit;
mod error;
mod find;
mod gone;
mod history;
mod in_flight;
mod keeping;
mod list;
mod lock;
mod merge_rule;
mod migrate;
mod open;
mod pull;
mod queue;
mod readers;
mod record;
mod refusal;
mod save;
mod setting;
mod shape;
mod source;
mod store;
mod text;
mod theirs;
mod tx;
mod waiting;
mod writer;

pub use audit::Audit;
pub use batch::{
    Batch, BatchId, BatchState, BatchWhat, ItemCounts, ItemState, KeptItem, NewBatch, NewItem, Undone,
};
pub use collection::{Collection, CollectionId, NewCollection};
pub use error::{DiskTrouble, OpenError, Result, StoreError};
pub use gone::{Deleted, Gone};
pub use history::{Activity, KeptVersion, Version};
pub use keeping::{CleanedTo, Kept, KeptBySource, Removed};
pub use list::{Listed, Page, Query, Sort};
pub use merge_rule::{MergeRule, NewMergeRule, RuleId, Said};
pub use pull::Pulled;
pub use queue::Priority;
pub use record::{Brief, Facts};
pub use save::{Meta, NewCopy, Saved};
pub use shape::{NeedsYouRow, Shape, ShapeField};
pub use source::{NewSource, Source};
pub use store::Store;
pub use tx::{Reader, Tx};
pub use waiting::{CollectionCounts, Counts, OutboxRow};
