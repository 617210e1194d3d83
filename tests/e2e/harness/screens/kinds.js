// One record for each way in which rows look.
import { Key } from '../app.js';
import { goTo, openMerge } from '../steps.js';
import { toRow } from './busy.js';

export const KINDS = [
  ['rows-list', async (app) => {
    await openMerge(app, 'Demolition hammer 15 kg');
    await app.sees('Needs your choice');
  }],
  ['rows-photo', (app) => toRow(app, /^Photo\./i)],
  ['rows-group', async (app) => {
    await openMerge(app, 'Anke Brandt');
  }],
  ['rows-group-own', async (app) => {
    await (await app.role('group', /^Given name/)).click();
    await app.keys('e');
    await app.role('textbox', /Given name/);
  }],
  ['rows-binary', async (app) => {
    await openMerge(app, 'drill.png');
  }],
  ['rows-card', async (app) => {
    await openMerge(app, 'Leah Osei');
  }],
  ['rows-event', async (app) => {
    await openMerge(app, 'Repair café');
  }],
  ['rows-created-twice', async (app) => {
    await openMerge(app, 'Leaf blower, quiet');
  }],
  ['record-binary', async (app) => {
    await goTo(app, 'Photos');
    await app.press(/drill\.png/, 'row');
    await app.role('heading', 'drill.png');
  }],
  ['record-card', async (app) => {
    await goTo(app, 'Addresses');
    await app.press(/Leah Osei/, 'row');
    await app.role('heading', 'Leah Osei');
  }],
  ['practice', async (app) => {
    await app.keys(Key.CONTROL, 'k');
    await app.keys('>Practice');
    await app.press(/^Practice a merge/, 'option');
    await app.sees('This is for practice');
  }],
];
