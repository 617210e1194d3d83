import assert from 'node:assert/strict';
import { until } from '../harness/process.js';
import { onServer } from '../harness/server.js';
import { edit, goTo, openRecord } from '../harness/steps.js';
import { story } from '../harness/story.js';

const KEYS = 'T-161';

story('a value the server refuses: its words at the field, repaired, synced', async (app, { server }) => {
  const before = await server.read(onServer(KEYS));
  await openRecord(app, 'Tools', 'Allen key set');
  await edit(app, /^No\./, 'X-1');
  await app.sees('The server refused this edit.');
  await app.sees('must match the pattern');
  assert.equal((await server.read(onServer(KEYS))).etag, before.etag);

  await app.press('Repair');
  await app.sees('Sending it again unchanged will not help.');
  await app.press(/^Send again/);
  assert.equal(await app.run('return document.activeElement.value'), 'X-1', 'first the field has to change');
  await app.fill(/^No\./, 'T-1610');
  await app.press(/^Send again/);
  await until('the repaired edit is on the server', async () => (await server.json(onServer(KEYS))).number === 'T-1610');
  await app.sees('Everything is sent');
  await goTo(app, 'Tools');
  await app.role('row', /^Synced Allen key set/);
}, { prepare: (place) => place.library() });
