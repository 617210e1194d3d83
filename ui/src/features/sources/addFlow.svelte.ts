/**
 * The four steps of adding a source. The check-up needs a source to test, so the source is added when the third
 * step begins and taken away again on Cancel; leaving lists out in the fourth adds it anew with the rest.
 */
import { asErrorReply } from "$lib/backend/backend";
import type { CheckReport, ErrorReply, Family, FoundCollection, ProbeReply } from "$lib/backend/generated/ipc";
import type { App } from "$lib/state/app.svelte";
import { words } from "./words";

export type Step = "address" | "signIn" | "check" | "keep";
export const STEPS: readonly Step[] = ["address", "signIn", "check", "keep"];

export class AddFlow {
  step = $state<Step>("address");
  families = $state.raw<Family[]>([]);
  url = $state("");
  name = $state("");
  family = $state("");
  user = $state("");
  secret = $state("");
  /** Lists named by the person, where the server does not say which it has. */
  named = $state("");
  probe = $state.raw<ProbeReply | undefined>();
  probing = $state(false);
  failure = $state.raw<ErrorReply | undefined>();
  reports = $state.raw<CheckReport[] | undefined>();
  checking = $state(false);
  /** Collections left out in the last step. */
  leftOut = $state.raw<ReadonlySet<string>>(new Set());
  policy = $state<"review" | "auto">("review");
  allow = $state(false);
  working = $state(false);
  #app: App;
  #added: string | undefined;
  #asked = "";
  #named = false;

  constructor(app: App) {
    this.#app = app;
  }

  async start(): Promise<void> {
    this.families = (await this.#app.try("families", null)) ?? [];
    this.family ||= this.families[0]?.name ?? "";
  }

  /** The name was typed by the person: it is not guessed any more. */
  nameTyped(name: string): void {
    this.name = name;
    this.#named = true;
  }

  /** The address is one, but the lists there must be named. */
  get mustName(): boolean {
    return this.failure?.code === "bad_input" && URL.canParse(withScheme(this.url.trim()));
  }

  /** Lists found, or named by the person. */
  get lists(): FoundCollection[] {
    const names = this.named.split(",").map((name) => name.trim()).filter(Boolean);
    if (this.probe && this.probe.collections.length > 0) return this.probe.collections;
    return names.map((name) => ({ name, title: name }));
  }

  get nameTaken(): boolean {
    return this.#added === undefined && this.#app.sources.find(this.name.trim()) !== undefined;
  }

  /** Asks the address what it is; `family` when the person says so. */
  async look(family?: string): Promise<void> {
    const url = withScheme(this.url.trim());
    if (!this.#named && URL.canParse(url)) this.name = guessName(url);
    const asked = `${url} ${family ?? ""} ${this.user} ${this.secret}`;
    if (url === "" || asked === this.#asked) return;
    this.#asked = asked;
    this.probing = true;
    this.failure = undefined;
    try {
      const probe = await this.#app.backend.call("probe_address", {
        url, ...(family ? { family } : {}), ...(this.user ? { user: this.user } : {}), ...(this.secret ? { secret: this.secret } : {}),
      });
      if (asked !== this.#asked) return;
      this.probe = probe;
      this.family = family ?? probe.family ?? this.family;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.probe = undefined;
      this.failure = asErrorReply(error);
    } finally {
      if (asked === this.#asked) this.probing = false;
    }
  }

  go(step: Step): void {
    this.failure = undefined;
    this.step = step;
    if (step === "check" && !this.reports) void this.check();
  }

  /** Adds the source if it is not there yet, then tests it. */
  async check(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    this.failure = undefined;
    try {
      if (this.#added === undefined) await this.#add(this.lists.map((one) => one.name));
      this.reports = await this.#app.backend.call("check_up", { source: this.name.trim() });
    } catch (error) {
      this.failure = asErrorReply(error);
    } finally {
      this.checking = false;
    }
  }

  toggle(collection: string): void {
    const next = new Set(this.leftOut);
    if (!next.delete(collection)) next.add(collection);
    this.leftOut = next;
  }

  get kept(): string[] {
    return this.lists.map((one) => one.name).filter((name) => !this.leftOut.has(name));
  }

  /** The last step. `true`: the source is kept. */
  async finish(): Promise<boolean> {
    this.working = true;
    this.failure = undefined;
    const name = this.name.trim();
    try {
      if (this.leftOut.size > 0) {
        await this.#app.backend.call("remove_source", { name, discard_unsent: false });
        this.#added = undefined;
        await this.#add(this.kept);
        // The new source is tested in the background; until then its edits wait.
        void this.#app.try("check_up", { source: name });
      }
      if (this.policy !== "review" || this.allow) {
        await this.#app.backend.call("set_source", { name, policy: this.policy, ...(this.allow ? { allow_unprotected: true } : {}) });
      }
      this.#added = undefined;
      void this.#app.try("sync_now", { source: name });
      return true;
    } catch (error) {
      this.failure = asErrorReply(error);
      return false;
    } finally {
      this.working = false;
    }
  }

  /** Takes away what was added on the way. */
  async cancel(): Promise<void> {
    if (this.#added !== undefined) await this.#app.try("remove_source", { name: this.#added, discard_unsent: false });
    this.#added = undefined;
  }

  /** An earlier answer is changed: what was added on it goes. */
  async change(step: Step): Promise<void> {
    await this.cancel();
    this.reports = undefined;
    this.go(step);
  }

  async #add(collections: string[]): Promise<void> {
    const name = this.name.trim();
    await this.#app.backend.call("add_source", {
      name, url: this.probe?.url ?? withScheme(this.url.trim()), family: this.family, collections, headers: [],
      ...(this.user ? { user: this.user } : {}), ...(this.secret ? { secret: this.secret } : {}),
    });
    this.#added = name;
  }
}

/** "tools.example.org/api" means https; a computer in the house may speak http. */
export function withScheme(url: string): string {
  if (url === "" || /^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return url;
  return /^(localhost|127\.|\[::1\])/.test(url) ? `http://${url}` : `https://${url}`;
}

/** "https://repair.riverside.example/api/cases" -> "Repair". */
export function guessName(url: string): string {
  try {
    const host = new URL(url).hostname;
    const first = host.replace(/^www\./, "").split(".")[0] ?? "";
    return /^[\d[]/.test(host) ? host : first.charAt(0).toUpperCase() + first.slice(1);
  } catch {
    return words.name;
  }
}
