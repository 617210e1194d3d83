import assert from 'node:assert/strict';
import { BUSY, FIRST, busyLibrary, walk } from '../harness/screens.js';
import { story } from '../harness/story.js';

/** Checks every screen and tells all findings at once. */
async function check(app, place, screens) {
  const found = [];
  await walk(app, place, screens, (name) => app.accessible(name).catch((error) => found.push(error.message)));
  assert.deepEqual(found, []);
}

for (const [look, theme] of [['light', 'Adwaita'], ['dark', 'Adwaita:dark']]) {
  story(`${look}: nothing serious stands in the way on the first screens`, (app, place) => check(app, place, FIRST), {
    env: { GTK_THEME: theme },
  });
  story(`${look}: nothing serious stands in the way on the screens of a busy library`, (app, place) => check(app, place, BUSY), {
    env: { GTK_THEME: theme },
    prepare: busyLibrary,
  });
}
