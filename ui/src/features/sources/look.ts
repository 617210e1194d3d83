/** Text size and row height, chosen on this computer. Tokens are rem, so one number moves everything. */

export type Density = "compact" | "normal" | "roomy";
export const TEXT_SIZES = [80, 90, 100, 115, 130, 150, 175, 200];
const ROWS: Record<Density, string> = { compact: "1.625rem", normal: "2rem", roomy: "2.375rem" };
const SIZE = "text-size";
const DENSITY = "density";

export function textSize(): number {
  const kept = Number(localStorage.getItem(SIZE));
  return TEXT_SIZES.includes(kept) ? kept : 100;
}

export function density(): Density {
  const kept = localStorage.getItem(DENSITY);
  return kept === "compact" || kept === "roomy" ? kept : "normal";
}

export function keepLook(size: number, rows: Density): void {
  localStorage.setItem(SIZE, String(size));
  localStorage.setItem(DENSITY, rows);
  applyLook();
}

export function applyLook(): void {
  const root = document.documentElement.style;
  root.fontSize = textSize() === 100 ? "" : `${textSize()}%`;
  if (density() === "normal") root.removeProperty("--row");
  else root.setProperty("--row", ROWS[density()]);
}
