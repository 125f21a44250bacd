import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AbsolutePath } from '#src/lib/brand.js';
import { isWithin } from '#src/lib/path-within.js';
import { parseText } from '#src/manifest/parse.js';
import { resolveManifest } from '#src/manifest/resolve.js';
import { validateManifest } from '#src/manifest/validate.js';
import { FILE, HOME, show } from './manifest-text.js';

/** What is wrong with a manifest on a disk on which these links lead elsewhere. */
function complaints(text: string, links: Readonly<Record<string, string>>): readonly string[] {
  const document = parseText({ file: 'flac2all.yaml', text: `version: 1\n${text}` });
  assert.ok(document.ok);
  const valid = validateManifest(document.value);
  assert.ok(valid.ok);
  const realPath = (path: AbsolutePath): AbsolutePath => {
    const link = Object.keys(links).find((one) => isWithin(path, one));
    return link === undefined ? path : (`${links[link]}${path.slice(link.length)}` as AbsolutePath);
  };
  const result = resolveManifest(valid.value, { file: FILE, home: HOME, realPath });
  return result.ok ? [] : result.error.map((failure) => show(failure));
}

const to = (source: string, ...outputs: readonly string[]): string =>
  `source: ${source}\noutputs:\n${outputs.map((one) => `  - { codec: flac, to: ${one} }\n`).join('')}`;

test('an output that a link leads into a source is named as it is written, with both folders', () => {
  assert.deepEqual(complaints(to('/m/lib', '/m/link/x'), { '/m/link': '/m/lib' }), [
    `MANIFEST_OVERLAP 4:24 output "flac" writes into source "source": "x" lies below /m/lib; \
a symbolic link leads there (the manifest says /m/link/x and /m/lib) \
(write beside the source, or add "x/**" to its exclude)
  - { codec: flac, to: /m/link/x }
                       ^^^^^^^^^`,
  ]);
});

for (const [what, text, links, complaint] of [
  [
    'a source that is a link',
    to('/m/link', '/m/lib/x'),
    { '/m/link': '/m/lib' },
    /4:24 output "flac" writes into source .*says \/m\/lib\/x and \/m\/link\)/,
  ],
  [
    'a source that is reached by two ways',
    to('/home/ann/lib', '/mnt/home/ann/lib'),
    { '/home': '/mnt/home' },
    /4:24 .* the folder of source "source" itself; a symbolic link leads there/,
  ],
  [
    'an output that holds the source',
    to('/m/lib', '/up'),
    { '/up': '/m' },
    /4:24 source "source" lies inside output "flac": .* a symbolic link leads there/,
  ],
  [
    'two outputs in one place',
    to('/m/lib', '/o1', '/o2'),
    { '/o2': '/o1' },
    /5:24 outputs "flac" and "flac-2" write the same files: .* \(the manifest says \/o1 and \/o2\)/,
  ],
  [
    'an output where the ledger is',
    to('/m/lib', '/o'),
    { '/o': '/etc/music/.flac2all/o' },
    /4:24 output "flac" lies in \/etc\/music\/.flac2all, .*\(the manifest says \/o\)/,
  ],
  [
    'a source where the ledger is',
    to('/m', '/o'),
    { '/m': '/etc/music/.flac2all' },
    /2:9 source "source" lies in .*\(the manifest says \/m\)/,
  ],
  [
    'an excluded folder that is a link to one that is not',
    to('{ path: /m, exclude: ["x/**"] }', '/m/x'),
    { '/m/x': '/m/y' },
    /4:24 output "flac" writes into source "source": "y" lies below/,
  ],
] as const) {
  test(`${what} is refused`, () => {
    const found = complaints(text, links);
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', complaint);
  });
}

test('what is wrong as it is written stays wrong wherever links lead, and no link is blamed', () => {
  const [found = ''] = complaints(to('/m', '/m/x'), { '/m/x': '/elsewhere' });
  assert.match(found, /"x" lies below \/m \(write beside/);
});

test('links that lead to folders apart are nobody’s business', () => {
  const home = { '/home': '/mnt/home' };
  assert.deepEqual(complaints(to('/home/ann/lib', '/home/ann/out'), home), []);
  assert.deepEqual(complaints(to('/home/ann/lib', '~/out', '/mnt/home/bob'), home), []);
  const excluded = to('{ path: /m/lib, exclude: ["x/**"] }', '/m/link/x');
  assert.deepEqual(complaints(excluded, { '/m/link': '/m/lib' }), []);
});
