/** The Backend over Tauri. The only file that imports @tauri-apps. */
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWindow } from "@tauri-apps/api/window";
import { asErrorReply, type Argument, type Backend, type CommandName, type Reply } from "./backend";
import type { Event } from "./generated/ipc";

/** Tauri's name of the one event the app sends. */
const EVENT = "matchbook";
/** How long closing waits for the last save, in milliseconds. */
const PATIENCE = 2_000;

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
    onClose(save) {
      // A disk that does not answer must not keep the window open for ever.
      const patience = () => new Promise<void>((resolve) => setTimeout(resolve, PATIENCE));
      void getCurrentWindow().onCloseRequested(() => Promise.race([save(), patience()]));
    },
  };
}
