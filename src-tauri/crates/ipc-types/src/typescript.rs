//! The TypeScript side of these types.

use crate::*;
use ts_rs::{Config, TS};

macro_rules! declare {
    ($cfg:ident, $out:ident, $($t:ty),+ $(,)?) => { $(
        $out.push_str("export ");
        $out.push_str(&<$t as TS>::decl(&$cfg));
        $out.push_str("\n\n");
    )+ };
}

/// The whole generated file: every type, and the map of commands.
pub fn typescript() -> String {
    let cfg = Config::new().with_large_int("number");
    let mut out =
        String::from("// Generated from src-tauri/crates/ipc-types. Do not edit: run `make types`.\n\n");
    declare!(
        cfg,
        out,
        ValueType,
        Value,
        Mark,
        MarkKind,
        BodyOperation,
        ErrorCode,
        ErrorReply,
        RecordState,
        EditKind,
        RecordsQuery,
        RecordsPage,
        Column,
        RecordRow,
        News,
        RecordView,
        Twin,
        RefusalKind,
        RefusalView,
        RefusedField,
        SaveEdit,
        CreateRecord,
        Saved,
        Clock,
        HistoryEntry,
        HistoryMerge,
        MergeReason,
        VersionView,
        CompareVersions,
        Comparison,
        ComparedField,
        SameField,
        BringBackField,
        UndoMerge,
        UndoneHow,
        Undone,
        DeletedQuery,
        DeletedPage,
        DeletedRow,
        Keeping,
        KeptBySource,
        SetKeeping,
        KeepingPreview,
        ExportFormat,
        ExportHistory,
        Exported,
        AskForFile,
        ChosenFile,
        Watched,
        FormView,
        FieldKind,
        FieldMeta,
        FieldOption,
        FieldView,
        ConflictKind,
        Choice,
        Standing,
        Provenance,
        Absent,
        RowAbsent,
        ReadyKind,
        ReadyValue,
        RowMember,
        EntryChange,
        RowEntry,
        ParagraphKind,
        Paragraph,
        TypedText,
        MergeRow,
        ListMode,
        MergeList,
        CheckValue,
        ValueCheck,
        DecideMany,
        RowDecision,
        SaveTyped,
        SourceText,
        SourceCheck,
        ToolPreset,
        ExternalTools,
        SetExternalTool,
        ExternalStanding,
        ExternalView,
        LeaveExternal,
        ExportConflict,
        ExportedConflict,
        TrySample,
        SampleMerge,
        UnchangedField,
        MergeView,
        MergeSource,
        OrphanChoice,
        FieldChange,
        Decide,
        MergePreview,
        Side,
        Resolve,
        NeedsYou,
        NeedsYouGroup,
        NeedsYouRecord,
        ResolvedReady,
        LeftOut,
        GroupRule,
        FieldRule,
        GroupRequest,
        GroupField,
        PlanCell,
        PlanRow,
        GroupPlan,
        BatchMember,
        StartBatch,
        BatchKey,
        BatchState,
        BatchItemState,
        BatchUndone,
        BatchItem,
        BatchField,
        BatchView,
        BatchHead,
        MergeRuleView,
        SetMergeRule,
        MergeRuleKey,
        Outbox,
        OutboxEntry,
        RequestPreview,
        Header,
        DryRunReply,
        Grade,
        MergePolicy,
        Family,
        SourceView,
        CollectionView,
        Guard,
        AnswerGuard,
        AddSource,
        ProbeAddress,
        ProbeReply,
        FoundCollection,
        CheckTest,
        CheckReport,
        SetSource,
        RemoveSource,
        Connection,
        Status,
        Progress,
        Reading,
        Change,
        Event,
        ActivityEntry,
        Tour,
        TourAction,
        RecordKey,
        VersionKey,
        Hold,
        CheckUp,
        SyncNow,
        SetOffline,
        Settle,
        TourStep,
    );
    out.push_str("/** Every command: its argument and its reply. */\nexport type Commands = {\n");
    macro_rules! line {
        ($($name:ident: ($($arg:ty)?) -> $reply:ty),+ $(,)?) => { $(
            let argument: &[String] = &[$(<$arg as TS>::name(&cfg))?];
            let argument = argument.first().map_or("null", String::as_str);
            out.push_str(&format!(
                "  {}: {{ argument: {argument}; reply: {} }};\n", stringify!($name), <$reply as TS>::name(&cfg)
            ));
        )+ };
    }
    for_each_command!(line);
    out.push_str("};\n");
    out
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
