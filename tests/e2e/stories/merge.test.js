import assert from 'node:assert/strict';
import { Key } from '../harness/app.js';
import { until } from '../harness/process.js';
import { ctl, onServer, record } from '../harness/server.js';
import { choose, goTo, openMerge, openRecord } from '../harness/steps.js';
import { story } from '../harness/story.js';

const DRILL = 'T-118';
const NAME = 'Cordless drill 18 V';

/** The drill changed here and there; `mine` and `theirs` clash in the deposit. */
async function clash(place, { mine = ['/deposit=30.00'], theirs = '{"deposit": 25.00}' } = {}) {
  await place.library();
  await ctl(place.home, ['edit', record(DRILL), ...mine.flatMap((set) => ['--set', set])]);
  await place.server.change(onServer(DRILL), theirs);
  await ctl(place.home, ['sync'], { codes: [3] });
}

story('the server changes again while one decides: nothing moves until Show, choices stay', async (app, { server }) => {
  await openMerge(app, NAME);
  await app.sees('0 of 2 decided');
  await choose(app, /^Deposit\./, /^Use mine/);
  await choose(app, /^Status\./, /^Use mine/);
  await app.sees('2 of 2 decided');
  const rows = () => app.run(`return [...document.querySelectorAll('[data-row], .m-group, .m-foot')].map((each) => {
    const { left, top, width, height } = each.getBoundingClientRect(); return [left, top, width, height].join(' '); })`);
  const body = () => app.run('return document.querySelector(".m-body").innerText');
  const [boxes, text] = [await rows(), await body()];
  const focus = await app.run('return document.activeElement.closest("[data-row]")?.dataset.row');

  await server.change(onServer(DRILL), '{"deposit": 27.00, "shelf": "A4"}');
  await app.keys(Key.F5);
  await app.sees('The server changed again');
  assert.deepEqual(await rows(), boxes, 'nothing moved');
  assert.equal(await body(), text, 'nothing else is shown');
  assert.equal(await app.run('return document.activeElement.closest("[data-row]")?.dataset.row'), focus);

  await app.press('Show');
  await app.sees('Needs your choice, reopened');
  await app.sees('You chose yours. The server changed it again since.');
  await app.sees('1 of 2 decided');
  const status = await app.role('group', /^Status\. Decided/);
  assert.equal(await (await app.role('radio', /^Use mine/, { within: status })).isSelected(), true, 'the other choice stays');
  const deposit = await app.role('group', /^Deposit\. Needs your choice/);
  assert.equal(await (await app.role('radio', /^Use mine/, { within: deposit })).isSelected(), false, 'suggested, not chosen');

  await choose(app, /^Deposit\./, /^Use mine/);
  await app.press(/^Preview and send/);
  await app.sees('Nothing has been sent yet');
  await app.press(/^Send \d/);
  await until('all three changes are there', async () => {
    const { deposit: sum, status: state, shelf } = await server.json(onServer(DRILL));
    return sum === 30 && state === 'on_loan' && shelf === 'A4';
  });
}, { prepare: (place) => clash(place, { mine: ['/deposit=30.00', '/status="on_loan"'], theirs: '{"deposit": 25.00, "status": "in_repair"}' }) });

story('what was taken otherwise and changes again on the server is asked again, and stays in its place', async (app, { server }) => {
  await openMerge(app, NAME);
  await choose(app, /^Deposit\./, /^Use mine/);
  await app.press(/^Put together automatically/);
  const shelf = await app.role('group', /^Shelf/);
  await (await app.role('button', /^Use other/, { within: shelf })).click();
  await app.sees('1 of 1 decided');
  await server.change(onServer(DRILL), '{"shelf": "B2"}');
  await app.keys(Key.F5);
  await app.sees('The server changed again');
  await app.press('Show');
  await app.sees('1 of 2 decided');
  await app.role('group', /^Shelf\. Needs your choice/);
  const boxes = () => app.run('return [...document.querySelectorAll("section[data-row], section.m-row, .m-fold")].map((each) => { const { top, height } = each.getBoundingClientRect(); return `${top} ${height}`; })');
  await app.atRest();
  const before = await boxes();
  await choose(app, /^Shelf\./, /^Use mine/);
  await app.sees('2 of 2 decided');
  await app.atRest();
  assert.deepEqual(await boxes(), before, 'nothing moved');
  await app.press(/^Preview and send/);
  await app.sees('Nothing has been sent yet');
  await app.press(/^Send \d/);
  await until('both choices are there', async () => {
    const { deposit, shelf: now } = await server.json(onServer(DRILL));
    return deposit === 30 && now !== 'B2' && now !== 'A4';
  });
}, { prepare: (place) => clash(place, { theirs: '{"deposit": 25.00, "shelf": "A4"}' }) });

story('edited here, deleted there: brought back with my changes', async (app, { server }) => {
  await openMerge(app, NAME);
  await app.sees(/deleted this tool; you edited it\./);
  await app.sees('Whole record');
  await app.press(/^Bring it back with my changes/, 'radio');
  await app.sees(/You bring back Cordless drill 18 V/);
  await app.press(/^Preview and send/);
  await app.press(/^Bring it back/);
  await until('it is there again', async () => (await server.read(onServer(DRILL))).status === 200);
  const { text } = await server.read(onServer(DRILL));
  assert.equal(JSON.parse(text).deposit, 30);
  assert.match(text, /12345678901234567890/);
  await app.sees('Nothing needs you');
}, {
  prepare: async (place) => {
    await place.library();
    await ctl(place.home, ['edit', record(DRILL), '--set', '/deposit=30.00']);
    await place.server.remove(onServer(DRILL));
    await ctl(place.home, ['sync'], { codes: [3] });
  },
});

story('edited here, deleted there: let it be deleted, and nothing is sent', async (app, { server }) => {
  await openMerge(app, NAME);
  await app.press(/^Let it be deleted/, 'radio');
  await app.sees('Nothing is sent. Your version stays in the history.');
  await app.press(/^Preview and send/);
  await app.press(/^Let it be deleted/);
  await app.sees('Nothing needs you');
  assert.equal((await server.read(onServer(DRILL))).status, 410);
  await goTo(app, 'Tools');
  await app.sees('209');
}, {
  prepare: async (place) => {
    await place.library();
    await ctl(place.home, ['edit', record(DRILL), '--set', '/deposit=30.00']);
    await place.server.remove(onServer(DRILL));
    await ctl(place.home, ['sync'], { codes: [3] });
  },
});

const deletedHere = async (place) => {
  await place.library();
  await ctl(place.home, ['edit', record(DRILL), '--delete']);
  await place.server.change(onServer(DRILL), '{"deposit": 25.00}');
  await ctl(place.home, ['sync'], { codes: [3] });
};

story('deleted here, edited there: the changes are shown; deleted anyway', async (app, { server }) => {
  await openMerge(app, NAME);
  await app.sees(/changed this tool; you deleted it\./);
  await app.sees('25.00');
  await app.press(/^Delete anyway/, 'radio');
  await app.sees(/You delete Cordless drill 18 V, with 1 change made on the server\./);
  await app.press(/^Preview and send/);
  await app.press(/^Send the deletion/);
  await until('it is gone on the server', async () => (await server.read(onServer(DRILL))).status === 410);
}, { prepare: deletedHere });

story('deleted here, edited there: the server\'s is kept, and nothing is sent', async (app, { server }) => {
  const { etag } = await server.read(onServer(DRILL));
  await openMerge(app, NAME);
  await app.press(/^Keep the server's/, 'radio');
  await app.press(/^Preview and send/);
  await app.press(/^Keep the server's/);
  await app.sees('Nothing needs you');
  assert.equal((await server.read(onServer(DRILL))).etag, etag);
  await openRecord(app, 'Tools', NAME);
  const deposit = await app.role('textbox', /^Deposit/);
  assert.equal(await deposit.getAttribute('value'), '25.00');
}, { prepare: deletedHere });
