import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSchema } from '#src/lib/schema-validator.js';
import type { Validator } from '#src/lib/schema-validator.js';
import { exportLedger } from '#src/ledger/export.js';
import { OUT, STATE, entryOf, failureOf, make, open, partOf, path } from '../support/ledger-rig.js';
import { compileSchema } from '../support/compile-schema.js';
import { MemoryDisk } from '../support/memory-disk.js';

function validatorOf(definition: string): Validator {
  const { definitions } = readSchema('ledger');
  return compileSchema({ definitions, $ref: `#/definitions/${definition}` });
}

function check(validate: Validator, value: unknown): void {
  assert.ok(validate(value), `${JSON.stringify(validate.errors?.[0])} in ${JSON.stringify(value)}`);
}

async function jsonLines(disk: MemoryDisk, folder: string, pattern: RegExp): Promise<unknown[]> {
  const names = await disk.list(`${STATE}/${folder}`);
  const texts = await Promise.all(names.map((name) => disk.readFile(`${STATE}/${folder}/${name}`)));
  const lines = texts.flatMap((text) => text.toString().split('\n').slice(0, -1));
  return lines.map((line) => JSON.parse(pattern.exec(line)?.[1] ?? 'null') as unknown);
}

describe('schemas/ledger.schema.json describes what is written', () => {
  test('root, rows, records and export', async () => {
    const disk = new MemoryDisk();
    await disk.makeDirectory(OUT);
    const { ledger } = await open(disk);
    await make(ledger, disk, { output: `${OUT}/a`, content: 'a' });
    await make(ledger, disk, { output: `${OUT}/a`, content: 'a again' });
    await ledger.updated({ ...entryOf('/far/b', 'b'), unverified: true });
    await ledger.updated(entryOf(`${OUT}/c`, 'c'));
    await ledger.failed(failureOf(`${OUT}/d`));
    await ledger.dropped(path(`${OUT}/c`), 'forgotten');
    await ledger.leased(path(`${OUT}/e`), partOf(`${OUT}/e`));
    await ledger.released(path(`${OUT}/e`));
    await ledger.madeDirectories([path(OUT), path('/music')]);
    await ledger.removedDirectories([path(OUT)]);
    await ledger.ended(12.5);
    const records = await jsonLines(disk, 'journal', /^[0-9a-f]{8} \d+ \d+ (.*)$/);
    await ledger.close();
    const again = await open(disk);
    await again.ledger.dropped(path('/far/b'), 'deleted');
    await again.ledger.close();
    const rows = await jsonLines(disk, 'shards', /^[0-9a-f]{8} (.*)$/);

    const kinds = new Set(records.map((record) => (record as { kind: string }).kind));
    assert.equal(kinds.size, 10, 'every kind of record is there');
    const record = validatorOf('record');
    for (const each of records) check(record, each);
    assert.deepEqual(new Set(rows.map((row) => (row as string[])[0])).size, 4, 'every kind of row');
    const row = validatorOf('row');
    for (const each of rows) check(row, each);
    const document = compileSchema(readSchema('ledger'));
    check(document, JSON.parse((await disk.readFile(`${STATE}/ledger.json`)).toString()));
    check(document, JSON.parse([...exportLedger(again.ledger.view)].join('')));
    assert.equal(document({ format: 'flac2all-ledger', version: 1 }), false);
  });
});
