/** News that something is being sent is true only until it is sent, and belongs to the place it was said in. */
import type { App } from "./app.svelte";
import type { Notice } from "./news.svelte";

/** Shows the news; it goes with the next move, or once the outbox holds none of these records. */
export function sendingNotice(app: App, keys: readonly string[], notice: Omit<Notice, "id">): void {
  const id = app.notices.show(notice);
  const stops: (() => void)[] = [];
  const end = () => {
    for (const stop of stops.splice(0)) stop();
    app.notices.close(id);
  };
  const look = async () => {
    if (app.notices.shown?.id !== id) return end();
    try {
      const { entries } = await app.backend.call("outbox", null);
      if (!entries.some((entry) => keys.includes(entry.key))) end();
    } catch {
      // It goes by itself soon; a list that cannot be read is told where it is shown.
    }
  };
  stops.push(
    app.nav.beforeLeaving(end),
    app.feed.subscribe((changes) => {
      if (changes.all || changes.outbox || keys.some((key) => changes.records.has(key))) void look();
    }),
  );
}
