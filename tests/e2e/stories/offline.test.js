import assert from 'node:assert/strict';
import { Key } from '../harness/app.js';
import { until } from '../harness/process.js';
import { ReferenceServer, onServer } from '../harness/server.js';
import { edit, goTo, openRecord } from '../harness/steps.js';
import { story } from '../harness/story.js';

const PRESS = 'T-104';
const NAME = 'Apple press 12 l';

story('an address becomes a source; an edit made without a connection arrives by itself', async (app, { folder, later }) => {
  const server = await new ReferenceServer(folder).start();
  later(() => server.stop());

  await app.press('Add a source', 'link');
  await app.fill('Address', server.base);
  await app.sees('Found by itself');
  await app.fill('Name', 'Tool library');
  await app.press('Go on: sign-in');
  await app.sees('This server can be read without a sign-in.');
  await app.press('Go on: check-up');
  await app.sees('Nothing can be overwritten unseen.');
  await app.sees('Refuses a write based on an old version');
  await app.press('Go on: what to keep here');
  await app.sees('Lists to keep on this computer');
  await app.press('Keep these here');
  await app.role('heading', 'Repair cases');
  await openRecord(app, 'Tools', NAME);

  const before = await server.read(onServer(PRESS));
  await server.stop();
  await app.fill('Deposit', '31.00');
  await app.sees(/Saved on this computer \d\d:\d\d/);
  await app.keys(Key.TAB);
  await app.sees('No connection');
  await goTo(app, 'Outbox');
  await app.sees(NAME);
  await app.sees('When online again');
  await app.sees(before.etag);

  await server.start();
  await until('the edit arrives by itself', async () => (await server.json(onServer(PRESS))).deposit === 31, { timeout: 30_000 });
  const after = await server.read(onServer(PRESS));
  assert.equal(after.text, before.text.replace(/"deposit": [\d.]+/, '"deposit": 31.00'), 'nothing else changed, byte for byte');
  await app.sees('Everything is sent');
  await app.sees('Online');
  await goTo(app, 'Tools');
  await app.role('row', /^Synced Apple press/);
});

story('"Work offline" keeps what is typed; switched off, it is sent', async (app, { server }) => {
  await app.keys(Key.CONTROL, Key.SHIFT, 'o');
  await app.sees('Working offline');
  await openRecord(app, 'Tools', NAME);
  await edit(app, 'Deposit', '32.00');
  await app.sees('1 in Outbox');
  await app.press('What will be sent');
  await app.sees('only if the server still has the version you edited');
  assert.notEqual((await server.json(onServer(PRESS))).deposit, 32);
  await app.press('Work offline', 'switch');
  await until('the edit is on the server', async () => (await server.json(onServer(PRESS))).deposit === 32);
  await app.sees('Everything is sent');
}, { prepare: (place) => place.library() });
