/** Believable merges: those of the design's pictures. */
import type { FieldOption, MergeList, MergeRow, MergeView, UnchangedField } from "../src/lib/backend/generated/ipc";
import { automatic, bool, equal, json, list, marks, meta, missing, none, num, paragraph as stretch, ready, row, text, view } from "./merge-build";

/** 12 June 2026, local time. */
export const at = (hour: number, minute: number, day = 12, month = 6): number => new Date(2026, month - 1, day, hour, minute).getTime();

const eur = { kind: "number", unit: "EUR" } as const;
const option = (value: string): FieldOption => ({ json: JSON.stringify(value), title: value });
const states = { kind: "choice", options: ["Available", "In repair", "Lent"].map(option) } as const;
const same = (...pairs: [string, string][]): UnchangedField[] => pairs.map(([label, value]) => ({ label, value: text(value) }));

const first = text("Charge both batteries before handing it out. The second battery loses charge after two days.");
const both: MergeRow["choices"] = ["theirs", "mine", "both", "edit", "later"];

const accessories: MergeList[] = [{ pointer: "/accessories", label: "Accessories", mode: "identity", words: "list, items matched by number" }];

export const drill: MergeView = view({
  key: "drill", address: "Tool library/tools/T-118", breadcrumbs: ["Tool library", "Tools", "T-118"], title: "Cordless drill 18 V", noun: "tool",
  who: "Ines Duarte", mine_at: at(9, 58), theirs_at: at(10, 31), seen_at: at(10, 42), theirs_validator: '"118-a40b17"',
  rows: [
    row(1, meta("/deposit", "Deposit", eur), num("20.00"), num("25.00"), num("30.00"), {
      theirs_marks: marks("-20.00", "+25.00"), mine_marks: marks("-20.00", "+30.00"), sides_marks: marks("-25.00", "+30.00"),
      standing: "decided", choice: "mine", result: num("30.00"), provenance: "mine",
    }),
    row(2, meta("/notes", "Notes", { kind: "long_text" }), first,
      text("Charge both batteries the evening before handing it out. The second battery loses charge after one day."),
      text("Charge both batteries before handing it out. Battery 2 was replaced on 14 May and holds its charge."), {
        choices: both, part: 0, part_name: "First paragraph",
        theirs_marks: marks("=Charge both batteries ", "+the evening", "= before handing it out. The second battery loses charge after ", "-two days", "+one day", "=."),
        mine_marks: marks("=Charge both batteries before handing it out. ", "-The second battery loses charge after two days.", "+Battery 2 was replaced on 14 May and holds its charge."),
      }),
    row(3, meta("/notes", "Notes", { kind: "long_text" }), missing, text("12 June: chuck tightened, runs true again."), text("11 June: new carry strap fitted."), {
      kind: "added_differently", choices: both, part: 1, part_name: "Last paragraph, added by both",
      ready: [ready("mine_first", text("11 June: new carry strap fitted.\n12 June: chuck tightened, runs true again."), { chosen: true })],
      theirs_marks: marks("+12 June: chuck tightened, runs true again."), mine_marks: marks("+11 June: new carry strap fitted."),
      standing: "decided", choice: "edit", provenance: "both", result: text("11 June: new carry strap fitted.\n12 June: chuck tightened, runs true again."),
    }),
    row(4, meta("/accessories/1/condition", "Condition"), text("worn"), missing, text("one new"), {
      breadcrumbs: ["Accessories", "Battery 2.0 Ah"], list: "/accessories", kind: "edited_by_me_deleted_by_server", mine_marks: marks("-worn", "+one new"),
    }),
    row(5, meta("/accessories/0/serial", "Serial number"), missing, text("CH-2291"), text(""), {
      breadcrumbs: ["Accessories", "Charger"], list: "/accessories", kind: "added_differently", theirs_marks: marks("+CH-2291"),
      standing: "decided", choice: "theirs", result: text("CH-2291"), provenance: "server",
    }),
    automatic(6, meta("/accessories/3", "Bit set, 3 to 10 mm", { kind: "object" }), missing, json({ name: "Bit set, 3 to 10 mm", count: 1 }), missing, { breadcrumbs: ["Accessories"], list: "/accessories", entry: { theirs: "added" } }),
    automatic(7, meta("/accessories/4", "Carry strap", { kind: "object" }), missing, missing, json({ name: "Carry strap", count: 1 }), { breadcrumbs: ["Accessories"], list: "/accessories", entry: { mine: "added" }, provenance: "mine" }),
    automatic(15, meta("/notes", "Notes", { kind: "long_text" }), text("..."), text("..."), text("..."), {
      kind: "combined", provenance: "combined", please_look: true, choices: ["theirs", "mine", "both", "edit"], choice: "both",
      result: text("Charge both batteries the evening before handing it out. The second battery loses charge after one day.\n\nShow new borrowers the clutch ring.\n\n11 June: new carry strap fitted.\n12 June: chuck tightened, runs true again."),
      paragraphs: [stretch("clash", first.text, { row: 2 }), equal(12, "Show new borrowers the clutch ring: 1 to 8 for screws, the drill mark only for wood.\n\nBack in its box with both batteries."), stretch("clash", undefined, { row: 3 })],
    }),
    automatic(8, meta("/status", "Status", states), text("Available"), text("In repair"), text("Available")),
    automatic(9, meta("/shelf", "Shelf"), text("A3"), text("A4"), text("A3")),
    automatic(10, meta("/check", "Next safety check", { kind: "date" }), text("2026-09-14"), text("2026-09-01"), text("2026-09-14")),
    automatic(11, meta("/lent_to", "Lent to"), text("Marit Solberg"), none, text("Marit Solberg")),
    automatic(12, meta("/tags", "Tags", { kind: "tags" }), list("power tool", "18 V"), list("power tool", "18 V"), list("power tool", "18 V", "needs briefing"), { provenance: "mine" }),
    automatic(13, meta("/keeper", "Looked after by"), text("Okan Demir"), text("Okan Demir"), text("Tomasz Wilk"), { provenance: "mine" }),
    automatic(14, meta("/manual", "Manual", { kind: "long_text" }), text("Keep dry. Oil the chuck."), text("Keep dry. Oil the chuck twice a year."), text("Keep dry. Oil the chuck lightly."), {
      kind: "combined", provenance: "combined", result: text("Keep dry. Oil the chuck lightly twice a year."), please_look: true, choices: ["theirs", "mine", "both", "edit"], choice: undefined,
    }),
  ],
  lists: accessories,
  unchanged: same(["Number", "T-118"], ["Maker", "Velka"], ["Voltage", "18"], ["Bought", "2021"], ["Weight", "1.6"], ["Colour", "green"], ["Case", "yes"], ["Manual language", "en"], ["Serial", "VK-18-0042"]),
  source: {
    before: '{\n  "deposit": 20.00,\n  "shelf": "A3"\n}\n', theirs: '{\n  "deposit": 25.00,\n  "shelf": "A4"\n}\n',
    mine: '{\n  "deposit": 30.00,\n  "shelf": "A3"\n}\n', result: '{\n  "deposit": 30.00,\n  "shelf": "A4"\n}\n',
  },
});

const charger = (serial: string) => ({ name: "Charger", count: 1, serial });
const battery = (condition: string) => ({ name: "Battery 2.0 Ah", count: 2, condition });
const bits = { name: "Bit set, 3 to 10 mm", count: 1 };
const strap = { name: "Carry strap", count: 1 };

/** What the preview of the drill says of its list and its notes. */
export const drillLists = {
  change: [
    { label: "Notes", from: text("The server's text"), to: text("What will be sent"), provenance: "combined" as const },
    { label: "Accessories", from: json([charger("CH-2291"), bits]), to: json([charger("CH-2291"), battery("one new"), bits, strap]), provenance: "mine" as const },
  ],
  take: [{ label: "Accessories", from: json([charger(""), battery("one new"), strap]), to: json([charger("CH-2291"), battery("one new"), strap, bits]), provenance: "server" as const }],
};

export const trimmer: MergeView = view({
  key: "trimmer", address: "Tool library/tools/T-066", breadcrumbs: ["Tool library", "Tools", "T-066"], title: "Hedge trimmer, petrol", noun: "tool", kind: "edit_delete",
  who: "Tomasz Wilk", mine_at: at(9, 20), theirs_at: at(8, 55), seen_at: at(10, 42),
  rows: [
    row(1, meta("", "Whole record", { kind: "object" }), json({}), missing, json({ name: "Hedge trimmer, petrol" }), {
      kind: "edit_delete", choices: ["theirs", "mine", "both", "later"], standing: "decided", choice: "mine", provenance: "mine", result: json({ name: "Hedge trimmer, petrol" }),
    }),
  ],
  changes: [
    { label: "Status", from: text("In repair"), to: text("Available") },
    { label: "Deposit", from: text("35.00 EUR"), to: text("40.00 EUR") },
    { label: "Lent to", from: text("Okan Demir"), to: none },
  ],
  unchanged: Array.from({ length: 14 }, (_, index) => ({ label: `Field ${index + 1}`, value: text("as before") })),
});

/** The mirror: deleted here, edited there. */
export const ladder: MergeView = view({
  ...trimmer, key: "ladder", title: "Ladder, 3 m", kind: "delete_edit",
  rows: [
    row(1, meta("", "Whole record", { kind: "object" }), json({}), json({ name: "Ladder" }), missing, { kind: "delete_edit", choices: ["theirs", "mine", "later"] }),
  ],
});

const phone = meta("/phone", "Phone, mobile");
const contactRows = (): MergeRow[] => [
  row(1, phone, text("+351 912 000 144"), text("+351 912 000 187"), text("+351 912 000 172"), {
    theirs_marks: marks("=+351 912 000 ", "-144", "+187"), mine_marks: marks("=+351 912 000 ", "-144", "+172"),
    choices: both, standing: "decided", choice: "mine", result: text("+351 912 000 172"), provenance: "mine",
  }),
  row(2, meta("/plot", "Plot", { kind: "number" }), num("17"), num("23"), none, {
    theirs_marks: marks("-17", "+23"), standing: "decided", choice: "theirs", result: num("23"), provenance: "server",
  }),
  row(3, meta("/key_holder", "Key holder", { kind: "boolean" }), bool(false), bool(true), missing, {
    kind: "deleted_by_me_edited_by_server", standing: "decided", choice: "theirs", result: bool(true), provenance: "server",
  }),
  automatic(4, meta("/email", "E-mail, home"), text("leah@hill.example"), text("leah.osei@hill.example"), text("leah@hill.example")),
  automatic(5, meta("/address", "Address"), text("Mill Lane 4"), text("Mill Lane 4"), text("Mill Lane 4, back door"), { provenance: "mine" }),
  automatic(6, meta("/groups", "Groups", { kind: "tags" }), list("key list"), list("key list", "compost"), list("key list", "seed swap"), {
    provenance: "both", result: list("key list", "compost", "seed swap"), choices: ["theirs", "mine", "both"],
  }),
  automatic(7, meta("/notes", "Notes"), text("Waters plot 17 on Mondays."), text("Waters plots 17 and 18 on Mondays."), text("Waters plot 17 on Tuesdays."), {
    kind: "combined", provenance: "combined", result: text("Waters plots 17 and 18 on Tuesdays."), please_look: true, choices: ["theirs", "mine", "both", "edit"],
  }),
];

export const contact: MergeView = view({
  key: "leah", address: "Neighbours/contacts/leah", breadcrumbs: ["Neighbours", "Contacts"], title: "Leah Osei", noun: "contact",
  who: "Ines Duarte", mine_at: at(18, 12, 11), theirs_at: at(10, 40), seen_at: at(10, 42), seen: "s1", rows: contactRows(),
  unchanged: Array.from({ length: 11 }, (_, index) => ({ label: `Field ${index + 1}`, value: text("same") })),
});

/** The same after the server changed it again at 10:49. */
export const contactAgain: MergeView = view({
  ...contact, theirs_at: at(10, 49), seen_at: at(10, 49), seen: "s2",
  rows: contactRows().map((one) => {
    if (one.row === 1) return { ...one, theirs: text("+351 912 000 190"), theirs_then: text("+351 912 000 187"), theirs_marks: marks("=+351 912 000 ", "-144", "+190"), standing: "suggested" as const, result: undefined, provenance: undefined };
    if (one.row === 2) return { ...one, theirs: num("24"), theirs_then: num("23"), result: num("24"), theirs_marks: marks("-17", "+24"), standing: "followed" as const };
    return one;
  }),
});
