// "Needs you" with many records: the list, one group with its rule, the batch while it runs and afterwards.
import { Key } from '../app.js';
import { MANY as COUNT } from '../libraries.js';
import { until } from '../process.js';
import { onServer } from '../server.js';
import { goTo } from '../steps.js';

const ready = COUNT - 2;

export const MANY = [
  ['needs-you', async (app) => {
    await goTo(app, 'Needs you');
    await app.sees(`${COUNT} tools`);
  }],
  ['needs-you-rule', async (app) => {
    await app.press(/^Use mine/, 'radio');
    await app.sees(`${COUNT} of ${COUNT} ready`);
    await app.press(/^Use this for similar ones from now on/, 'checkbox');
  }],
  ['needs-you-left-out', async (app, { server, ids }) => {
    for (const at of [2, 5]) await server.change(onServer(ids[at]), '{"notes": "Blade changed on 4 June."}');
    await app.keys(Key.F5);
    await app.sees(`${ready} of ${COUNT} ready`);
  }],
  ['batch-running', async (app, { server, ids }) => {
    server.between.holdAfter(5);
    // Between the table and the button a colleague is quicker.
    await server.change(onServer(ids[3]), '{"deposit": 95.00}');
    await app.press(new RegExp(`^Use mine for ${ready}`));
    await until('the batch has come as far as it can', () => server.between.kept.length > 0);
    await app.sees(/\d sent/);
  }],
  ['batch-done', async (app, { server }) => {
    server.between.release();
    await app.sees(`${ready} of ${ready} done`);
  }],
  ['batch-undone', async (app) => {
    await app.press(/^Undo all/);
    await app.sees('Undone.');
  }],
  ['settings-rules', async (app) => {
    await app.keys(Key.CONTROL, ',');
    await app.sees('Rules');
    await toPart(app, 'Rules');
  }],
];

/** A part of the settings, at the upper edge. */
export async function toPart(app, title) {
  const head = await app.role('heading', title);
  await app.run('arguments[0].scrollIntoView({ block: "start" })', head);
}
