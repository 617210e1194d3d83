/**
 * The registry through which features reach the window without importing each other.
 * A feature has a file `place.ts` that calls these functions; src/features/index.ts finds them all.
 */
import type { Component } from "svelte";
import type { RecordView } from "./backend/generated/ipc";
import type { App } from "./state/app.svelte";
import type { Location } from "./state/navigation.svelte";
import type { IconName } from "$components/icons";
import { keymap } from "./keymap.svelte";

/** A screen beside the sidebar. It reads its location from `app.nav.at`. */
export interface Place {
  id: string;
  /** Title of the window while it is shown. */
  title: string;
  component: Component;
  /** The layout in two sentences, for F1. */
  layout?: string;
}

/** A part of the settings beside sources and looks. */
export interface SettingsPart {
  id: string;
  /** Smaller comes first. */
  order: number;
  title: string;
  component: Component;
}

/** A tab of the record pane beside Form and Source. */
export interface RecordTab {
  id: string;
  title: string;
  component: Component<{ view: RecordView }>;
  /** Key that opens it, as in `keys.ts` ("Ctrl+H"). */
  keys?: string;
}

/** A line of the command palette. */
export interface Command {
  id: string;
  group: "record" | "go" | "do";
  title: string;
  /** Greyer words behind the title. */
  detail?: string;
  /** A place where something waits for the person. */
  waiting?: boolean;
  icon: IconName;
  /** "Ctrl+P"; shown and acted on. The person may change it (keymap). */
  keys?: string | undefined;
  /** A key that the screen itself hears: only shown. */
  shownKeys?: { name: string; standard: string } | undefined;
  run(): void;
}

/** A question or warning that stays until it is answered. */
export interface Bar {
  id: string;
  /** Smaller comes first. */
  order: number;
  component: Component;
  shows(app: App): boolean;
}

/** What opens a record that needs a person; the merge feature sets it. */
export type OpenMerge = (key: string) => Location;

const places = new Map<string, Place>();
const recordTabs: RecordTab[] = [];
const commandSources: ((app: App) => Command[])[] = [];
const banners: Component[] = [];
const bars: Bar[] = [];
const settingsParts: SettingsPart[] = [];
let openMerge: OpenMerge | undefined;

export function registerPlace(place: Place): void {
  places.set(place.id, place);
}

export function registerRecordTab(tab: RecordTab): void {
  if (!recordTabs.some((known) => known.id === tab.id)) recordTabs.push(tab);
}

/** Commands are asked for when the palette opens and when a key is pressed: they may depend on what is shown. */
export function registerCommands(commands: (app: App) => Command[]): void {
  commandSources.push(commands);
}

/** Something across the top of every place (the tour). It decides itself whether it shows. */
export function registerBanner(banner: Component): void {
  if (!banners.includes(banner)) banners.push(banner);
}

/** A bar at the bottom edge of every place. `shows` tells whether it has something to say; one is shown at a time. */
export function registerBar(bar: Bar): void {
  if (!bars.some((known) => known.id === bar.id)) bars.push(bar);
  bars.sort((a, b) => a.order - b.order);
}

export function registerSettings(part: SettingsPart): void {
  if (!settingsParts.some((known) => known.id === part.id)) settingsParts.push(part);
  settingsParts.sort((a, b) => a.order - b.order);
}

export function allSettings(): readonly SettingsPart[] {
  return settingsParts;
}

export function registerMerge(open: OpenMerge): void {
  openMerge = open;
}

export function findPlace(id: string): Place | undefined {
  return places.get(id);
}

export function allBanners(): readonly Component[] {
  return banners;
}

export function allBars(): readonly Bar[] {
  return bars;
}

export function allRecordTabs(): readonly RecordTab[] {
  return recordTabs;
}

/** Every command that can be given now, with the keys the person chose. */
export function allCommands(app: App): Command[] {
  return commandSources.flatMap((commands) => commands(app)).map((command) => ({ ...command, keys: keymap.keysOf(command.id, command.keys) }));
}

/** Where the decision on a record is made. */
export function mergeLocation(key: string): Location {
  return openMerge?.(key) ?? { place: "needs-you", key };
}
