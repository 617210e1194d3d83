/** Text typed into "Will be sent" and the JSON text it stands for; what is wrong is said in words. */
import type { FieldMeta, Value } from "../backend/generated/ipc";
import { parseDate, withLineEnds } from "../../components/form/input";
import { dateInWords } from "../format";
import { textJson, numberJson } from "../values";
import { isComposite, listItems, scalarText } from "./merge-json";
import { mergeWords } from "./merge-words";

export type Typed = { json: string } | { wrong: string };

/** How the value of a field is written. */
export type Editor = "line" | "text" | "number" | "date" | "date_time" | "choice" | "yes_no" | "lines" | "json";

export function editorOf(field: FieldMeta, values: readonly Value[]): Editor {
  if (field.options.length > 0) return "choice";
  switch (field.kind) {
    case "number":
      return "number";
    case "boolean":
      return "yes_no";
    case "long_text":
      return "text";
    case "date":
    case "date_time":
      // A text that is no date stays writable as it is.
      return values.some((value) => value.type === "list" || value.type === "object") ? "json" : field.kind;
    case "tags":
      return values.every(plainList) ? "lines" : "json";
    case "table":
    case "object":
    case "json":
      return "json";
    default:
      break;
  }
  if (values.some((value) => value.type === "list" || value.type === "object")) return "json";
  return values.some((value) => value.text.includes("\n")) ? "text" : "line";
}

function plainList(value: Value): boolean {
  return value.type !== "object" && (value.type !== "list" || !(listItems(value.json) ?? []).some((item) => isComposite(item) || !item.startsWith('"')));
}

/** The text that stands for a value in its editor. */
export function editableText(value: Value | undefined, editor: Editor): string {
  if (!value || value.type === "missing" || value.type === "null") return "";
  if (editor === "choice" || editor === "yes_no" || editor === "json") return value.json;
  if (editor === "lines") return (listItems(value.json) ?? []).map(scalarText).join("\n");
  return editor === "date" ? dateInWords(value.text) : value.text.replaceAll("\r\n", "\n");
}

/** `like` is the text of the record there: what is typed ends its lines as that does. */
export function readTyped(text: string, editor: Editor, like = ""): Typed {
  switch (editor) {
    case "number": {
      const spelled = numberJson(text);
      return spelled === undefined ? { wrong: mergeWords.number } : { json: spelled };
    }
    case "date": {
      const day = parseDate(text);
      return day === undefined ? { wrong: mergeWords.date } : { json: textJson(day) };
    }
    case "date_time":
      return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text.trim()) && !Number.isNaN(Date.parse(text)) ? { json: textJson(text.trim()) } : { wrong: mergeWords.dateTime };
    case "choice":
    case "yes_no":
      return text === "" ? { wrong: mergeWords.chooseOne } : { json: text };
    case "lines":
      return { json: `[${text.split("\n").map((line) => line.trim()).filter((line) => line !== "").map((line) => textJson(line)).join(",")}]` };
    case "json":
      return readJson(text);
    default:
      return { json: textJson(withLineEnds(text, like)) };
  }
}

function readJson(text: string): Typed {
  try {
    JSON.parse(text);
    return { json: text.trim() };
  } catch {
    return { wrong: mergeWords.json };
  }
}
