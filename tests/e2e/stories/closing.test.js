import assert from 'node:assert/strict';
import { Key } from '../harness/app.js';
import { until } from '../harness/process.js';
import { ctl, onServer, record } from '../harness/server.js';
import { choose, openMerge, openRecord } from '../harness/steps.js';
import { story } from '../harness/story.js';

const DRILL = 'T-118';
const NAME = 'Cordless drill 18 V';

/** Types over the text that has the focus and closes the window, both before a pause of typing is over. */
const typeAndClose = (app, text) =>
  app.run(`
    document.execCommand('selectAll');
    document.execCommand('insertText', false, arguments[0]);
    void window.__TAURI_INTERNALS__.invoke('plugin:window|close', { label: 'main' });
  `, text);

const focused = (app) => app.run('return document.activeElement?.getAttribute("aria-label") ?? ""');

async function closed(app) {
  await until('the window is closed', () => app.ended());
  await app.stop();
  await app.start();
}

const clash = {
  prepare: async (place) => {
    await place.library();
    await ctl(place.home, ['edit', record(DRILL), '--set', '/deposit=30.00', '--set', '/status="on_loan"']);
    await place.server.change(onServer(DRILL), '{"deposit": 25.00, "status": "in_repair"}');
    await ctl(place.home, ['sync'], { codes: [3] });
  },
};

story('the window closes in the middle of a word: what was typed and chosen is there again', async (app) => {
  await openMerge(app, NAME);
  await choose(app, /^Status\./, /^Use mine/);
  await choose(app, /^Deposit\./, /^Write my own/);
  await until('the field is open', async () => /^Deposit, will be sent/.test(await focused(app)));
  await typeAndClose(app, '27.50');
  await closed(app);
  await openMerge(app, NAME);
  await app.sees('2 of 2 decided');
  await app.sees('27.50');
}, clash);

story('the window closes while the source is written: the text is there again', async (app) => {
  await openMerge(app, NAME);
  await app.press(/^Show source/);
  await until('the source can be written', () => app.run(`
    const field = document.querySelector('.m-source [contenteditable]'); field?.focus(); return field === document.activeElement && !!field;`));
  await typeAndClose(app, '{"deposit": 27.50, "status": "on');
  await closed(app);
  await openMerge(app, NAME);
  await app.press(/^Show source/);
  await until('the half word is there', () => app.run(`return document.querySelector('.m-source [contenteditable]')?.innerText.includes('"status": "on') === true`));
  await app.keys(Key.ESCAPE);
  const { lines } = await ctl(app.home, ['conflict', record(DRILL)]);
  assert.equal(lines.filter((line) => line.group === 'open' && line.decision).length, 0, 'half a word decides nothing');
}, clash);

for (const [how, end] of [['the window closes', closed], ['the app is killed', async (app) => { await app.kill(); await app.start(); }]]) {
  story(`${how} with a number that is none in the form: the text is there again`, async (app) => {
    await openRecord(app, 'Tools', NAME);
    await app.fill('Deposit', 'about 40');
    await app.sees(/number, for example 12.50/);
    await until('it is kept', () => app.run('return Object.values(localStorage).some((one) => one.includes("about 40"))'));
    if (end === closed) await typeAndClose(app, 'about 50');
    // WebKit writes it to the disk in a process of its own; the page is not told when.
    else await new Promise((done) => setTimeout(done, 1000));
    await end(app);
    await openRecord(app, 'Tools', NAME);
    await app.sees(/number, for example 12.50/);
    const text = await (await app.role('textbox', /^Deposit/)).getAttribute('value');
    assert.equal(text, end === closed ? 'about 50' : 'about 40');
  }, { prepare: (place) => place.library() });
}
