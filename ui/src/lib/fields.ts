/** Walks through a form. */
import type { FieldView, Value } from "./backend/generated/ipc";

/** The field at a pointer, in objects and tables too. */
export function findField(fields: readonly FieldView[], pointer: string): FieldView | undefined {
  for (const field of fields) {
    if (field.meta.pointer === pointer) return field;
    if (!pointer.startsWith(`${field.meta.pointer}/`)) continue;
    const inside = findField(field.fields, pointer) ?? findField(field.rows.flat(), pointer);
    if (inside) return inside;
  }
  return undefined;
}

/** Objects around a pointer that the document does not have yet, outermost first: they must be made before a member of theirs. */
export function missingObjects(fields: readonly FieldView[], pointer: string): string[] {
  const around = fields.find((field) => field.meta.kind === "object" && pointer.startsWith(`${field.meta.pointer}/`));
  if (!around) return [];
  const inside = missingObjects(around.fields, pointer);
  return around.value.type === "missing" ? [around.meta.pointer, ...inside] : inside;
}

/** The same for a person: spelling in the document does not matter for text, it does for numbers. */
export function sameValue(a: Value, b: Value): boolean {
  if (a.type !== b.type) return false;
  return a.type === "list" || a.type === "object" ? a.json === b.json : a.text === b.text;
}

/** Member names of a pointer may hold `/` and `~` (RFC 6901). */
export function escapeMember(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
