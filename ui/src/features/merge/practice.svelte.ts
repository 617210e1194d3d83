/** A merge to try or to look at: the sample of the app, or a file somebody exported. Nothing of it is stored or sent. */
import type { Argument, Backend, CommandName, Reply } from "$lib/backend/backend";
import type { Decide, DecideMany, ErrorReply, MergeView, SampleMerge } from "$lib/backend/generated/ipc";
import { practiceWords as words } from "./words";

/** Answers what a merge screen asks, from a file that goes to and fro. */
export class PracticeBackend {
  #backend: Pick<Backend, "call">;
  #file: string | undefined;

  constructor(backend: Pick<Backend, "call">, file?: string) {
    this.#backend = backend;
    this.#file = file;
  }

  call = async <K extends CommandName>(name: K, argument: Argument<K>): Promise<Reply<K>> => {
    return (await this.#answer(name, argument)) as Reply<K>;
  };

  async #answer(name: CommandName, argument: unknown): Promise<unknown> {
    switch (name) {
      case "merge":
        return this.#view();
      case "decide":
        return this.#view(argument as Decide);
      case "decide_many": {
        const many = argument as DecideMany;
        let view: MergeView | undefined;
        for (const { row, choice, json } of many.rows) view = await this.#view({ key: many.key, seen: many.seen, rows: [row], choice, json });
        return view ?? this.#view();
      }
      case "save_typed":
        return null;
      default:
        throw { code: "not_now", words: words.notHere } satisfies ErrorReply;
    }
  }

  async #view(decide?: Decide): Promise<MergeView> {
    const { text, view }: SampleMerge = await this.#backend.call("try_sample", { text: this.#file, decide });
    this.#file = text;
    return view;
  }
}

/** The file to practise with; absent = the sample of the app. */
let chosen = $state.raw<string | undefined>();

export function chosenFile(): string | undefined {
  return chosen;
}

export function choosePractice(file: string | undefined): void {
  chosen = file;
}

/** Asks for a file and reads it; `undefined` when none was chosen. */
export function pickFile(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = ".json,application/json";
    input.addEventListener("change", () => void (input.files?.[0]?.text().then(resolve, () => resolve(undefined)) ?? resolve(undefined)));
    input.addEventListener("cancel", () => resolve(undefined));
    input.click();
  });
}
