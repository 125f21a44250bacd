import assert from 'node:assert/strict';
import { basename, dirname } from 'node:path';
import { test } from 'node:test';
import type { AbsolutePath } from '#src/lib/brand.js';
import { partPath } from '#src/task/part-name.js';

const output = '/out/a b.opus' as AbsolutePath;

test('a part is hidden, beside its output, and of one attempt under one ledger', () => {
  const part = partPath(output, '1.1', 'lineage');
  assert.equal(dirname(part), '/out');
  assert.match(basename(part), /^\.a b\.opus\.[0-9a-f]{16}\.f2a-part$/);
  assert.equal(partPath(output, '1.1', 'lineage'), part);
  const others = [
    partPath(output, '1.2', 'lineage'),
    partPath(output, '1.1', 'other'),
    partPath('/out2/a b.opus' as AbsolutePath, '1.1', 'lineage'),
  ];
  assert.equal(new Set([part, ...others].map((path) => basename(path))).size, 4);
});

test('the longest output name still has a part', () => {
  const long = `/out/${'ä'.repeat(125)}.opus` as AbsolutePath;
  assert.equal(Buffer.byteLength(basename(long)), 255);
  const name = basename(partPath(long, '1.1', 'lineage'));
  assert.ok(Buffer.byteLength(name) <= 255 && !name.includes('\ufffd'), name);
});
