/**
 * Which of two values is the higher one, exactly as the merge reads its rule `higher`: numbers digit by digit, dates and
 * moments of RFC 3339. `undefined`: nobody can tell, and nothing is suggested.
 */
import type { Value } from "../backend/generated/ipc";

/** Below 0: `a` is lower. */
export function compareValues(a: Value, b: Value): number | undefined {
  if (a.type === "number" && b.type === "number") return compareNumbers(a.json, b.json);
  if (a.type === "text" && b.type === "text") return compareMoments(a.text, b.text);
  return undefined;
}

/** Digits before and behind the point that the merge counts with; beyond, a person is asked. */
const LONGEST = 2_000;

interface Decimal {
  /** All digits, as one whole number. */
  digits: bigint;
  /** How many of them stand behind the point. */
  scale: number;
}

function decimal(text: string): Decimal | undefined {
  const [, sign, whole, fraction = "", written = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const exponent = Number(written);
  if (whole === undefined || whole.length + fraction.length >= LONGEST || Math.abs(exponent) > LONGEST) return undefined;
  const digits = BigInt(whole + fraction);
  const scale = fraction.length - exponent;
  return { digits: (sign ? -digits : digits) * 10n ** BigInt(Math.max(0, -scale)), scale: Math.max(0, scale) };
}

/** Never by way of a JavaScript number: that takes 9007199254740993 for its neighbour. */
export function compareNumbers(a: string, b: string): number | undefined {
  const [left, right] = [decimal(a), decimal(b)];
  if (!left || !right) return undefined;
  const scale = Math.max(left.scale, right.scale);
  const at = (one: Decimal) => one.digits * 10n ** BigInt(scale - one.scale);
  return sign(at(left), at(right));
}

interface Moment {
  kind: "date" | "local" | "moment";
  /** In UTC where the zone is known. */
  seconds: number;
  /** Digits behind the second, without zeros at the end: compared as text. */
  fraction: string;
}

const WRITTEN = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))?)?$/;

function moment(text: string): Moment | undefined {
  const found = WRITTEN.exec(text);
  if (!found) return undefined;
  const number = (at: number) => Number(found[at] ?? 0);
  const [year, month, day] = [number(1), number(2), number(3)];
  // 29 February of 2025 would be 1 March. Years below 100 are no short ones.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (number(4) > 23 || number(5) > 59 || number(6) > 60 || number(10) > 23 || number(11) > 59) return undefined;
  const offset = (number(10) * 3600 + number(11) * 60) * (found[9] === "-" ? -1 : 1);
  const kind = found[4] === undefined ? "date" : found[8] === undefined && found[9] === undefined ? "local" : "moment";
  return {
    kind, fraction: (found[7] ?? "").replace(/0+$/, ""),
    seconds: date.getTime() / 1000 + number(4) * 3600 + number(5) * 60 + number(6) - offset,
  };
}

/** A day and a moment, or a time without a zone and one with it, have no order. */
export function compareMoments(a: string, b: string): number | undefined {
  const [left, right] = [moment(a), moment(b)];
  if (!left || !right || left.kind !== right.kind) return undefined;
  return sign(left.seconds, right.seconds) || sign(left.fraction, right.fraction);
}

function sign<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
