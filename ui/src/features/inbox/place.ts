/** "Needs you": records that wait for a person. */
import { registerCommands, registerPlace } from "$lib/places";
import InboxPlace from "./InboxPlace.svelte";
import { shownReady } from "./shown";
import { words } from "./words";

registerPlace({ id: "needs-you", title: words.title, component: InboxPlace });

registerCommands((app) => {
  const ready = app.nav.at.place === "needs-you" ? shownReady() : undefined;
  const count = ready?.count() ?? 0;
  return ready && count > 0 ? [{ id: "needs-you-send-ready", group: "do", title: words.sendReady(count), icon: "send", run: () => ready.send() }] : [];
});
