/** The history of a record: a tab of the record pane, a place over the whole width, and how long versions are kept. */
import { registerBar, registerPlace, registerRecordTab, registerSettings } from "$lib/places";
import HistoryPlace from "./HistoryPlace.svelte";
import HistoryTab from "./HistoryTab.svelte";
import KeepVersions from "./KeepVersions.svelte";
import UnusedBar from "./UnusedBar.svelte";
import { words } from "./words";

registerRecordTab({ id: "history", title: words.tab, component: HistoryTab, keys: "Ctrl+H" });
registerPlace({
  id: "history", title: words.title, component: HistoryPlace,
  layout: "On the left are the versions of this record, newest first. On the right the chosen one stands beside another, field by field.",
});
registerSettings({ id: "versions", order: 5, title: words.keep.title, component: KeepVersions });
registerBar({ id: "unused", order: 3, component: UnusedBar, shows: (app) => app.status.now.unused !== undefined });
