// A library where everything has happened, and the merge of one record from its first row to the preview.
import { Key } from '../app.js';
import { choose, edit, goTo, openMerge, openRecord } from '../steps.js';

const DRILL = 'Cordless drill 18 V';
const GRINDER = 'Cordless grinder 18 V';

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

/** The row of a merge, at the upper edge of what is scrolled. */
export async function toRow(app, row) {
  const group = await app.role('group', row);
  await app.run('arguments[0].scrollIntoView({ block: "start" })', group);
}

/** Screens in the order a person may walk them. */
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
  ['merge-open', async (app) => {
    await app.press('Work offline', 'switch');
    await app.sees('Online');
    await openMerge(app, DRILL);
    await app.sees('Ines Duarte (server) and you both changed this tool.');
    await app.sees('0 of 5 decided');
  }],
  ['merge-more', (app) => app.press('More')],
  ['merge-own', async (app) => {
    await app.keys(Key.ESCAPE);
    await (await app.role('group', /^Deposit\./)).click();
    await app.keys('e');
    await app.keys(Key.CONTROL, 'a');
    await app.keys('thirty');
  }],
  ['merge', async (app) => {
    await app.keys(Key.CONTROL, 'a');
    await app.keys('30');
    await choose(app, /^Deposit\./, /^Use mine/);
    await choose(app, /^Notes, last paragraph/i, /^Use both/);
    await choose(app, /^Accessories, Charger/i, /^Use server's/);
    await app.sees('3 of 5 decided');
    await app.run('document.querySelector(".m-body").scrollTop = 0');
  }],
  ['merge-list', (app) => toRow(app, /^Accessories\./)],
  ['merge-automatic', async (app) => {
    await app.press(/^Put together automatically/);
    await app.press('Show', 'switch');
    await app.run('document.querySelector(".m-body").scrollTop = 1e6');
  }],
  ['merge-source', (app) => app.press('Show source')],
  ['merge-preview', async (app) => {
    await app.press('Hide source');
    await app.press('All mine');
    await app.press(/^Preview and send/);
    await app.sees('Nothing has been sent yet');
  }],
  ['merge-request', async (app) => {
    await app.press(/^Show request/);
    await app.run('document.querySelector(".m-body").scrollTop = 1e6');
  }],
  ['merge-export', async (app) => {
    await app.press('Back to choices');
    await app.press('More');
    await app.press('Export for support', 'menuitem');
    await app.sees('Replace the values');
    await app.sees('"matchbook_merge"');
  }],
  ['merge-program', async (app) => {
    await app.keys(Key.ESCAPE);
    await app.press('More');
    await app.press('Open in another program', 'menuitem');
    await app.press(/^Another one/, 'radio');
  }],
  ['merge-edit-delete', async (app) => {
    await app.keys(Key.ESCAPE);
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
    await choose(app, /^Shelf\./, /^Use mine/);
    await choose(app, /^Deposit\./, /^Use mine/);
    await choose(app, /^Longest loan\./, /^Use server's/);
    await server.change('collections/tools/records/T-142', '{"deposit": 16.00, "loan_days": 10, "tags": ["garden", "two wheels"]}');
    await app.keys(Key.F5);
    await app.sees('The server changed again');
  }],
  ['merge-again-shown', async (app) => {
    await app.press('Show');
    await app.sees('reopened');
  }],
  ['activity', async (app) => {
    await goTo(app, 'Activity');
    await app.sees('Put together by itself');
  }],
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
