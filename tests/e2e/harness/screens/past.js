// The time machine: the versions of a record, two of them beside each other, what was put together and why; and the
// radar on a record that waits.
import { Key } from '../app.js';
import { onServer } from '../server.js';
import { goTo, openRecord } from '../steps.js';
import { toPart } from './many.js';

export const PAST = [
  ['history-wide', async (app) => {
    await openRecord(app, 'Tools', 'Cordless drill 18 V');
    await app.press('History', 'tab');
    await app.press('Show wide');
    await app.sees('First seen');
    await app.press(/^Edited here/, 'option');
  }],
  ['history-reasons', async (app) => {
    await app.press(/^Put together/, 'option');
    await app.press(/^Why it is as it is/);
  }],
  ['history-two', async (app) => {
    await app.press(/^Changed on the server/, 'option');
    await app.press(/^Compared with/i);
    await app.press(/, sent/, 'menuitemradio');
  }],
  ['activity-undo', async (app) => {
    await goTo(app, 'Activity');
    await app.sees('Put together by itself');
  }],
  ['activity-deleted', async (app) => (await app.byText('Deleted records')).click()],
  ['record-radar', async (app, { server }) => {
    await openRecord(app, 'Tools', 'Wheelbarrow, green');
    await server.change(onServer('T-142'), '{"status": "in_repair"}');
    await app.sees(/Ines Duarte changed Status on the server at \d\d:\d\d\. No overlap\./);
  }],
  ['settings', async (app) => {
    await app.keys(Key.CONTROL, ',');
    await app.sees('Rules');
  }],
  ['settings-versions', (app) => toPart(app, /versions/i)],
  ['settings-keys', (app) => toPart(app, 'Keys')],
];
