/**
 * Suggested choices (M12). A suggestion is a mark beside a choice, never the choice: the row stays open, and nothing is
 * sent, until the person confirms it. Off unless switched on in Settings; words that were put together from both sides
 * are always suggested.
 */
import type { Choice, GroupRule, MergeRow, MergeRuleView, Value } from "../backend/generated/ipc";
import { bothWays } from "./merge-both";
import type { RowLook, SuggestedBy } from "./merge-standing";
import type { Said } from "./merge-undo";

export type SuggestSetting = "none" | "theirs" | "mine" | "rule";
export const SUGGEST_SETTINGS: readonly SuggestSetting[] = ["none", "theirs", "mine", "rule"];

/** What a suggestion needs to know of the record. */
export interface About {
  readonly source?: string;
  readonly collection?: string;
  readonly mineAt?: number;
  readonly theirsAt?: number;
}

export interface Suggestion {
  choice: Choice;
  by: SuggestedBy;
  said: Said;
}

type Keep = Pick<Storage, "getItem" | "setItem">;
const KEY = "merge-suggest";

/** What the person wants suggested, on this computer. */
export class SuggestSettings {
  #setting = $state<SuggestSetting>("none");
  /** Rules there are, switched on or off; read while the setting asks for them. */
  rules = $state.raw<readonly MergeRuleView[]>([]);
  #keep: Keep | undefined;

  constructor(keep: Keep | undefined = globalThis.localStorage) {
    this.#keep = keep;
    this.#setting = SUGGEST_SETTINGS.find((one) => one === keep?.getItem(KEY)) ?? "none";
  }

  get setting(): SuggestSetting {
    return this.#setting;
  }

  set(setting: SuggestSetting): void {
    this.#setting = setting;
    this.#keep?.setItem(KEY, setting);
  }
}

/** What is suggested for a row that nobody decided yet; a deleted record is never a matter of a suggestion. */
export function suggestionFor(row: MergeRow, about: About, wanted: Pick<SuggestSettings, "setting" | "rules"> | undefined): Suggestion | undefined {
  if (!row.open || row.standing !== "undecided" || row.kind === "edit_delete" || row.kind === "delete_edit") return undefined;
  // Both sides are kept in it: better than either.
  const words = bothWays(row).find((one) => one.way === "combined");
  if (words) return { choice: "both", by: "words", said: words.said };
  switch (wanted?.setting) {
    case "theirs":
    case "mine":
      return side(row, wanted.setting, "setting");
    case "rule":
      return fromRule(row, about, wanted.rules);
    default:
      return undefined;
  }
}

function side(row: MergeRow, choice: "theirs" | "mine", by: SuggestedBy): Suggestion | undefined {
  return row.choices.includes(choice) ? { choice, by, said: { choice } } : undefined;
}

/** The rule for this field, also one that is switched off: then it decides nothing by itself and still may say what it would. */
function fromRule(row: MergeRow, about: About, rules: readonly MergeRuleView[]): Suggestion | undefined {
  const rule = rules.find((one) => one.source === about.source && one.collection === about.collection && isAt(one.pattern, row.field.pointer));
  if (!rule) return undefined;
  if (rule.rule === "both" || rule.rule === "union") {
    const [best] = bothWays(row);
    return best && { choice: "both", by: "rule", said: best.said };
  }
  const choice = sideOf(rule.rule, row, about);
  return choice && side(row, choice, "rule");
}

function sideOf(rule: GroupRule, row: MergeRow, about: About): "theirs" | "mine" | undefined {
  switch (rule) {
    case "theirs":
    case "mine":
      return rule;
    case "newest": {
      const theirs = row.theirs_at ?? about.theirsAt;
      return theirs === undefined || about.mineAt === undefined || theirs === about.mineAt ? undefined : theirs > about.mineAt ? "theirs" : "mine";
    }
    case "higher": {
      const order = compared(row.theirs, row.mine);
      return order === undefined || order === 0 ? undefined : order > 0 ? "theirs" : "mine";
    }
    default:
      return undefined;
  }
}

/** Numbers by size, dates as they are written by time; anything else has no order. */
function compared(a: Value, b: Value): number | undefined {
  if (a.type === "number" && b.type === "number") return Number(a.text) - Number(b.text);
  const date = /^\d{4}-\d\d-\d\d/;
  if (a.type === "text" && b.type === "text" && date.test(a.text) && date.test(b.text)) return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
  return undefined;
}

/** Names joined by `/`, `*` for any one, `**` for any number; places in lists do not count (as in the engine). */
export function isAt(pattern: string, pointer: string): boolean {
  const names = pointer.split("/").slice(1).filter((token) => !/^\d+$/.test(token) && !token.includes("="));
  return fits(pattern.replace(/^\//, "").split("/"), names);
}

function fits([first, ...rest]: readonly string[], names: readonly string[]): boolean {
  if (first === undefined) return names.length === 0;
  if (first === "**") return names.some((_, at) => fits(rest, names.slice(at))) || fits(rest, []);
  return names.length > 0 && (first === "*" || first === names[0]) && fits(rest, names.slice(1));
}

/** The earlier choice of a row that is open again, as it is said once more. */
export function earlierSaid(row: MergeRow, look: RowLook): Said | undefined {
  if (look.suggested === undefined) return undefined;
  if (look.suggested === "both") return bothWays(row)[0]?.said ?? { choice: "both" };
  if (look.suggested !== "edit") return { choice: look.suggested };
  return row.wrote && { choice: "edit", json: row.wrote.type === "missing" ? undefined : row.wrote.json };
}

/** The settings of this window. */
export const suggestSettings = new SuggestSettings();
