import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { AbsolutePath } from '#src/lib/brand.js';
import { realPath } from '#src/lib/real-path.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { unprivileged } from '../support/unprivileged.js';

test('links are followed as far as there is something', (context) => {
  const root = realPath(temporaryFolder(context));
  const at = (rel: string): AbsolutePath => join(root, rel) as AbsolutePath;
  mkdirSync(at('lib/a'), { recursive: true });
  symlinkSync('lib', at('link'));
  symlinkSync('link/a', at('chain'));
  for (const [rel, real] of [
    ['lib/a', 'lib/a'],
    ['link', 'lib'],
    ['link/a', 'lib/a'],
    ['link/new/deep', 'lib/new/deep'],
    ['chain/new', 'lib/a/new'],
    ['new/link', 'new/link'],
  ] as const) {
    assert.equal(realPath(at(rel)), at(real), rel);
  }
  assert.equal(realPath('/' as AbsolutePath), '/');
});

test('what cannot be followed stays as it is written', async (context) => {
  const root = realPath(temporaryFolder(context));
  const at = (rel: string): AbsolutePath => join(root, rel) as AbsolutePath;
  mkdirSync(at('lib/closed/a'), { recursive: true });
  symlinkSync('lib', at('link'));
  symlinkSync('gone', at('lib/broken'));
  symlinkSync('loop', at('lib/loop'));
  symlinkSync('..', at('lib/closed/up'));
  chmodSync(root, 0o755);
  chmodSync(at('lib/closed'), 0);
  await unprivileged(() => {
    for (const rel of ['broken', 'broken/x', 'loop', 'loop/x', 'closed/a', 'closed/up/x']) {
      assert.equal(realPath(at(`link/${rel}`)), at(`lib/${rel}`), rel);
    }
    return Promise.resolve();
  }).finally(() => chmodSync(at('lib/closed'), 0o755));
});
