import assert from 'node:assert/strict';
import { Key } from '../harness/app.js';
import { until } from '../harness/process.js';
import { ctl, onServer, record } from '../harness/server.js';
import { choose, openMerge, openRecord } from '../harness/steps.js';
import { story } from '../harness/story.js';

const DRILL = 'T-118';
const NAME = 'Cordless drill 18 V';

async function clash(place) {
  await place.library();
  await ctl(place.home, ['edit', record(DRILL), '--set', '/deposit=30.00', '--set', '/model="written here"']);
  await place.server.change(onServer(DRILL), '{"deposit": 25.00, "shelf": "A4"}');
  await ctl(place.home, ['sync'], { codes: [3] });
}

story('a merge that was sent is undone: a new write, and every version is still there', async (app, { server }) => {
  await openMerge(app, NAME);
  await choose(app, /^Deposit\./, /^Use mine/);
  await app.keys(Key.CONTROL, Key.ENTER);
  await app.sees('Nothing has been sent yet');
  await app.press(/^Send \d/);
  await until('it is sent', async () => (await server.json(onServer(DRILL))).deposit === 30);

  await openRecord(app, 'Tools', NAME);
  await app.press('History', 'tab');
  await app.press(/^Put together/, 'option');
  await app.sees(/1 choice by you/);
  await app.press(/^Undo what was put together/);
  await app.press(/^Back to the server's version before it/, 'menuitem');
  await until('the server has its version of before', async () => {
    const { deposit, model } = await server.json(onServer(DRILL));
    return deposit === 25 && model !== 'written here';
  });
  const { text } = await server.read(onServer(DRILL));
  assert.equal(JSON.parse(text).shelf, 'A4');
  assert.match(text, /12345678901234567890/);
}, { prepare: clash });

story('the server changes a record that is open and waits: said at its foot, taken in before it is sent', async (app, { server }) => {
  await openRecord(app, 'Tools', NAME);
  const deposit = await app.role('textbox', /^Deposit/);
  assert.equal(await deposit.getAttribute('value'), '33.00');
  await server.change(onServer(DRILL), '{"shelf": "A4"}');
  // Nobody asks for it: the record on the screen is looked at by itself.
  await app.sees(/Ines Duarte changed Shelf on the server at \d\d:\d\d\. No overlap\./);
  const etag = (await server.read(onServer(DRILL))).etag;
  await app.press('Take it in now');
  await until('the form shows what was taken in', () => app.run(`return [...document.querySelectorAll('select, input')].some((one) =>
    (one.selectedOptions?.[0]?.textContent ?? one.value).startsWith('A4'))`));
  assert.equal(await (await app.role('textbox', /^Deposit/)).getAttribute('value'), '33.00', 'the edit stays');
  assert.equal((await server.read(onServer(DRILL))).etag, etag, 'nothing is sent by it');
}, {
  prepare: async (place) => {
    await place.library();
    await ctl(place.home, ['edit', record(DRILL), '--set', '/deposit=33.00']);
    await ctl(place.home, ['hold', record(DRILL)]);
  },
});
