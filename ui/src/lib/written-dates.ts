/**
 * Dates as people write them at the beginning of an entry: "12 June", "June 12, 2026", "Mo., 3. Juli". Only the person's
 * languages and English are read, and only what can mean one day: "3/4", "12 June 20" and "May 3 people" say nothing.
 */
export interface WrittenDate {
  year?: number;
  /** From 1. */
  month: number;
  day: number;
  /** Minutes of the day, if a time follows. */
  minutes?: number;
}

/** Years of both, or of neither, and then not half a year apart: "30 December" may be before "2 January" or long after it. */
const HALF_A_YEAR = 6;

/** Below 0: `a` is earlier; `undefined`: nobody can say. */
export function compareDates(a: WrittenDate, b: WrittenDate): number | undefined {
  if ((a.year === undefined) !== (b.year === undefined)) return undefined;
  if (a.year === undefined && Math.abs(a.month - b.month) >= HALF_A_YEAR) return undefined;
  const days = (a.year ?? 0) - (b.year ?? 0) || a.month - b.month || a.day - b.day;
  if (days !== 0) return days;
  return a.minutes === undefined || b.minutes === undefined || a.minutes === b.minutes ? undefined : a.minutes - b.minutes;
}

/** The date a text begins with, after the sign of a list and the day of the week. */
export function writtenDate(text: string, languages: readonly string[] = navigator.languages): WrittenDate | undefined {
  const { months, forms } = readerOf(languages);
  for (const form of forms) {
    const { y, m, d, hour, minute } = form.exec(text)?.groups ?? {};
    if (m === undefined || d === undefined) continue;
    const month = months.get(m) ?? Number(m);
    const day = Number(d);
    // Without a year 29 February is a day, too.
    if (!(month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(y === undefined ? 2024 : Number(y), month, 0)).getUTCDate())) return undefined;
    const minutes = hour !== undefined && Number(hour) < 24 && Number(minute) < 60 ? Number(hour) * 60 + Number(minute) : undefined;
    return { year: y === undefined ? undefined : Number(y), month, day, minutes };
  }
  return undefined;
}

interface Reader {
  months: ReadonlyMap<string, number>;
  forms: readonly RegExp[];
}
const readers = new Map<string, Reader>();

function readerOf(languages: readonly string[]): Reader {
  const all = [...new Set([...languages, "en-GB", "en-US"])];
  const key = all.join(" ");
  const known = readers.get(key);
  if (known) return known;
  const months = monthNames(all);
  const reader = { months, forms: formsOf(oneOf([...months.keys()]), oneOf(weekdayNames(all))) };
  readers.set(key, reader);
  return reader;
}

function formsOf(month: string, weekday: string): RegExp[] {
  const start = String.raw`^[\s\-*+•([]*(?:${weekday}\.?,?\s+)?`;
  const day = String.raw`(?<d>\d{1,2})(?:\.|st|nd|rd|th|er|º)?`;
  const name = String.raw`(?<m>${month})\.?`;
  const year = String.raw`(?:,?\s+(?:de\s+)?(?<y>\d{4}))`;
  const time = String.raw`(?:(?:T|,?\s+)(?<hour>\d{1,2})[:h](?<minute>\d\d)(?!\d))?`;
  const end = String.raw`(?![\p{L}\p{N}])`;
  // A number that is no time may be a year in two digits, or belong to the sentence.
  const plain = String.raw`(?!,?\s+['’]?\d)`;
  const dayFirst = `${day}\\s*(?:de\\s+|of\\s+)?${name}`;
  const monthFirst = `${name}\\s+${day}`;
  return [
    `${start}(?<y>\\d{4})-(?<m>\\d\\d)-(?<d>\\d\\d)${time}${end}`,
    ...[dayFirst, monthFirst].map((date) => `${start}${date}${year}${time}${end}`),
    `${start}${dayFirst}${time}${end}${plain}`,
    // "May 3 people come" begins with no date.
    String.raw`${start}${monthFirst}${time}${end}(?=\s*(?:[^\s\p{L}\p{N}]|$))${plain}`,
  ].map((form) => new RegExp(form, "u"));
}

/** Every name with its number, but those that name two months. Names are read as the language spells them, or with a capital. */
function monthNames(languages: readonly string[]): Map<string, number> {
  const names = new Map<string, number>();
  const twice = new Set<string>();
  for (const name of languages.flatMap((language) => spelt(language, "month"))) {
    for (const spelling of [name.text, capital(name.text)]) {
      if ((names.get(spelling) ?? name.at) !== name.at) twice.add(spelling);
      names.set(spelling, name.at);
    }
  }
  for (const name of twice) names.delete(name);
  return names;
}

function weekdayNames(languages: readonly string[]): string[] {
  return languages.flatMap((language) => spelt(language, "weekday")).flatMap(({ text }) => [text, capital(text)]);
}

/** Long and short, alone and beside a day: "czerwiec" and "czerwca". Full stops are left off. */
function spelt(language: string, what: "month" | "weekday"): { text: string; at: number }[] {
  const formats = (["long", "short"] as const).flatMap((length) => [{ [what]: length }, { [what]: length, day: "numeric" } as const]).flatMap((options) => {
    try {
      return [new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" })];
    } catch {
      // A language of the system that has no names here.
      return [];
    }
  });
  return Array.from({ length: what === "month" ? 12 : 7 }, (_, at) => at).flatMap((at) =>
    formats.flatMap((format) => {
      // The first of January 2024 was a Monday.
      const date = Date.UTC(2024, what === "month" ? at : 0, what === "month" ? 1 : at + 1);
      const text = format.formatToParts(date).find((part) => part.type === what)?.value.replace(/\.$/, "") ?? "";
      // "6月" and "6" are numbers, not names.
      return /^\p{L}+$/u.test(text) ? [{ text, at: at + 1 }] : [];
    }),
  );
}

/** Longest first, so that "June" is not read as "Jun". */
function oneOf(names: readonly string[]): string {
  return `(?:${[...new Set(names)].sort((a, b) => b.length - a.length).join("|")})`;
}

const capital = (text: string) => `${text.charAt(0).toLocaleUpperCase()}${text.slice(1)}`;
