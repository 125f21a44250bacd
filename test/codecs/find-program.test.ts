import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { it } from 'node:test';
import { findProgram } from '#src/codecs/find-program.js';
import { temporaryFolder } from '../support/temporary-folder.js';

it('finds the first executable file on PATH and nothing else', async (context) => {
  const folder = temporaryFolder(context);
  for (const name of ['a', 'b', 'c']) mkdirSync(join(folder, name));
  mkdirSync(join(folder, 'a', 'tool'));
  writeFileSync(join(folder, 'b', 'tool'), '');
  writeFileSync(join(folder, 'c', 'tool'), '');
  chmodSync(join(folder, 'c', 'tool'), 0o755);
  const path = ['a', 'b', 'c'].map((name) => join(folder, name)).join(delimiter);
  assert.equal(await findProgram('tool', path), join(folder, 'c', 'tool'));
  assert.equal(await findProgram('no-such-tool', path), undefined);
});

it('leaves out the current folder and an empty PATH', async () => {
  assert.equal(await findProgram('package.json', `.${delimiter}`), undefined);
  assert.equal(await findProgram('sh', ''), undefined);
  assert.equal(await findProgram('sh', undefined), undefined);
});
