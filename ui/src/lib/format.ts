/** Times, sizes and days as people say them. Times are milliseconds since 1970. */

const DAY = 86_400_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const LONG_MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];

const two = (n: number) => String(n).padStart(2, "0");

/** "10:44". */
export function clock(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function daysBetween(at: number, now: number): number {
  const start = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((start(now) - start(at)) / DAY);
}

/** For a narrow column: "now", "10:44", "Yest.", "12 Jun", "12 Jun 25". */
export function shortTime(at: number, now = Date.now()): string {
  const days = daysBetween(at, now);
  if (days <= 0) return now - at < 60_000 && now >= at ? "now" : clock(at);
  if (days === 1) return "Yest.";
  const date = new Date(at);
  const day = `${date.getDate()} ${MONTHS[date.getMonth()]}`;
  return date.getFullYear() === new Date(now).getFullYear() ? day : `${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
}

/** In a sentence: "today 10:31", "yesterday 18:10", "12 June 09:00", with the year when it is another. */
export function dayTime(at: number, now = Date.now(), today = "today "): string {
  const days = daysBetween(at, now);
  if (days <= 0) return `${today}${clock(at)}`;
  if (days === 1) return `yesterday ${clock(at)}`;
  return `${longDay(at, now)} ${clock(at)}`;
}

/** "9 June", "9 June 2025". */
export function longDay(at: number, now = Date.now()): string {
  const date = new Date(at);
  const day = `${date.getDate()} ${LONG_MONTHS[date.getMonth()]}`;
  return date.getFullYear() === new Date(now).getFullYear() ? day : `${day} ${date.getFullYear()}`;
}

/** A date field's `2026-09-14` as "14 Sep 2026"; anything else as it is. */
export function dateInWords(iso: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (!match) return iso;
  const month = MONTHS[Number(match[2]) - 1];
  return month ? `${Number(match[3])} ${month} ${match[1]}` : iso;
}

/** "38 bytes", "1.4 kB". */
export function size(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** "2026-09-14T10:31:00Z" as "14 Sep 2026, 10:31 UTC": the time as it is written; anything else stays as it is. */
export function dateTimeInWords(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  if (!match?.[1]) return text;
  const day = dateInWords(match[1]);
  const zone = match[3] === "Z" ? " UTC" : match[3] ? ` ${match[3]}` : "";
  return match[2] ? `${day}, ${match[2]}${zone}` : day;
}

/** "850 ms", "4.2 s". */
export function duration(millis: number): string {
  return millis < 1000 ? `${millis} ms` : `${(millis / 1000).toFixed(1)} s`;
}
