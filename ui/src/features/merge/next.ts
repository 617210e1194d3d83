/** The record that needs the person next: the one after this in the list as it was, else the first. */
export function nextAfter(key: string, before: readonly string[], now: readonly string[]): string | undefined {
  const left = new Set(now.filter((one) => one !== key));
  const at = before.indexOf(key);
  return before.slice(at + 1).find((one) => left.has(one)) ?? [...left][0];
}
