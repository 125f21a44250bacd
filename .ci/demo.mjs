// `npm run demo`: sets up what is needed, builds, and runs the main job on the example library:
// validate, plan, apply, look; then a change of options, a renamed and a deleted source.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const work = join(root, 'build', 'demo');
const album = join(work, 'Lossless', 'The Plucked Strings', '2024 - First Steps');

run(process.execPath, [join(root, '.ci', 'setup.mjs')]);
run(process.execPath, [join(root, '.ci', 'build.mjs'), 'src']);
rmSync(work, { recursive: true, force: true });
cpSync(join(root, 'examples', 'quickstart'), work, { recursive: true });

tell('A library of five FLAC files, and a manifest that wants two mirrors of it:');
show(readFileSync(join(work, 'flac2all.yaml'), 'utf8').replace(/^#.*\n/, ''));

tell('What would be done?');
flac2all('plan');
tell('Do it:');
flac2all('apply', '--yes');
tell('Again: nothing is done twice.');
flac2all('apply', '--yes');

tell('Another bitrate for the phone, one source renamed, one deleted:');
const manifest = join(work, 'flac2all.yaml');
writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('bitrate: 96', 'bitrate: 64'));
renameSync(join(album, '02 Waltz - For Two.flac'), join(album, '02 Waltz.flac'));
rmSync(join(album, '03 Slow Arpeggio.flac'));
flac2all('apply', '--yes', '--full');
tell('Why is this file as it is?');
flac2all(
  'explain',
  join('Lossy', 'car', 'The Plucked Strings', '2024 - First Steps', '02 Waltz.mp3'),
);
tell('Are all outputs still what was made? (by checksum)');
flac2all('verify', '--deep');
tell(
  `The outputs are in ${join('build', 'demo', 'Lossy')}. Play with them, or begin with your own: flac2all init`,
);

function flac2all(...args) {
  process.stdout.write(`\n$ flac2all ${args.map(quoted).join(' ')}\n`);
  run(process.execPath, [join(root, 'dist', 'bin', 'main.js'), ...args], { cwd: work });
}

function run(program, args, options = {}) {
  const done = spawnSync(program, args, { stdio: 'inherit', ...options });
  if (done.status !== 0) process.exit(done.status ?? 1);
}

function quoted(text) {
  return /^[\w./=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function show(text) {
  process.stdout.write(text.replaceAll(/^(?=.)/gm, '  '));
}

function tell(text) {
  process.stdout.write(`\n== ${text}\n`);
}
