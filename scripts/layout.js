// The dependency rule and the other rules of the layout that no compiler checks. Part of `make lint`.
// What may depend on what: ARCHITECTURE.md, "Which room may know which".
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const PURE = ['record-merge', 'sync-engine', 'connectors', 'ipc-types'];
const SYNC = ['record-merge', 'sync-engine', 'connectors', 'record-store', 'sync-runtime'];

/** Crate -> the crates of this workspace it may use in what it ships. */
const MAY_USE = {
  'record-merge': [],
  'sync-engine': ['record-merge'],
  connectors: ['record-merge', 'sync-engine'],
  'record-store': ['record-merge', 'sync-engine'],
  'sync-runtime': ['record-merge', 'sync-engine', 'connectors', 'record-store', 'ipc-types'],
  'ipc-types': [],
  'demo-server': ['record-merge'],
  testkit: [...SYNC, 'ipc-types', 'demo-server'],
  matchbookctl: [...SYNC, 'ipc-types', 'demo-server'],
  matchbook: [...SYNC, 'ipc-types', 'demo-server'],
  'matchbook-tests': [...SYNC, 'ipc-types', 'demo-server', 'testkit', 'matchbookctl'],
  'matchbook-fuzz': ['record-merge', 'sync-engine', 'connectors'],
};

/** Library -> the only crates that may use it directly; `tests`: in dev-dependencies anybody may. */
const ONLY_UNDER = [
  { library: /^(rusqlite|libsqlite3-sys)$/, crates: ['record-store', 'demo-server', 'testkit'], tests: true },
  { library: /^(reqwest|hyper-util)$/, crates: ['sync-runtime'], tests: true },
  { library: /^(notify|keyring)$/, crates: ['sync-runtime'], tests: false },
  { library: /^axum$/, crates: ['demo-server', 'testkit'], tests: false },
  { library: /^tauri/, crates: ['matchbook'], tests: false },
];

/** Whatever reaches the outside world or chance: a pure crate is handed those. */
const IMPURE = /^(tokio|async-std|reqwest|hyper|ureq|rusqlite|notify|keyring|rand|getrandom|uuid|tempfile|chrono|time|jiff)$/;

const LONGEST = 600; // lines of a source file: split it where a second reason to change lives

const problems = [];

const metadata = JSON.parse(
  execFileSync('cargo', ['metadata', '--no-deps', '--format-version', '1'], { maxBuffer: 1 << 26 }).toString(),
);
const ours = new Set(metadata.packages.map(({ name }) => name));
for (const { name: crate, dependencies } of metadata.packages) {
  if (!MAY_USE[crate]) {
    problems.push(`${crate}: a new crate; say in scripts/layout.js what it may use`);
    continue;
  }
  for (const { name: used, kind } of dependencies) {
    const shipped = kind !== 'dev';
    if (ours.has(used)) {
      const forTests = !shipped && ['testkit', 'demo-server'].includes(used);
      if (used !== crate && !forTests && !MAY_USE[crate].includes(used)) {
        problems.push(`${crate} may not depend on ${used}`);
      }
      continue;
    }
    for (const { library, crates, tests } of ONLY_UNDER) {
      if (library.test(used) && !crates.includes(crate) && (shipped || !tests)) {
        problems.push(`${crate} may not depend on ${used}: only ${crates.join(', ')} may`);
      }
    }
    if (PURE.includes(crate) && shipped && IMPURE.test(used)) {
      problems.push(`${crate} is pure and may not depend on ${used}`);
    }
  }
}

const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']).toString().split('\0').filter(Boolean);
for (const file of files) {
  if (!/\.(rs|ts|svelte|js|css|sh)$/.test(file) || file.includes('/generated/')) continue;
  let lines;
  try {
    lines = readFileSync(file, 'utf8').split('\n').length - 1;
  } catch {
    continue; // deleted, not committed yet
  }
  if (lines > LONGEST) problems.push(`${file} has ${lines} lines, more than ${LONGEST}`);
}

for (const [place, entry] of Object.entries(JSON.parse(readFileSync('package-lock.json', 'utf8')).packages)) {
  if (/^https?:/.test(entry.resolved ?? '')) problems.push(`package-lock.json names a download host for ${place}`);
}

for (const problem of problems) console.error(`layout: ${problem}`);
console.log(problems.length === 0 ? `layout: ${ours.size} crates and ${files.length} files keep the rules` : `layout: ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
