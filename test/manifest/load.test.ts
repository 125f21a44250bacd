import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadManifest } from '#src/manifest/load.js';
import { show } from './manifest-text.js';

const folder = mkdtempSync(join(tmpdir(), 'flac2all-load-'));
after(() => rmSync(folder, { recursive: true }));

const VALID = 'version: 1\nsource: ./in\noutputs: [{ codec: opus, to: ~/out }]\n';

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function complaintsOf(file: string): Promise<readonly string[]> {
  const result = await loadManifest(file, { home: '/home/ann' });
  return result.ok ? [] : result.error.map((failure) => show(failure).replaceAll(folder, 'DIR'));
}

test('reads a manifest; paths begin in its folder', async () => {
  const result = await loadManifest(write('good.yaml', VALID), { home: '/home/ann' });
  assert.ok(result.ok);
  assert.equal(result.value.file, join(folder, 'good.yaml'));
  assert.equal(result.value.sources[0]?.root, join(folder, 'in'));
  assert.equal(result.value.outputs[0]?.root, '/home/ann/out');
});

test('links on the disk are followed, also to folders that are not there yet', async () => {
  mkdirSync(join(folder, 'mnt/lib'), { recursive: true });
  symlinkSync('mnt', join(folder, 'home'));
  const about = (to: string) =>
    `version: 1\nsource: home/lib\noutputs: [{ codec: opus, to: ${to} }]\n`;
  assert.deepEqual(await complaintsOf(write('apart.yaml', about('home/new/out'))), []);
  const [complaint = ''] = await complaintsOf(write('inside.yaml', about('mnt/lib/new')));
  assert.match(complaint, /^MANIFEST_OVERLAP 3:30 .*DIR\/mnt\/lib\/new and DIR\/home\/lib\)/);
});

test('what cannot be read is said in one sentence with a way out', async () => {
  mkdirSync(join(folder, 'folder.yaml'));
  symlinkSync('loop.yaml', join(folder, 'loop.yaml'));
  const init = '("flac2all init" writes a manifest to start from)';
  assert.deepEqual(await complaintsOf(join(folder, 'none.yaml')), [
    `MANIFEST_MISSING there is no file DIR/none.yaml ${init}`,
  ]);
  assert.deepEqual(await complaintsOf(join(write('file.yaml', VALID), 'x.yaml')), [
    `MANIFEST_MISSING there is no file DIR/file.yaml/x.yaml ${init}`,
  ]);
  assert.deepEqual(await complaintsOf(join(folder, 'folder.yaml')), [
    'MANIFEST_NOT_A_FILE DIR/folder.yaml is a folder (name the manifest file in it)',
  ]);
  assert.deepEqual(await complaintsOf(write('empty.yaml', '')), [
    `MANIFEST_EMPTY DIR/empty.yaml is empty ${init}`,
  ]);
  assert.deepEqual(await complaintsOf(write('large.yaml', Buffer.alloc(5 * 1024 * 1024, '#'))), [
    'MANIFEST_TOO_LARGE DIR/large.yaml is 5.0 MiB large; a manifest has at most 4 MiB',
  ]);
  assert.deepEqual(await complaintsOf('/dev/zero'), [
    'MANIFEST_NOT_A_FILE /dev/zero is not a regular file',
  ]);
  const [loop] = await complaintsOf(join(folder, 'loop.yaml'));
  assert.match(loop ?? '', /^MANIFEST_UNREADABLE DIR\/loop.yaml cannot be read: ELOOP/);
});

test('profiles come from other files; later ones win, and own ones over all', async () => {
  write(
    'one.yaml',
    'version: 1\nprofiles: { a: { codec: opus }, b: { codec: opus }, c: { codec: opus } }\n',
  );
  write('two.yaml', 'version: 1\nprofiles: { b: { codec: vorbis }, c: { codec: vorbis } }\n');
  const file = write(
    'shared.yaml',
    `version: 1
extends: [one.yaml, ./two.yaml]
source: in
profiles: { c: { codec: mp3 } }
outputs: [{ profile: a, to: /1 }, { profile: b, to: /2 }, { profile: c, to: /3 }]
`,
  );
  const result = await loadManifest(file);
  assert.ok(result.ok);
  assert.deepEqual(
    result.value.outputs.map(({ profile }) => profile.codec),
    ['opus', 'vorbis', 'mp3'],
  );
});

test('a missing encoder is named where the shared profile stands', async () => {
  write('one.yaml', 'version: 1\nprofiles:\n  a: { codec: opus }\n');
  const file = write(
    'missing.yaml',
    'version: 1\nextends: one.yaml\nsource: in\noutputs: [{ profile: a, to: /1 }]\n',
  );
  const result = await loadManifest(file, { hasProgram: (name) => name !== 'opusenc' });
  assert.ok(!result.ok);
  const [failure] = result.error;
  assert.equal(failure?.code, 'MANIFEST_ENCODER_MISSING');
  assert.equal(failure.location?.file, join(folder, 'one.yaml'));
  assert.deepEqual([failure.location.line, failure.location.column], [3, 15]);
});

for (const [name, shared, extend, complaint] of [
  ['itself', VALID, './self.yaml', /^MANIFEST_EXTENDS 2:10 a manifest cannot extend itself\n/],
  [
    'a missing file',
    '',
    './none.yaml',
    /^MANIFEST_EXTENDS 2:10 cannot extend: there is no file DIR\/none.yaml\n/,
  ],
  [
    'an empty file',
    '',
    './shared1.yaml',
    /^MANIFEST_EXTENDS 2:10 cannot extend: DIR\/shared1.yaml is empty\n/,
  ],
  [
    'a file that extends another',
    'version: 1\nextends: x.yaml\nprofiles: {}\n',
    './shared1.yaml',
    /^MANIFEST_EXTENDS 2:1 "extends" cannot stand in a file that a manifest extends/,
  ],
  ['a whole manifest', VALID, './shared1.yaml', /^MANIFEST_EXTENDS 2:1 "source" cannot stand/],
  [
    'a file without profiles',
    'version: 1\n',
    './shared1.yaml',
    /^MANIFEST_MISSING_KEY 1:1 .* has no "profiles"/,
  ],
  [
    'a file with a mistake',
    'version: 1\nprofiles: { a: { codec: ops } }\n',
    './shared1.yaml',
    /^MANIFEST_UNKNOWN_NAME 2:25 unknown codec "ops"/,
  ],
] as const) {
  test(`extending ${name} is refused with a place`, async () => {
    write('shared1.yaml', shared);
    const file = write('self.yaml', VALID.replace('\n', `\nextends: ${extend}\n`));
    const [first] = await complaintsOf(file);
    assert.match(first ?? '', complaint);
  });
}
