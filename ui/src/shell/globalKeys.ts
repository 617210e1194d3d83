/** Keys that work everywhere; those of the shown place come from its commands. */
import { isKey, isTyping } from "$lib/keys";
import { allCommands } from "$lib/places";
import type { App } from "$lib/state/app.svelte";
import { nextPane } from "./panes";

const BROWSERS = ["Ctrl+P", "Ctrl+S", "Ctrl+U", "Ctrl+H", "Ctrl+N", "Ctrl+R", "F5", "F1"];

export function globalKeys(app: App, event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  if (event.key === "F6") {
    event.preventDefault();
    nextPane(event.shiftKey ? -1 : 1);
    return;
  }
  if (app.overlay) return;
  for (const command of allCommands(app)) {
    if (!command.keys || !isKey(event, command.keys)) continue;
    // A bare character belongs to the field one types in.
    if (!command.keys.includes("+") && command.keys.length === 1 && isTyping(event.target)) continue;
    event.preventDefault();
    command.run();
    return;
  }
  // Printing, saving the page, its source: a browser's answers, none of ours.
  if (BROWSERS.some((keys) => isKey(event, keys))) event.preventDefault();
}
