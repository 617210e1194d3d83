import assert from 'node:assert/strict';
import { Key } from '../harness/app.js';
import { until } from '../harness/process.js';
import { ctl, onServer, record } from '../harness/server.js';
import { choose, goTo, openMerge, openRecord } from '../harness/steps.js';
import { story } from '../harness/story.js';

const DRILL = 'T-118';
const NAME = 'Cordless drill 18 V';

story('killed in the middle of a merge, the decision is there again', async (app, { home, server }) => {
  await openMerge(app, NAME);
  await app.sees('0 of 2 decided');
  await choose(app, /^Deposit\. Needs your choice/, /^Use mine/);
  await app.sees('1 of 2 decided');
  await until('the decision is on disk', async () => {
    const { lines } = await ctl(home, ['conflict', record(DRILL)]);
    return lines.some((row) => row.path.join() === 'deposit' && row.decision === 'mine');
  });

  await app.kill();
  assert.equal((await server.json(onServer(DRILL))).deposit, 25, 'nothing was sent');
  await app.start();

  await openMerge(app, NAME);
  await app.sees('1 of 2 decided');
  const again = await app.role('group', /^Deposit\. Decided/);
  assert.equal(await (await app.role('radio', /^Use mine/, { within: again })).isSelected(), true);
  await choose(app, /^Status\. Needs your choice/, /^Use server's/);
  await app.sees('2 of 2 decided');
  await app.keys(Key.CONTROL, Key.ENTER);
  await app.sees('Nothing has been sent yet');
  await app.press(/^Send \d/);

  await until('the server has the merged record', async () => (await server.json(onServer(DRILL))).deposit === 30);
  const { text } = await server.read(onServer(DRILL));
  const merged = JSON.parse(text);
  assert.equal(merged.status, 'in_repair');
  assert.equal(merged.shelf, 'A4', 'what only the colleague changed');
  assert.equal(merged.model, 'written here', 'what was only changed here');
  assert.match(text, /12345678901234567890/, 'a number nobody touched keeps its digits');
}, {
  prepare: async (place) => {
    await place.library();
    await ctl(place.home, ['edit', record(DRILL), '--set', '/deposit=30.00', '--set', '/status="on_loan"', '--set', '/model="written here"']);
    await place.server.change(onServer(DRILL), '{"deposit": 25.00, "status": "in_repair", "shelf": "A4"}');
    await ctl(place.home, ['sync'], { codes: [3] });
  },
});

story('killed after "Saved on this computer", the edit is there again', async (app, { server }) => {
  await app.press('Work offline', 'switch');
  await app.sees('Working offline');
  await openRecord(app, 'Tools', 'Allen key set');
  await app.fill('Deposit', '7.25');
  await app.sees(/Saved on this computer \d\d:\d\d/);
  await app.sees('1 in Outbox');
  await app.kill();

  const tool = await server.json(onServer('T-161'));
  assert.notEqual(tool.deposit, 7.25, 'it was not sent');
  await app.start();
  await openRecord(app, 'Tools', 'Allen key set');
  const deposit = await app.role('textbox', /^Deposit/);
  await until('the form shows the edit', async () => (await deposit.getAttribute('value')) === '7.25');
  await goTo(app, 'Outbox');
  await app.sees('Allen key set');
  await app.sees('You change 1 of');
}, { prepare: (place) => place.library() });
