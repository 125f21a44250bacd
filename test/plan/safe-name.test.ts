import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { safePart } from '#src/plan/safe-name.js';

test('keep changes nothing', () => {
  assert.equal(safePart('a:b?. ', 'keep'), 'a:b?. ');
});

test('fat32 replaces what FAT32 refuses and keeps letters', () => {
  assert.equal(safePart('Who? "Me": <a|b>*\\', 'fat32'), 'Who_ _Me__ _a_b___');
  assert.equal(safePart('Björk', 'fat32'), 'Björk');
  assert.equal(safePart('Bjo\u0308rk', 'fat32'), 'Bj\u00f6rk', 'composed');
  assert.equal(safePart('etc...', 'fat32'), 'etc___');
  assert.equal(safePart('con.opus', 'fat32'), '_con.opus');
  assert.equal(safePart('concert', 'fat32'), 'concert');
  for (const name of ['Aux', 'nul .txt', 'COM0', 'com¹.flac', 'LPT³', 'CONIN$', 'conout$.x']) {
    assert.equal(safePart(name, 'fat32'), `_${name}`, name);
  }
  for (const name of ['com10', 'lpt', 'nul_', 'CONIN', 'auxiliary.x']) {
    assert.equal(safePart(name, 'fat32'), name);
  }
});

test('ascii writes other letters in ASCII as far as that is possible', () => {
  assert.equal(safePart('Sigur Rós – Ænima…', 'ascii'), 'Sigur Ros - AEnima___');
  assert.equal(safePart('音楽', 'ascii'), '__');
});

test('what is safe stays as it is, and is what the file systems take', () => {
  for (const names of ['fat32', 'ascii'] as const) {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (part) => {
        const safe = safePart(part, names);
        assert.equal(safePart(safe, names), safe);
        assert.doesNotMatch(safe, /[<>:"\\|?*\p{Cc}]|[. ]$/u);
        if (names === 'ascii') assert.match(safe, /^[ -~]*$/);
      }),
    );
  }
});
