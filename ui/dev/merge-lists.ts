/** "Needs you" of the pictures. */
import type { NeedsYou, NeedsYouGroup, NeedsYouRecord } from "../src/lib/backend/generated/ipc";
import { num } from "./merge-build";
import { at } from "./merge-data";

const tools: [string, string, string][] = [
  ["Angle grinder", "25.00", "30.00"], ["Bench vice", "15.00", "20.00"], ["Cement mixer", "70.00", "80.00"],
  ["Circular saw", "35.00", "40.00"], ["Cordless screwdriver", "10.00", "15.00"], ["Garden shredder", "60.00", "55.00"], ["Leaf blower", "20.00", "25.00"],
  ["Mitre saw", "40.00", "45.00"], ["Rotary hammer", "35.00", "40.00"], ["Tile cutter", "20.00", "25.00"], ["Wet vacuum", "15.00", "20.00"],
];

function records(prefix: string, count: number, values: [string, string, string][] = []): NeedsYouRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const value = values[index] ?? values[index % Math.max(values.length, 1)];
    return {
      key: `${prefix}-${index}`, title: values[index]?.[0] ?? `${value?.[0] ?? prefix} ${index + 1}`, open: 1, decided: 0, automatic: 2, look: false, who: "Ines Duarte",
      mine_at: at(9, 12, 10), theirs_at: at(9, 30, 12), seen_at: at(10, 42),
      theirs: value && num(value[1]), mine: value && num(value[2]),
    };
  });
}
function group(collection: string, kind: NeedsYouGroup["kind"], fields: string[], count: number, values?: [string, string, string][]): NeedsYouGroup {
  const source = collection === "Contacts" ? "Neighbours" : collection === "Cases" ? "Repair café" : "Tool library";
  return { source, collection, noun: collection.slice(0, -1).toLowerCase(), kind, fields, patterns: fields.map((field) => field.toLowerCase()), records: records(`${collection}-${kind}-${fields.join("-")}`, count, values) };
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

export { historyAnswer } from "./history-data";
