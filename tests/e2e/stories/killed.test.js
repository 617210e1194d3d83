import assert from 'node:assert/strict';
import { Key } from '../harness/app.js';
import { until } from '../harness/process.js';
import { ctl, onServer, record } from '../harness/server.js';
import { choose, openMerge } from '../harness/steps.js';
import { story } from '../harness/story.js';

const DRILL = 'T-118';
const NAME = 'Cordless drill 18 V';
const MINE = ['/deposit=30.00', '/status="on_loan"', '/shelf="C1"', '/loan_days=3', '/model="mine"'];
const THEIRS = '{"deposit": 25.00, "status": "in_repair", "shelf": "A4", "loan_days": 5, "model": "theirs"}';

/** One decision after another, each as the screen shows it afterwards. */
const DECISIONS = [
  ['Deposit', /^Use mine/],
  ['Status', /^Use server's/],
  ['Shelf', /^Use mine/],
  ['Longest loan', /^Use server's/],
  ['Model', /^Use mine/],
];

const row = (field) => new RegExp(`^${field}\\.`, 'i');

story('killed after each of five decisions: every decision is there after the restart', async (app, { home, server }) => {
  for (const [at, [field, choice]] of DECISIONS.entries()) {
    await openMerge(app, NAME);
    await app.sees(`${at} of 5 decided`);
    await choose(app, row(field), choice);
    // Not a moment longer than the foot of the screen needs to say it: it counts what is on disk. What is read out counts
    // what was chosen, a moment earlier.
    await until(`the foot says ${at + 1} of 5`, () => app.run('return document.querySelector(".m-foot b").textContent === arguments[0]', `${at + 1} of 5 decided`));
    await app.kill();
    const { lines } = await ctl(home, ['conflict', record(DRILL)]);
    assert.equal(lines.filter((line) => line.group === 'open' && line.decision).length, at + 1, `after ${field}`);
    await app.start();
  }
  await openMerge(app, NAME);
  await app.sees('5 of 5 decided');
  for (const [field, choice] of DECISIONS) {
    const group = await app.role('group', row(field));
    assert.equal(await (await app.role('radio', choice, { within: group })).isSelected(), true, `${field} is chosen as before`);
  }
  await app.keys(Key.CONTROL, Key.ENTER);
  await app.sees('Nothing has been sent yet');
  await app.press(/^Send \d/);
  await until('the server has what was decided', async () => (await server.json(onServer(DRILL))).deposit === 30);
  const { status, shelf, loan_days: days, model } = await server.json(onServer(DRILL));
  assert.deepEqual({ status, shelf, days, model }, { status: 'in_repair', shelf: 'C1', days: 5, model: 'mine' });
}, {
  prepare: async (place) => {
    await place.library();
    await ctl(place.home, ['edit', record(DRILL), ...MINE.flatMap((set) => ['--set', set])]);
    await place.server.change(onServer(DRILL), THEIRS);
    await ctl(place.home, ['sync'], { codes: [3] });
  },
});
