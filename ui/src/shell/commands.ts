/** Commands of the window itself. */
import { registerCommands, registerSettings } from "$lib/places";
import { words } from "$lib/words";
import { grouped } from "$lib/words";
import KeySettings from "./KeySettings.svelte";
import { shellWords } from "./words";

registerSettings({ id: "keys", order: 9, title: shellWords.keys, component: KeySettings });

registerCommands((app) => {
  const status = app.status.now;
  const count = (number: number) => (number > 0 ? grouped(number) : undefined);
  return [
    { id: "go-all", group: "go", title: words.places.all, detail: count(status.records), icon: "stack", keys: "Ctrl+1", run: () => app.nav.go({ place: "records" }) },
    { id: "go-needs", group: "go", title: words.places.needsYou, detail: count(status.needs_you), waiting: status.needs_you > 0, icon: "fork", keys: "Ctrl+2", run: () => app.nav.go({ place: "needs-you" }) },
    { id: "go-outbox", group: "go", title: words.places.outbox, detail: count(status.outbox), waiting: status.outbox > 0, icon: "outbox", keys: "Ctrl+3", run: () => app.nav.go({ place: "outbox" }) },
    { id: "go-activity", group: "go", title: words.places.activity, icon: "activity", keys: "Ctrl+4", run: () => app.nav.go({ place: "activity" }) },
    ...app.sources.all.flatMap((source) =>
      source.collections.map((collection) => ({
        id: `go-${source.name}/${collection.name}`, group: "go" as const, title: collection.title, detail: source.name, icon: "stack" as const,
        run: () => app.nav.go({ place: "records", source: source.name, collection: collection.name }),
      })),
    ),
    { id: "settings", group: "go", title: words.places.settings, icon: "gear", keys: "Ctrl+,", run: () => app.nav.go({ place: "settings" }) },
    { id: "add-source", group: "go", title: words.places.addSource, icon: "plus", run: () => app.nav.go({ place: "add-source" }) },
    { id: "sync", group: "do", title: words.status.syncNow, icon: "sync", keys: "F5", run: () => void app.try("sync_now", {}) },
    {
      id: "offline", group: "do", icon: "offline", keys: "Ctrl+Shift+O",
      title: status.connection === "working_offline" ? shellWords.goOnline : shellWords.goOffline,
      run: () => void app.setOffline(status.connection !== "working_offline"),
    },
    { id: "palette", group: "do", title: words.commands, icon: "search", keys: "Ctrl+K", run: () => (app.overlay = "palette") },
    { id: "keys", group: "do", title: shellWords.keys, icon: "info", keys: "F1", run: () => (app.overlay = "keys") },
  ];
});
