// Pictures of the screens, light and dark, at 1280 x 800, from the real window (`make screenshots`).
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Key } from './harness/app.js';

/** Name of the picture, and how a person gets there from the screen before. */
const SCREENS = [
  ['start', async () => undefined],
  ['needs-you', (app) => app.keys(Key.CONTROL, '2')],
  ['outbox', (app) => app.keys(Key.CONTROL, '3')],
  ['activity', (app) => app.keys(Key.CONTROL, '4')],
  ['palette', (app) => app.keys(Key.CONTROL, 'k')],
  ['keys', async (app) => {
    await app.keys(Key.ESCAPE);
    await app.keys(Key.F1);
  }],
];

for (const [look, theme] of [['light', 'Adwaita'], ['dark', 'Adwaita:dark']]) {
  const folder = mkdtempSync(join(tmpdir(), 'matchbook-pictures-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  const app = new App({
    home,
    logs: folder,
    env: {
      GTK_THEME: theme,
      XDG_DATA_HOME: join(folder, 'data'),
      XDG_CONFIG_HOME: join(folder, 'config'),
      XDG_CACHE_HOME: join(folder, 'cache'),
    },
  });
  try {
    await app.start();
    for (const [name, go] of SCREENS) {
      await go(app);
      await app.atRest();
      console.log(await app.picture(`${name}-${look}`));
    }
  } finally {
    await app.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
