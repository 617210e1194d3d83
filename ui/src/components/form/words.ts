/** Words of the form. */
import { counted } from "$lib/words";

export const formWords = {
  edited: ", edited",
  before: (value: string) => `Before: ${value}`,
  putBack: "Put back",
  showChange: "Show change",
  hideChange: "Hide change",
  wordCount: (count: number) => counted(count, "word"),
  itemCount: (count: number) => counted(count, "item"),
  needsChoice: "Needs your choice",
  openChoice: "Open",
  moreFields: (count: number) => counted(count, "more field"),
  fewerFields: "Hide empty fields",
  required: "Needed",
  badNumber: "A number, for example 12.50",
  neededNumber: "This needs a number, for example 12.50",
  badDate: "A date, for example 14 Sep 2026",
  badDateTime: "A date and time, for example 2026-09-14T10:30:00Z",
  badLocalTime: "A date and time, for example 2026-09-14 10:30",
  badJson: "Not complete yet: this must be JSON, for example \"text\" or [1, 2]",
  notThere: "(not there)",
  clash: (value: string) => `This field was changed elsewhere on this computer meanwhile: ${value}.`,
  keepTyped: "Keep what I typed",
  useThat: (value: string) => `Use ${value}`,
  yes: "yes",
  no: "no",
  addTag: "Add tag",
  newTag: "New tag",
  removeTag: (tag: string) => `Remove tag ${tag}`,
  addRow: (noun: string) => `Add ${noun}`,
  removeRow: (name: string) => `Remove ${name}`,
  rowActions: "Actions",
  cell: (column: string, row: number) => `${column}, row ${row}`,
  noForm: "This record has no form. Its text is in the Source tab.",
};

/** "Accessories" -> "accessory", for "Add accessory". */
export function singular(label: string): string {
  const word = label.toLowerCase();
  if (/ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ches|shes|xes|sses)$/.test(word)) return word.slice(0, -2);
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word;
}
