/**
 * Short sounds (M35): optional, off until switched on in Settings. They say nothing that is not also in words, and are
 * made here from two tones, so that no file is loaded. Where the system plays none, nothing is wrong.
 */
export type Sound = "decided" | "all_decided" | "changed_again" | "trouble" | "sent";
export const SOUNDS: readonly Sound[] = ["decided", "all_decided", "changed_again", "trouble", "sent"];

/** Tones in Hz, one after the other; up = good news, down = something waits. */
const TONES: Record<Sound, readonly number[]> = {
  decided: [660],
  all_decided: [523, 784],
  changed_again: [587, 440],
  trouble: [330, 247],
  sent: [659, 988],
};
const SECONDS = 0.11;
const LOUDNESS = 0.08;

type Keep = Pick<Storage, "getItem" | "setItem">;
type Make = () => AudioContext | undefined;
const KEY = "sounds";

export class Sounds {
  #on = $state(false);
  #keep: Keep | undefined;
  #make: Make;
  #context: AudioContext | undefined;

  constructor(keep: Keep | undefined = globalThis.localStorage, make: Make = () => ("AudioContext" in globalThis ? new AudioContext() : undefined)) {
    this.#keep = keep;
    this.#make = make;
    this.#on = keep?.getItem(KEY) === "on";
  }

  get on(): boolean {
    return this.#on;
  }

  set(on: boolean): void {
    this.#on = on;
    this.#keep?.setItem(KEY, on ? "on" : "off");
  }

  /** Plays a sound if they are on; `false` when none could be played. */
  play(sound: Sound): boolean {
    if (!this.#on) return false;
    try {
      this.#context ??= this.#make();
      if (!this.#context) return false;
      void this.#context.resume();
      tones(this.#context, TONES[sound]);
      return true;
    } catch {
      // No sound device: the words are enough.
      return false;
    }
  }
}

function tones(context: AudioContext, pitches: readonly number[]): void {
  pitches.forEach((pitch, at) => {
    const from = context.currentTime + at * SECONDS;
    const tone = context.createOscillator();
    const level = context.createGain();
    tone.frequency.value = pitch;
    // Without a slope each tone would begin and end with a click.
    level.gain.setValueAtTime(0, from);
    level.gain.linearRampToValueAtTime(LOUDNESS, from + 0.01);
    level.gain.linearRampToValueAtTime(0, from + SECONDS);
    tone.connect(level).connect(context.destination);
    tone.start(from);
    tone.stop(from + SECONDS);
  });
}

/** Those of this window. */
export const sounds = new Sounds();
