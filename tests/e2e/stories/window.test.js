import assert from 'node:assert/strict';
import { until } from '../harness/process.js';
import { story } from '../harness/story.js';

story('the window opens with its name and size', async (app) => {
  await until('the title ends with the name', async () => /(^| - )Matchbook$/.test(await app.title()));
  const size = await app.run('return [innerWidth, innerHeight]');
  assert.deepEqual(size, [1280, 800]);
  assert.equal(await app.run('return location.protocol'), 'tauri:');
});

story('killed and started again, it comes back', async (app) => {
  const before = app.pid;
  await app.kill();
  await app.start();
  assert.notEqual(app.pid, before);
  await app.sees('Welcome to Matchbook');
});

story('the page may not load anything from elsewhere', async (app) => {
  await app.run(`
    document.addEventListener('securitypolicyviolation', (event) => (window.refused ??= []).push(event.effectiveDirective));
    const frame = document.createElement('iframe');
    frame.src = 'https://example.invalid/';
    const image = new Image();
    image.src = 'http://127.0.0.1:9/picture.png';
    document.body.append(frame, image);
    const script = document.createElement('script');
    script.src = 'http://127.0.0.1:9/script.js';
    document.head.append(script);
    fetch('http://127.0.0.1:9/').catch(() => undefined);
  `);
  const wanted = ['connect-src', 'frame-src', 'img-src', 'script-src'];
  await until('the content policy refuses all four', async () => {
    const refused = (await app.run('return window.refused ?? []')).map((name) => name.replace('-elem', ''));
    return wanted.every((directive) => refused.includes(directive));
  });
});

story('nothing serious stands in the way of a screen reader on the first screen', async (app) => {
  await app.atRest();
  await app.accessible('the first screen');
});
