/**
 * Suggested choices (M12). A suggestion is a mark beside a choice, never the choice: the row stays open, and nothing is
 * sent, until the person confirms it. Off unless switched on in Settings; words that were put together from both sides
 * are always suggested.
 */
import type { Choice, GroupRule, MergeRow, MergeRuleView } from "../backend/generated/ipc";
import { bothWays } from "./merge-both";
import { compareValues } from "./merge-order";
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

/**
 * The rule for this field, also one that is switched off: then it decides nothing by itself and still may say what it
 * would. Only what is exactly what the merge would take: a sum and lists put together by a rule are worked out there alone.
 */
function fromRule(row: MergeRow, about: About, rules: readonly MergeRuleView[]): Suggestion | undefined {
  const here = rules.filter((one) => !one.how && one.source === about.source && one.collection === about.collection);
  const rule = ruleAt(here, row.field.pointer);
  if (rule?.rule === "both") {
    const [best] = bothWays(row);
    return best && { choice: "both", by: "rule", said: best.said };
  }
  const choice = rule && sideOf(rule.rule, row, about);
  return choice && side(row, choice, "rule");
}

function sideOf(rule: GroupRule, row: MergeRow, about: About): "theirs" | "mine" | undefined {
  switch (rule) {
    case "theirs":
    case "mine":
      return rule;
    case "newest": {
      // Of the two versions, as the merge does it; where the server's log says otherwise of this very field, nobody can tell.
      const newest = later(about.theirsAt, about.mineAt);
      return row.theirs_at === undefined || later(row.theirs_at, about.mineAt) === newest ? newest : undefined;
    }
    case "higher": {
      // A part of a text is no value with an order.
      const order = row.part === undefined ? compareValues(row.theirs, row.mine) : undefined;
      return order === undefined || order === 0 ? undefined : order > 0 ? "theirs" : "mine";
    }
    default:
      return undefined;
  }
}

function later(theirs: number | undefined, mine: number | undefined): "theirs" | "mine" | undefined {
  return theirs === undefined || mine === undefined || theirs === mine ? undefined : theirs > mine ? "theirs" : "mine";
}

const WHOLE: readonly GroupRule[] = ["theirs", "mine", "newest"];

/** The rule that names the field before one with wildcards, the nearer before the farther; those that take a side also hold for what is inside. */
function ruleAt(rules: readonly MergeRuleView[], pointer: string): MergeRuleView | undefined {
  const names = namesOf(pointer);
  const found = rules.flatMap((rule) => {
    const pattern = segments(rule.pattern);
    // The whole record is never answered by a rule.
    for (let depth = names.length; depth > 0; depth -= 1) {
      if (depth < names.length && !WHOLE.includes(rule.rule)) return [];
      if (!fits(pattern, names.slice(0, depth))) continue;
      const named = depth === names.length && !["*", "**"].includes(pattern.at(-1) ?? "*");
      const plain = !rule.pattern.includes("*");
      return [{ rule, rank: [Number(named), Number(plain), depth, rule.pattern.length, Number(rule.enabled)] }];
    }
    return [];
  });
  return found.sort((a, b) => a.rank.map((one, at) => (b.rank[at] ?? 0) - one).find((order) => order !== 0) ?? 0)[0]?.rule;
}

const unescaped = (token: string) => token.replaceAll("~2", "*").replaceAll("~1", "/").replaceAll("~0", "~");

/** Names on the way to a place; places in lists do not count (as in the merge). */
function namesOf(pointer: string): string[] {
  return pointer.split("/").slice(1).filter((token) => !/^\d+$/.test(token) && !token.includes("=")).map(unescaped);
}

function segments(pattern: string): string[] {
  return pattern === "" ? [] : pattern.replace(/^\//, "").split("/").map(unescaped);
}

/** Names joined by `/`, `*` for any one, `**` for any number. */
export function isAt(pattern: string, pointer: string): boolean {
  return fits(segments(pattern), namesOf(pointer));
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
