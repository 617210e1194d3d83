/** The history of a record: a tab of the record pane, and a place over the whole width. */
import { registerPlace, registerRecordTab } from "$lib/places";
import HistoryPlace from "./HistoryPlace.svelte";
import HistoryTab from "./HistoryTab.svelte";
import { words } from "./words";

registerRecordTab({ id: "history", title: words.tab, component: HistoryTab, keys: "Ctrl+H" });
registerPlace({ id: "history", title: words.title, component: HistoryPlace });
