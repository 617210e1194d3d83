// Pictures of every screen at 1280 x 800, light and dark, from the real window (`make screenshots`); the light ones also
// at 900 x 700. The two of the README go to docs/pictures. As arguments, "light" or "dark", names of walks, or of screens:
// only those walks.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from './harness/app.js';
import { smaller } from './harness/png.js';
import { WALKS, walk } from './harness/screens.js';
import { library } from './harness/server.js';

const README = new Set(['main', 'merge']);
const README_FOLDER = resolve(import.meta.dirname, '../../docs/pictures');
/** Also as a whole, as far as it scrolls: what the design shows so. */
const WHOLE = new Set(['merge']);
const NORMAL = [1280, 800];
const SMALL = [900, 700];
const TALL = [1280, 1360];
const LOOKS = [['light', 'Adwaita'], ['dark', 'Adwaita:dark']];

async function also(app, name, size, look) {
  await app.resize(...size);
  await app.atRest();
  console.log(await app.picture(`${name}-${size.join('x')}-${look}`));
  await app.resize(...NORMAL);
  await app.atRest();
}

async function pictures(look, theme, { screens, prepare, small }) {
  const folder = mkdtempSync(join(tmpdir(), 'matchbook-pictures-'));
  const home = join(folder, 'home');
  const undo = [];
  const place = { home, folder, later: (step) => undo.push(step) };
  place.library = async (options) => (place.server = await library(place, options));
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
      if (WHOLE.has(name) && look === 'light') await also(app, name, TALL, look);
      if (small && look === 'light') await also(app, name, SMALL, look);
    });
  } catch (error) {
    if (app.driver) console.error(await app.picture(`failed-${look}`).catch(() => 'no picture'));
    throw error;
  } finally {
    await app.stop();
    for (const step of undo.reverse()) await step();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const named = new Set(LOOKS.map(([look]) => look));
const [looks, wanted] = [process.argv.slice(2).filter((one) => named.has(one)), process.argv.slice(2).filter((one) => !named.has(one))];
const asked = ({ name, screens }) => wanted.length === 0 || wanted.includes(name) || screens.some(([screen]) => wanted.includes(screen));
mkdirSync(README_FOLDER, { recursive: true });
for (const [look, theme] of LOOKS.filter(([look]) => looks.length === 0 || looks.includes(look))) {
  for (const each of WALKS.filter(asked)) await pictures(look, theme, each);
}
