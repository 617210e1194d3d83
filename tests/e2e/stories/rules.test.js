import assert from 'node:assert/strict';
import { clashingDeposits } from '../harness/libraries.js';
import { until } from '../harness/process.js';
import { ctl, record } from '../harness/server.js';
import { goTo } from '../harness/steps.js';
import { story } from '../harness/story.js';

/** Chooses in a box of the form by its label; false while it is not offered. */
function choose(app, label, option) {
  return app.run(`
    const named = [...document.querySelectorAll('form label')].find((one) => one.textContent.trim() === arguments[0]);
    const box = named && document.getElementById(named.htmlFor);
    const wanted = box && [...box.options].find((one) => one.textContent.trim() === arguments[1]);
    if (!wanted) return false;
    box.value = wanted.value;
    box.dispatchEvent(new Event('change', { bubbles: true }));
    return true;`, label, option);
}

story('a rule that the person writes in Settings answers what waits in Needs you', async (app, place) => {
  await goTo(app, 'Needs you');
  await app.sees('3 tools');
  await app.keys('\uE009', ','); // Control
  await app.sees('Rules');
  await app.press(/^Add a rule/);
  for (const [label, option] of [['Collection', 'Tools (Tool library)'], ['Field', 'Deposit'], ['What it says', "When both changed it: the server's"]]) {
    await until(`${option} is offered`, () => choose(app, label, option));
  }
  await app.accessible('a rule that is written');
  await app.press(/^Add the rule/);
  await app.sees("When both changed it, use the server's.");
  await app.stop();

  const { lines } = await ctl(place.home, ['conflict', record(place.ids[0])], { codes: [0, 1] });
  assert.equal(lines.filter((line) => line.group === 'open').length, 0, 'the rule answers it');
  await app.start();
}, { prepare: (place) => clashingDeposits(place, 3) });
