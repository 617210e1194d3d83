import { describe, expect, it } from "vitest";
import { automatic, equal, json, meta, missing, paragraph, row, text } from "../../../dev/merge-build";
import { drill } from "../../../dev/merge-data";
import { groupRows, partName, rowName } from "./merge-rows";

const long = { kind: "long_text" } as const;

describe("cards", () => {
  it("hold the paragraphs of a text in reading order, the equal ones folded", () => {
    const { cards, automatic } = groupRows(drill.rows, drill.lists);
    expect(cards.map((card) => [card.title, card.parts, card.open.map((one) => one.row)])).toEqual([["Deposit", undefined, [1]], ["Notes", "paragraph", [2, 3]], ["Accessories", "item", [4, 5]]]);
    expect(cards[1]?.lines?.map((line) => (line.kind === "row" ? line.row.row : line.kind === "equal" ? line.words : line.name))).toEqual([2, "12 equal paragraphs", 3]);
    expect(cards[1]?.whole?.row).toBe(15);
    expect(cards[2]?.list?.words).toBe("list, items matched by number");
    expect([cards[2]?.automatic.map((one) => one.row), automatic.map((one) => one.row)]).toEqual([[6, 7], [8, 9, 10, 11, 12, 13, 14]]);
  });

  it("show paragraphs taken from one side, and never lose a row the paragraphs forgot", () => {
    const rows = [
      row(1, meta("/t", "Text", long), text("a"), text("b"), text("c"), { part: 0 }), row(2, meta("/t", "Text", long), text("x"), text("y"), text("z"), { part: 1 }),
      automatic(3, meta("/t", "Text", long), text("all"), text("all"), text("all"), { paragraphs: [equal(1, "same"), paragraph("server", "p", { theirs: "q" }), paragraph("clash", "a", { row: 1 })] }),
    ];
    const [card] = groupRows(rows).cards;
    expect(card?.lines?.map((line) => (line.kind === "row" ? line.row.row : line.kind === "equal" ? line.words : line.name))).toEqual(["1 equal paragraph", "Paragraph 2", 1, 2]);
  });

  it("keep a list that was put together on the folded side until an item needs a choice", () => {
    const rows = [automatic(1, meta("/l/0", "Strap"), missing, json({}), missing, { breadcrumbs: ["List"], list: "/l" })];
    expect(groupRows(rows, [{ pointer: "/l", label: "List", mode: "identity", words: "list" }])).toMatchObject({ cards: [], automatic: rows });
  });

  it("name the members of an object by the object", () => {
    const rows = [row(1, meta("/place/street", "Street"), text("a"), text("b"), text("c"), { breadcrumbs: ["Place"] }), row(2, meta("/place/number", "House number"), text("1"), text("2"), text("3"), { breadcrumbs: ["Place"] })];
    const [card] = groupRows(rows).cards;
    expect([card?.title, card?.parts, ...rows.map((one) => partName(one, 0, 2))]).toEqual(["Place", "part", "Street", "House number"]);
    expect(rows.map(rowName)).toEqual(["Place, street", "Place, house number"]);
  });

  it("know the text inside an object by its place", () => {
    const note = meta("/place/note", "Note", long);
    const rows = [row(1, note, text("a\n"), text("b\n"), text("c\n"), { part: 0, breadcrumbs: ["Place"] }), automatic(2, note, text("a\nx\n"), text("b\nx\n"), text("c\nx\n"), { breadcrumbs: ["Place"] })];
    const { cards, automatic: folded } = groupRows(rows);
    expect([cards.map((card) => [card.title, card.whole?.row, card.lines?.length]), folded]).toEqual([[["Place, note", 2, 2]], []]);
  });

  it("call entries of a list as they are called", () => {
    expect(rowName(automatic(1, meta("/l/0", "Carry strap"), missing, json({}), missing, { breadcrumbs: ["Accessories"], list: "/l", entry: { mine: "added" } }))).toBe("Accessories, Carry strap");
  });
});
