/** Questions and pauses of sources that a person must answer. */
import type { CollectionView, Guard, SourceView } from "$lib/backend/generated/ipc";
import type { App } from "$lib/state/app.svelte";

export function guardOf(app: App): { source: SourceView; collection: CollectionView; guard: Guard } | undefined {
  for (const source of app.sources.all) {
    for (const collection of source.collections) if (collection.guard) return { source, collection, guard: collection.guard };
  }
  return undefined;
}

/** Pauses that end by themselves (offline, busy) are no question. */
const ASKS = new Set(["sign_in", "proxy", "network_sign_in", "server_full"]);

export function pausedOf(app: App): SourceView | undefined {
  return app.sources.all.find((source) => source.paused !== undefined && ASKS.has(source.paused));
}
