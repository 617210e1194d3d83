/**
 * Reads again, one reading at a time: a wish during a reading starts exactly one more after it, so the
 * last reading always began after the last change, and a burst of events costs two readings.
 */
export class Refresh {
  #read: () => Promise<void>;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  run(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#loop().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #loop(): Promise<void> {
    do {
      this.#again = false;
      await this.#read();
    } while (this.#again);
  }
}
