// Every screen with something on it, and how a person gets there. One list for the pictures and for the accessibility
// check, so that neither forgets a screen.
import { Key } from './app.js';
import { LIBRARY, ReferenceServer, ctl, onServer, record } from './server.js';
import { choose, edit, goTo, openMerge, openRecord } from './steps.js';

const DRILL = 'Cordless drill 18 V';
const GRINDER = 'Cordless grinder 18 V';
const NOTES = {
  mine: [
    'Charge both batteries before handing it out. Battery 2 was replaced on 14 May and holds its charge.',
    'Show new borrowers the clutch ring: 1 to 8 for screws, the drill mark only for wood.',
    '11 June: new carry strap fitted.',
  ],
  theirs: [
    'Charge both batteries the evening before handing it out. The second battery loses charge after one day.',
    'Show new borrowers the clutch ring: 1 to 8 for screws, the drill mark only for wood.',
    '12 June: chuck tightened, runs true again.',
  ],
};
const text = (paragraphs) => JSON.stringify(paragraphs.join('\n\n'));

/** A library where everything has happened: clashes of each kind, a refused edit, one kept back. */
export async function busyLibrary(place) {
  const server = await place.library();
  const here = (id, ...sets) => ctl(place.home, ['edit', record(id), ...sets.flatMap((set) => ['--set', set])]);
  await here('T-118', '/deposit=30.00', `/notes=${text(NOTES.mine)}`, '/tags=["power tool", "18 V", "needs briefing"]', '/accessories/1/condition="one new"');
  await server.change(onServer('T-118'), `{"deposit": 25.00, "notes": ${text(NOTES.theirs)}, "status": "in_repair", "next_safety_check": "2026-12-01"}`);
  await here('T-142', '/deposit=12.00');
  await server.change(onServer('T-142'), '{"deposit": 15.00, "status": "in_repair"}');
  await here('T-008', '/deposit=28.00', '/loan_days=3');
  await server.remove(onServer('T-008'));
  await ctl(place.home, ['edit', record('T-013'), '--delete']);
  await server.change(onServer('T-013'), '{"deposit": 45.00, "looked_after_by": "Tomasz Wilk"}');
  await here('T-049', '/number="X-049"');
  await ctl(place.home, ['sync'], { codes: [3] });
  await here('T-047', '/deposit=22.00', '/shelf="B4"');
  await ctl(place.home, ['hold', record('T-047')]);
}

async function scrollTo(app, name) {
  const row = await app.role('row', new RegExp(name));
  await app.run(`const list = arguments[0].closest('.vlist'); const at = arguments[0].getBoundingClientRect().top - list.getBoundingClientRect().top;
    list.scrollTop += at - 2 * arguments[0].offsetHeight`, row);
}

async function editedRecord(app) {
  await app.press('Work offline', 'switch');
  await app.sees('Working offline');
  await openRecord(app, 'Tools', GRINDER);
  await edit(app, 'Deposit', '18.00');
  await app.sees(/Saved on this computer \d\d:\d\d/);
  await app.fill(/^Filter/, '', 'searchbox');
  for (let row; !row; ) {
    await app.atRest();
    row = await app.has('row', /^Needs you Cordless drill 18 V/);
    if (!row) await app.run('const list = document.querySelector(".vlist"); list.scrollTop += list.clientHeight - 64');
  }
  await scrollTo(app, '^Needs you Cordless drill 18 V');
  await app.press(new RegExp(GRINDER), 'row');
}

/** Screens of a library where everything has happened, in the order a person may walk them. */
export const BUSY = [
  ['main', editedRecord],
  ['source', (app) => app.press('Source', 'tab')],
  ['history', (app) => app.press('History', 'tab')],
  ['outbox', async (app) => {
    await app.press('Form', 'tab');
    await goTo(app, 'Outbox');
    await app.press(new RegExp(GRINDER), 'row');
    await app.sees('You change 1 of');
  }],
  ['rejected', async (app) => {
    await app.press(/Cordless grass trimmer/, 'row');
    await app.sees('The server refused this edit');
  }],
  ['needs-you', async (app) => {
    await app.press('Work offline', 'switch');
    await app.sees('Online');
    await goTo(app, 'Needs you');
  }],
  ['merge', async (app) => {
    await openMerge(app, DRILL);
    await choose(app, /^Deposit\./, /^Use mine/);
    await app.sees(/1 of \d decided/);
    await app.sees('Ines Duarte (server) and you both changed this tool.');
  }],
  ['merge-automatic', async (app) => {
    await app.press(/^Put together automatically/);
    await app.press('Show', 'switch');
  }],
  ['merge-source', (app) => app.press('Show source')],
  ['merge-preview', async (app) => {
    await app.press('Hide source');
    await app.press("All server's");
    await app.press(/^Preview and send/);
    await app.sees('Nothing has been sent yet');
    await app.press(/^Show request/);
  }],
  ['merge-edit-delete', async (app) => {
    await app.press('Back to choices');
    await app.press('Back to list');
    await openMerge(app, 'Circular saw 190 mm');
    await app.press(/^Bring it back/, 'radio');
  }],
  ['merge-delete-edit', async (app) => {
    await app.press('Back to list');
    await openMerge(app, 'Circular saw with rail');
    await app.press(/^Keep the server's/, 'radio');
  }],
  ['merge-again', async (app, { server }) => {
    await openMerge(app, 'Wheelbarrow, green');
    await choose(app, /^Deposit\./, /^Use mine/);
    await server.change(onServer('T-142'), '{"deposit": 16.00, "shelf": "A4"}');
    await app.keys(Key.F5);
    await app.sees('The server changed again');
  }],
  ['merge-again-shown', async (app) => {
    await app.press('Show');
    await app.sees('reopened');
  }],
  ['activity', (app) => goTo(app, 'Activity')],
  ['settings', (app) => app.keys(Key.CONTROL, ',')],
  ['palette', async (app) => {
    await openRecord(app, 'Tools', GRINDER);
    await app.keys(Key.CONTROL, 'k');
    await app.keys('drill');
    await app.role('option', /^Cordless drill/);
  }],
  ['keys', async (app) => {
    await app.keys(Key.ESCAPE);
    await app.keys(Key.F1);
    await app.role('dialog', 'Keys');
  }],
];

/** Screens of the first start and of adding a source. */
export const FIRST = [
  ['start', (app) => app.sees('Welcome to Matchbook')],
  ['add-source-address', async (app, place) => {
    const server = await new ReferenceServer(place.folder).start();
    place.later(() => server.stop());
    await app.press('Add a source', 'link');
    await app.fill('Address', server.base);
    await app.sees('Found by itself');
    await app.fill('Name', LIBRARY);
  }],
  ['add-source-sign-in', async (app) => {
    await app.press('Go on: sign-in');
    await app.sees('Password or token');
  }],
  ['add-source-check-up', async (app) => {
    await app.press('Go on: check-up');
    await app.sees('Nothing can be overwritten unseen.');
  }],
  ['add-source-keep', async (app) => {
    await app.press('Go on: what to keep here');
    await app.sees('Lists to keep on this computer');
  }],
  ['new-record', async (app) => {
    await app.press('Keep these here');
    await app.role('heading', 'Repair cases');
    await app.keys(Key.CONTROL, 'n');
  }],
  ['tour', async (app) => {
    await app.keys(Key.CONTROL, 'k');
    await app.keys('>Try it');
    await app.press(/^Try it with a sample/, 'option');
    await app.sees('Go offline');
    await app.press('Do it for me');
    await app.sees('Working offline');
    await app.press(/^Next/);
    await app.press('Do it for me');
    await app.sees('Before: 10.00 EUR');
  }],
];

/** Walks the screens and hands each to `look` when it is at rest. */
export async function walk(app, place, screens, look) {
  for (const [name, go] of screens) {
    try {
      await go(app, place);
      await app.atRest();
    } catch (error) {
      throw new Error(`on the way to the screen "${name}": ${error.message}`, { cause: error });
    }
    await look(name);
  }
}
