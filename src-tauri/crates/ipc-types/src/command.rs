//! The command map: name, argument, reply of every command the window can call.

use crate::*;

/// Calls `$m!` with every command: `name: (argument type or ()) -> reply type`.
#[macro_export]
macro_rules! for_each_command {
    ($m:ident) => {
        $m! {
            status: () -> Status,
            sources: () -> Vec<SourceView>,
            families: () -> Vec<Family>,
            probe_address: (ProbeAddress) -> ProbeReply,
            add_source: (AddSource) -> SourceView,
            set_source: (SetSource) -> SourceView,
            remove_source: (RemoveSource) -> (),
            check_up: (CheckUp) -> Vec<CheckReport>,
            answer_guard: (AnswerGuard) -> (),
            sync_now: (SyncNow) -> (),
            set_offline: (SetOffline) -> Status,
            records: (RecordsQuery) -> RecordsPage,
            record: (RecordKey) -> RecordView,
            save_edit: (SaveEdit) -> Saved,
            create_record: (CreateRecord) -> Saved,
            delete_record: (RecordKey) -> Saved,
            take_back: (RecordKey) -> Saved,
            send_now: (RecordKey) -> Saved,
            hold: (Hold) -> (),
            take_in_now: (RecordKey) -> Saved,
            settle: (Settle) -> Saved,
            outbox: () -> Outbox,
            request_preview: (RecordKey) -> RequestPreview,
            check_with_server: (RecordKey) -> DryRunReply,
            needs_you: () -> NeedsYou,
            merge: (RecordKey) -> MergeView,
            decide: (Decide) -> MergeView,
            decide_many: (DecideMany) -> MergeView,
            check_value: (CheckValue) -> ValueCheck,
            save_typed: (SaveTyped) -> (),
            check_source: (SourceText) -> SourceCheck,
            decide_source: (SourceText) -> MergeView,
            external_tools: () -> ExternalTools,
            set_external_tool: (SetExternalTool) -> ExternalTools,
            open_external: (RecordKey) -> MergeView,
            leave_external: (LeaveExternal) -> MergeView,
            close_unused: (UnusedKey) -> Status,
            export_conflict: (ExportConflict) -> ExportedConflict,
            try_sample: (TrySample) -> SampleMerge,
            merge_preview: (RecordKey) -> MergePreview,
            resolve: (Resolve) -> Saved,
            resolve_ready: () -> ResolvedReady,
            keep_both: (Resolve) -> Saved,
            group_plan: (GroupRequest) -> GroupPlan,
            start_batch: (StartBatch) -> BatchView,
            batch: (BatchKey) -> BatchView,
            batches: () -> Vec<BatchHead>,
            stop_batch: (BatchKey) -> BatchView,
            go_on_batch: (BatchKey) -> BatchView,
            undo_batch: (BatchKey) -> BatchView,
            merge_rules: () -> Vec<MergeRuleView>,
            set_merge_rule: (SetMergeRule) -> Vec<MergeRuleView>,
            remove_merge_rule: (MergeRuleKey) -> Vec<MergeRuleView>,
            rule_fields: (RulePlace) -> Vec<RuleField>,
            add_merge_rule: (AddMergeRule) -> Vec<MergeRuleView>,
            history: (RecordKey) -> Vec<HistoryEntry>,
            version: (VersionKey) -> VersionView,
            restore: (VersionKey) -> Saved,
            compare_versions: (CompareVersions) -> Comparison,
            bring_back_field: (BringBackField) -> Saved,
            undo_merge: (UndoMerge) -> Undone,
            deleted_records: (DeletedQuery) -> DeletedPage,
            keeping: () -> Keeping,
            keeping_preview: (SetKeeping) -> KeepingPreview,
            set_keeping: (SetKeeping) -> Keeping,
            shrink_file: () -> Keeping,
            ask_for_file: (AskForFile) -> ChosenFile,
            export_history: (ExportHistory) -> Exported,
            watch: (Watched) -> (),
            activity: () -> Vec<ActivityEntry>,
            tour: () -> Tour,
            tour_step: (TourStep) -> Tour,
        }
    };
}

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordKey {
    /// Local key.
    pub key: String,
}

/// Which version of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VersionKey {
    /// Local key.
    pub key: String,
    /// Version number of the history.
    pub version: u32,
}

/// Hold or release edits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Hold {
    /// Local keys; empty = all in the outbox.
    pub keys: Vec<String>,
    /// `true`: keep back; `false`: release.
    pub held: bool,
}

/// Check a source or a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckUp {
    /// Source name.
    pub source: String,
    /// Only this collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub collection: Option<String>,
}

/// Sync now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SyncNow {
    /// Only this source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub source: Option<String>,
}

/// The "Work offline" switch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SetOffline {
    /// On or off.
    pub offline: bool,
}

/// The answer for a create whose fate could not be found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Settle {
    /// Local key.
    pub key: String,
    /// It is this one; absent = send it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub is: Option<String>,
}

/// One step of the tour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TourStep {
    /// What to do.
    pub action: TourAction,
}
