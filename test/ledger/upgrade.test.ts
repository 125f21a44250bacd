import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { AbsolutePath } from '#src/lib/brand.js';
import type { Json, JsonObject } from '#src/lib/json.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import { exportLedger } from '#src/ledger/export.js';
import { readLedger } from '#src/ledger/read.js';
import { LEDGER_VERSION, upgraderFrom } from '#src/ledger/upgrade.js';
import type { Upgrader } from '#src/ledger/upgrade.js';
import { BASE } from '../support/ledger-rig.js';

const GOLDEN = fileURLToPath(new URL('../../../test/ledger/golden/', import.meta.url));

/** Appends its name wherever it passes. */
function step(name: string): Upgrader {
  const mark = (old: JsonObject): JsonObject => ({
    ...old,
    seen: `${(old['seen'] ?? '') as string}${name}`,
  });
  return { root: mark, record: mark, row: (old: Json) => [...(old as readonly Json[]), name] };
}

describe('a ledger of version', () => {
  for (let version = 1; version <= LEDGER_VERSION; version += 1) {
    test(`${version} reads as it was written`, async () => {
      const directory = `${GOLDEN}v${version}` as AbsolutePath;
      const read = await readLedger(directory, BASE, nodeDisk);
      assert.ok(read.ok);
      const expected = await readFile(`${GOLDEN}v${version}.export`, 'utf8');
      assert.equal([...exportLedger(read.value)].join(''), expected);
    });
  }
});

describe('upgraders', () => {
  const chain = new Map([1, 2, 3].map((version) => [version, step(`${version}`)]));

  test('run one after the other, from the version of the file', () => {
    assert.deepEqual(upgraderFrom(1, chain, 4)?.root({}), { seen: '123' });
    assert.deepEqual(upgraderFrom(3, chain, 4)?.record({}), { seen: '3' });
    assert.deepEqual(upgraderFrom(2, chain, 4)?.row(['entry']), ['entry', '2', '3']);
    assert.deepEqual(upgraderFrom(4, chain, 4)?.root({ as: 'is' }), { as: 'is' });
  });

  test('do not guess versions that nobody wrote', () => {
    assert.equal(upgraderFrom(0, chain, 4), undefined);
    assert.equal(upgraderFrom(-1), undefined);
    assert.equal(upgraderFrom(0.5), undefined);
  });
});
