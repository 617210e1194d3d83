/** What can be done with the record shown: the menu, the palette and the keys share one list. */
import type { Command } from "$lib/places";
import { allRecordTabs, mergeLocation } from "$lib/places";
import { isTyping } from "$lib/keys";
import type { App } from "$lib/state/app.svelte";
import type { RecordState } from "$lib/state/record.svelte";
import type { IconName } from "$components/icons";
import { words } from "./words";

interface Item {
  id: string;
  title: string;
  detail?: string;
  icon: IconName;
  run: () => void;
}

export class RecordActions {
  #app: App;
  #record: RecordState;

  constructor(app: App, record: RecordState) {
    this.#app = app;
    this.#record = record;
  }

  /** Lines of the "..." menu. */
  menu(): Item[] {
    return this.#items().map(({ id, title, icon, run }) => ({ id, title, icon, run }));
  }

  /** Lines of the palette under "For this record", with their keys. */
  commands(showTab: (tab: string) => void): Command[] {
    const view = this.#record.view;
    if (!view) return [];
    const record = (command: Omit<Command, "group">): Command => ({ ...command, group: "record" });
    return [
      ...(view.edit && view.state !== "needs_you"
        ? [record({ id: "will-be-sent", title: words.willBeSent, detail: view.title, icon: "eye", keys: "Ctrl+P", run: () => this.showRequest() })]
        : []),
      ...this.#items().map((item) => record(item)),
      record({ id: "tab-source", title: words.showTab(words.source), detail: view.title, icon: "note", keys: "Ctrl+U", run: () => showTab("source") }),
      ...allRecordTabs().map((tab) =>
        record({ id: `tab-${tab.id}`, title: words.showTab(tab.title), detail: view.title, icon: "history", ...(tab.keys ? { keys: tab.keys } : {}), run: () => showTab(tab.id) }),
      ),
      record({ id: "save", title: words.saveNow, icon: "check", keys: "Ctrl+S", run: () => void this.#record.flush() }),
    ];
  }

  showRequest(): void {
    this.#app.nav.go({ place: "outbox", key: this.#record.key });
  }

  decide(): void {
    this.#app.nav.go(mergeLocation(this.#record.key));
  }

  sendNow(): void {
    void this.#record.flush().then(() => this.#app.try("send_now", { key: this.#record.key }));
  }

  hold(held: boolean): void {
    void this.#record.flush().then(() => this.#app.try("hold", { keys: [this.#record.key], held }));
  }

  async takeBack(): Promise<void> {
    await this.#record.flush();
    const title = this.#record.view?.title ?? "";
    if (await this.#app.try("take_back", { key: this.#record.key })) {
      this.#app.notices.show({ tone: "news", icon: "undo", words: words.tookBack(title) });
    }
  }

  copy(text: string): void {
    navigator.clipboard.writeText(text).then(
      () => this.#app.notices.show({ tone: "news", icon: "copy", words: words.copied }),
      (error: unknown) => this.#app.notices.failed(error),
    );
  }

  /** Ctrl+Z outside a text field takes back the last change of this record; inside, the field does it itself. */
  undoKey(event: KeyboardEvent): void {
    if (isTyping(event.target)) return;
    event.preventDefault();
    void (event.shiftKey ? this.#record.redo() : this.#record.undo());
  }

  #items(): Item[] {
    const view = this.#record.view;
    if (!view) return [];
    const items: Item[] = [];
    const waits = view.edit !== undefined && view.state !== "needs_you";
    if (waits && view.state !== "sending" && !view.held) {
      items.push({ id: "send", title: view.state === "uncertain" ? words.readNow : words.sendNow, icon: "send", run: () => this.sendNow() });
      items.push({ id: "hold", title: words.hold, detail: words.holdDetail(view.title), icon: "pause", run: () => this.hold(true) });
    }
    if (view.held) items.push({ id: "release", title: words.release, detail: words.releaseDetail(view.title), icon: "send", run: () => this.hold(false) });
    if (waits && view.state !== "sending" && view.state !== "uncertain") {
      items.push({ id: "take-back", title: words.takeBack, icon: "undo", run: () => void this.takeBack() });
    }
    items.push({ id: "copy-address", title: words.copyAddress, icon: "copy", run: () => this.copy(view.address) });
    if (view.edit !== "delete" && view.state !== "needs_you" && view.editable) {
      items.push({ id: "delete", title: words.delete(view.noun), icon: "x", run: () => void this.#delete(view.title) });
    }
    return items;
  }

  async #delete(title: string): Promise<void> {
    await this.#record.flush();
    const key = this.#record.key;
    if (!(await this.#app.try("delete_record", { key }))) return;
    this.#app.notices.show({
      tone: "news", icon: "info", words: words.deletedNotice(title),
      action: { label: words.undoDelete, run: () => void this.#app.try("take_back", { key }) },
    });
  }
}
