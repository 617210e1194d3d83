import assert from 'node:assert/strict';
import { until } from '../harness/process.js';
import { ctl, onServer, record } from '../harness/server.js';
import { goTo } from '../harness/steps.js';
import { story } from '../harness/story.js';

const MANY = 24;

/** The first tools of the library, and one that stays out of it. */
async function clashing(place) {
  const server = await place.library();
  const { lines } = await ctl(place.home, ['records', '--source', 'Tool library', '--collection', 'tools']);
  const ids = lines.slice(0, MANY).map((line) => decodeURIComponent(line.record.split('/').at(-1)));
  for (const [at, id] of ids.entries()) {
    await ctl(place.home, ['edit', record(id), '--set', `/deposit=${at + 200}.00`]);
    await server.change(onServer(id), `{"deposit": ${at + 100}.00}`);
  }
  await ctl(place.home, ['sync'], { codes: [3] });
  place.ids = ids;
}

const deposits = async ({ server, ids }) => Promise.all(ids.map(async (id) => (await server.json(onServer(id))).deposit));

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
}, { prepare: clashing });

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
}, { prepare: clashing });
