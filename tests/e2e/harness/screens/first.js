// The first start and adding a source.
import { Key } from '../app.js';
import { LIBRARY, ReferenceServer } from '../server.js';

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
