// The other side: the reference server as a process of its own, a colleague who writes to it, and the command line tool.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BINARY } from './app.js';
import { Between } from './between.js';
import { Program, freePort, until } from './process.js';

const CTL = process.env.MATCHBOOKCTL_BINARY ?? join(dirname(BINARY), 'matchbookctl');

/** Who writes to the server besides the person at the window. */
export const COLLEAGUE = 'Ines Duarte';
/** Name of the source that `library` adds. */
export const LIBRARY = 'Tool library';

/** A record of that source as the command line names it. */
export function record(id, collection = 'tools') {
  return `${encodeURIComponent(LIBRARY)}/${collection}/${id}`;
}

/** The same record on the server. */
export function onServer(id, collection = 'tools') {
  return `collections/${collection}/records/${id}`;
}

/**
 * The reference server with its tool library, already a source of this home and read once.
 * @param {{ home: string, folder: string, later: (undo: () => unknown) => void }} place
 * @param {{ between?: boolean, fill?: (server: ReferenceServer) => unknown }} [options] `between`: the app reaches it
 *   through `server.between`, a network that can stop; `fill`: what the server has besides, before it is read
 */
export async function library({ home, folder, later }, { between = false, fill } = {}) {
  const server = await new ReferenceServer(folder).start();
  later(() => server.stop());
  await fill?.(server);
  if (between) {
    const network = (server.between = await new Between().start(server.base));
    later(() => network.stop());
  }
  await ctl(home, ['source', 'add', LIBRARY, server.between?.base ?? server.base, '--family', 'rest']);
  await ctl(home, ['check', LIBRARY]);
  await ctl(home, ['sync']);
  return server;
}

/** The reference server. Stopping and starting it keeps port and data: what a lost connection looks like to the app. */
export class ReferenceServer {
  /** @param {string} folder for its data and log; `sample`: with the tool library in it */
  constructor(folder, { sample = true } = {}) {
    this.folder = folder;
    this.log = join(folder, 'server.log');
    this.sample = sample;
  }

  async start() {
    mkdirSync(join(this.folder, 'server'), { recursive: true });
    this.port ??= await freePort();
    const told = existingLength(this.log);
    const args = ['serve', '--port', `${this.port}`, '--data', join(this.folder, 'server')];
    this.program = new Program(CTL, this.sample ? [...args, '--sample'] : args, { log: this.log });
    this.base = await until('the reference server says where it is', () => {
      this.program.check();
      return /^base=(\S+)/m.exec(readFileSync(this.log, 'utf8').slice(told))?.[1];
    });
    return this;
  }

  async stop() {
    await this.program?.stop();
    this.program = undefined;
  }

  /** The record as the server has it now, read as JSON. */
  async json(path) {
    return JSON.parse((await this.read(path)).text);
  }

  /** The record as the server has it now: its bytes and its version mark. */
  async read(path) {
    const answer = await fetch(this.url(path));
    return { status: answer.status, etag: answer.headers.get('etag'), text: await answer.text() };
  }

  /**
   * A colleague changes members of a JSON record, with a precondition as everybody must. The server splices, so what is
   * not named keeps its bytes.
   * @param {string} path
   * @param {Record<string, unknown> | string} members as text where the spelling of a number matters
   */
  async change(path, members) {
    const { etag } = await this.read(path);
    const answer = await fetch(this.url(path), {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json', 'if-match': etag, 'x-actor': COLLEAGUE },
      body: typeof members === 'string' ? members : JSON.stringify(members),
    });
    if (!answer.ok) throw new Error(`the colleague's change of ${path} was refused: ${answer.status} ${await answer.text()}`);
    return answer.headers.get('etag');
  }

  /**
   * A colleague makes a record, or writes one as a whole.
   * @param {string} path
   * @param {string | Buffer} body
   * @param {string} type
   */
  async write(path, body, type = 'application/json') {
    const { status, etag } = await this.read(path);
    const condition = status === 200 ? { 'if-match': etag } : { 'if-none-match': '*' };
    const answer = await fetch(this.url(path), { method: 'PUT', headers: { 'content-type': type, 'x-actor': COLLEAGUE, ...condition }, body });
    if (!answer.ok) throw new Error(`the colleague could not write ${path}: ${answer.status} ${await answer.text()}`);
  }

  /** A collection of this name, with a schema or for records of any kind. */
  async collection(name, schema) {
    const path = `collections/${name}`;
    const { status, etag } = await this.read(path);
    const headers = { 'content-type': 'application/json', ...(status === 200 && { 'if-match': etag }) };
    const answer = await fetch(this.url(path), { method: 'PUT', headers, body: JSON.stringify(schema ? { schema } : {}) });
    if (!answer.ok) throw new Error(`no collection ${name}: ${answer.status} ${await answer.text()}`);
  }

  /** A colleague deletes a record. */
  async remove(path) {
    const { etag } = await this.read(path);
    const answer = await fetch(this.url(path), { method: 'DELETE', headers: { 'if-match': etag, 'x-actor': COLLEAGUE } });
    if (!answer.ok) throw new Error(`the colleague could not delete ${path}: ${answer.status} ${await answer.text()}`);
  }

  url(path) {
    return `${this.base.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
  }
}

/**
 * Runs `matchbookctl --json` on a home that no window has open.
 * @param {string} home
 * @param {string[]} args
 * @param {{ codes?: number[], input?: string }} [options] `codes`: exit codes that are fine
 * @returns {Promise<{ code: number, lines: any[] }>}
 */
export async function ctl(home, args, { codes = [0], input = '' } = {}) {
  const child = spawn(CTL, ['--home', home, '--json', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (part) => (out += part));
  child.stderr.setEncoding('utf8').on('data', (part) => (err += part));
  child.stdin.end(input);
  const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  if (!codes.includes(code)) throw new Error(`matchbookctl ${args.join(' ')} ended with ${code}:\n${err}${out}`);
  return { code, lines: out.split('\n').filter(Boolean).map((line) => JSON.parse(line)) };
}

function existingLength(file) {
  try {
    return readFileSync(file, 'utf8').length;
  } catch {
    return 0;
  }
}
