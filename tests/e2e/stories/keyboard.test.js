import assert from 'node:assert/strict';
import { Key } from '../harness/app.js';
import { focused, ringShown, tabTo } from '../harness/focus.js';
import { until } from '../harness/process.js';
import { ctl, onServer, record } from '../harness/server.js';
import { story } from '../harness/story.js';

const DRILL = 'T-118';

/** To the list of what needs a person, by keys alone. */
async function listByKeys(app) {
  await app.keys(Key.CONTROL, '2');
  await app.role('treeitem', /^Cordless drill/);
  await until('the list has the focus', async () => {
    const at = await focused(app);
    if (/treeitem/.test(at)) return true;
    await app.keys(/Find a record/.test(at) ? Key.ARROW_DOWN : Key.F6);
    return false;
  });
  await app.keys(Key.END);
  await until('the drill has the focus', async () => /^treeitem.*Cordless drill/s.test(await focused(app)));
  await app.keys(Key.ENTER);
}

story('a clash of one field: two keys to the preview, a third sends', async (app, { server, t }) => {
  await listByKeys(app);
  await until('the open row has the focus', async () => /^group Deposit\. Needs your choice, 1 of 1/.test(await focused(app)));
  assert.equal(await ringShown(app), true);

  // A figure, not a condition: how long a person waits for the app, with all that driving the window takes.
  const start = performance.now();
  await app.keys('2');
  await app.sees('1 of 1 decided');
  await app.keys(Key.CONTROL, Key.ENTER);
  await app.sees('Nothing has been sent yet');
  const previewed = performance.now();
  assert.equal((await server.json(onServer(DRILL))).deposit, 25);
  await app.keys(Key.CONTROL, Key.ENTER);
  await until('it is sent', async () => (await server.json(onServer(DRILL))).deposit === 30);
  await app.sees('Nothing needs you');
  const took = (from, to) => `${((to - from) / 1000).toFixed(1)} s`;
  t.diagnostic(`first key to the preview ${took(start, previewed)}, to the end of the list ${took(start, performance.now())}`);
}, { prepare: (place) => clash(place, ['/deposit=30.00'], '{"deposit": 25.00}') });

story('two rows by keys alone: choose, write my own, undo, preview, back, send', async (app, { server }) => {
  await listByKeys(app);
  await until('the first open row has the focus', async () => /^group Status\. Needs your choice, 1 of 2/.test(await focused(app)));
  await app.keys('1');
  await app.sees('1 of 2 decided');
  await app.keys('u');
  await app.sees('0 of 2 decided');
  await app.keys('2');
  await app.sees('1 of 2 decided');
  await app.keys(Key.ENTER);
  await until('Enter goes to the next open row', async () => /^group Deposit\./.test(await focused(app)));
  await app.keys('e');
  await until('the field of the result has the focus', async () => /TEXTAREA Deposit, will be sent/.test(await focused(app)));
  await app.keys(Key.CONTROL, 'a');
  await app.keys('28.5');
  await app.keys(Key.ENTER);
  await app.sees('2 of 2 decided');
  await app.keys(Key.CONTROL, Key.ENTER);
  await app.sees('Nothing has been sent yet');
  await app.keys(Key.ESCAPE);
  await app.sees('Needs your choice');
  await until('the same row has the focus', async () => /^group Deposit\./.test(await focused(app)));
  await app.keys(Key.CONTROL, Key.ENTER);
  await app.sees('Nothing has been sent yet');
  await app.keys(Key.CONTROL, Key.ENTER);
  await until('it is sent', async () => (await server.json(onServer(DRILL))).deposit === 28.5);
  assert.equal((await server.json(onServer(DRILL))).status, 'on_loan');
}, { prepare: (place) => clash(place, ['/deposit=30.00', '/status="on_loan"'], '{"deposit": 25.00, "status": "in_repair"}') });

story('the whole way without a mouse: open, edit, offline, reconnect, merge, send', async (app, { server }) => {
  await app.keys(Key.CONTROL, 'k');
  await until('the palette has the focus', async () => /INPUT|combobox/.test(await focused(app)));
  await app.keys('Cordless drill 18');
  await app.role('option', /^Cordless drill 18 V/);
  await app.keys(Key.ENTER);
  await app.role('heading', 'Cordless drill 18 V');
  await app.keys(Key.CONTROL, Key.SHIFT, 'o');
  await app.sees('Working offline');
  await tabTo(app, /^INPUT Deposit/);
  await app.keys(Key.CONTROL, 'a');
  await app.keys('33.00');
  await app.keys(Key.CONTROL, 's');
  await app.sees('1 in Outbox');
  await server.change(onServer(DRILL), '{"deposit": 25.00}');
  await app.keys(Key.CONTROL, Key.SHIFT, 'o');
  await app.sees('1 needs you');
  await listByKeys(app);
  await until('the open row has the focus', async () => /^group Deposit\./.test(await focused(app)));
  await app.keys('2');
  await app.sees('1 of 1 decided');
  await app.keys(Key.ENTER);
  await until('Enter after the last choice goes to Preview and send', async () => /Preview and send/.test(await focused(app)));
  await app.keys(Key.ENTER);
  await app.sees('Nothing has been sent yet');
  await app.keys(Key.CONTROL, Key.ENTER);
  await until('it is sent', async () => (await server.json(onServer(DRILL))).deposit === 33);
}, { prepare: (place) => place.library() });

story('the focus is seen wherever Tab goes, and never lost to the page', async (app) => {
  for (const [key, name] of [['1', 'All records'], ['2', 'Needs you'], ['3', 'Outbox'], ['4', 'Activity']]) {
    await app.keys(Key.CONTROL, key);
    await app.role('heading', name);
    await app.atRest();
    assert.notEqual(await focused(app), '(the page)', `${name}: the focus is in the page`);
    await tabTo(app, /^switch Work offline/);
  }
  await listByKeys(app);
  await app.sees('0 of 1 decided');
  await app.keys('2');
  await app.keys(Key.CONTROL, Key.ENTER);
  await app.sees('Nothing has been sent yet');
  await app.keys(Key.CONTROL, Key.ENTER);
  await app.sees('Nothing needs you');
  assert.notEqual(await focused(app), '(the page)', 'after sending the last one, the focus is in the page');
}, { prepare: (place) => clash(place, ['/deposit=30.00'], '{"deposit": 25.00}') });

async function clash(place, mine, theirs) {
  await place.library();
  await ctl(place.home, ['edit', record(DRILL), ...mine.flatMap((set) => ['--set', set])]);
  await place.server.change(onServer(DRILL), theirs);
  await ctl(place.home, ['sync'], { codes: [3] });
}
