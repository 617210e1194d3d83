import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Key } from '../harness/app.js';
import { until } from '../harness/process.js';
import { ctl, onServer, record } from '../harness/server.js';
import { choose, openMerge } from '../harness/steps.js';
import { story } from '../harness/story.js';

const DRILL = 'T-118';
const NAME = 'Cordless drill 18 V';

/** A program for merging that waits until the story says what it is to do: what a person does in its window. */
function program(folder) {
  const file = join(folder, 'mymerge');
  const told = join(folder, 'told');
  const script = `#!${process.execPath}
    const fs = require('node:fs');
    const [before, server, yours, result] = process.argv.slice(2);
    fs.writeFileSync(${JSON.stringify(join(folder, 'opening'))}, JSON.stringify({ before, server, yours, result, texts: [before, server, yours].map((one) => fs.readFileSync(one, 'utf8')) }));
    fs.renameSync(${JSON.stringify(join(folder, 'opening'))}, ${JSON.stringify(join(folder, 'opened'))});
    const wait = setInterval(() => {
      if (!fs.existsSync(${JSON.stringify(told)})) return;
      clearInterval(wait);
      const { text, code } = JSON.parse(fs.readFileSync(${JSON.stringify(told)}, 'utf8'));
      if (text !== undefined) fs.writeFileSync(result, text);
      if (code) console.error('the window was closed by force');
      process.exitCode = code ?? 0;
    }, 20);`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return {
    command: `'${file}' {before} {server} {yours} {result}`,
    /** The files it was given. */
    opened: () => until('the program is open', () => existsSync(join(folder, 'opened')) && JSON.parse(readFileSync(join(folder, 'opened'), 'utf8'))),
    end: (what) => {
      writeFileSync(`${told}.new`, JSON.stringify(what));
      renameSync(`${told}.new`, told); // never read half
    },
  };
}

async function clash(place) {
  await place.library();
  await ctl(place.home, ['edit', record(DRILL), '--set', '/deposit=30.00', '--set', '/model="written here"']);
  await place.server.change(onServer(DRILL), '{"deposit": 25.00, "shelf": "A4"}');
  await ctl(place.home, ['sync'], { codes: [3] });
}

async function openIn(app, { command }) {
  await openMerge(app, NAME);
  await app.sees('0 of 1 decided');
  await app.press('More');
  await app.press('Open in another program', 'menuitem');
  await app.press(/^Another one/, 'radio');
  await app.fill('Command of the program', command);
  await app.press('Open');
  await app.sees('Open in mymerge. Nothing changes here before it is closed.');
}

story('open in another program: its result becomes choices here, can be undone, and is sent only by Send', async (app, { folder, home, server }) => {
  const tool = program(folder);
  const { etag, text } = await server.read(onServer(DRILL));
  await openIn(app, tool);
  const { texts, ...files } = await tool.opened();
  for (const [name, file] of Object.entries(files)) assert.match(file, new RegExp(`/${name}\\.json$`), 'files by their type');
  assert.deepEqual(texts.map((one) => JSON.parse(one).deposit), [20, 25, 30]);
  assert.equal(texts[1], text, 'the server\'s, byte for byte');

  // It keeps the server's shelf and this person's model, and has its own idea of the deposit.
  tool.end({ text: text.replace('25.00', '27.50').replace(/"model": "[^"]*"/, '"model": "written here"') });
  await app.sees('mymerge gave back a result. Look at it: nothing is sent before you send it.');
  await app.sees('1 of 1 decided');
  const row = await app.role('group', /^Deposit\. Decided/);
  assert.match(await row.getText(), /27\.50/);
  assert.equal((await server.read(onServer(DRILL))).etag, etag, 'nothing is sent');
  await until('its files are gone', () => !existsSync(files.result));

  await app.press('Undo');
  await app.sees('0 of 1 decided');
  await openMerge(app, NAME);
  const { lines } = await ctl(home, ['conflict', record(DRILL)]);
  assert.equal(lines.filter((line) => line.group === 'open' && line.decision).length, 0, 'as before');
  await choose(app, /^Deposit\./, /^Use mine/);
  await app.keys(Key.CONTROL, Key.ENTER);
  await app.sees('Nothing has been sent yet');
  await app.press(/^Send \d/);
  await until('it is sent', async () => (await server.json(onServer(DRILL))).deposit === 30);
}, { prepare: clash });

story('a result that is broken is refused with words; the text is kept, and so is every choice', async (app, { folder, server }) => {
  const tool = program(folder);
  const { etag, text } = await server.read(onServer(DRILL));
  await openMerge(app, NAME);
  await choose(app, /^Deposit\./, /^Use mine/);
  await app.sees('1 of 1 decided');
  await app.press('More');
  await app.press('Open in another program', 'menuitem');
  await app.press(/^Another one/, 'radio');
  await app.fill('Command of the program', tool.command);
  await app.press('Open');
  await tool.opened();

  tool.end({ text: text.replace('"deposit": 25.00,', '"deposit": 27.50') });
  await app.sees(/What mymerge gave back was not taken\..*kept under Show source\./s);
  await app.sees('1 of 1 decided');
  const row = await app.role('group', /^Deposit\. Decided/);
  assert.equal(await (await app.role('radio', /^Use mine/, { within: row })).isSelected(), true, 'the choice stays');
  await app.press('Close');
  await app.press(/^Show source/);
  await app.sees('27.50');
  assert.equal((await server.read(onServer(DRILL))).etag, etag, 'nothing is sent');
}, { prepare: clash });

story('a result that does not fit is taken with a word of care; one of a program that failed is not', async (app, { folder, server }) => {
  const tool = program(folder);
  const { etag, text } = await server.read(onServer(DRILL));
  await openIn(app, tool);
  await tool.opened();
  tool.end({ text: text.replace('"number": "T-118"', '"number": "drill"') });
  await app.sees(/mymerge gave back a result\..*No\.: /s);
  // What does not fit is no decision yet: it cannot be sent like this. The deposit is as it was: nobody chose.
  await app.sees(/1 field is as it was; it still needs your choice\./s);
  await app.sees('0 of 2 decided');
  await app.press('Undo');
  await app.sees('0 of 1 decided');

  const second = program(folder);
  second.end({ text: '{}', code: 3 });
  await app.press('More');
  await app.press('Open in mymerge', 'menuitem');
  await app.sees(/The program ended without success \(code 3\)\. Nothing changed here\. It says: .the window was closed by force/);
  await app.sees('0 of 1 decided');
  assert.equal((await server.read(onServer(DRILL))).etag, etag, 'nothing is sent');
}, { prepare: clash });
