/** Short messages at the bottom edge: the newest wins. Errors of actions and undo offers come here. */
import { asErrorReply } from "../backend/backend";
import type { IconName } from "$components/icons";

export interface Notice {
  id: number;
  tone: "news" | "care";
  icon: IconName;
  words: string;
  action?: { label: string; run: () => void };
}

/** How long good news stays, in milliseconds. */
const PASSES = 8_000;

export class Notices {
  shown = $state.raw<Notice | undefined>();
  #next = 1;

  show(notice: Omit<Notice, "id">): number {
    const id = this.#next++;
    this.shown = { ...notice, id };
    // Good news without a button goes by itself; it was also said to screen readers.
    if (notice.tone === "news" && !notice.action) setTimeout(() => this.close(id), PASSES);
    return id;
  }

  /** An action failed: its words, in amber, until the person closes it or something newer comes. */
  failed(error: unknown): void {
    this.show({ tone: "care", icon: "alert", words: asErrorReply(error).words });
  }

  close(id?: number): void {
    if (id === undefined || this.shown?.id === id) this.shown = undefined;
  }
}
