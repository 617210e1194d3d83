// What several stories do on the way.
import { Key } from './app.js';

/** Goes to a place of the sidebar and waits until its list is there. */
export async function goTo(app, place) {
  await app.press(new RegExp(`^${place}( ?,|$)`), 'link');
  await app.role('heading', place);
  await app.atRest(); // rows are drawn anew; a click must not meet the row of the list before
}

/** Opens a record of a list by its name; the filter brings it into view. */
export async function openRecord(app, list, name) {
  await goTo(app, list);
  await app.fill(/^Filter/, name, 'searchbox');
  await app.atRest();
  await app.press(new RegExp(name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')), 'row');
  await app.role('heading', name);
  await app.atRest();
}

/** Replaces what a field of the form holds and leaves it. */
export async function edit(app, field, text) {
  await app.fill(field, text);
  await app.keys(Key.TAB);
}

/** Opens a record that changed in two places. */
export async function openMerge(app, name) {
  await goTo(app, 'Needs you');
  // Groups are folded except the first.
  while (!(await app.has('treeitem', new RegExp(`^${name}`)))) {
    await app.run(`document.querySelector('[role=treeitem][aria-expanded=false]')?.click()`);
    await app.atRest();
  }
  await app.press(new RegExp(`^${name}`), 'treeitem');
  await app.role('heading', name);
}

/** Chooses in one row of the merge screen: both by their names, as a screen reader says them. */
export async function choose(app, row, choice) {
  await app.atRest(); // the choice before may have opened or closed something above this one
  const group = await app.role('group', row);
  const radio = await app.role('radio', choice, { within: group });
  // WebDriver scrolls to what is outside the window, not to what lies under the foot of the screen.
  await app.run('arguments[0].scrollIntoView({ block: "nearest" })', radio);
  await radio.click();
}
