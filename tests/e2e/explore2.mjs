import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { App, Key } from './harness/app.js';
const folder = mkdtempSync('/tmp/mbx-');
const home = join(folder, 'home'); mkdirSync(home);
const app = new App({ home, logs: folder, args: ['--demo'], env: { RUST_LOG: 'info', XDG_DATA_HOME: join(folder, 'data') } });
const pic = async (n) => console.log(await app.picture(n));
const nap = (ms) => new Promise(r => setTimeout(r, ms));
try {
  await app.start();
  await app.sees('Wheelbarrow, green'); await nap(1500); await pic('y0');
  for (let i = 0; i < 3; i++) { await app.press(/^Do it for me/); await nap(700); await app.press(/^Next/); await nap(900); }
  await app.press(/^Do it for me/); await nap(3000);
  await app.press('Decide'); await nap(1500);
  await pic('y1-merge');
  await app.press('Leave the tour'); await nap(600);
  await app.keys('2'); await nap(800);
  await pic('y2-decided'); await app.keys(Key.ENTER); await nap(500);
  await app.keys(Key.CONTROL, Key.ENTER); await nap(1200);
  await pic('y3-preview');
  await app.keys(Key.CONTROL, Key.ENTER); await nap(2500);
  await pic('y4-sent');
  await app.keys(Key.CONTROL, '1'); await nap(800);
  await app.fill(/Filter/, 'drill', 'searchbox').catch(async () => app.fill(/Filter/, 'drill'));
  await nap(800); await pic('y5-filter');
} catch (e) { console.log(String(e).slice(0, 800)); await pic('y-error').catch(() => 0); }
finally { await app.stop(); console.log(folder); }
