import assert from 'node:assert/strict';
import { Key } from '../harness/app.js';
import { until } from '../harness/process.js';
import { edit, goTo } from '../harness/steps.js';
import { story } from '../harness/story.js';

story('a new record is sent when it has content, not while it is empty', async (app, { server }) => {
  const count = async () => (await (await fetch(server.url('collections/tools/records?limit=1'))).json()).total;
  const before = await count();
  await goTo(app, 'Tools');
  await app.keys(Key.CONTROL, 'n');
  await until('the first field has the focus', () => app.run('return document.activeElement.labels?.[0]?.textContent === "Name"'));
  await app.keys(Key.F5);
  await app.atRest();
  assert.equal(/The server refused/.test(await app.text()), false, 'nothing is refused that nobody wrote');
  await edit(app, 'Name', 'Leaf blower, quiet');
  await edit(app, /^No\./, 'T-900');
  await edit(app, 'Deposit', '25.00');
  await until('the new tool is on the server', async () => (await count()) === before + 1);
  await app.role('heading', 'Leaf blower, quiet');
}, { prepare: (place) => place.library() });
