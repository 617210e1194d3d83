import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Key } from '../harness/app.js';
import { ctl, onServer, record } from '../harness/server.js';
import { choose, openMerge } from '../harness/steps.js';
import { story } from '../harness/story.js';
import { answerFileDialog, chooseFile, downloads } from '../harness/system.js';

const DRILL = 'T-118';
const NAME = 'Cordless drill 18 V';

async function clash(place) {
  place.downloads = downloads(place.folder);
  await place.library();
  await ctl(place.home, ['edit', record(DRILL), '--set', '/deposit=30.00', '--set', '/looked_after_by="Tomasz Wilk"', '--set', '/notes="Ask Tomasz Wilk for the key."']);
  await place.server.change(onServer(DRILL), '{"deposit": 25.00, "lent_to": "Marit Solberg"}');
  await ctl(place.home, ['sync'], { codes: [3] });
}

async function exportFrom(app) {
  await app.press('More');
  await app.press('Export for support', 'menuitem');
  await app.sees('"matchbook_merge"');
}

story('a merge as one file for support: first with other values, only then as it is; nothing is sent', async (app, { server, downloads: place }) => {
  const { etag } = await server.read(onServer(DRILL));
  await openMerge(app, NAME);
  await choose(app, /^Deposit\./, /^Use mine/);
  await app.sees('1 of 1 decided');
  await exportFrom(app);
  const shown = await app.run('return document.querySelector("dialog pre").textContent');
  for (const private_ of ['Tomasz', 'Wilk', 'Marit', 'Solberg', 'Cordless', '12345678901234567890']) assert.ok(!shown.includes(private_), `${private_} is replaced`);
  assert.ok(shown.includes('looked_after_by'), 'names of fields stay');
  assert.deepEqual(readdirSync(place), [], 'looking writes nothing');

  // The dialog of the system is closed: nothing is written.
  await app.press('Save the file');
  await answerFileDialog(app, { cancel: true });
  await app.sees('Replace the values');
  assert.deepEqual(readdirSync(place), []);

  await app.press('Save the file');
  await answerFileDialog(app);
  const file = join(place, 'cordless-drill-18-v-merge.json');
  await app.sees(`Saved as ${file}`);
  assert.equal(readFileSync(file, 'utf8'), shown, 'what was shown is what is written');

  await app.press(/^Replace the values/, 'checkbox');
  await app.sees('Tomasz Wilk');
  await app.keys(Key.ESCAPE);
  await app.sees('1 of 1 decided');
  assert.equal((await server.read(onServer(DRILL))).etag, etag, 'nothing is sent');

  // Somebody else opens the file, sees what this person saw, and changes nothing by it.
  await chooseFile(app, file, async () => {
    await app.keys(Key.CONTROL, 'k');
    await app.keys('>Open an exported');
    await app.press(/^Open an exported merge/, 'option');
  });
  await app.sees('This is for practice: nothing here is kept or sent.');
  await app.sees('1 of 1 decided');
  await app.press(/^Preview and send/);
  await app.sees('Everything is decided. This is for practice: nothing is sent.');
  assert.equal((await server.read(onServer(DRILL))).etag, etag);
}, { prepare: clash });

story('practice with the sample, to its end: every choice works, nothing is kept, nothing is sent', async (app, { home, server }) => {
  const { etag } = await server.read(onServer(DRILL));
  const requests = () => readFileSync(join(server.folder, 'server.log'), 'utf8').split('\n').filter((line) => /PUT|POST|PATCH|DELETE/.test(line)).length;
  const writes = requests();
  await app.keys(Key.CONTROL, 'k');
  await app.keys('>Practice');
  await app.press(/^Practice a merge/, 'option');
  await app.sees('This is for practice: nothing here is kept or sent.');
  await app.sees(/0 of \d decided/);
  await app.press('All mine');
  await app.sees(/(\d) of \1 decided/);
  await app.press('More');
  await app.press(/^Undo/, 'menuitem');
  await app.sees(/0 of \d decided/);
  await app.press("All server's");
  await app.sees(/(\d) of \1 decided/);
  await app.press(/^Preview and send/);
  await app.sees('Everything is decided. This is for practice: nothing is sent.');
  await app.press('Back to list');
  await app.role('heading', 'All records');

  await app.keys(Key.CONTROL, 'k');
  await app.keys('>Practice');
  await app.press(/^Practice a merge/, 'option');
  await app.sees(/0 of \d decided/);
  assert.equal((await server.read(onServer(DRILL))).etag, etag);
  assert.equal(requests(), writes, 'no write reached the server');
  const { lines } = await ctl(home, ['conflict', record(DRILL)]);
  assert.equal(lines.filter((line) => line.group === 'open' && line.decision).length, 0, 'the real one is untouched');
  assert.equal(existsSync(join(home, 'sample')), false);
}, { prepare: clash });
