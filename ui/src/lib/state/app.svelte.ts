/** Everything the window holds, made once and handed down by context. */
import { getContext, setContext } from "svelte";
import { asErrorReply, type Argument, type Backend, type CommandName, type Reply } from "../backend/backend";
import type { ErrorReply } from "../backend/generated/ipc";
import { ChangeFeed } from "../backend/changes";
import { DraftShelf } from "./draftShelf";
import { Announcer } from "./live.svelte";
import { Navigation, type Location } from "./navigation.svelte";
import { Notices } from "./news.svelte";
import { SourcesState } from "./sources.svelte";
import { StatusState } from "./status.svelte";

export class App {
  readonly backend: Backend;
  readonly feed: ChangeFeed;
  readonly nav = new Navigation();
  readonly live = new Announcer();
  readonly notices = new Notices();
  readonly status: StatusState;
  readonly sources: SourcesState;
  /** Why nothing can be shown: the data folder cannot be opened. */
  notStarted = $state.raw<ErrorReply | undefined>();
  /** Record whose form takes the focus as soon as it is shown. */
  formWanted: string | undefined;
  /** Overlay open now; Esc closes it. */
  overlay = $state<"palette" | "keys" | undefined>();
  /** Text that could not be saved yet, for the next time its record is opened. */
  readonly shelf = new DraftShelf(localStorage);

  constructor(backend: Backend, start?: Location) {
    this.backend = backend;
    this.feed = new ChangeFeed(backend);
    const failed = (error: unknown) => this.notices.failed(error);
    this.status = new StatusState(backend, this.feed, failed);
    this.sources = new SourcesState(backend, this.feed, failed);
    if (start) this.nav.at = start;
  }

  /** First readings. Events are heard before, so nothing in between is missed. */
  async start(): Promise<void> {
    try {
      await this.status.read();
      await this.sources.read();
      this.notStarted = undefined;
    } catch (error) {
      this.notStarted = asErrorReply(error);
    }
  }

  async setOffline(offline: boolean): Promise<void> {
    try {
      await this.status.setOffline(offline);
    } catch (error) {
      this.notices.failed(error);
    }
  }

  /** Runs a command whose failure is told in a bar; `undefined` then. */
  async try<K extends CommandName>(name: K, argument: Argument<K>): Promise<Reply<K> | undefined> {
    try {
      return await this.backend.call(name, argument);
    } catch (error) {
      this.notices.failed(error);
      return undefined;
    }
  }
}

const KEY = Symbol("app");

export function provideApp(app: App): App {
  return setContext(KEY, app);
}

export function useApp(): App {
  return getContext<App>(KEY);
}
