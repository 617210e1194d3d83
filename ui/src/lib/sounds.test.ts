import { describe, expect, it, vi } from "vitest";
import { Sounds, SOUNDS } from "./sounds.svelte";

/** Counts the tones that were started. */
function device() {
  const started: number[] = [];
  const node = { gain: { setValueAtTime: vi.fn(), linearRampToValueAtTime: vi.fn() }, connect: (to: unknown) => to };
  const context = {
    currentTime: 0, destination: {}, resume: () => Promise.resolve(), createGain: () => node,
    createOscillator: () => {
      const frequency = { value: 0 };
      return { frequency, connect: (to: unknown) => to, start: () => void started.push(frequency.value), stop: vi.fn() };
    },
  };
  return { started, make: () => context as unknown as AudioContext };
}

describe("sounds", () => {
  it("are off at first, and then nothing is even made", () => {
    const make = vi.fn();
    const sounds = new Sounds(undefined, make);
    expect(SOUNDS.map((sound) => sounds.play(sound))).toEqual(SOUNDS.map(() => false));
    expect(make).not.toHaveBeenCalled();
  });

  it("differ from each other once they are on", () => {
    const heard = SOUNDS.map((sound) => {
      const { started, make } = device();
      const sounds = new Sounds(undefined, make);
      sounds.set(true);
      expect(sounds.play(sound)).toBe(true);
      return started.join(" ");
    });
    expect(new Set(heard).size).toBe(SOUNDS.length);
  });

  it("are left out where the system has none, without an error", () => {
    for (const make of [() => undefined, () => { throw new Error("no device"); }]) {
      const sounds = new Sounds(undefined, make);
      sounds.set(true);
      expect(sounds.play("sent")).toBe(false);
    }
  });

  it("keep their switch on this computer", () => {
    const kept = new Map<string, string>();
    const keep = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
    new Sounds(keep).set(true);
    expect(new Sounds(keep).on).toBe(true);
  });
});
