/** The merge screen: where a record that changed in two places is decided. */
import { registerCommands, registerMerge, registerPlace } from "$lib/places";
import MergePlace from "./MergePlace.svelte";
import { screenWords as words } from "./words";
import { shownMerge } from "./shown.svelte";

registerPlace({ id: "merge", title: words.title, component: MergePlace, layout: words.layout });
registerMerge((key) => ({ place: "merge", key }));

registerCommands((app) => {
  const shown = app.nav.at.place === "merge" ? shownMerge() : undefined;
  if (!shown?.merge.view) return [];
  const { merge, sending } = shown;
  return [
    {
      id: "merge-send", group: "record", title: words.previewAndSend, icon: "send", keys: "Ctrl+Enter",
      run: () => void (sending.open ? undefined : sending.openPreview()),
    },
    { id: "merge-servers", group: "record", title: words.allServers, detail: words.openRows.replace(":", ""), icon: "server", run: () => merge.allSide("theirs") },
    { id: "merge-mine", group: "record", title: words.allMine, detail: words.openRows.replace(":", ""), icon: "laptop", run: () => merge.allSide("mine") },
    { id: "merge-undo", group: "record", title: words.menu.undo, icon: "undo", run: () => void merge.undo() },
    { id: "merge-redo", group: "record", title: words.menu.redo, icon: "undo", run: () => void merge.redo() },
  ];
});
