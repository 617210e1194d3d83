// Programs the tests start: each has its own log and is stopped by its own process group, never by name.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as setTimer } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';

/** A port of the loopback interface that nobody listens on at this moment. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.listen(0, '127.0.0.1', resolve).on('error', reject));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Asks again and again until the answer is truthy, and returns it. Never a fixed wait: a slow machine only takes longer.
 * @template T
 * @param {string} what for the message when it does not come true
 * @param {() => T | Promise<T>} ask
 * @param {{ timeout?: number, every?: number }} [options] milliseconds
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, ask, { timeout = 20_000, every = 50 } = {}) {
  const end = Date.now() + timeout;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`did not happen within ${timeout / 1000} s: ${what}`, { cause: last });
    await sleep(every);
  }
}

/** A started program. */
export class Program {
  /**
   * @param {string} command
   * @param {string[]} args
   * @param {{ log: string, env?: NodeJS.ProcessEnv }} options `log`: file for what it says
   */
  constructor(command, args, { log, env = process.env }) {
    this.command = command;
    this.log = log;
    const file = openSync(log, 'a');
    // Its own process group, so that what it starts in turn ends with it.
    this.child = spawn(command, args, { env, detached: true, stdio: ['ignore', file, file] });
    closeSync(file);
    this.failure = undefined;
    this.ended = new Promise((resolve) => {
      this.child.once('exit', resolve);
      this.child.once('error', (error) => {
        this.failure = error;
        resolve(undefined);
      });
    });
  }

  get running() {
    return !this.failure && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Throws, with the end of its log, when the program is no longer there. */
  check() {
    if (this.running) return;
    throw new Error(`${this.command} ended: ${this.failure?.message ?? `code ${this.child.exitCode}`}\n${tail(this.log)}`);
  }

  async stop() {
    const group = this.child.pid;
    if (group === undefined) return;
    signal(-group, 'SIGTERM');
    const late = setTimer(() => signal(-group, 'SIGKILL'), 5_000);
    await this.ended;
    clearTimeout(late);
    signal(-group, 'SIGKILL'); // what it started and did not take along
  }
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/** The last lines of a log file, for a message. */
export function tail(file, lines = 40) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
}

/**
 * The process below `ancestor` that runs `binary`. WebDriver starts the app itself and does not say which process it is.
 * @param {number} ancestor
 * @param {string} binary
 * @returns {number | undefined}
 */
export function descendantRunning(ancestor, binary) {
  const parents = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      // The command name, in brackets, may itself hold spaces and brackets: count from the last one.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      parents.set(Number(entry), Number(fields[1]));
    } catch {
      continue; // ended between the two looks
    }
  }
  for (const pid of parents.keys()) {
    let above = parents.get(pid);
    while (above && above !== ancestor) above = parents.get(above);
    if (above !== ancestor) continue;
    try {
      if (readlinkSync(`/proc/${pid}/exe`) === binary) return pid;
    } catch {
      continue;
    }
  }
  return undefined;
}
