import assert from 'node:assert/strict';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { findProgram } from '#src/codecs/find-program.js';
import { Library } from '../../support/library.js';
import { assertExit } from '../../support/rig.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const USUAL = ['flac', 'lame', 'opusenc', 'oggenc', 'ffmpeg'];

/** What `doctor` says below its table where only these programs are on PATH. */
async function advice(context: TestContext, names: readonly string[]): Promise<string> {
  const bin = temporaryFolder(context);
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const name of names) {
    const path = await findProgram(name, process.env['PATH']);
    if (path !== undefined) symlinkSync(path, join(bin, name));
    else {
      writeFileSync(join(bin, name), '#!/bin/sh\necho "fdkaac 1.0.3 aac-enc 1.0"\n');
      chmodSync(join(bin, name), 0o755);
    }
  }
  const run = await new Library(context, { PATH: bin }).run(['doctor']);
  assertExit(run, 0);
  assert.equal(
    run.stdout.match(/ not here, optional$/gm)?.length ?? 0,
    7 - new Set([...names, ...USUAL]).size,
  );
  return run.stdout.slice(run.stdout.indexOf('\n\n', run.stdout.indexOf('\n\n') + 2)).trim();
}

test('what is optional is told apart from what is missing, with a line for each system', async (context) => {
  assert.equal(
    await advice(context, USUAL),
    `Nothing is missing.

To install what is optional, where a manifest asks for it:
  Debian, Ubuntu  sudo apt-get install fdkaac aac-enc
  Fedora          sudo dnf install fdkaac fdk-aac
  Arch            sudo pacman -S fdkaac libfdk-aac
  Alpine          sudo apk add fdkaac fdk-aac
  macOS           brew install fdk-aac-encoder fdk-aac`,
  );
});

test('what is missing comes first', async (context) => {
  const text = await advice(context, [...USUAL.filter((name) => name !== 'lame'), 'fdkaac']);
  assert.doesNotMatch(text, /Nothing is missing/);
  assert.match(
    text,
    /^To install what is missing:\n {2}Debian, Ubuntu {2}sudo apt-get install lame\n/,
  );
  assert.match(text, /\n\nTo install what is optional.*:\n.* install aac-enc\n/);
});

test('where all is there, that is all that is said', async (context) => {
  assert.equal(await advice(context, [...USUAL, 'fdkaac', 'aac-enc']), 'Nothing is missing.');
});
