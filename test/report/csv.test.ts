import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { CSV_HEADER, csvRecords } from '#src/report/csv.js';
import { everyEvent, summary, taskDone, taskFailed, unreadable } from '../support/events.js';

/** A reader of RFC 4180 text, for records that end in CRLF. */
function readCsv(text: string): readonly (readonly string[])[] {
  const records: string[][] = [[]];
  for (const [, quoted, bare = '', end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gu,
  )) {
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === '\r\n') records.push([]);
  }
  return records.slice(0, -1);
}

test('tells done, failed and deleted, and nothing else', () => {
  const records = everyEvent().map(csvRecords).join('');
  const results = readCsv(records).map((fields) => fields[3]);
  assert.deepEqual(results, ['done', 'failed', 'deleted']);
});

test('the summary adds the unreadable sources, and no task a second time', () => {
  const text = '/music/in/x.flac: not FLAC: a text file';
  const failures = [taskFailed('bad'), unreadable('x', text)];
  const records = readCsv(csvRecords(summary({ failed: 1, unreadable: 1, failures })));
  assert.deepEqual(
    records.map((fields) => fields.slice(0, 6)),
    [['/music/out/x.opus', '/music/in/x.flac', 'phone', 'failed', 'NOT_FLAC', text]],
  );
});

test('has a field for each column', () => {
  const [header = [], row = []] = readCsv(
    `${CSV_HEADER}${csvRecords(taskDone('a', { audioSeconds: 1 / 3 }))}`,
  );
  const fields = Object.fromEntries(header.map((name, index) => [name, row[index]]));
  assert.deepEqual(fields, {
    output: '/music/out/a.opus',
    source: '/music/in/a.flac',
    set: 'phone',
    result: 'done',
    code: '',
    text: '',
    ms: '4321',
    audio_seconds: '0.333',
    size_bytes: '4200000',
    sha256: 'ab'.repeat(32),
    worker: 'nas/1',
  });
});

test('whatever is in names and texts, a reader gets it back', () => {
  const name = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '久', ' ') });
  fc.assert(
    fc.property(name, name, (path, text) => {
      const record = csvRecords(taskFailed(path, { text: `x${text}` }));
      const [fields = []] = readCsv(record);
      assert.equal(fields.length, 11);
      assert.equal(fields[0], `/music/out/${path}.opus`);
      assert.equal(fields[5], `x${text}`);
    }),
  );
});

test('free text cannot become a formula in a spreadsheet; paths stay as they are', () => {
  const [fields = []] = readCsv(
    csvRecords(taskFailed('=1+1', { text: '=HYPERLINK("x")', set: '+a' })) ?? '',
  );
  assert.equal(fields[0], '/music/out/=1+1.opus');
  assert.equal(fields[2], "'+a");
  assert.equal(fields[5], `'=HYPERLINK("x")`);
});
