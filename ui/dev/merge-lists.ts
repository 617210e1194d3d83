/** "Needs you" and the history of the pictures. */
import type { FieldView, HistoryEntry, NeedsYou, NeedsYouGroup, NeedsYouRecord, RecordView, Value, VersionKey, VersionView } from "../src/lib/backend/generated/ipc";
import { meta, missing, none, num, text } from "./merge-build";
import { at } from "./merge-data";

const tools: [string, string, string][] = [
  ["Angle grinder", "25.00", "30.00"], ["Bench vice", "15.00", "20.00"], ["Cement mixer", "70.00", "80.00"],
  ["Circular saw", "35.00", "40.00"], ["Cordless screwdriver", "10.00", "15.00"],
];

function records(prefix: string, count: number, values: [string, string, string][] = []): NeedsYouRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const value = values[index] ?? values[index % Math.max(values.length, 1)];
    return {
      key: `${prefix}-${index}`, title: values[index]?.[0] ?? `${value?.[0] ?? prefix} ${index + 1}`, open: 1, decided: 0, automatic: 2, who: "Ines Duarte", seen_at: at(10, 42),
      theirs: value && num(value[1]), mine: value && num(value[2]),
    };
  });
}
function group(collection: string, kind: NeedsYouGroup["kind"], fields: string[], count: number, values?: [string, string, string][]): NeedsYouGroup {
  const source = collection === "Contacts" ? "Neighbours" : collection === "Cases" ? "Repair café" : "Tool library";
  return { source, collection, kind, fields, records: records(`${collection}-${kind}-${fields.join("-")}`, count, values) };
}

export const needsYou: NeedsYou = {
  total: 128,
  groups: [
    group("Tools", "edit_edit", ["Deposit"], 64, tools),
    group("Tools", "edit_edit", ["Deposit", "Notes"], 31, tools),
    group("Tools", "edit_edit", ["Shelf"], 17, [["Belt sander", "2", "3"]]),
    group("Contacts", "edit_edit", ["Phone"], 9, [["Leah Osei", "187", "172"]]),
    group("Loans", "edit_delete", [], 4),
    group("Cases", "delete_edit", [], 2),
    group("Contacts", "create_create", [], 1),
  ],
};

const entry = (version: number, when: number, what: string, by: string, changed: string[]): HistoryEntry => ({ version, at: when, what, by, changed, restorable: true, validator: `"118-${version}"` });
// Oldest first, as the back end answers.
const history: HistoryEntry[] = [
  entry(9, at(10, 50), "merged", "you", ["Deposit", "Notes", "Accessories"]),
  entry(8, at(10, 31), "server", "Ines Duarte", ["Deposit", "Notes", "Accessories"]),
  entry(7, at(9, 58), "edited", "you", ["Deposit", "Notes"]),
  entry(6, at(9, 41), "set_aside", "you", ["Deposit"]),
  entry(5, at(9, 0, 9), "sent", "you", ["Shelf"]),
  entry(4, at(9, 0, 2), "server", "Tomasz Wilk", ["Status", "Lent to"]),
  entry(3, at(9, 0, 20, 5), "edited", "you", ["Notes"]),
  entry(2, at(9, 0, 14, 5), "server", "Tomasz Wilk", ["Notes"]),
  entry(1, at(9, 0, 4, 5), "seen", "server", []),
].reverse();

const field = (pointer: string, label: string, value: Value, kind: FieldView["meta"]["kind"] = "text", unit?: string): FieldView => ({
  meta: meta(pointer, label, { kind, unit }), value, needs_choice: false, fields: [], columns: [], rows: [],
});
function form(now: boolean): FieldView[] {
  const pick = (then: Value, is: Value) => (now ? is : then);
  return [
    field("/status", "Status", pick(text("Available"), text("In repair"))),
    field("/shelf", "Shelf", pick(text("A3"), text("A4"))),
    field("/check", "Next safety check", pick(text("2026-09-14"), text("2026-09-01")), "date"),
    field("/deposit", "Deposit", num("30.00"), "number", "EUR"),
    field("/notes", "Notes", pick(
      text("Charge both batteries before handing it out. Battery 2 was replaced on 14 May and holds its charge."),
      text("Charge both batteries the evening before handing it out. Battery 2 was replaced on 14 May and holds its charge."),
    ), "long_text"),
    { ...field("/charger", "Charger", missing, "object"), fields: [field("/charger/serial", "Serial number", pick(text(""), text("CH-2291")))] },
    field("/manual", "Manual", pick(text("Keep dry. Oil the chuck lightly."), text("Keep dry. Oil the chuck lightly twice a year.")), "long_text"),
    field("/lent_to", "Lent to", pick(text("Marit Solberg"), none)),
    field("/bits", "Bit set", pick(missing, text("3 to 10 mm"))),
    ...Array.from({ length: 12 }, (_, index) => field(`/f${index}`, `Field ${index}`, text("same"))),
  ];
}

const record: RecordView = {
  key: "drill", address: "Tool library/tools/T-118", source: "Tool library", collection: "tools", collection_title: "Tools", noun: "tool", id: "T-118",
  title: "Cordless drill 18 V", state: "synced", held: false, rev: 3, form: { fields: form(true) }, text: "{}\n", media_type: "application/json",
  synced_at: at(10, 52), changed: [], editable: true, twins: [],
};

export function historyAnswer(name: string, argument: unknown): unknown {
  if (name === "history") return history;
  if (name === "record") return record;
  if (name !== "version") return undefined;
  const { version } = argument as VersionKey;
  const found = history.find((one) => one.version === version);
  return found && ({ entry: found, text: '{"deposit": 30.00}\n', form: { fields: form(version > 7) } } satisfies VersionView);
}
