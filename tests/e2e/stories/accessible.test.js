import assert from 'node:assert/strict';
import { WALKS, walk } from '../harness/screens.js';
import { story } from '../harness/story.js';

/** Checks every screen and tells all findings at once. */
async function check(app, place, screens) {
  const found = [];
  await walk(app, place, screens, (name) => app.accessible(name).catch((error) => found.push(error.message)));
  assert.deepEqual(found, []);
}

for (const [look, theme] of [['light', 'Adwaita'], ['dark', 'Adwaita:dark']]) {
  for (const { name, screens, prepare } of WALKS) {
    story(`${look}: nothing serious stands in the way on the screens of ${name}`, (app, place) => check(app, place, screens), {
      env: { GTK_THEME: theme },
      prepare,
    });
  }
}
