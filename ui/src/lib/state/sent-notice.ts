/** News that something is being sent is true only until it is sent, and belongs to the place it was said in. */
import { mergeLocation } from "../places";
import type { App } from "./app.svelte";
import type { Notice } from "./news.svelte";

type News = Omit<Notice, "id">;

export const sentWords = {
  needsYou: "It changed on the server since. Choose what stays.",
  decide: "Decide",
};

/**
 * Shows the news; it goes with the next move, or once the outbox holds none of these records: then `sent` is said in its
 * place, if it is true.
 */
export function sendingNotice(app: App, keys: readonly string[], notice: News, sent?: News): void {
  const id = app.notices.show(notice);
  const stops: (() => void)[] = [];
  let ended = false;
  const end = () => {
    ended = true;
    for (const stop of stops.splice(0)) stop();
    app.notices.close(id);
  };
  const look = async () => {
    if (app.notices.shown?.id !== id) return end();
    try {
      const { entries } = await app.backend.call("outbox", null);
      if (ended || entries.some((entry) => keys.includes(entry.key) && entry.state !== "rejected")) return;
      const next = sent && (await outcome(app, keys, sent));
      if (ended) return;
      const shown = app.notices.shown?.id === id;
      end();
      if (next && shown) app.notices.show(next);
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
  // It may be sent already.
  void look();
}

/** What became of them: sent, or changed again on the server. A refusal is told where it is repaired. */
async function outcome(app: App, keys: readonly string[], sent: News): Promise<News | undefined> {
  const states = await Promise.all(keys.map(async (key) => ({ key, state: (await app.backend.call("record", { key })).state })));
  const open = states.find(({ state }) => state === "needs_you");
  if (open) return { tone: "news", icon: "fork", words: sentWords.needsYou, action: { label: sentWords.decide, run: () => app.nav.go(mergeLocation(open.key)) } };
  return states.every(({ state }) => state === "synced") ? sent : undefined;
}
