// Where the focus is, for stories without a mouse.
import assert from 'node:assert/strict';
import { Key } from './app.js';

/** What has the focus, as a screen reader would name it. */
export const focused = (app) => app.run(`const one = document.activeElement;
  return one === document.body ? '(the page)' : [one.getAttribute('role') ?? one.tagName, one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.innerText].join(' ')`);

/** Whether the focus can be seen: an outline on the element, or on the row or box that draws it. */
export const ringShown = (app) => app.run(`for (let one = document.activeElement; one; one = one.parentElement) {
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
  if ((outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none') return true;
} return false`);

/** Tab until this has the focus, which is never lost and always seen on the way. */
export async function tabTo(app, name, most = 60) {
  for (let at = 0; at < most; at++) {
    if (name.test(await focused(app))) return;
    await app.keys(Key.TAB);
    assert.notEqual(await focused(app), '(the page)', 'the focus is never lost to the page');
    assert.equal(await ringShown(app), true, `the focus is seen on ${await focused(app)}`);
  }
  throw new Error(`Tab does not reach ${name} within ${most} steps; it is at ${await focused(app)}`);
}
