/** The Backend over Tauri. The only file that imports @tauri-apps. */
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { asErrorReply, type Argument, type Backend, type CommandName, type Reply } from "./backend";
import type { Event } from "./generated/ipc";

/** Tauri's name of the one event the app sends. */
const EVENT = "matchbook";

export function tauriBackend(): Backend {
  return {
    async call<K extends CommandName>(name: K, argument: Argument<K>): Promise<Reply<K>> {
      try {
        return await invoke<Reply<K>>(name, { argument });
      } catch (error) {
        throw asErrorReply(error);
      }
    },
    onEvent(handler) {
      const listening = listen<Event>(EVENT, (event) => handler(event.payload));
      return () => void listening.then((stop) => stop());
    },
  };
}
