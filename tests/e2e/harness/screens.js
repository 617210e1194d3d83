// Every screen with something on it, and how a person gets there. One list for the pictures and for the accessibility
// check, so that neither forgets a screen.
import { busyLibrary, kindsLibrary, manyLibrary, pastLibrary } from './libraries.js';
import { BUSY } from './screens/busy.js';
import { FIRST } from './screens/first.js';
import { KINDS } from './screens/kinds.js';
import { MANY } from './screens/many.js';
import { PAST } from './screens/past.js';

/**
 * Each walk is an app of its own. `small`: what it shows is looked at in a small window, too.
 * @type {{ name: string, screens: [string, (app: any, place: any) => unknown][], prepare?: (place: any) => unknown, small: boolean }[]}
 */
export const WALKS = [
  { name: 'the first screens', screens: FIRST, small: false },
  { name: 'a busy library', screens: BUSY, prepare: busyLibrary, small: true },
  { name: 'rows of every kind', screens: KINDS, prepare: kindsLibrary, small: true },
  { name: 'many at once', screens: MANY, prepare: manyLibrary, small: true },
  { name: 'the past', screens: PAST, prepare: pastLibrary, small: true },
];

/** Walks the screens and hands each to `look` when it is at rest. */
export async function walk(app, place, screens, look) {
  for (const [name, go] of screens) {
    try {
      await go(app, place);
      await app.atRest();
    } catch (error) {
      throw new Error(`on the way to the screen "${name}": ${error.message}`, { cause: error });
    }
    await look(name);
  }
}
