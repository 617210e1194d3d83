/** Says which record is on the screen, so that the engine looks at it on the server more often (conflict radar). */
import type { App } from "./app.svelte";

/** From now until the answer is called. A window that cannot be seen asks for nothing. */
export function watchRecord(app: Pick<App, "backend">, key: string): () => void {
  const tell = (open: boolean) => {
    const shown = document.visibilityState === "visible";
    // That news come a little later is no reason for a message.
    app.backend.call("watch", open ? { key, shown } : { shown }).catch(() => undefined);
  };
  const changed = () => tell(true);
  tell(true);
  document.addEventListener("visibilitychange", changed);
  return () => {
    document.removeEventListener("visibilitychange", changed);
    tell(false);
  };
}
