/** The merge screen: where a record that changed in two places is decided. */
import { registerCommands, registerMerge, registerPlace, registerSettings, type Command } from "$lib/places";
import { bothWays } from "$lib/state/merge-both";
import { keyName, MERGE_KEYS, type MergeAction } from "$lib/state/merge-keys";
import { rowName } from "$lib/state/merge-rows";
import { choiceWords } from "$lib/state/merge-words";
import MergeSettings from "./MergeSettings.svelte";
import MergePlace from "./MergePlace.svelte";
import { choosePractice, pickFile } from "./practice.svelte";
import PracticePlace from "./PracticePlace.svelte";
import { shownMerge, type ShownMerge } from "./shown.svelte";
import { hasSource, wholeRow } from "./whole";
import { practiceWords, screenWords as words, settingWords } from "./words";

registerPlace({ id: "merge", title: words.title, component: MergePlace, layout: words.layout });
registerSettings({ id: "merge", order: 2, title: settingWords.title, component: MergeSettings });
registerMerge((key) => ({ place: "merge", key }));

let started = 0;

registerPlace({ id: "practice", title: practiceWords.title, component: PracticePlace, layout: words.layout });

registerCommands((app) => {
  const go = (file?: string) => {
    choosePractice(file);
    // A number for each start: the same place again begins anew.
    app.nav.go({ place: "practice", key: String((started += 1)) });
  };
  return [
    { id: "practice", group: "do", title: practiceWords.try, detail: practiceWords.tryDetail, icon: "fork", run: () => go() },
    { id: "practice-open", group: "do", title: practiceWords.open, detail: practiceWords.openDetail, icon: "note", run: () => void pickFile().then((file) => file !== undefined && go(file)) },
  ];
});

type Line = Omit<Command, "group">;

registerCommands((app) => {
  const shown = app.nav.at.place === "merge" ? shownMerge() : undefined;
  if (!shown?.merge.view) return [];
  return [...forRow(shown), ...forScreen(shown)].map((line): Command => ({ ...line, group: "record" }));
});

/** What the letters do, for the row that had the focus last. Their keys act on rows only: here they are told, not heard. */
function forRow({ merge, screen, sending }: ShownMerge): Line[] {
  const row = screen?.row();
  if (!row?.open || !screen || sending.open) return [];
  const detail = rowName(row);
  const line = (action: MergeAction, title: string): Line => ({ id: `row-${action}`, title, detail, icon: "fork", shownKeys: keyOf(action), run: () => screen.act(action) });
  return [
    ...(merge.look(row).suggested !== undefined ? [{ ...line("confirm", words.menu.confirm), icon: "check" as const }] : []),
    ...(row.choices.includes("theirs") ? [line("theirs", choiceWords("theirs"))] : []),
    ...(row.choices.includes("mine") ? [line("mine", choiceWords("mine"))] : []),
    ...(bothWays(row).length > 0 ? [line("both", choiceWords("both"))] : []),
    ...(merge.look(row).way !== undefined && bothWays(row).length > 1 ? [line("order", words.menu.order)] : []),
    ...(row.choices.includes("edit") ? [line("edit", choiceWords("edit"))] : []),
    line("later", choiceWords("later")),
    line("sides", words.menu.sidesRow),
  ];
}

function forScreen({ merge, sending, dialogs, screen }: ShownMerge): Line[] {
  const { view } = merge;
  const rows = view !== undefined && !wholeRow(view);
  const text = view !== undefined && hasSource(view);
  const open = words.openRows.replace(":", "");
  const before: Line[] = screen && !sending.open ? [
    { id: "merge-before", title: words.menu.before, icon: "eye", shownKeys: keyOf("before"), run: () => screen.act("before") },
    { id: "merge-next-open", title: words.nextOpen, icon: "right", run: () => screen.act("next_open") },
    ...(text ? [{ id: "merge-source", title: words.showSource, icon: "note" as const, run: () => screen.source() }] : []),
    ...(rows ? [{ id: "merge-keep-both", title: view.can_create ? words.menu.keepBoth : words.menu.keepBothHere, icon: "copy" as const, run: () => screen.second() }] : []),
  ] : [];
  const news: Line[] = screen && merge.newer ? [{ id: "merge-show", title: words.showNewer, icon: "sync", run: () => screen.show() }] : [];
  return [
    ...news,
    { id: "merge-send", title: words.previewAndSend, icon: "send", keys: "Ctrl+Enter", run: () => (screen ? screen.act("send") : void sending.openPreview()) },
    ...(rows ? [
      { id: "merge-servers", title: words.allServers, detail: open, icon: "server" as const, run: () => merge.allSide("theirs") },
      { id: "merge-mine", title: words.allMine, detail: open, icon: "laptop" as const, run: () => merge.allSide("mine") },
    ] : []),
    ...(merge.suggestedRows.length > 0 ? [{ id: "merge-confirm", title: words.confirmAll(merge.suggestedRows.length), icon: "check" as const, shownKeys: keyOf("confirm_all"), run: () => merge.confirmSuggested() }] : []),
    { id: "merge-undo", title: words.menu.undo, icon: "undo", shownKeys: keyOf("undo"), run: () => void merge.undo() },
    { id: "merge-redo", title: words.menu.redo, icon: "undo", shownKeys: keyOf("redo"), run: () => void merge.redo() },
    ...before,
    ...(text && dialogs.tools?.name ? [{ id: "merge-program", title: words.open(dialogs.tools.name), icon: "link" as const, run: () => void dialogs.program() }] : []),
    ...(text ? [{ id: "merge-other-program", title: words.openOther, icon: "link" as const, run: () => void dialogs.chooseProgram() }] : []),
    { id: "merge-export", title: words.exportCase, icon: "export", run: () => void dialogs.showExport() },
  ];
}

function keyOf(action: MergeAction): { name: string; standard: string } | undefined {
  const standard = MERGE_KEYS.find(([, one]) => one === action)?.[0];
  return standard === undefined ? undefined : { name: keyName(action), standard };
}
