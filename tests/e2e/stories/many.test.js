import assert from 'node:assert/strict';
import { Key } from '../harness/app.js';
import { clashingDeposits, deposits } from '../harness/libraries.js';
import { until } from '../harness/process.js';
import { ctl, onServer, record } from '../harness/server.js';
import { goTo } from '../harness/steps.js';
import { story } from '../harness/story.js';

const MANY = 24;

const clashing = (options) => (place) => clashingDeposits(place, MANY, options);

story('one rule for many: one changes again and stays open, the others are sent, one undo brings them back', async (app, place) => {
  const { server, ids } = place;
  await goTo(app, 'Needs you');
  await app.sees(`${MANY} tools`);
  await app.press(/^Use mine/, 'radio');
  await app.sees(`${MANY} of ${MANY} ready`);
  assert.deepEqual(await deposits(place), ids.map((_, at) => at + 100), 'nothing is sent before it is confirmed');

  // Between the table and the button a colleague is quicker.
  await server.change(onServer(ids[3]), '{"deposit": 999.00}');
  await app.press(new RegExp(`^Use mine for ${MANY}`));
  await app.sees(`${MANY} of ${MANY} done`);
  await app.sees(`${MANY - 1} sent, 1 changed again`);
  const after = await deposits(place);
  assert.deepEqual(after, ids.map((_, at) => (at === 3 ? 999 : at + 200)));
  await app.accessible('the batch');

  await app.press(new RegExp(`^Undo all ${MANY - 1}`));
  await app.sees('Undone.');
  await until('the server has the versions of before again', async () => {
    const now = await deposits(place);
    return now.every((deposit, at) => deposit === (at === 3 ? 999 : at + 100));
  });
  await app.sees(`Undone. ${MANY} need you again.`);
}, { prepare: clashing() });

story('a rule for similar ones from now on: made, seen in Settings, switched off', async (app, place) => {
  const { server, home } = place;
  await goTo(app, 'Needs you');
  await app.press(/^Use server's/, 'radio');
  await app.press(/^Use this for similar ones from now on/, 'checkbox');
  await app.press(new RegExp(`^Use server's for ${MANY}`));
  await app.sees(`${MANY} of ${MANY} done`);

  await goTo(app, 'Tools');
  await app.keys('\uE009', ','); // Control
  await app.sees('Rules');
  await app.sees('Deposit');
  await app.stop();

  // Another clash of that kind needs no choice any more; what was put together waits for a look.
  const [id] = place.ids;
  await ctl(home, ['edit', record(id), '--set', '/deposit=300.00']);
  await server.change(onServer(id), '{"deposit": 301.00}');
  await ctl(home, ['sync'], { codes: [0, 3] });
  const { lines } = await ctl(home, ['conflict', record(id)], { codes: [0, 1] });
  assert.equal(lines.filter((line) => line.group === 'open').length, 0, 'the rule answers it');
  await app.start();
}, { prepare: clashing() });

const records = (writes) => writes.filter(({ path }) => !path.includes('matchbook-check')).map(({ path, status }) => [path.split('/').at(-1), status]);

story('killed in the middle of a batch: every result is true, nothing is sent twice, the rest waits; one undo', async (app, place) => {
  const { server: { between }, ids } = place;
  const mine = ids.map((_, at) => at + 200);
  const theirs = ids.map((_, at) => at + 100);
  await goTo(app, 'Needs you');
  await app.press(/^Use mine/, 'radio');
  await app.sees(`${MANY} of ${MANY} ready`);
  // Nine answers come back. What is sent besides arrives, but the app never learns of it.
  const [begun, answered] = [between.writes.length, 9];
  between.holdAfter(answered, { keep: 'answer' });
  await app.press(new RegExp(`^Use mine for ${MANY}`));
  await until('writes without an answer', () => between.kept.length > 0);
  await app.sees(`${answered} of ${MANY} done`);
  await app.kill();

  const arrived = await until('the server has answered what it got', async () => {
    const now = (await deposits(place)).filter((deposit, at) => deposit === mine[at]).length;
    return now === records(between.writes.slice(begun)).length && now;
  });
  assert.ok(arrived > answered && arrived < MANY, `${arrived} of ${MANY} had arrived`);
  between.forget();
  await app.start();
  await goTo(app, 'Needs you');
  await app.sees('Matchbook was closed in the middle. Nothing more is sent until you say so.');
  await app.sees(`${arrived} of ${MANY} done`);
  await app.sees(`${arrived} sent`);
  await app.keys(Key.F5);
  await app.atRest();
  assert.deepEqual((await deposits(place)).map((deposit, at) => deposit === mine[at]).filter(Boolean).length, arrived, 'the rest waits');
  const once = records(between.writes.slice(begun));
  assert.deepEqual([once.length, new Set(once.map(([id]) => id)).size], [arrived, arrived], 'looking is enough to know: nothing was sent again');

  await app.press(`Go on with ${MANY - arrived}`);
  await app.sees(`${MANY} of ${MANY} done`);
  await app.sees(`${MANY} sent`);
  assert.deepEqual(await deposits(place), mine);
  const all = records(between.writes.slice(begun));
  assert.deepEqual(all.map(([id]) => id).sort(), [...ids].sort(), 'every record was written once');
  assert.ok(all.every(([, status]) => status < 300));

  await app.press(new RegExp(`^Undo all ${MANY}`));
  await app.sees('Undone.');
  await until('the server has the versions of before again', async () => (await deposits(place)).every((deposit, at) => deposit === theirs[at]));
  await app.sees(`Undone. ${MANY} need you again.`);
}, { prepare: clashing({ between: true }) });
