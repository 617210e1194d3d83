/** Finds every feature: each has a `place.ts` that registers its screens, tabs and commands. */
import.meta.glob("./*/place.ts", { eager: true });
