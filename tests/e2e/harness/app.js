// The app in its real window, as a person meets it.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Builder, Capabilities, Key } from 'selenium-webdriver';
import { accessibilityProblems } from './axe.js';
import { findByRole, findByText, pageText } from './page.js';
import { Program, descendantRunning, freePort, signal, until } from './process.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
export const BINARY = process.env.MATCHBOOK_BINARY ?? join(TARGET, 'debug', 'matchbook');
export const PICTURES = process.env.MATCHBOOK_PICTURES ?? join(ROOT, '.dev', 'pictures');

export { Key };

/** The running app; `home` is its data folder and outlives a restart. */
export class App {
  /**
   * @param {{ home: string, logs: string, env?: Record<string, string>, args?: string[] }} options
   */
  constructor({ home, logs, env = {}, args = [] }) {
    this.home = home;
    this.logs = logs;
    this.env = env;
    this.args = args;
  }

  /** Starts the app and waits until its page is there. */
  async start() {
    if (!existsSync(BINARY)) throw new Error(`${BINARY} is not built: use \`make test-window\``);
    const [port, nativePort] = [await freePort(), await freePort()];
    this.bridge = new Program('tauri-driver', ['--port', `${port}`, '--native-port', `${nativePort}`], {
      log: join(this.logs, 'app.log'),
      env: { ...process.env, RUST_BACKTRACE: '1', ...this.env, MATCHBOOK_HOME: this.home },
    });
    await until('tauri-driver answers', async () => {
      this.bridge.check();
      return (await fetch(`http://127.0.0.1:${port}/status`)).ok;
    });
    const capabilities = new Capabilities();
    capabilities.set('browserName', 'wry');
    capabilities.set('tauri:options', { application: BINARY, args: this.args });
    this.driver = await new Builder().usingServer(`http://127.0.0.1:${port}/`).withCapabilities(capabilities).build();
    await this.driver.manage().setTimeouts({ script: 30_000, pageLoad: 30_000 });
    this.pid = await until('the process of the app', () => descendantRunning(this.bridge.child.pid, BINARY));
    await until('the page is loaded', () => this.run('return document.readyState === "complete" && !!document.body'));
    return this;
  }

  /** Closes the window the polite way and ends WebDriver. */
  async stop() {
    await this.driver?.quit().catch(() => undefined); // it may have been killed by the test
    await this.bridge?.stop();
    this.driver = this.bridge = this.pid = undefined;
  }

  /** The app is not running any more. */
  ended() {
    return descendantRunning(this.bridge.child.pid, BINARY) === undefined;
  }

  /** SIGKILL: what a power cut does. The data folder stays as it was at that moment. */
  async kill() {
    signal(this.pid, 'SIGKILL');
    await until('the app is gone', () => this.ended());
    await this.stop();
  }

  /** Stops and starts again with the same data. */
  async restart() {
    await this.stop();
    await this.start();
  }

  /**
   * Runs a function body in the page.
   * @param {string | Function} body
   * @param {...unknown} args
   */
  run(body, ...args) {
    return this.driver.executeScript(body, ...args);
  }

  title() {
    return this.driver.getTitle();
  }

  /** Everything a person can read on the page, dialogs included. */
  text() {
    return this.run(pageText);
  }

  /** Waits until the page shows this text (a string, or a pattern). */
  async sees(text) {
    return until(`the page shows ${text}`, async () => {
      const shown = await this.text();
      return text instanceof RegExp ? text.test(shown) : shown.includes(text);
    }).catch(async (error) => {
      throw new Error(`${error.message}\n--- the page shows ---\n${await this.text().catch(() => '(no page)')}`);
    });
  }

  /** Waits until the page no longer shows this text. */
  seesNoLonger(text) {
    return until(`the page no longer shows ${text}`, async () => {
      const shown = await this.text();
      return text instanceof RegExp ? !text.test(shown) : !shown.includes(text);
    });
  }

  /**
   * The visible element of this role (button, textbox, option, tab, ...) with this accessible name; waits for it.
   * @param {string} role
   * @param {string | RegExp} [name] a string must be the whole name, a pattern may be a part
   * @param {{ within?: import('selenium-webdriver').WebElement, timeout?: number }} [options]
   * @returns {Promise<import('selenium-webdriver').WebElement>}
   */
  role(role, name, { within, timeout } = {}) {
    const wanted = name instanceof RegExp ? { source: name.source, flags: name.flags } : (name ?? null);
    return until(`a ${role} called ${name ?? '(anything)'}`, () => this.run(findByRole, role, wanted, within ?? null), { timeout });
  }

  /** Whether such an element is there now, without waiting. */
  async has(role, name) {
    const wanted = name instanceof RegExp ? { source: name.source, flags: name.flags } : (name ?? null);
    return (await this.run(findByRole, role, wanted, null)) !== null;
  }

  /** The innermost visible element showing exactly this text; waits for it. */
  byText(text) {
    return until(`an element with the text ${text}`, () => this.run(findByText, text));
  }

  /** Presses the button, link, tab, option or menu item with this name. */
  async press(name, role = 'button') {
    await until(`pressing ${name}`, async () => {
      // Found anew each time: the list it is in may have been drawn again.
      const element = await this.role(role, name);
      if (!(await element.isEnabled())) return false;
      await element.click();
      return true;
    });
  }

  /** Replaces what a field holds, key by key, as a person would. */
  async fill(name, text, role = 'textbox') {
    const field = await this.role(role, name);
    await field.click();
    await field.sendKeys(Key.chord(Key.CONTROL, 'a'), Key.BACK_SPACE);
    if (text !== '') await field.sendKeys(text);
    return field;
  }

  /** Keys to whatever has the focus, e.g. `keys(Key.CONTROL, 's')` as one chord. */
  async keys(...keys) {
    const focused = await this.driver.switchTo().activeElement();
    await focused.sendKeys(keys.length > 1 ? Key.chord(...keys) : keys[0]);
  }

  /** Size of the window. */
  async resize(width, height) {
    await this.driver.manage().window().setRect({ x: 0, y: 0, width, height });
    await until(`a window of ${width} x ${height}`, () => this.run(`return innerWidth === ${width}`)).catch(() => undefined);
  }

  /** Waits until the page draws nothing new: no change of its content and no running animation for some frames. */
  async atRest() {
    await this.driver.executeAsyncScript(function () {
      const done = arguments[arguments.length - 1];
      let quiet = 0;
      const watch = new MutationObserver(() => (quiet = 0));
      watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      const look = () => {
        const moving = document.getAnimations().some((each) => each.playState === 'running');
        quiet = moving ? 0 : quiet + 1;
        if (quiet < 12) return requestAnimationFrame(look);
        watch.disconnect();
        done();
      };
      requestAnimationFrame(look);
    });
  }

  /** Saves a picture of the page and returns its path. */
  async picture(name) {
    mkdirSync(PICTURES, { recursive: true });
    const file = join(PICTURES, `${name}.png`);
    writeFileSync(file, await this.driver.takeScreenshot(), 'base64');
    return file;
  }

  /** Fails when axe finds something serious or critical on the page as it is now. */
  async accessible(screen) {
    const problems = await accessibilityProblems(this.driver);
    if (problems.length > 0) throw new Error(`axe finds on ${screen}:\n${problems.join('\n')}`);
  }
}
