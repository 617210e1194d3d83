import { describe, expect, it } from "vitest";
import { compareDates, writtenDate } from "./written-dates";

const dayOf = (text: string, ...languages: string[]) => {
  const date = writtenDate(text, languages);
  return date && [date.year ?? "", date.month, date.day, ...(date.minutes === undefined ? [] : [date.minutes])].join("-");
};

describe("dates at the beginning of an entry", () => {
  it.each([
    ["12 June: chuck tightened", "-6-12"],
    ["12 June 2026: chuck tightened", "2026-6-12"],
    ["- 12th of June, looked at", "-6-12"],
    ["June 12: chuck", "-6-12"],
    ["June 12, 2026", "2026-6-12"],
    ["Fri, 12 Jun 2026 10:40 called", "2026-6-12-640"],
    ["Sept. 1, 09:05: back", "-9-1-545"],
    ["12 June chuck tightened", "-6-12"],
    ["2026-06-12T10:40 called", "2026-6-12-640"],
    ["29 February: leap", "-2-29"],
  ])("are read in English: %s", (text, expected) => {
    expect(dayOf(text, "en-GB")).toBe(expected);
  });

  it.each([
    ["3. Juli: Riemen", "de-CH", "-7-3"],
    ["Mo., 3. Juli 2026", "de-CH", "2026-7-3"],
    ["12 de junho de 2026: mandril", "pt-PT", "2026-6-12"],
    ["1er janvier", "fr", "-1-1"],
    ["12 czerwca: uchwyt", "pl", "-6-12"],
    ["12 июня 2026", "ru", "2026-6-12"],
    // English is read by everybody.
    ["12 June", "pl", "-6-12"],
  ])("are read in the person's language: %s", (text, language, expected) => {
    expect(dayOf(text, language)).toBe(expected);
  });

  it.each([
    "3/4: belt", "12.06.2026: chuck", "12 June 20 chairs", "12 June '26", "May 3 people come", "Step 3 may fail", "3 may fail", "31 June: none", "29 February 2026",
    "On 12 June: chuck", "June 2026", "112 June", "12 Juneau", "3. Juli", "12", "", "2026-13-01",
  ])("are not read where they may mean another day, or none: %s", (text) => {
    expect(dayOf(text, "en-GB")).toBeUndefined();
  });

  it("are in order only where that is certain", () => {
    const order = (a: string, b: string) => {
      const [one, other] = [writtenDate(a, ["en"]), writtenDate(b, ["en"])];
      return one && other && Math.sign(compareDates(one, other) ?? NaN);
    };
    expect(order("11 June: m", "12 June: t")).toBe(-1);
    expect(order("2 July 2026", "June 12, 2026")).toBe(1);
    expect(order("12 June 2025", "2026-06-11")).toBe(-1);
    expect(order("12 June 09:00", "12 June 10:40")).toBe(-1);
    // Of which year, and at what time?
    for (const [a, b] of [["12 June", "11 June 2026"], ["30 December", "2 January"], ["12 June", "12 June 10:40"], ["12 June", "June 12"]] as const) expect(order(a, b)).toBeNaN();
  });
});
