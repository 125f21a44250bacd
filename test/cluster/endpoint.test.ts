import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { makePrivateEndpoint } from '#src/cluster/endpoint.js';

test('is in a folder of its own that nobody else may enter, and that goes away', async () => {
  const made = await makePrivateEndpoint();
  assert.ok(made.ok);
  const folder = dirname(made.value.endpoint.replace('ipc://', ''));
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  await made.value.remove();
  await made.value.remove();
  assert.equal(existsSync(folder), false);
});

test('fits into a socket address however long TMPDIR is', async () => {
  const base = await mkdtemp(join(tmpdir(), 'f2a-test-'));
  const long = join(base, 'x'.repeat(100));
  await mkdir(long);
  const made = await makePrivateEndpoint(long);
  assert.ok(made.ok);
  assert.ok(made.value.endpoint.length - 'ipc://'.length <= 107);
  await made.value.remove();
  await rm(base, { recursive: true });
});

test('a folder that cannot be written to is named', async () => {
  const made = await makePrivateEndpoint('/no/such/folder');
  assert.equal(made.ok, false);
  assert.match(made.ok ? '' : made.error.message, /\/no\/such\/folder/);
});
