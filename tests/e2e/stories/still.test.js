import assert from 'node:assert/strict';
import { Key } from '../harness/app.js';
import { drillClashes } from '../harness/libraries.js';
import { ctl, onServer, record } from '../harness/server.js';
import { openMerge } from '../harness/steps.js';
import { story } from '../harness/story.js';

const NAME = 'Cordless drill 18 V';
const sentences = (who, count) => Array.from({ length: count }, (_, at) => `${who} wrote sentence ${at + 1} about how the drill is to be charged, cleaned and put away.`).join(' ');
const STEPS = ['Charge both batteries', 'Look at the cable', 'Wipe the housing', 'Oil the chuck', 'Count the bits', 'Try the clutch ring', 'Write the date', 'Put it on the shelf'];

/** Where each row, part and group stands in the body that scrolls, by name. */
const places = (app) => app.run(`
  const body = document.querySelector('.m-body'), from = body.getBoundingClientRect().top - body.scrollTop;
  return [...document.querySelectorAll('.m-row, .m-sub, .m-fold, .auto-el')].map((each, at) => {
    const { top, height } = each.getBoundingClientRect();
    return [each.dataset.row ? 'row ' + each.dataset.row : each.className.split(' ')[0] + ' ' + at, top - from, height];
  });`);

/** Rows that stand elsewhere, or are of another height, than before. */
function moved(before, after) {
  const now = new Map(after.map(([name, ...box]) => [name, box]));
  return before.filter(([name, top, height]) => {
    const box = now.get(name);
    return !box || Math.abs(box[0] - top) > 0.5 || Math.abs(box[1] - height) > 0.5;
  }).map(([name, ...box]) => `${name}: ${box} is now ${now.get(name)}`);
}

/** Presses every choice of every row twice; answers how many there were. */
async function pressAll(app, size) {
  const all = await app.run(`return [...document.querySelectorAll('.m-body [data-row] input[type=radio]')].map((one) => [one.closest('[data-row]').dataset.row, one.value])`);
  let pressed = 0;
  for (const round of ['', ', again']) {
    for (const [row, choice] of all) {
      const radio = await app.run(`const one = document.querySelector('[data-row="' + arguments[0] + '"] input[type=radio][value="' + arguments[1] + '"]'); one.scrollIntoView({ block: 'center' }); return one`, row, choice);
      await app.atRest();
      const before = await places(app);
      await radio.click();
      await app.atRest();
      assert.deepEqual(moved(before, await places(app)), [], `${choice} in row ${row}${round}, ${size}`);
      pressed += 1;
    }
  }
  return pressed;
}

story('whatever is chosen, nothing below moves: short, long, list and text rows', async (app) => {
  await openMerge(app, NAME);
  for (const [width, height] of [[1280, 800], [900, 700]]) {
    await app.resize(width, height);
    await app.atRest();
    const pressed = await pressAll(app, `${width} px`);
    assert.ok(pressed >= 60, `${pressed} choices were pressed`);
  }

  // A result that is longer than its room is cut; all of it is one key away, and the row grows only then.
  const long = await app.run(`const row = [...document.querySelectorAll('[data-row]')].find((one) => one.querySelector('h3')?.textContent === 'Checklist'); row.querySelector('input[value=mine]').click(); row.scrollIntoView({ block: 'center' }); return row`);
  await app.atRest();
  const show = await app.role('button', /^Show all/, { within: long });
  assert.equal(await show.getAttribute('aria-expanded'), 'false');
  assert.match(await app.run('return arguments[0].querySelector(".m-over").getAttribute("aria-label")', long), /Put it on the shelf/, 'all of it is read out');
  const height = () => app.run('return arguments[0].getBoundingClientRect().height', long);
  const before = await height();
  await app.run('arguments[0].focus()', show);
  await app.keys(Key.ENTER);
  await app.role('button', /^Show less/, { within: long });
  await app.atRest();
  assert.ok((await height()) > before + 20, 'all of it is shown');
  assert.equal(await app.run('return document.activeElement.textContent.startsWith("Show less")'), true, 'the focus stays');
  await app.keys(Key.ENTER);
  await app.atRest();
  assert.equal(Math.round(await height()), Math.round(before));
}, {
  prepare: async (place) => {
    await place.library();
    await drillClashes(place);
    await ctl(place.home, ['edit', record('T-118'), '--set', `/model=${JSON.stringify(sentences('Rasmus', 6))}`, '--set', `/checklist=${JSON.stringify(STEPS)}`]);
    await place.server.change(onServer('T-118'), JSON.stringify({ model: sentences('Ines', 3), checklist: 'see the note' }));
    await ctl(place.home, ['sync'], { codes: [3] });
  },
});
