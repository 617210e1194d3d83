// Start and memory of the app beside the smallest window Tauri can open (`src-tauri/examples/hello`), in the same run.
// Called by `make bench`; needs a virtual display whose picture is a file:
//
//   HEADLESS_FRAMEBUFFER=DIR scripts/headless node scripts/bench-window.js [--home DATA_FOLDER] [--rounds N] [--build release|debug] [--out FILE.json]
//
// Start: from spawning the process to the first content on the screen, and to the last change before the screen is at rest,
// read from the frame buffer every few milliseconds (no program in between that would take its own time).
// Memory: proportional set size (PSS) of the process and everything below it, the web view included, at rest.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    home: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    build: { type: 'string', default: 'release' },
    out: { type: 'string' },
  },
});
const root = resolve(import.meta.dirname, '..');
const built = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), options.build);
const AT_REST = 1_500; // ms without a change
const GIVE_UP = 30_000; // ms

/** The picture of an Xvfb started with -fbdir: an XWD file in shared memory. */
class Screen {
  constructor(folder) {
    this.file = openSync(join(folder, 'Xvfb_screen0'), 'r');
    const header = Buffer.alloc(100);
    readSync(this.file, header, 0, 100, 0);
    const field = (index) => header.readUInt32BE(index * 4);
    this.height = field(5);
    this.stride = field(12);
    this.start = field(0) + field(19) * 12;
    this.pixels = Buffer.alloc(this.stride * this.height);
  }

  /** A copy of what is shown now. */
  look() {
    readSync(this.file, this.pixels, 0, this.pixels.length, this.start);
    return this.pixels;
  }

  close() {
    closeSync(this.file);
  }
}

/** Whether there is more than an empty surface: letters bring many shades. */
function hasContent(pixels) {
  const shades = new Set();
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
  for (let i = 0; i < words.length; i += 3) {
    shades.add(words[i]);
    if (shades.size > 12) return true;
  }
  return false;
}

function processTree(top) {
  const below = new Map();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      below.set(parent, [...(below.get(parent) ?? []), Number(entry)]);
    } catch {
      continue; // ended meanwhile
    }
  }
  const tree = [top];
  for (const pid of tree) tree.push(...(below.get(pid) ?? []));
  return tree;
}

/** MB */
function memory(top) {
  let kilobytes = 0;
  for (const pid of processTree(top)) {
    try {
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      continue;
    }
  }
  return kilobytes / 1024;
}

async function measure(binary, home) {
  const scratch = mkdtempSync(join(tmpdir(), 'matchbook-bench-'));
  const env = {
    ...process.env,
    MATCHBOOK_HOME: home ?? join(scratch, 'home'),
    XDG_DATA_HOME: join(scratch, 'data'),
    XDG_CONFIG_HOME: join(scratch, 'config'),
    XDG_CACHE_HOME: join(scratch, 'cache'),
  };
  for (const folder of [env.MATCHBOOK_HOME, env.XDG_DATA_HOME]) mkdirSync(folder, { recursive: true });
  const screen = new Screen(process.env.HEADLESS_FRAMEBUFFER);
  const began = performance.now();
  const child = spawn(binary, [], { env, stdio: 'ignore' });
  const ended = new Promise((done) => child.once('exit', done));
  try {
    let first;
    let last = began;
    let before = Buffer.from(screen.look());
    while (performance.now() - began < GIVE_UP) {
      if (child.exitCode !== null) throw new Error(`${binary} ended with code ${child.exitCode}`);
      const pixels = screen.look();
      if (!pixels.equals(before)) {
        last = performance.now();
        before = Buffer.from(pixels);
        if (first === undefined && hasContent(pixels)) first = last;
      }
      if (first !== undefined && performance.now() - last > AT_REST) break;
      await sleep(4);
    }
    if (first === undefined) throw new Error(`${binary} showed nothing within ${GIVE_UP / 1000} s`);
    return { content_ms: first - began, rest_ms: last - began, pss_mb: memory(child.pid) };
  } finally {
    child.kill('SIGTERM');
    await ended;
    screen.close();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
    await sleep(300); // the display forgets the window
  }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const runs = { hello: [], matchbook: [] };
const programs = { hello: join(built, 'examples', 'hello'), matchbook: join(built, 'matchbook') };
// The first start of each only warms the disk cache. After that they take turns, so that both see the same machine.
for (let round = 0; round <= Number(options.rounds); round++) {
  for (const [name, binary] of Object.entries(programs)) {
    const figures = await measure(binary, name === 'matchbook' ? options.home : undefined);
    if (round > 0) runs[name].push(figures);
  }
}
const summary = Object.fromEntries(
  Object.entries(runs).map(([name, all]) => [
    name,
    Object.fromEntries(['content_ms', 'rest_ms', 'pss_mb'].map((key) => [key, Math.round(median(all.map((run) => run[key])))])),
  ]),
);
const row = (label, key, unit, goal) => {
  const [hello, ours] = [summary.hello[key], summary.matchbook[key]];
  const over = ours - hello;
  const verdict = goal === undefined ? '' : `   goal +${goal} ${unit}: ${over <= goal ? 'reached' : 'not reached'}`;
  console.log(`${label.padEnd(34)} hello ${String(hello).padStart(5)} ${unit}   matchbook ${String(ours).padStart(5)} ${unit}   ${over >= 0 ? '+' : ''}${over} ${unit}${verdict}`);
};
console.log(`window, ${options.build} build, median of ${options.rounds}`);
row('start to first content', 'content_ms', 'ms');
row('start to the screen at rest', 'rest_ms', 'ms', 400);
row('memory of the process tree (PSS)', 'pss_mb', 'MB', 60);
if (options.out) {
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileSync(options.out, JSON.stringify({ build: options.build, summary, runs }, null, 2) + '\n');
}
