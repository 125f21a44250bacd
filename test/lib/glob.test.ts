import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanSources } from '#src/sources/scan.js';
import { matcher } from '#src/lib/glob.js';
import { plant, temporaryFolder } from '../support/temporary-folder.js';

const names = [
  'x.flac',
  'Rock/x.FLAC',
  'Rock/.hidden/y.flac',
  'Rock/CD1/a.flac',
  'Rock/CD2/b.flac',
  'Rock/CD12/c.flac',
  'Rock/[2001] Album/d.flac',
  'Rock/a+b (live)/e.flac',
  'Rock/cover.jpg',
  'ROCK (other)/x.flac',
  'jazz/_incoming/z.flac',
  'jazz/_incoming/deep/z.flac',
  'jazz/odd\nname/line\nbreak.flac',
  'jazz/back\\slash.flac',
  'jazz/quo"te\'s.flac',
];

const patternSets: readonly (readonly string[])[] = [
  ['**/*.flac'],
  ['**/*'],
  ['*'],
  ['rock/**/*.flac'],
  ['Rock/x.flac'],
  ['./Rock//**/*.flac'],
  ['{rock,JAZZ}/*.flac'],
  ['Rock/CD{1..2}/*', 'jazz/*'],
  ['Rock/CD{01..12}/*'],
  ['Rock/CD{1..12}/*'],
  ['**/CD?/*'],
  ['Rock/\\[2001\\] Album/*'],
  ['Rock/[ac]*/**'],
  ['**/.*/*'],
  ['**/*.flac', '!**/_incoming/**'],
  ['**/@(a|b|c).flac'],
  ['**/!(x).flac'],
  ['jazz/**'],
  ['**/[!a-c].flac'],
  ['!**/*.flac'],
  [],
];

for (const patterns of patternSets) {
  test(`selects what a scan finds: ${JSON.stringify(patterns)}`, async (t) => {
    const root = temporaryFolder(t);
    for (const name of names) plant(root, name);
    const set = { name: 'music', root, include: patterns, exclude: [] };
    const scan = await scanSources(set, { copy: [] });
    assert.ok(scan.ok);
    const found = scan.value.files.map(({ rel }) => rel);
    assert.deepEqual(found, names.filter(matcher(patterns)).toSorted());
  });
}

test('the patterns above tell names apart', () => {
  const counts = patternSets.map((patterns) => names.filter(matcher(patterns)).length);
  assert.deepEqual(counts, [14, 15, 1, 7, 1, 7, 3, 4, 1, 3, 2, 1, 4, 1, 12, 3, 11, 5, 8, 0, 0]);
});
