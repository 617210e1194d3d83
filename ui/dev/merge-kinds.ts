/** One merge with every kind of row: what the pictures do not show. */
import type { MergeRow, MergeView } from "../src/lib/backend/generated/ipc";
import { automatic, json, list, marks, meta, missing, none, num, paragraph, ready, row, text, view } from "./merge-build";
import { at } from "./merge-data";

/** A tiny picture of one colour. */
const picture = (colour: string) => text(`data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="160" height="100"><rect width="160" height="100" fill="${colour}"/></svg>`)}`);
/** 1 x 1 pixel PNGs. */
const png = (data: string) => text(`data:image/png;base64,${data}`);
const RED = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
const BLUE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

const slot = json({ start: "2026-06-20T14:00:00+01:00", end: "2026-06-20T16:00:00+01:00" });
const slotServer = json({ start: "2026-06-20T15:00:00+01:00", end: "2026-06-20T17:00:00+01:00" });
const slotMine = json({ start: "2026-06-21T14:00:00+01:00", end: "2026-06-21T16:00:00+01:00" });
const when = (value: string) => text(value);

const both: MergeRow["choices"] = ["theirs", "mine", "both", "edit", "later"];
const steps = (...items: string[]) => list(...items);
const long = ["Take the bench away", "Sweep the yard", "Fill the kettle", "Put the sign out", "Open the gate", "Light the stove", "Write the names down"];

export const kinds: MergeView = view({
  key: "kinds", address: "Repair café/cases/R-311", breadcrumbs: ["Repair café", "Cases", "R-311"], title: "Open day in June", noun: "event",
  who: "Ines Duarte", mine_at: at(9, 58), theirs_at: at(10, 31), seen_at: at(10, 42), theirs_validator: '"r311-7"',
  rows: [
    row(1, meta("/slot", "Start and end", { kind: "object" }), slot, slotServer, slotMine, {
      members: [
        { name: "start", field: meta("/start", "Start", { kind: "date_time" }), before: when("2026-06-20T14:00:00+01:00"), theirs: when("2026-06-20T15:00:00+01:00"), mine: when("2026-06-21T14:00:00+01:00"), theirs_marks: [], mine_marks: [], absent: {} },
        { name: "end", field: meta("/end", "End", { kind: "date_time" }), before: when("2026-06-20T16:00:00+01:00"), theirs: when("2026-06-20T17:00:00+01:00"), mine: when("2026-06-21T16:00:00+01:00"), theirs_marks: [], mine_marks: [], absent: {} },
      ],
    }),
    row(2, meta("/hint", "Hint"), text("The key is in the cellar"), text("The spare key is in the cellar"), text("The key is in the attic"), {
      ready: [ready("combined", text("The spare key is in the attic"), { marks: marks("=The ", "+spare ", "=key is in the ", "-cellar", "+attic") })],
      theirs_marks: marks("=The ", "+spare ", "=key is in the cellar"), mine_marks: marks("=The key is in the ", "-cellar", "+attic"),
      sentence: "Ines Duarte changed 'key' to 'spare key'; you changed 'cellar' to 'attic'.",
    }),
    row(3, meta("/state", "State", { kind: "choice", options: ["Planned", "Open", "Full"].map((value) => ({ json: JSON.stringify(value), title: value })) }), text("Planned"), text("Open"), text("Full"), {
      standing: "decided", choice: "edit", result: text("Planned"), provenance: "edited",
    }),
    row(4, meta("/steps", "Steps", { kind: "tags" }), steps(...long), steps("Count the chairs", ...long), steps(...long.slice(0, 6), "Lock the door", "Write the names down by hand"), {
      choices: both, notices: ["Both sides put items in another order; the server's order is used."],
    }),
    row(5, meta("/photo", "Photo"), missing, png(RED), png(BLUE), { kind: "added_differently", choices: ["theirs", "mine", "later"] }),
    row(6, meta("/place", "Place", { kind: "object" }), json({ street: "Mill Lane", number: 4 }), json({ street: "Mill Lane", number: 6 }), text("Mill Lane 4, back door"), { kind: "type_changed" }),
    row(7, meta("/note", "Note"), text("bring tape"), text("bring tape "), text("bring tape\u00a0"), { invisible: "trailing space" }),
    row(8, meta("/contact", "Contact"), text("Marit"), none, text(""), { why: "Required: one of the two is needed." }),
    row(9, meta("/fee", "Fee", { kind: "number", unit: "EUR" }), num("5.00"), num("6.00"), num("7.50"), { standing: "decided", choice: "edit", result: text("a lot"), provenance: "edited", error: "A number is needed." }),
    automatic(10, meta("/tags", "Tags", { kind: "tags" }), list("open"), list("open", "June"), list("open", "tea"), { kind: "combined", provenance: "both", result: list("open", "June", "tea"), rule: "Entries of both sides, each once.", choices: ["theirs", "mine", "both"] }),
    automatic(11, meta("/seats", "Seats", { kind: "number" }), num("20"), num("24"), num("22"), { kind: "edited_differently", provenance: "server", rule: "Your rule for this field: the higher number." }),
    automatic(12, meta("/logo", "Logo"), picture("teal"), picture("olive"), picture("teal")),
    row(13, meta("/rules", "House rules", { kind: "long_text" }), text("Shoes off."), text("Shoes off, please."), text("Boots off."), { part: 0, part_name: "Paragraph 3", choices: both }),
    automatic(14, meta("/rules", "House rules", { kind: "long_text" }), text("..."), text("..."), text("..."), {
      kind: "combined", provenance: "combined", choices: ["theirs", "mine", "both", "edit"], choice: "both", result: text("Knock.\n\nShoes off, please.\n\nTea at four."),
      paragraphs: [
        paragraph("equal", "Knock.", { count: 2, theirs: "Knock.", mine: "Knock." }), paragraph("clash", "Shoes off.", { row: 13 }),
        paragraph("mine", "Tea at five.", { mine: "Tea at four.", theirs: "Tea at five.", mine_marks: marks("=Tea at ", "-five", "+four", "=.") }),
      ],
    }),
  ],
  no_right: undefined,
  unchanged: [{ label: "Number", value: text("R-311") }],
  source: { before: '{\n  "state": "Planned"\n}\n', theirs: '{\n  "state": "Open"\n}\n', mine: '{\n  "state": "Full"\n}\n', result: '{\n  "state": "Planned"\n}\n' },
});

/** The same, where the server does not let this person write. */
export const noRight: MergeView = { ...kinds, key: "kinds", no_right: "Only members of the board may change events." };

/** A thousand fields that clash. */
export const thousand: MergeView = view({
  ...kinds, key: "many", title: "A thousand fields",
  rows: Array.from({ length: 1000 }, (_, at) => row(at + 1, meta(`/field${at}`, `Field ${at + 1}`), text(`value ${at}`), text(`value ${at}, the server's`), text(`my value ${at}`), {
    theirs_marks: marks(`=value ${at}`, "+, the server's"), mine_marks: marks("+my ", `=value ${at}`),
  })),
});
