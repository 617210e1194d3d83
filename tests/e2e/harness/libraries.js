// Libraries in which things have happened: what the pictures and the accessibility check find when the app starts.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { disc } from './png.js';
import { LIBRARY, ctl, onServer, record } from './server.js';

const NOTES = {
  mine: [
    'Charge both batteries before handing it out. Battery 2 was replaced on 14 May and holds its charge.',
    'Show new borrowers the clutch ring: 1 to 8 for screws, the drill mark only for wood.',
    '11 June: new carry strap fitted.',
  ],
  theirs: [
    'Charge both batteries the evening before handing it out. The second battery loses charge after one day.',
    'Show new borrowers the clutch ring: 1 to 8 for screws, the drill mark only for wood.',
    '12 June: chuck tightened, runs true again.',
  ],
};
const ACCESSORIES = {
  mine: [
    { no: 4, item: 'Carry strap', count: 1 },
    { no: 1, item: 'Charger', count: 1, condition: 'good', serial_number: '' },
    { no: 2, item: 'Battery 2.0 Ah', count: 2, condition: 'one new' },
    { no: 3, item: 'Bit set, 3 to 10 mm', count: 1 },
  ],
  theirs: [
    { no: 1, item: 'Charger', count: 1, condition: 'good', serial_number: 'CH-2291' },
    { no: 3, item: 'Bit set, 3 to 10 mm', count: 1 },
    { no: 5, item: 'Depth stop', count: 1 },
  ],
};
const text = (paragraphs) => JSON.stringify(paragraphs.join('\n\n'));
const sets = (members) => members.flatMap((set) => ['--set', set]);

const here = (place) => (id, ...members) => ctl(place.home, ['edit', id.includes('/') ? id : record(id), ...sets(members)]);
const sync = (place) => ctl(place.home, ['sync'], { codes: [0, 3] });

/** Some tools, the first of the list. */
async function toolIds(place, ...without) {
  const { lines } = await ctl(place.home, ['records', '--source', LIBRARY, '--collection', 'tools']);
  return lines.map((line) => decodeURIComponent(line.record.split('/').at(-1))).filter((id) => !without.includes(id));
}

/** So many tools, `place.ids`, whose deposits clash: 200 and more here, 100 and more on the server, each its own. */
export async function clashingDeposits(place, count, options) {
  const server = await place.library(options);
  place.ids = (await toolIds(place)).slice(0, count);
  for (const [at, id] of place.ids.entries()) {
    await here(place)(id, `/deposit=${at + 200}.00`);
    await server.change(onServer(id), `{"deposit": ${at + 100}.00}`);
  }
  await ctl(place.home, ['sync'], { codes: [3] });
}

/** What they cost on the server now. */
export function deposits({ server, ids }) {
  return Promise.all(ids.map(async (id) => (await server.json(onServer(id))).deposit));
}

/** One record that is put together by itself and sent. */
async function putTogetherByItself(place) {
  await ctl(place.home, ['source', 'set', LIBRARY, '--policy', 'auto']);
  await here(place)('T-031', '/deposit=18.00', '/loan_days=4');
  await place.server.change(onServer('T-031'), '{"shelf": "B2", "status": "in_repair", "looked_after_by": "Tomasz Wilk"}');
  await sync(place);
  await ctl(place.home, ['source', 'set', LIBRARY, '--policy', 'review']);
}

/** The drill of the design pictures: one field, two paragraphs and two entries of a list clash. */
export async function drillClashes(place) {
  const theirs = `{"deposit": 25.00, "notes": ${text(NOTES.theirs)}, "status": "in_repair", "next_safety_check": "2026-12-01", "accessories": ${JSON.stringify(ACCESSORIES.theirs)}}`;
  await here(place)('T-118', '/deposit=30.00', `/notes=${text(NOTES.mine)}`, '/tags=["power tool", "18 V", "needs briefing"]', `/accessories=${JSON.stringify(ACCESSORIES.mine)}`, '/manual="Keep dry. Oil the chuck lightly twice a year."');
  await place.server.change(onServer('T-118'), theirs);
}

/** Clashes of each kind, a refused edit, one kept back, one that was put together by itself. */
export async function busyLibrary(place) {
  const server = await place.library();
  const edit = here(place);
  await putTogetherByItself(place);
  await drillClashes(place);
  await edit('T-142', '/deposit=12.00', '/loan_days=3', '/shelf="C1"');
  await server.change(onServer('T-142'), '{"deposit": 15.00, "loan_days": 9, "status": "in_repair", "shelf": "B4"}');
  await edit('T-008', '/deposit=28.00', '/loan_days=3');
  await server.remove(onServer('T-008'));
  await ctl(place.home, ['edit', record('T-013'), '--delete']);
  await server.change(onServer('T-013'), '{"deposit": 45.00, "looked_after_by": "Tomasz Wilk"}');
  await edit('T-049', '/number="X-049"');
  await sync(place);
  await edit('T-047', '/deposit=22.00', '/shelf="B4"');
  await ctl(place.home, ['hold', record('T-047')]);
}

const CHECKLIST = ['Charge the batteries', 'Look at the cable', 'Wipe the housing'];
const CARD = (phone, mail, more = '') =>
  ['BEGIN:VCARD', 'VERSION:4.0', 'UID:urn:uuid:6a1f3f0e-1', 'FN:Leah Osei', 'N:Osei;Leah;;;', `TEL;TYPE=cell:${phone}`, `EMAIL;TYPE=home:${mail}`, 'X-PLOT:17', `${more}END:VCARD`, ''].join('\r\n');
const EVENT = (start, end, title) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Riverside//Calendar//EN', 'BEGIN:VEVENT', 'UID:cafe-2026-07', 'DTSTAMP:20260601T080000Z', `DTSTART:${start}`, `DTEND:${end}`, `SUMMARY:${title}`, 'LOCATION:Shed', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');
const PHOTO = { before: disc(96, [196, 160, 60], [240, 236, 226]), mine: disc(96, [40, 120, 130], [240, 236, 226]), theirs: disc(96, [150, 60, 120], [240, 236, 226]) };
const address = (png) => JSON.stringify(`data:image/png;base64,${png.toString('base64')}`);

/** One record for each way in which rows look. */
export async function kindsLibrary(place) {
  const server = await place.library({
    fill: async (fresh) => {
      for (const name of ['addresses', 'calendar', 'photos']) await fresh.collection(name);
      await fresh.write(onServer('drill.png', 'photos'), PHOTO.before, 'image/png');
      await fresh.write(onServer('leah.vcf', 'addresses'), CARD('+351 912 000 144', 'leah@hill.example'), 'text/vcard');
      await fresh.write(onServer('cafe.ics', 'calendar'), EVENT('20260704T100000', '20260704T140000', 'Repair café'), 'text/calendar');
      await fresh.change(onServer('T-020'), `{"checklist": ${JSON.stringify(CHECKLIST)}, "plot": 17, "photo": ${address(PHOTO.before)}}`);
    },
  });
  const edit = here(place);
  const file = async (id, name, bytes) => {
    writeFileSync(join(place.folder, name), bytes);
    await ctl(place.home, ['edit', record(id, { 'drill.png': 'photos', 'leah.vcf': 'addresses', 'cafe.ics': 'calendar' }[id]), '--file', join(place.folder, name)]);
  };
  await edit(record('C-118', 'contacts'), '/given_name="Anke-Marie"', '/family_name="Brandt"', '/phones/0/number="+49 555 354 172"');
  await server.change(onServer('C-118', 'contacts'), { given_name: 'Anke', family_name: 'Brandt-Olsen', phones: [{ no: 1, kind: 'mobile', number: '+49 555 354 187' }] });
  await edit('T-020', `/checklist=${JSON.stringify([...CHECKLIST, 'Write the date on the label'])}`, `/photo=${address(PHOTO.mine)}`, '/looked_after_by="Rasmus Nielsen "');
  await ctl(place.home, ['edit', record('T-020'), '--unset', '/plot']);
  await server.change(onServer('T-020'), `{"checklist": ${JSON.stringify([...CHECKLIST, 'Count the bits'])}, "photo": ${address(PHOTO.theirs)}, "looked_after_by": "Rasmus\u00a0Nielsen"}`);
  await server.write(onServer('T-020'), (await server.read(onServer('T-020'))).text.replace('"plot": 17', '"plot": null'));
  await file('drill.png', 'mine.png', PHOTO.mine);
  await server.write(onServer('drill.png', 'photos'), PHOTO.theirs, 'image/png');
  await file('leah.vcf', 'mine.vcf', CARD('+351 912 000 172', 'leah@hill.example', 'NOTE:Keys for the shed\r\n'));
  await server.write(onServer('leah.vcf', 'addresses'), CARD('+351 912 000 187', 'leah.osei@hill.example'), 'text/vcard');
  await file('cafe.ics', 'mine.ics', EVENT('20260704T110000', '20260704T150000', 'Repair café'));
  await server.write(onServer('cafe.ics', 'calendar'), EVENT('20260711T100000', '20260711T140000', 'Repair café, summer'), 'text/calendar');
  const made = (deposit, shelf) => JSON.stringify({ name: 'Leaf blower, quiet', number: 'T-950', status: 'available', shelf, deposit, tags: ['garden'] });
  writeFileSync(join(place.folder, 'new.json'), made(25, 'B4'));
  await ctl(place.home, ['new', 'Tool%20library/tools', '--id', 'T-950', '--file', join(place.folder, 'new.json')]);
  await server.write(onServer('T-950'), made(30, 'A4'));
  await sync(place);
}

/** Tools that clash in their deposits, and some others. */
export const MANY = 18;

/** Many records that changed in two places, in a few shapes; reached through a network that can stop. */
export async function manyLibrary(place) {
  const server = await place.library({ between: true });
  const edit = here(place);
  const ids = await toolIds(place, 'T-118');
  place.ids = ids.slice(0, MANY);
  for (const [at, id] of place.ids.entries()) {
    const { deposit } = await server.json(onServer(id));
    const before = 5 * Math.ceil(deposit / 5);
    const note = at === 2 || at === 5 ? ['/notes="Blade changed here."'] : [];
    await edit(id, `/deposit=${before + (at === 8 ? 12 : 10)}.00`, ...note);
    await server.change(onServer(id), `{"deposit": ${before + 5}.00}`);
  }
  for (const [at, id] of ids.slice(MANY, MANY + 4).entries()) {
    await edit(id, '/shelf="D1"', ...(at === 3 ? ['/deposit=11.00'] : []));
    await server.change(onServer(id), at === 3 ? '{"shelf": "E2", "deposit": 12.00}' : '{"shelf": "E2"}');
  }
  await edit(ids[MANY + 4], '/deposit=28.00');
  await server.remove(onServer(ids[MANY + 4]));
  await edit(record('C-120', 'contacts'), '/email="mine@hill.example"');
  await server.change(onServer('C-120', 'contacts'), '{"email": "hers@hill.example"}');
  await sync(place);
  // One of the values does not please the server any more.
  const { schema = undefined, ...whole } = await server.json('collections/tools/schema');
  const rules = schema ?? whole;
  rules.properties.deposit.multipleOf = 5;
  await server.collection('tools', rules);
}

/** A tool with a past: read, edited, changed by a colleague, put together and sent. */
export async function pastLibrary(place) {
  const server = await place.library();
  const edit = here(place);
  await edit('T-118', '/shelf="A4"');
  await ctl(place.home, ['edit', record('T-009'), '--delete']);
  await sync(place);
  await server.change(onServer('T-118'), '{"lent_to": "Marit Solberg", "status": "on_loan"}');
  await sync(place);
  await drillClashes(place);
  await sync(place);
  const rows = await ctl(place.home, ['conflict', record('T-118')]);
  for (const [at, row] of rows.lines.filter((one) => one.group === 'open').entries()) {
    await ctl(place.home, ['decide', record('T-118'), `${row.row}`, at % 2 === 0 ? 'mine' : 'theirs']);
  }
  await ctl(place.home, ['resolve', record('T-118')]);
  await sync(place);
  await putTogetherByItself(place);
  await edit('T-142', '/deposit=12.00');
  await ctl(place.home, ['hold', record('T-142')]);
}
