import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXIT } from '#src/cli/exit-code.js';
import { exitOfFailure } from '#src/cli/failure-exit.js';

test('a failure ends the command with the code of its kind', () => {
  assert.equal(exitOfFailure('MANIFEST_SYNTAX'), EXIT.manifestInvalid);
  assert.equal(exitOfFailure('SOURCE_ROOT_MISSING'), EXIT.guarded);
  assert.equal(exitOfFailure('LEDGER_LOCKED'), EXIT.locked);
  assert.equal(exitOfFailure('PLAN_STALE'), EXIT.planStale);
  assert.equal(exitOfFailure('toString'), EXIT.error, 'no code at all');
});

const source = join(import.meta.dirname, '..', '..', '..', 'src');

function textOf(file: string): string {
  return readFileSync(join(source, file), 'utf8');
}

test('every code of a failure is in the table', () => {
  const declared = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('failure.ts') && !file.startsWith('lib'))
    .flatMap((file) => {
      const unions = textOf(file).matchAll(/export type (\w+)FailureCode =([^;]+);/g);
      return [...unions].flatMap(([, , union]) => union?.match(/[A-Z_]{4,}/g) ?? []);
    });
  assert.ok(declared.length > 35, `the test sees the codes (${declared.length})`);
  const table = textOf('cli/failure-exit.ts');
  assert.deepEqual(
    declared.filter((code) => !table.includes(`\n  ${code}: `)),
    [],
  );
});
