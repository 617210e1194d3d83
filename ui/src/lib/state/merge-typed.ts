/** Text that cannot be a decision yet is kept all the same, one after the other: the last typed is the last kept. */
import { asErrorReply, type Backend } from "../backend/backend";

export class TypedKeeping {
  /** Why the last could not be kept. */
  failed: string | undefined;
  #backend: Pick<Backend, "call">;
  #key: string;
  #told: (kept: boolean) => void;
  #chain: Promise<void> = Promise.resolve();

  constructor(backend: Pick<Backend, "call">, key: string, told: (kept: boolean) => void) {
    this.#backend = backend;
    this.#key = key;
    this.#told = told;
  }

  /** `undefined`: there is none any more. */
  keep(row: number, text: string | undefined): void {
    this.#chain = this.#chain.then(() => this.#backend.call("save_typed", { key: this.#key, row, text })).then(
      () => {
        this.failed = undefined;
        this.#told(true);
      },
      (error: unknown) => {
        this.failed = asErrorReply(error).words;
        this.#told(false);
      },
    );
  }

  settled(): Promise<void> {
    return this.#chain;
  }
}
