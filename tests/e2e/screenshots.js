// Pictures of every screen at 1280 x 800, light and dark, from the real window (`make screenshots`); merging also at
// 900 x 700. The two of the README go to docs/pictures.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from './harness/app.js';
import { smaller } from './harness/png.js';
import { BUSY, FIRST, busyLibrary, walk } from './harness/screens.js';
import { library } from './harness/server.js';

const README = new Set(['main', 'merge']);
const README_FOLDER = resolve(import.meta.dirname, '../../docs/pictures');
const SMALL = [900, 700];
const NORMAL = [1280, 800];

async function pictures(look, theme, screens, prepare) {
  const folder = mkdtempSync(join(tmpdir(), 'matchbook-pictures-'));
  const home = join(folder, 'home');
  const undo = [];
  const place = { home, folder, later: (step) => undo.push(step) };
  place.library = async () => (place.server = await library(place));
  const xdg = Object.fromEntries(['DATA', 'CONFIG', 'CACHE'].map((kind) => [`XDG_${kind}_HOME`, join(folder, kind)]));
  for (const dir of [home, ...Object.values(xdg)]) mkdirSync(dir, { recursive: true });
  const app = new App({ home, logs: folder, env: { ...xdg, GTK_THEME: theme } });
  try {
    await prepare?.(place);
    await app.start();
    await walk(app, place, screens, async (name) => {
      const file = await app.picture(`${name}-${look}`);
      console.log(file);
      if (README.has(name) && look === 'light') writeFileSync(join(README_FOLDER, `${name}.png`), smaller(readFileSync(file)));
      if (name === 'merge') {
        await app.resize(...SMALL);
        await app.atRest();
        console.log(await app.picture(`${name}-${SMALL.join('x')}-${look}`));
        await app.resize(...NORMAL);
        await app.atRest();
      }
    });
  } finally {
    await app.stop();
    for (const step of undo.reverse()) await step();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

mkdirSync(README_FOLDER, { recursive: true });
for (const [look, theme] of [['light', 'Adwaita'], ['dark', 'Adwaita:dark']]) {
  await pictures(look, theme, FIRST);
  await pictures(look, theme, BUSY, busyLibrary);
}
