import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { exportLedger, sha256Sums } from '#src/ledger/export.js';
import { LedgerState } from '#src/ledger/state.js';
import { entryOf, failureOf, path } from '../support/ledger-rig.js';

function stateOf(outputs: readonly string[]): LedgerState {
  const state = new LedgerState();
  for (const output of outputs) state.apply({ kind: 'updated', entry: entryOf(output, output) });
  return state;
}

describe('export', () => {
  test('is the same for the same rows, whatever their order', () => {
    const forth = stateOf(['/a', '/B', '/é']);
    const back = stateOf(['/é', '/a', '/B']);
    forth.epoch = 7;
    for (const state of [forth, back]) {
      state.apply({ kind: 'failed', failure: failureOf('/f') });
      state.apply({ kind: 'directories', made: [path('/d'), path('/c')], removed: [] });
    }
    const text = [...exportLedger(forth)].join('');
    assert.equal(text, [...exportLedger(back)].join(''));
    const document = JSON.parse(text) as { entries: { path: string }[]; directories: string[] };
    assert.deepEqual(
      document.entries.map((entry) => entry.path),
      ['/B', '/a', '/é'],
    );
    assert.deepEqual(document.directories, ['/c', '/d']);
  });

  test('of an empty ledger is a document too', () => {
    const document = JSON.parse([...exportLedger(new LedgerState())].join('')) as object;
    assert.deepEqual(Object.keys(document).length, 7);
  });

  test('gives checksums that sha256sum -c accepts, also of awkward names', () => {
    const folder = mkdtempSync(join(tmpdir(), 'flac2all-sums-'));
    try {
      const names = ['plain', 'with space ', 'back\\slash', 'new\nline', 'return\r', '*star', 'ü'];
      const outputs = names.map((name) => join(folder, name));
      for (const output of outputs) writeFileSync(output, output);
      const sums = join(folder, 'SHA256SUMS');
      writeFileSync(sums, [...sha256Sums(stateOf(outputs))].join(''));
      const said = execFileSync('sha256sum', ['--check', '--strict', '--status', sums]);
      assert.equal(said.toString(), '');
      writeFileSync(outputs[3] ?? '', 'changed');
      assert.throws(() => execFileSync('sha256sum', ['--check', '--strict', '--status', sums]));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
