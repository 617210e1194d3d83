import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Key } from '../harness/app.js';
import { until } from '../harness/process.js';
import { story } from '../harness/story.js';

const WHEELBARROW = 'Wheelbarrow, green';

/** The wheelbarrow as the embedded server has it: read over HTTP, past the app. */
async function onTheServer(home) {
  const port = readFileSync(join(home, 'demo-port'), 'utf8').trim();
  const answer = await fetch(`http://127.0.0.1:${port}/collections/tools/records/T-142`);
  return { json: await answer.json(), etag: answer.headers.get('etag') };
}

async function tourBegins(app) {
  await app.sees('Welcome to Matchbook');
  await app.press('Try it with a sample');
  await app.sees('Go offline');
  await app.sees(WHEELBARROW);
}

/** From "Needs you" to the sent result. */
async function decideAndSend(app) {
  await app.press(/Needs you/, 'link');
  await app.press(/Wheelbarrow, green/, 'treeitem');
  await app.sees('Needs your choice');
  await app.sees('Put together automatically');
  await app.press(/^Use mine/, 'radio');
  await app.sees('1 of 1 decided');
  await app.press(/^Preview and send/);
  await app.sees('This is what the server gets. Nothing has been sent yet.');
}

story('first run: the tour by "Do it for me", to the merged record on the server', async (app, { home }) => {
  await tourBegins(app);
  const before = await onTheServer(home);
  assert.equal(before.json.status, 'available');

  await app.press('Do it for me');
  await app.sees('Working offline');
  await app.press(/^Next/);
  await app.sees('Change the deposit of the wheelbarrow');
  await app.press('Do it for me');
  await app.sees('1 in Outbox');
  await app.press(/^Next/);
  await app.sees('A colleague changes the same wheelbarrow');
  assert.equal((await onTheServer(home)).etag, before.etag, 'nothing is sent while offline');
  await app.press('Do it for me');
  await app.sees(/Ines Duarte set the deposit to 15\.00/);
  const colleague = await onTheServer(home);
  assert.equal(colleague.json.deposit, 15);
  assert.equal(colleague.json.status, 'in_repair');
  await app.press(/^Next/);
  await app.press('Do it for me');
  await app.sees('Online');
  await app.sees('1 needs you');

  await decideAndSend(app);
  assert.equal((await onTheServer(home)).etag, colleague.etag, 'looking sends nothing');
  await app.press(/^Send 1 change/);
  const merged = await until('the merged record is on the server', async () => {
    const now = await onTheServer(home);
    return now.etag !== colleague.etag && now;
  });
  assert.equal(merged.json.deposit, 12, 'the deposit is mine');
  assert.equal(merged.json.status, 'in_repair', 'the status is hers');

  await app.sees('Nothing needs you');
  await app.press('Finish the tour');
  await app.sees('That was all of it');
  await app.press('Close the tour');
  await app.seesNoLonger('Close the tour');
  await app.press(/Tools/, 'link');
  await app.press(/Needs you/, 'link');
  await app.sees('Nothing needs you');
});

story('first run: the tour by hand, with keyboard and mouse', async (app, { home }) => {
  await tourBegins(app);
  await app.press('Work offline', 'switch');
  await app.sees('Working offline');
  await app.press(/^Next/);

  await app.sees('Change the deposit of the wheelbarrow');
  await app.fill('Deposit', '12.50');
  await app.keys(Key.TAB);
  await app.sees('Before: 10.00 EUR');
  await app.sees('1 in Outbox');
  await app.press(/^Next/);

  await app.sees('A colleague changes the same wheelbarrow');
  await app.press(/^Next/);
  await app.sees('Go online, and decide');
  await app.press('Work offline', 'switch');
  await app.sees('1 needs you');

  const colleague = await onTheServer(home);
  assert.equal(colleague.json.deposit, 15);
  await decideAndSend(app);
  await app.keys(Key.CONTROL, Key.ENTER);
  await until('the merged record is on the server', async () => (await onTheServer(home)).json.deposit === 12.5);
  assert.equal((await onTheServer(home)).json.status, 'in_repair');
  await app.press('Finish the tour');
  await app.press('Close the tour');
  await app.seesNoLonger('Guided tour');
});
