// One story: a fresh home, the app, and on failure a picture and the end of its log. Nothing is left running.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { App } from './app.js';
import { tail } from './process.js';
import { library } from './server.js';

const MINUTES = 60_000;

/**
 * @param {string} name what the person experiences
 * @param {(app: App, story: Story) => Promise<void>} tell
 * @param {{ env?: Record<string, string>, args?: string[], prepare?: (story: Story) => unknown }} [options]
 *   `prepare`: before the app starts, e.g. to fill its home with the command line tool
 *
 * @typedef {object} Story
 * @property {string} home data folder of the app
 * @property {string} folder scratch space of this story
 * @property {(undo: () => unknown) => void} later something to undo at its end (a server to stop)
 * @property {(options?: Parameters<typeof library>[1]) => Promise<import('./server.js').ReferenceServer>} library
 *   the reference server as the source "Tool library" of this home, read once; stopped at the end
 * @property {import('./server.js').ReferenceServer} [server] what `library` started
 * @property {import('node:test').TestContext} t
 */
export function story(name, tell, { env, args, prepare } = {}) {
  test(name, { timeout: 5 * MINUTES }, async (t) => {
    if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY && process.platform === 'linux') {
      throw new Error('there is no display: run this through `make test-window` or scripts/headless');
    }
    const folder = mkdtempSync(join(tmpdir(), 'matchbook-story-'));
    const home = join(folder, 'home');
    // The web view keeps its own data in the XDG folders: they belong to the story as well.
    const own = { XDG_DATA_HOME: 'data', XDG_CONFIG_HOME: 'config', XDG_CACHE_HOME: 'cache' };
    const xdg = Object.fromEntries(Object.entries(own).map(([key, dir]) => [key, join(folder, dir)]));
    for (const dir of [home, ...Object.values(xdg)]) mkdirSync(dir, { recursive: true });
    const undo = [];
    const app = new App({ home, logs: folder, env: { ...xdg, ...env }, args });
    const later = (step) => undo.push(step);
    const place = { home, folder, later, t };
    place.library = async (options) => (place.server = await library(place, options));
    try {
      await prepare?.(place);
      await app.start();
      await tell(app, place);
    } catch (error) {
      const picture = app.driver && (await app.picture(`failed-${name.replace(/\W+/g, '-')}`).catch(() => undefined));
      if (picture) t.diagnostic(`picture of the window: ${picture}`);
      t.diagnostic(`end of the log of the app:\n${tail(join(folder, 'app.log'))}`);
      throw error;
    } finally {
      await app.stop();
      for (const step of undo.reverse()) await step();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
}
