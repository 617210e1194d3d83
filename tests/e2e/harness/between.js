// A network between the app and its server that can stop in the middle, and remembers every write that went through.
import { createServer, request as forward } from 'node:http';

/** Where the server tells how it is to be spoken to. */
const PROFILE = '/.well-known/matchbook.toml';
const WRITES = new Set(['PUT', 'POST', 'PATCH', 'DELETE']);

/**
 * Passes everything on to a server, under an address of its own. It keeps to itself that the server takes several writes
 * in one request: each is seen by itself.
 */
export class Between {
  /** @type {{ method: string, path: string, status: number }[]} every write the server answered, in order */
  writes = [];
  /** @type {{ path: string, go: () => void }[]} what waits at this moment */
  kept = [];
  #left = Infinity;
  #keep = 'request';

  async start(base) {
    this.target = new URL(base);
    this.http = createServer((request, response) => this.#pass(request, response));
    await new Promise((resolve, reject) => this.http.listen(0, '127.0.0.1', resolve).on('error', reject));
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.http.address());
    this.base = `http://127.0.0.1:${port}`;
    return this;
  }

  async stop() {
    this.release();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  /**
   * From now on only so many writes go through as before.
   * @param {number} writes
   * @param {{ keep?: 'request' | 'answer' }} [options] what is kept back of the others: the request, so that the server
   *   never sees it, or its answer, so that the app never learns what became of it
   */
  holdAfter(writes, { keep = 'request' } = {}) {
    this.#left = writes;
    this.#keep = keep;
  }

  /** Everything goes through again; what waited as well. */
  release() {
    this.#left = Infinity;
    for (const { go } of this.kept.splice(0)) go();
  }

  /** The same, but what waited is lost: whoever asked is gone. */
  forget() {
    this.#left = Infinity;
    this.kept.length = 0;
  }

  #pass(request, response) {
    const write = WRITES.has(request.method);
    const held = write && this.#left-- <= 0;
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('error', () => undefined); // the app was killed
    request.on('end', () => {
      const go = (answered) => this.#send(request, Buffer.concat(parts), answered, write);
      const answer = (reply) => {
        if (request.url === PROFILE) return void this.#withoutBatch(reply, response);
        response.writeHead(reply.statusCode, reply.headers);
        reply.pipe(response);
      };
      const path = request.url;
      if (!held) go(answer);
      else if (this.#keep === 'request') this.kept.push({ path, go: () => go(answer) });
      else go((reply) => void this.kept.push({ path, go: () => answer(reply) }));
    });
    response.on('error', () => undefined);
  }

  async #withoutBatch(reply, response) {
    let text = '';
    for await (const part of reply.setEncoding('utf8')) text += part;
    for (const name of ['content-length', 'etag']) delete reply.headers[name];
    response.writeHead(reply.statusCode, reply.headers);
    response.end(text.replace(/^\[batch\]\n(?:[^[\n][^\n]*\n|\n)*/m, ''));
  }

  #send(request, body, answered, write) {
    const { method, url: path, headers } = request;
    const there = forward({ host: this.target.hostname, port: this.target.port, method, path, headers }, (reply) => {
      if (write) this.writes.push({ method, path, status: reply.statusCode });
      reply.on('error', () => undefined);
      answered(reply);
    });
    there.on('error', () => request.destroy());
    request.on('close', () => request.complete || there.destroy());
    there.end(body);
  }
}
