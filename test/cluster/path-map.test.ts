import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { AbsolutePath } from '#src/lib/brand.js';
import { localPath, normalPath, parsePathMap, placeMaps } from '#src/cluster/path-map.js';
import type { PlacedMap } from '#src/cluster/path-map.js';

const path = (text: string): AbsolutePath => text as AbsolutePath;
const map = (from: string, to: string): PlacedMap => ({ from: path(from), to: path(to) });

describe('--map', () => {
  test('takes a path or a name', () => {
    const read = (text: string): unknown => {
      const parsed = parsePathMap(text);
      return parsed.ok ? [parsed.value.from, parsed.value.to] : parsed.error;
    };
    assert.deepEqual(read('/srv/music=/mnt/nas'), ['/srv/music', '/mnt/nas']);
    assert.deepEqual(read('/srv//music/=/mnt/./nas/'), ['/srv/music', '/mnt/nas']);
    assert.deepEqual(read('lossless=/mnt/nas'), ['lossless', '/mnt/nas']);
    assert.deepEqual(read('/a=b/c d=/mnt/e=f'), ['/a=b/c d', '/mnt/e=f']);
    for (const wrong of ['', '/srv/music', '/srv/music=nas', '=/mnt', 'a/b=/mnt', '/a=/b=/c']) {
      assert.equal(typeof read(wrong), 'string', wrong);
    }
  });

  test('by name stands for the path of that name, once it is known', () => {
    const maps = [{ from: 'phone', to: path('/mnt/phone') }];
    const music = { name: 'phone', path: path('/srv/phone') };
    assert.deepEqual(placeMaps(maps, []), { ok: true, value: [] });
    assert.deepEqual(placeMaps(maps, [music, music]), {
      ok: true,
      value: [map('/srv/phone', '/mnt/phone')],
    });
    const twice = placeMaps(maps, [music, { name: 'phone', path: path('/srv/other') }]);
    assert.ok(!twice.ok && twice.error.includes('/srv/phone and /srv/other'));
  });
});

describe('a path of the master', () => {
  test('goes by the innermost map, and whole names count', () => {
    const maps = [map('/srv/music', '/mnt/m'), map('/srv/music/new', '/fast'), map('/x', '/')];
    const at = (text: string): string => localPath(path(text), maps);
    assert.equal(at('/srv/music'), '/mnt/m');
    assert.equal(at('/srv/music/a b.flac'), '/mnt/m/a b.flac');
    assert.equal(at('/srv/music/new/ü.flac'), '/fast/ü.flac');
    assert.equal(at('/srv/musical/a.flac'), '/srv/musical/a.flac');
    assert.equal(at('/x/y'), '/y');
    assert.equal(localPath(path('/a/b'), [map('/', '/mnt/root')]), '/mnt/root/a/b');
  });

  test('never leaves the folder that it is mapped to', () => {
    const name = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .map((text) => text.replace(/[/\0]/gu, '_'));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
        const there = normalPath(`/srv/${names.join('/')}`);
        const here = localPath(there, [map('/srv', '/mnt/nas')]);
        if (there.startsWith('/srv/')) assert.equal(here, `/mnt/nas${there.slice(4)}`);
      }),
    );
  });
});
