import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, manifestOf, withOutputs } from './manifest-text.js';

function withSource(source: string, to = '/o'): string {
  return `version: 1\nsource: ${source}\noutputs: [{ codec: opus, to: ${to} }]\n`;
}

test('fills in every default', () => {
  const manifest = manifestOf(withOutputs('{ codec: opus, to: /o }'));
  assert.deepEqual(manifest, {
    file: '/etc/music/flac2all.yaml',
    digest: manifest.digest,
    stateDirectory: '/etc/music/.flac2all',
    sources: [
      {
        name: 'source',
        root: '/m',
        include: ['**/*.flac'],
        exclude: ['**/.Trash*/**', '**/.stversions/**', '**/@eaDir/**', '**/#recycle/**'],
      },
    ],
    outputs: [
      {
        name: 'opus',
        profile: {
          name: 'opus',
          codec: 'opus',
          extension: 'opus',
          recipe: {
            audio: {
              codec: 'opus',
              options: {
                bitrate: 128,
                vbr: 'vbr',
                complexity: 10,
                frameSize: 20,
                tune: 'auto',
                phaseInversion: true,
              },
              args: [],
              limits: {},
            },
            tags: { id3: '2.4' },
          },
        },
        from: 'source',
        root: '/o',
        layout: 'mirror',
        names: 'keep',
        copy: [],
        passthrough: { how: 'copy', files: [] },
        playlists: [],
        prune: false,
      },
    ],
    policy: {
      onDrift: 'report',
      rebuildOnEncoderChange: false,
      maxDelete: { share: 0.2, atLeast: 10 },
      minAgeMs: 2000,
      maxFailures: 1,
    },
    cluster: {
      bind: undefined,
      workers: 'auto',
      insecure: false,
      advertise: undefined,
      uniformTools: 'warn',
      providers: [],
    },
  });
});

test('takes over what is written', () => {
  const { sources, outputs, policy, cluster } = manifestOf(`
version: 1
sources:
  cds: { path: cds, include: ["A/**"], exclude: ["B/**"], sentinel: .here }
profiles:
  car: { codec: mp3, options: { vbr: 4 }, args: [-m, j], tags: { id3: "2.3" }, limits: { sampleRate: 48000, channels: 2 } }
outputs:
  - { profile: car, from: cds, to: "~/{source}/{profile}", layout: flat, names: fat32, copy: ["*.jpg"], prune: true }
policy: { onDrift: repair, rebuildOnEncoderChange: true, maxDelete: 12, minAge: 1.5m, maxFailures: 3 }
cluster: { bind: "tcp://*:2019", workers: 0 }
`);
  assert.deepEqual(sources, [
    {
      name: 'cds',
      root: '/etc/music/cds',
      include: ['A/**'],
      exclude: ['B/**'],
      sentinel: '.here',
    },
  ]);
  const [output] = outputs;
  assert.equal(output?.root, '/home/ann/cds/car');
  assert.deepEqual(
    [output?.layout, output?.names, output?.copy, output?.prune],
    ['flat', 'fat32', ['*.jpg'], true],
  );
  assert.deepEqual(output?.profile.recipe, {
    audio: {
      codec: 'mp3',
      options: { vbr: 4 },
      args: ['-m', 'j'],
      limits: { sampleRate: 48_000, channels: 2 },
    },
    tags: { id3: '2.3' },
  });
  assert.deepEqual(policy, {
    onDrift: 'repair',
    rebuildOnEncoderChange: true,
    maxDelete: { files: 12 },
    minAgeMs: 90_000,
    maxFailures: 3,
  });
  assert.deepEqual(cluster, {
    bind: 'tcp://*:2019',
    workers: 0,
    insecure: false,
    advertise: undefined,
    uniformTools: 'warn',
    providers: [],
  });
});

test('a share that is written holds for a few files too', () => {
  const text = `${withOutputs('{ codec: opus, to: /o }')}policy: { maxDelete: 12.5% }\n`;
  assert.deepEqual(manifestOf(text).policy.maxDelete, { share: 0.125, atLeast: 0 });
});

test('every set has a name of its own, and the first of a profile keeps its name', () => {
  const { outputs } = manifestOf(
    `version: 1
source: /m
profiles: { a: { codec: opus }, a-2: { codec: mp3 } }
outputs:
  - { profile: a, to: /1 }
  - { profile: a, to: /2 }
  - { profile: a-2, to: /3 }
  - { profile: a, to: /4 }
`,
  );
  assert.deepEqual(
    outputs.map(({ name }) => name),
    ['a', 'a-3', 'a-2', 'a-4'],
  );
});

for (const [to, root] of [
  ['/o/', '/o'],
  ['/o/../p', '/p'],
  ['o', '/etc/music/o'],
  ['../o', '/etc/o'],
  ['~', '/home/ann'],
  ['~/o', '/home/ann/o'],
  ['/o/{profile}/{source}', '/o/opus/source'],
  ['/o/{{x}}', '/o/{x}'],
  ['./~x', '/etc/music/~x'],
  ['/o/$HOME', '/o/$HOME'],
] as const) {
  test(`"to: ${to}" is ${root}`, () => {
    assert.equal(manifestOf(withOutputs(`{ codec: opus, to: "${to}" }`)).outputs[0]?.root, root);
  });
}

for (const [to, complaint] of [
  ['~bob/o', 'begins with the home folder of another user'],
  ['$HOME/o', 'begins with an environment variable'],
  ['${MUSIC}/o', 'begins with an environment variable'],
  ['smb://nas/o', 'is an address, not a path'],
  ['C:/o', 'is a Windows path'],
  ['/o/{profil}', 'unknown placeholder "{profil}"'],
  ['/o/{profile', '"{" stands alone'],
  ['/m', 'writes into the folder of source "source" itself'],
  ['/m/o', 'writes into source "source"'],
  ['/', 'source "source" lies inside output "opus"'],
  ['.flac2all/o', 'where flac2all keeps its ledger'],
] as const) {
  test(`"to: ${to}" ${complaint}`, () => {
    const found = complaints(withOutputs(`{ codec: opus, to: '${to}' }`));
    assert.equal(found.length, 1);
    assert.ok(found[0]?.includes(complaint), found[0]);
    assert.match(found[0] ?? '', / 4:24 /);
  });
}

test('a neighbour whose name begins like the source is no part of it', () => {
  assert.deepEqual(complaints(withOutputs('{ codec: opus, to: /mm }')), []);
});

test('an output inside a source is good where the source excludes it altogether', () => {
  for (const good of ['a/lossy/**', '**/lossy/**', 'a/**'])
    assert.deepEqual(
      complaints(withSource(`{ path: /m, exclude: ["${good}"] }`, '/m/a/lossy')),
      [],
    );
  for (const bad of ['a/lossy/*', 'lossy/**', 'a/lossy'])
    assert.equal(
      complaints(withSource(`{ path: /m, exclude: ["${bad}"] }`, '/m/a/lossy')).length,
      1,
    );
});

test('two outputs may share a folder only where they cannot write the same file', () => {
  const clash = complaints(withOutputs('{ codec: opus, to: /o }', '{ codec: opus, to: /o/ }'));
  assert.match(clash[0] ?? '', /^MANIFEST_OVERLAP 5:24 outputs "opus" and "opus-2" write the same/);
  const copies = complaints(
    withOutputs('{ codec: opus, to: /o, copy: [a] }', '{ codec: mp3, to: /o, copy: [a] }'),
  );
  assert.match(copies[0] ?? '', /both copy files into \/o/);
  const flacs = complaints(withOutputs('{ codec: copy, to: /o }', '{ codec: flac, to: /o }'));
  assert.match(flacs[0] ?? '', /both \.flac into \/o/);
  assert.deepEqual(
    complaints(withOutputs('{ codec: opus, to: /o }', '{ codec: mp3, to: /o }')),
    [],
  );
});

test('references that lead nowhere', () => {
  const found = complaints(`version: 1
sources: { cds: /m, vinyl: /v }
profiles: { phone: { codec: opus } }
outputs:
  - { profile: phon, from: cds, to: /1 }
  - { profile: phone, from: vinil, to: /2 }
  - { profile: phone, to: /3 }
`).map((text) => text.split('\n')[0]);
  assert.deepEqual(found, [
    'MANIFEST_UNKNOWN_NAME 5:16 there is no profile "phon" (did you mean "phone"?)',
    'MANIFEST_UNKNOWN_NAME 6:29 there is no source "vinil" (did you mean "vinyl"?)',
    'MANIFEST_MISSING_KEY 7:5 the output does not say which source it is from (add "from:" with one of cds, vinyl)',
  ]);
});

for (const [key, text] of [
  ['args', '{ codec: copy, args: [x], to: /o }'],
  ['limits', '{ codec: test, limits: { bits: 16 }, to: /o }'],
  ['id3', '{ codec: opus, tags: { id3: "2.3" }, to: /o }'],
] as const) {
  test(`"${key}" where it does nothing is refused`, () => {
    const found = complaints(withOutputs(text));
    assert.equal(found.length, 1);
    assert.ok(found[0]?.startsWith('MANIFEST_USELESS_KEY'), found[0]);
    assert.ok(found[0]?.includes(`"${key}" has no effect`), found[0]);
  });
}

for (const [pattern, complaint] of [
  ['/m/*.flac', 'is not relative'],
  ['../*.flac', 'leads out of the source'],
  ['!a/**', 'begins with "!"'],
] as const) {
  test(`pattern "${pattern}" ${complaint}`, () => {
    const found = complaints(
      `version: 1\nsource: { path: /m, include: ["${pattern}"] }\noutputs: [{ codec: opus, to: /o }]\n`,
    );
    assert.match(found[0] ?? '', /^MANIFEST_BAD_PATTERN 2:31 /);
    assert.ok(found[0]?.includes(complaint), found[0]);
  });
}

test('a sentinel stays below its source; a source stays out of the ledger', () => {
  assert.match(
    complaints(withSource('{ path: /m, sentinel: ../x }'))[0] ?? '',
    /^MANIFEST_BAD_PATH 2:31 /,
  );
  assert.match(complaints(withSource('.flac2all/x'))[0] ?? '', /^MANIFEST_OVERLAP 2:9 /);
});

test('a port is a number up to 65535', () => {
  const text = withOutputs('{ codec: opus, to: /o }');
  assert.match(complaints(`${text}cluster: { bind: "tcp://*:65536" }`)[0] ?? '', /no port number/);
  assert.deepEqual(complaints(`${text}cluster: { bind: "tcp://*:65535" }`), []);
});
