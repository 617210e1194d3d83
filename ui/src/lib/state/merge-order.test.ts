import { describe, expect, it } from "vitest";
import { list, num, text } from "../../../dev/merge-build";
import { compareMoments, compareNumbers, compareValues } from "./merge-order";

const turned = (order: number | undefined) => (order === undefined ? undefined : 0 - order);

describe("the higher of two", () => {
  it.each([
    ["9007199254740993", "9007199254740992", 1], ["0.1", "0.10000000000000000001", -1], ["1", "1.0", 0], ["1e2", "100", 0],
    ["-5", "-3", -1], ["-0", "0", 0], ["-1", "0.5", -1], ["1e-3", "0.0011", -1], ["9", "10", -1], ["1E+3", "999.9", 1], ["1e400", "1e399", 1],
    ["123456789012345678901234567890.5", "123456789012345678901234567890.4", 1],
    // Too long to be counted with, and no numbers: a person is asked.
    ["1e99999", "2", undefined], ["1".repeat(2_001), "2", undefined], ["12a", "2", undefined], ["", "2", undefined], ["NaN", "1", undefined],
  ] as const)("number: %s and %s", (a, b, order) => {
    expect(compareNumbers(a, b)).toBe(order);
    expect(turned(compareNumbers(b, a))).toBe(order);
  });

  // The cases of `record-merge/src/moment.rs`, so that both read alike.
  it.each([
    ["2026-11-05", "2026-11-06", -1], ["2026-12-01", "2026-11-30", 1], ["2024-02-29", "2024-03-01", -1],
    ["2026-11-05T10:00:00Z", "2026-11-05T10:30:00+01:00", 1], ["2026-11-05T10:00:00Z", "2026-11-05T11:00:00+01:00", 0],
    ["2026-11-05T10:00:00.5Z", "2026-11-05T10:00:00.45Z", 1], ["2026-11-05T10:00:00.50Z", "2026-11-05t10:00:00.5z", 0],
    ["2026-01-01T00:30:00+01:00", "2025-12-31T23:00:00Z", 1], ["2026-11-05T10:00:00", "2026-11-05T09:00:00", 1],
    ["0050-01-01", "1950-01-01", -1], ["2026-11-05T10:00:00-05:00", "2026-11-05T14:59:59Z", 1],
    ["2026-11-05T10:00:00", "2026-11-05T09:00:00Z", undefined], ["2026-11-05", "2026-11-05T09:00:00Z", undefined],
    ["2026-02-29", "2026-02-28", undefined], ["2026-13-01", "2026-02-28", undefined], ["2026-11-05T24:00:00Z", "2026-11-05T09:00:00Z", undefined],
    ["2026-11-05T10:00Z", "2026-11-05T09:00:00Z", undefined], ["tomorrow", "2026-11-05", undefined],
    ["2026-11-05: called", "2026-11-06: called again", undefined], ["12", "13", undefined],
  ] as const)("moment: %s and %s", (a, b, order) => {
    expect(compareMoments(a, b)).toBe(order);
    expect(turned(compareMoments(b, a))).toBe(order);
  });

  it("is told of two values of one type only", () => {
    expect(compareValues(num("2"), num("1"))).toBe(1);
    expect(compareValues(num("2"), text("1"))).toBeUndefined();
    expect(compareValues(list("2"), list("1"))).toBeUndefined();
  });
});
