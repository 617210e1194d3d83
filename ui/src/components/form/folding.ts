/** Which fields of a form are folded away: optional ones the record does not have, with nothing to say about them. */
import type { FieldView } from "$lib/backend/generated/ipc";

/** `drafted`: something is typed into the field at this pointer. */
export function isAbsent(field: FieldView, drafted: (pointer: string) => boolean): boolean {
  return field.value.type === "missing" && !field.meta.required && isQuiet(field, drafted);
}

function isQuiet(field: FieldView, drafted: (pointer: string) => boolean): boolean {
  return field.error === undefined && field.before === undefined && !field.needs_choice && !drafted(field.meta.pointer) &&
    field.fields.every((inner) => isQuiet(inner, drafted));
}
