/** One moment of the app each, like the pictures of the design. */
import type { App } from "../src/lib/state/app.svelte";
import type { Location } from "../src/lib/state/navigation.svelte";
import { cardsWorld } from "./fixture/cards";
import { demoWorld } from "./fixture/demo";
import { libraryWorld, type World } from "./fixture/library";

export interface Scene {
  world: () => World;
  at: Location;
  then?: (app: App) => void;
}

const tools = { place: "records", source: "Tool library", collection: "tools" };
const idle = (world: World): World => {
  delete world.status.sending;
  return world;
};

export const scenes: Record<string, Scene> = {
  main: { world: libraryWorld, at: { ...tools, key: "t-118" } },
  source: { world: libraryWorld, at: { ...tools, key: "t-118", tab: "source" } },
  contact: { world: cardsWorld, at: { place: "records", source: "Neighbours", collection: "contacts", key: "anna" } },
  event: { world: cardsWorld, at: { place: "records", source: "Neighbours", collection: "contacts", key: "choir" } },
  all: { world: libraryWorld, at: { place: "records" } },
  outbox: { world: libraryWorld, at: { place: "outbox", key: "t-118" } },
  rejected: { world: libraryWorld, at: { place: "outbox", key: "t-131" } },
  "outbox-empty": { world: () => ({ ...idle(libraryWorld()), outbox: [] }), at: { place: "outbox" } },
  uncertain: { world: libraryWorld, at: { ...tools, key: "t-090" } },
  needs: { world: libraryWorld, at: { ...tools, key: "t-140" } },
  activity: { world: libraryWorld, at: { place: "activity" } },
  settings: { world: () => idle(libraryWorld()), at: { place: "settings" } },
  address: { world: () => idle(libraryWorld({ without: "Repair café" })), at: { place: "add-source" } },
  palette: { world: libraryWorld, at: { ...tools, key: "t-118" }, then: (app) => (app.overlay = "palette") },
  keys: { world: libraryWorld, at: { ...tools, key: "t-118" }, then: (app) => (app.overlay = "keys") },
  first: { world: () => demoWorld({ empty: true }), at: { place: "records" } },
  tour: { world: () => demoWorld({}), at: { place: "records", source: "Demo garden", collection: "tools", key: "d-142" } },
  many: { world: () => libraryWorld({ many: 100_000 }), at: tools },
  guard: { world: () => idle(libraryWorld({ guard: true })), at: { ...tools, key: "t-118" } },
  "sign-in": { world: () => idle(libraryWorld({ signIn: true })), at: { ...tools, key: "t-118" } },
  trouble: {
    world: () => {
      const world = idle(libraryWorld());
      world.status.trouble = "Not saved yet: no room on this disk. The text stays in the form.";
      return world;
    },
    at: { ...tools, key: "t-118" },
  },
};
