import { flushSync } from "svelte";
import { beforeEach, expect, it } from "vitest";
import { keepLocation, keptLocation } from "./kept.svelte";
import { Navigation } from "./navigation.svelte";

beforeEach(() => localStorage.clear());

it("every move is kept at once: a crash opens the same screen again", () => {
  const nav = new Navigation();
  keepLocation(nav);
  nav.go({ place: "merge", key: "drill" });
  flushSync();
  expect(keptLocation()).toEqual({ place: "merge", key: "drill" });
  nav.replace({ tab: "source" });
  flushSync();
  expect(keptLocation()).toEqual({ place: "merge", key: "drill", tab: "source" });
});

it("what is no location is not taken", () => {
  localStorage.setItem("location", "{");
  expect(keptLocation()).toBeUndefined();
});
