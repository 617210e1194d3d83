/** What the window needs from the other side: commands, and events about what changed. */
import type { Commands, ErrorCode, ErrorReply, Event } from "./generated/ipc";

export type CommandName = keyof Commands;
export type Argument<K extends CommandName> = Commands[K]["argument"];
export type Reply<K extends CommandName> = Commands[K]["reply"];

export interface Backend {
  /** Runs a command. Rejects with an [`ErrorReply`]; its words can be shown as they are. */
  call<K extends CommandName>(name: K, argument: Argument<K>): Promise<Reply<K>>;
  /** Hears every event until the returned function is called. */
  onEvent(handler: (event: Event) => void): () => void;
  /** The window is about to close: it waits for `save`. Absent where there is no window of our own. */
  onClose?(save: () => Promise<void>): void;
}

export function isErrorReply(error: unknown): error is ErrorReply {
  return (
    typeof error === "object" && error !== null &&
    typeof (error as ErrorReply).code === "string" && typeof (error as ErrorReply).words === "string"
  );
}

/** Any failure as an ErrorReply, so that callers have one shape to show. */
export function asErrorReply(error: unknown): ErrorReply {
  if (isErrorReply(error)) return error;
  const words = error instanceof Error ? error.message : String(error);
  return { code: "internal", words };
}

export function hasCode(error: unknown, code: ErrorCode): error is ErrorReply {
  return isErrorReply(error) && error.code === code;
}
