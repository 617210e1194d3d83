// The system's own dialogs are no pages: WebDriver does not reach them. Keys reach them as from a keyboard (xdotool).
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './process.js';

const run = promisify(execFile);

/** Gives the story a folder for downloads, which is where the system's dialog begins. Before the app starts. */
export function downloads(folder) {
  const place = join(folder, 'downloads');
  mkdirSync(place, { recursive: true });
  mkdirSync(join(folder, 'config'), { recursive: true });
  writeFileSync(join(folder, 'config', 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${place}"\n`);
  return place;
}

/** The windows of the app that can be seen, besides its own: the dialogs of the system. */
async function dialogs(pid) {
  const { stdout } = await run('xdotool', ['search', '--onlyvisible', '--pid', `${pid}`, '.*']).catch(() => ({ stdout: '' }));
  const windows = stdout.split('\n').filter(Boolean);
  const named = await Promise.all(windows.map(async (id) => [id, (await run('xdotool', ['getwindowname', id]).catch(() => ({ stdout: '' }))).stdout.trim()]));
  return named.filter(([, name]) => name !== '' && !/Matchbook$/.test(name));
}

/**
 * Chooses a file to read. Under WebDriver the web view keeps its dialog to itself and takes the file from the driver, for
 * which the field has to be in the page: it is put there the moment the app opens it.
 * @param {import('./app.js').App} app
 * @param {string} file
 * @param {() => Promise<unknown>} open what makes the app ask for it
 */
export async function chooseFile(app, file, open) {
  await app.run(`HTMLInputElement.prototype.click = function () {
    if (this.type !== 'file') return HTMLElement.prototype.click.call(this);
    this.setAttribute('data-chosen', '');
    document.body.append(this);
  }`);
  await open();
  const field = await until('the app asks for a file', () => app.run('return document.querySelector("input[data-chosen]")'));
  await field.sendKeys(file);
  await app.run('delete HTMLInputElement.prototype.click; arguments[0].remove()', field);
}

/**
 * Answers the dialog for a new file that the app opened: Enter, or Esc.
 * @param {import('./app.js').App} app
 * @param {{ cancel?: boolean }} [answer]
 */
export async function answerFileDialog(app, { cancel = false } = {}) {
  const open = await until('the dialog of the system', async () => (await dialogs(app.pid))[0]);
  const [id] = open;
  await run('xdotool', ['windowfocus', '--sync', id]);
  await until('the dialog is closed', async () => {
    if ((await dialogs(app.pid)).every(([one]) => one !== id)) return true;
    await run('xdotool', ['key', '--clearmodifiers', cancel ? 'Escape' : 'Return']);
    return false;
  }, { every: 300 });
}
