//! The TypeScript side of these types.

use crate::*;
use ts_rs::{Config, TS};

/// Calls a macro with every type, in the order of the generated file.
macro_rules! for_each_type {
    ($do:ident) => {
        $do! {
            // Values.
            ValueType, Value, Mark, MarkKind, BodyOperation,
            // Errors.
            ErrorCode, ErrorReply,
            // Records and their list.
            RecordState, EditKind, RecordsQuery, RecordsPage, Column, RecordRow, News, RecordView, Twin, RefusalKind,
            RefusalView, RefusedField, SaveEdit, CreateRecord, Saved,
            // The time machine.
            Clock, HistoryEntry, HistoryMerge, MergeReason, VersionView, CompareVersions, Comparison, ComparedField,
            SameField, BringBackField, UndoMerge, UndoneHow, Undone, DeletedQuery, DeletedPage, DeletedRow, Keeping,
            KeptBySource, SetKeeping, KeepingPreview, ExportFormat, ExportHistory, Exported, AskForFile, ChosenFile,
            Watched,
            // Forms.
            FormView, FieldKind, FieldMeta, FieldOption, FieldView,
            // The merge of one record.
            ConflictKind, Choice, Standing, Provenance, Absent, RowAbsent, ReadyKind, ReadyValue, RowMember,
            EntryChange, RowEntry, ParagraphKind, Paragraph, TypedText, MergeRow, ListMode, MergeList, CheckValue,
            ValueCheck, DecideMany, RowDecision, SaveTyped, SourceText, SourceCheck, ToolPreset, ExternalTools,
            SetExternalTool, ExternalStanding, ExternalView, LeaveExternal, UnusedText, UnusedKey, ExportConflict, ExportedConflict,
            TrySample, SampleMerge, UnchangedField, MergeView, MergeSource, OrphanChoice, FieldChange, Decide,
            MergePreview, Side, Resolve,
            // "Needs you" for many.
            NeedsYou, NeedsYouGroup, NeedsYouRecord, ResolvedReady, LeftOut, GroupRule, FieldRule, GroupRequest,
            GroupField, PlanCell, PlanRow, GroupPlan, BatchMember, StartBatch, BatchKey, BatchState, BatchItemState,
            BatchUndone, BatchItem, BatchField, BatchView, BatchHead, MergeRuleView, SetMergeRule, MergeRuleKey,
            FieldHow, RulePlace, RuleField, AddMergeRule,
            // The outbox.
            Outbox, OutboxEntry, RequestPreview, Header, DryRunReply,
            // Sources.
            Grade, MergePolicy, Family, SourceView, CollectionView, Guard, AnswerGuard, AddSource, ProbeAddress,
            ProbeReply, FoundCollection, CheckTest, CheckReport, SetSource, RemoveSource,
            // Status and events.
            Connection, Status, Progress, Reading, Change, Event,
            // Activity, and arguments of several commands.
            ActivityEntry, Tour, TourAction, RecordKey, VersionKey, Hold, CheckUp, SyncNow, SetOffline, Settle,
            TourStep,
        }
    };
}

/// The whole generated file: every type, and the map of commands.
pub fn typescript() -> String {
    let cfg = Config::new().with_large_int("number");
    let types = types(&cfg).iter().map(|declared| format!("export {declared}\n\n")).collect::<String>();
    let commands = commands(&cfg).iter().map(|command| format!("  {command};\n")).collect::<String>();
    format!(
        "// Generated from src-tauri/crates/ipc-types. Do not edit: run `make types`.\n\n{types}\
         /** Every command: its argument and its reply. */\nexport type Commands = {{\n{commands}}};\n"
    )
}

/// What each type looks like in TypeScript.
fn types(cfg: &Config) -> Vec<String> {
    macro_rules! declare {
        ($($t:ty),+ $(,)?) => { vec![$(<$t as TS>::decl(cfg)),+] };
    }
    for_each_type!(declare)
}

/// Each command with its argument and its reply.
fn commands(cfg: &Config) -> Vec<String> {
    macro_rules! line {
        ($($name:ident: ($($arg:ty)?) -> $reply:ty),+ $(,)?) => { vec![$({
            let argument: &[String] = &[$(<$arg as TS>::name(cfg))?];
            let argument = argument.first().map_or("null", String::as_str);
            format!("{}: {{ argument: {argument}; reply: {} }}", stringify!($name), <$reply as TS>::name(cfg))
        }),+] };
    }
    for_each_command!(line)
}

#[cfg(test)]
mod tests {
    /// The committed file is what the types say; `UPDATE_TYPES=1` writes it.
    #[test]
    fn generated_file_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/lib/backend/generated/ipc.ts");
        let wanted = super::typescript();
        if std::env::var_os("UPDATE_TYPES").is_some() {
            std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
            std::fs::write(path, &wanted).unwrap();
        }
        let found = std::fs::read_to_string(path).unwrap_or_default();
        assert!(found == wanted, "ui/src/lib/backend/generated/ipc.ts is old: run `make types`");
    }
}
