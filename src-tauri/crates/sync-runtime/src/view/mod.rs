//! Records and schemas as the window shows them: pure functions from bytes to `ipc-types`.
//!
//! Nothing here reads a clock, a file or the network, and nothing here decides: rows come from `record-merge`, states
//! from `sync-engine`. Bad schemas and bodies never fail; what cannot be read is shown as text.

mod blank;
mod card;
mod card_form;
mod changes;
mod columns;
mod compare_view;
mod context;
mod file;
mod form;
mod group_back;
mod group_cells;
mod group_plan;
mod history_view;
mod kind;
mod lookup;
mod merge_row;
mod merge_view;
mod needs_you;
mod orphans;
mod outbox_view;
mod place;
mod preview;
mod record_view;
mod redact;
mod row_list;
mod row_marks;
mod row_ready;
mod row_text;
mod row_words;
mod sample;
mod schema;
mod schema_read;
mod seen;
mod shape;
mod source;
#[cfg(test)]
mod tests;
mod title;
mod validate;
mod value;
mod versions;
mod when;
mod words;

pub use blank::blank;
pub(crate) use card_form::{form_edits, form_value};
pub use changes::{body_diff, body_text, count_fields, field_changes, field_names};
pub use columns::{cells, columns};
pub use compare_view::compare;
pub use context::{ViewContext, ViewError, address, made_at};
pub use form::{FormInputs, form};
pub use group_back::{Back, taken_back};
pub use group_plan::{Fit, GroupRules, Planned, plan};
pub use history_view::{LogInput, VersionInput, Weaver, tally, version_view};
pub use merge_view::{Known, LogLine, MergeState, Typed, merge_of, merge_view};
pub use needs_you::{NeedsYouPlace, needs_you, shape};
pub use outbox_view::{OutboxInput, outbox_entry};
pub use preview::merge_preview;
pub use record_view::{RecordInput, news, record_row, record_view, refusal_view, state_of};
pub(crate) use redact::Redactor;
pub(crate) use row_ready::{both_value, ready_value};
pub(crate) use row_words::rule_words;
pub use sample::{SAMPLE, Sample, SampleError, SampleFile};
pub use schema::{Allowed, CollectionSchema, Field, Format, JsonType, Limit, Pattern};
pub use seen::{parse_seen, seen_of};
pub(crate) use shape::shaped;
pub use source::{check_source, misfits, source_decisions};
pub(crate) use title::gist;
pub use title::{search_text, title};
pub use validate::problem;
pub use value::{text_value, value};
pub(crate) use versions::{result_body, versions};
pub(crate) use words::capitalised;
pub use words::label;
