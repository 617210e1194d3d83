/** The history of picture 08: versions, any two of them compared, and what they take. */
import type {
  ComparedField, Comparison, CompareVersions, DeletedPage, FieldKind, FieldView, HistoryEntry, HistoryMerge, Keeping, KeepingPreview, MergeReason, RecordView, Value, VersionKey, VersionView,
} from "../src/lib/backend/generated/ipc";
import { meta, missing, none, num, text } from "./merge-build";
import { at } from "./merge-data";
import { wordMarks } from "../src/lib/state/merge-diff";

const reason = (label: string, from: MergeReason["from"], by_you: boolean, words: string): MergeReason => ({ label, from, by_you, words });
const merge: HistoryMerge = {
  before: 6, theirs: 12, mine: 11, by_you: 5, automatic: 7, from_server: 4, from_you: 2, can_undo: true,
  rows: [
    reason("Deposit", "mine", true, "You chose it."), reason("Notes", "mine", true, "You chose it."), reason("Notes", "both", true, "You chose it."), reason("Notes", "mine", true, "You chose it."),
    reason("Status", "server", false, "Only the server changed it."), reason("Shelf", "server", false, "Only the server changed it."),
    reason("Manual", "combined", false, "Lines of both, which do not touch."),
  ],
};

const entry = (version: number, when: number, what: string, by: string, changed: string[], more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  version, at: when, clock: "here", what, by, changed, restorable: true, bytes: 4_430, in_log: false, validator: `"118-${version}"`,
  ...(by === "you" ? { device: "this laptop" } : {}), ...more,
});
const server = (when: number): Partial<HistoryEntry> => ({ clock: "server", seen_at: when + 60_000, in_log: true });
// Oldest first, as the back end answers.
export const history: HistoryEntry[] = [
  entry(1, at(9, 0, 4, 5), "seen", "server", []),
  entry(2, at(9, 0, 14, 5), "seen", "Tomasz Wilk", ["Notes"], server(at(9, 0, 14, 5))),
  entry(3, at(9, 0, 20, 5), "brought_back", "you", ["Notes"], { of_version: 1 }),
  entry(4, at(9, 1, 20, 5), "sent", "you", ["Notes"], { sent_of: 3 }),
  entry(5, at(9, 0, 2), "seen", "Tomasz Wilk", ["Status", "Lent to"], server(at(9, 0, 2))),
  entry(6, at(9, 0, 9), "sent", "you", ["Shelf"]),
  entry(10, at(9, 41), "rejected", "server", [], { words: "deposit must not be empty", restorable: false, bytes: 0 }),
  entry(11, at(9, 58), "set_aside", "you", ["Deposit", "Notes"]),
  entry(12, at(10, 31), "seen", "Ines Duarte", ["Deposit", "Notes", "Accessories"], server(at(10, 31))),
  entry(13, at(10, 50), "merged", "you", ["Deposit", "Notes", "Accessories"], { merge }),
  entry(14, at(10, 50), "sent", "you", [], { sent_of: 13 }),
];

interface Cell {
  pointer: string;
  label: string;
  part?: string;
  kind: FieldKind;
  then: Value;
  now: Value;
}
const cell = (pointer: string, label: string, then: Value, now: Value, kind: FieldKind = "text", part?: string): Cell => ({ pointer, label, kind, then, now, ...(part ? { part } : {}) });
const cells: Cell[] = [
  cell("/status", "Status", text("Available"), text("In repair")),
  cell("/shelf", "Shelf", text("A3"), text("A4")),
  cell("/check", "Next safety check", text("2026-09-14"), text("2026-09-01"), "date"),
  cell(
    "/notes", "Notes", text("Charge both batteries before handing it out. Battery 2 was replaced on 14 May and holds its charge."),
    text("Charge both batteries the evening before handing it out. Battery 2 was replaced on 14 May and holds its charge."), "long_text",
  ),
  cell("/accessories/item=charger/serial", "Accessories", text(""), text("CH-2291"), "text", "Charger, serial number"),
  cell("/accessories/item=bits", "Accessories", missing, { type: "object", text: '{"count":1,"condition":null}', json: '{"count":1,"condition":null}' }, "object", "Bit set, 3 to 10 mm"),
  cell("/manual", "Manual", text("Keep dry. Oil the chuck lightly."), text("Keep dry. Oil the chuck lightly twice a year."), "long_text"),
  cell("/lent_to", "Lent to", text("Marit Solberg"), none),
];
const same: [string, Value][] = [["Deposit", num("30.00")], ...Array.from({ length: 11 }, (_, index): [string, Value] => [`Field ${index}`, text("same")])];

/** Versions up to the edit of 09:58 have the earlier values, later ones those of now. */
const isNew = (version: number | undefined): boolean => version === undefined || version > 11;

function compare({ from, to }: CompareVersions): Comparison {
  const differs = from === undefined || isNew(from) !== isNew(to);
  const rows = cells.map((one): ComparedField => {
    const left = from === undefined ? missing : isNew(from) ? one.now : one.then;
    const right = isNew(to) ? one.now : one.then;
    const both = left.type === "text" && right.type === "text";
    return {
      place: JSON.stringify(one.pointer.split("/").slice(1)), label: one.label, ...(one.part ? { part: one.part } : {}),
      field: meta(one.pointer, one.label, { kind: one.kind }), from: left, to: right, marks: both ? wordMarks(left.text, right.text) : right.type === "object" ? [{ kind: "added", text: "3 to 10 mm, 1" }] : [], kept: false,
    };
  });
  return { rows: differs ? rows : [], same: same.map(([label, value]) => ({ label, value })), lines: [], from_text: "{}\n", to_text: "{}\n" };
}

const form: FieldView[] = cells.map((one) => ({ meta: meta(one.pointer, one.label, { kind: one.kind }), value: one.now, needs_choice: false, fields: [], columns: [], rows: [] }));
const record: RecordView = {
  key: "drill", address: "Tool library/tools/T-118", source: "Tool library", collection: "tools", collection_title: "Tools", noun: "tool", id: "T-118",
  title: "Cordless drill 18 V", state: "synced", held: false, rev: 3, form: { fields: form }, text: "{}\n", media_type: "application/json",
  synced_at: at(10, 52), changed: [], editable: true, twins: [],
};

export const keeping: Keeping = {
  sources: [
    { source: "Tool library", versions: 3_204, bytes: 14_200_000, oldest: at(9, 0, 4, 5) }, { source: "Neighbours", versions: 640, bytes: 1_900_000, oldest: at(9, 0, 4, 5) },
  ],
  versions: 3_844, bytes: 16_100_000, file: 24_000_000, free: 2_400_000, cleaning: false,
};
export const keepingPreview: KeepingPreview = { versions: 2_110, bytes: 8_400_000, records: 3, needed: 12 };
export const deleted: DeletedPage = {
  total: 2, offset: 0,
  rows: [
    { key: "gone-1", title: "Hedge trimmer, petrol", source: "Tool library", collection: "Tools", at: at(9, 12), by_you: true, versions: 6, newest: 5 },
    { key: "gone-2", title: "Wet vacuum", source: "Tool library", collection: "Tools", at: at(9, 0, 9), by_you: false, versions: 2, newest: 2 },
  ],
};

export function historyAnswer(name: string, argument: unknown): unknown {
  switch (name) {
    case "history":
      return history;
    case "record":
      return record;
    case "compare_versions":
      return compare(argument as CompareVersions);
    case "version": {
      const { version } = argument as VersionKey;
      const found = history.find((one) => one.version === version);
      return found && ({ entry: found, text: '{"deposit": 30.00}\n', form: { fields: form } } satisfies VersionView);
    }
    case "keeping":
      return keeping;
    case "keeping_preview":
      return keepingPreview;
    case "deleted_records":
      return deleted;
    case "watch":
      return null;
    default:
      return undefined;
  }
}
