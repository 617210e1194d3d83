/** Values for people, and people's input as JSON text. Numbers keep their spelling. */
import type { Value } from "./backend/generated/ipc";
import { words } from "./words";

/** The word shown where there is nothing to show; `undefined` when the value speaks for itself. */
export function valueWord(value: Value): string | undefined {
  switch (value.type) {
    case "missing":
      return words.values.missing;
    case "null":
      return words.values.null;
    case "text":
      return value.text === "" ? words.values.empty : undefined;
    case "list":
      return /^\[\s*\]$/.test(value.json) ? words.values.emptyList : undefined;
    default:
      return undefined;
  }
}

/** The value in a sentence: "20.00 EUR", "(no value)", "yes". */
export function valueInWords(value: Value, unit?: string): string {
  const word = valueWord(value);
  if (word) return word;
  if (value.type === "boolean") return value.json === "true" ? words.values.yes : words.values.no;
  return unit ? `${value.text} ${unit}` : value.text;
}

const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

/**
 * What a person typed into a number field as JSON text, spelled as typed (`30.00` stays `30.00`).
 * A comma is taken as the decimal sign and a leading plus or zeros are left out; `undefined` = no number.
 */
export function numberJson(typed: string): string | undefined {
  const text = typed.trim().replace(/^\+/, "").replace(/^(-?)0+(?=[0-9])/, "$1").replace(/^(-?)\./, "$10.");
  const plain = !text.includes(".") && (text.match(/,/g) ?? []).length === 1 ? text.replace(",", ".") : text;
  return NUMBER.test(plain) ? plain : undefined;
}

export function textJson(text: string): string {
  return JSON.stringify(text);
}
