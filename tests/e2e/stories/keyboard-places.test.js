import assert from 'node:assert/strict';
import { Key } from '../harness/app.js';
import { focused, ringShown, tabTo } from '../harness/focus.js';
import { clashingDeposits, deposits } from '../harness/libraries.js';
import { until } from '../harness/process.js';
import { ctl, onServer, record } from '../harness/server.js';
import { story } from '../harness/story.js';

const DRILL = 'T-118';
const FEW = 6;

/** Waits until this has the focus, and that it is seen. */
async function arrives(app, what) {
  await until(`the focus is on ${what}`, async () => what.test(await focused(app)));
  assert.equal(await ringShown(app), true, `the focus is seen on ${what}`);
}

story('many by keys alone: the group, its rule, all of it, the batch, its undo', async (app, place) => {
  const { ids } = place;
  await app.keys(Key.CONTROL, '2');
  await app.role('treeitem', /only Deposit/);
  await until('the list has the focus', async () => {
    if (/^treeitem/.test(await focused(app))) return true;
    await app.keys(Key.F6);
    return false;
  });
  // Fold and unfold, into the group and back.
  await app.keys(Key.HOME);
  await app.keys(Key.ARROW_LEFT);
  await until('it is folded', async () => (await app.run('return document.querySelectorAll("[role=treeitem][aria-level=\'2\']").length')) === 0);
  await app.keys(Key.ARROW_RIGHT);
  await until('it is unfolded', async () => (await app.run('return document.querySelectorAll("[role=treeitem][aria-level=\'2\']").length')) > 0);

  await app.keys(Key.F6);
  await tabTo(app, /^INPUT Use server's/);
  await app.keys(Key.ARROW_DOWN);
  await app.sees(`${FEW} of ${FEW} ready`);
  assert.match(await focused(app), /^INPUT Use mine/);
  await tabTo(app, /Use mine for/);
  assert.deepEqual(await deposits(place), ids.map((_, at) => at + 100), 'nothing is sent before it is confirmed');
  await app.keys(Key.ENTER);
  await app.sees(`${FEW} of ${FEW} done`);
  await arrives(app, /Deposit, use mine, 6 tools/);
  assert.deepEqual(await deposits(place), ids.map((_, at) => at + 200));
  await tabTo(app, /Undo all/);
  await app.keys(Key.ENTER);
  await app.sees('Undone.');
  await until('the server has the versions of before', async () => (await deposits(place)).every((deposit, at) => deposit === at + 100));
  assert.notEqual(await focused(app), '(the page)', 'the focus is in the page');
}, { prepare: (place) => clashingDeposits(place, FEW) });

story('the past by keys alone: versions, any two of them, bring one back, undo that', async (app, { server }) => {
  await app.keys(Key.CONTROL, 'k');
  await app.keys('Cordless drill 18');
  await app.role('option', /^Cordless drill 18 V/);
  await app.keys(Key.ENTER);
  await app.role('heading', 'Cordless drill 18 V');
  await app.keys(Key.CONTROL, 'h');
  await app.role('option', /^First seen/);
  await tabTo(app, /^option/);
  await app.keys(Key.END);
  await arrives(app, /^option First seen/);
  await tabTo(app, /^BUTTON Compared with/);
  await app.keys(Key.ENTER);
  await arrives(app, /^menuitemradio/);
  await app.keys(Key.HOME);
  await arrives(app, /^menuitemradio Now/);
  await app.keys(Key.ENTER);
  await until('both are beside each other', () => app.run(`return [...document.querySelectorAll('.diff tbody tr')].some((row) => /Deposit/.test(row.innerText) && /20\\.00/.test(row.innerText) && /35\\.00/.test(row.innerText))`));

  await tabTo(app, /Bring back this version/);
  await app.keys(Key.ENTER);
  await until('the earlier version is on the server', async () => (await server.json(onServer(DRILL))).deposit === 20);
  assert.notEqual(await focused(app), '(the page)', 'the focus is in the page');
  const { text } = await server.read(onServer(DRILL));
  assert.match(text, /12345678901234567890/);
}, {
  prepare: async (place) => {
    await place.library();
    await ctl(place.home, ['edit', record(DRILL), '--set', '/deposit=35.00']);
    await ctl(place.home, ['sync']);
  },
});

story('the palette by keys alone: commands, a record, a place; Esc gives the focus back', async (app) => {
  await app.keys(Key.CONTROL, '3');
  await app.role('heading', 'Outbox');
  await app.atRest();
  const before = await focused(app);
  await app.keys(Key.CONTROL, 'k');
  await until('the palette has the focus', async () => /INPUT|combobox/.test(await focused(app)));
  const chosen = () => app.run('return document.querySelector("[role=option][aria-selected=true]")?.innerText');
  const first = await until('a line is chosen', chosen);
  await app.keys(Key.ARROW_DOWN);
  await until('the next one is chosen', async () => (await chosen()) !== first);
  await app.keys(Key.ARROW_UP);
  await until('the first one is chosen', async () => (await chosen()) === first);
  await app.keys(Key.ESCAPE);
  await until('the focus is where it was', async () => (await focused(app)) === before);

  await app.keys(Key.CONTROL, 'k');
  await app.keys('>settings');
  await app.role('option', /^Settings/);
  await app.keys(Key.ENTER);
  await app.role('heading', 'Settings');
  await app.keys(Key.CONTROL, 'k');
  await app.keys('activity');
  await app.role('option', /^Activity/);
  await app.keys(Key.ENTER);
  await app.role('heading', 'Activity');
  await app.keys(Key.F1);
  await app.role('dialog', 'Keys');
  await app.keys(Key.ESCAPE);
  assert.notEqual(await focused(app), '(the page)', 'the focus is in the page');
}, { prepare: (place) => place.library() });
