/** The sources with their collections: sidebar, grades, settings. */
import type { Backend } from "../backend/backend";
import type { ChangeFeed } from "../backend/changes";
import type { CollectionView, SourceView } from "../backend/generated/ipc";
import { Refresh } from "./refresh";

export class SourcesState {
  all = $state.raw<SourceView[]>([]);
  ready = $state(false);
  #refresh: Refresh;

  constructor(backend: Backend, feed: ChangeFeed, failed: (error: unknown) => void) {
    this.#refresh = new Refresh(async () => {
      this.all = await backend.call("sources", null);
      this.ready = true;
    });
    feed.subscribe((changes) => {
      if (changes.sources || changes.records.size > 0) this.read().catch(failed);
    });
  }

  read(): Promise<void> {
    return this.#refresh.run();
  }

  find(name: string | undefined): SourceView | undefined {
    return this.all.find((source) => source.name === name);
  }

  collection(source: string | undefined, name: string | undefined): CollectionView | undefined {
    return this.find(source)?.collections.find((collection) => collection.name === name);
  }
}
