import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { ManifestFile } from '#src/manifest/manifest-file.gen.js';
import { secondsOf } from '../support/length.js';
import { Library } from '../support/library.js';
import { assertExit, linesOf } from '../support/rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A PATH with these programs alone. */
function pathWith(context: TestContext, ...names: readonly string[]): string {
  const folder = temporaryFolder(context);
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const name of names) {
    const path = execFileSync('which', [name], { encoding: 'utf8' }).trim();
    symlinkSync(path, join(bin, name));
  }
  return `${bin}:${dirname(process.execPath) === '/usr/bin' ? '' : dirname(process.execPath)}`;
}

const outputs = (...list: readonly object[]): ManifestFile['outputs'] =>
  list as unknown as ManifestFile['outputs'];

test('codecs of ffmpeg: made whole, retagged without encoding, and then nothing to do', async (context) => {
  const library = new Library(context);
  library.track('a.flac', { length: 30_000 });
  library.manifest({
    outputs: outputs(
      { codec: 'f:wmav2', options: { bitrate: 128 }, to: 'out/{profile}' },
      { codec: 'ffmpeg:ac3', extension: 'mka', to: 'out/{profile}' },
      { codec: 'ffmpeg:pcm_s16be', to: 'out/{profile}' },
    ),
  });
  assertExit(await library.apply(), 0);
  const made = ['ffmpeg-wmav2/a.wma', 'ffmpeg-ac3/a.mka', 'ffmpeg-pcm_s16be/a.aiff'];
  const files = Object.keys(library.outputs()).filter((name) => name.includes('.'));
  assert.deepEqual(files.toSorted(), made.toSorted());
  for (const seconds of secondsOf(made.map((name) => library.path(`out/${name}`))).values()) {
    assert.ok(seconds >= 30_000 / 44_100 - 0.001, `${seconds} s`);
  }
  assertExit(await library.plan(), 0);
  library.track('a.flac', { length: 30_000, comments: [['TITLE', 'another']] });
  const changes = linesOf(await library.plan(), 'change').map(({ action }) => action);
  assert.deepEqual(changes, ['retag', 'retag', 'retag']);
  assertExit(await library.apply(), 0);
  assertExit(await library.plan(), 0);
});

test('encoder auto: the plan names it, and so does the ledger', async (context) => {
  const library = new Library(context, { PATH: pathWith(context, 'flac', 'ffmpeg') });
  library.track('a.flac');
  library.manifest({
    outputs: outputs({ codec: 'opus', options: { encoder: 'auto' }, to: 'out' }),
  });
  const planned = await library.plan();
  assertExit(planned, 2);
  const notice = linesOf(planned, 'notice').find(({ code }) => code === 'ENCODER_CHOSEN');
  assert.match(notice?.text ?? '', /encoder auto is ffmpeg/);
  assertExit(await library.apply(), 0);
  const explained = await library.run(['explain', 'out/a.opus']);
  assert.match(explained.stdout, /with +ffmpeg \S+, opus .*"encoder":"ffmpeg"/);
});

test('what cannot be encoded is refused before anything is done', async (context) => {
  const library = new Library(context);
  library.track('a.flac');
  library.manifest({
    outputs: outputs({ codec: 'f:comfortnoise', to: 'a' }, { codec: 'f:wmav3', to: 'b' }),
  });
  for (const command of [['validate'], ['plan'], ['apply', '--yes']]) {
    const refused = await library.run(command);
    assertExit(refused, 6);
    assert.match(refused.stderr, /it makes noise/);
    assert.match(refused.stderr, /did you mean "ffmpeg:wmav[12]"/);
  }
});

test('codecs lists everything, with and without ffmpeg', async (context) => {
  const library = new Library(context);
  const listed = await library.run(['codecs', '--json']);
  assertExit(listed, 0);
  const [answer] = linesOf(listed, 'answer');
  const rows = answer?.data['codecs'] as readonly Readonly<Record<string, unknown>>[];
  assert.ok(rows.length > 60);
  const wma = rows.find(({ codec }) => codec === 'ffmpeg:wmav2');
  assert.deepEqual(
    [wma?.['program'], wma?.['extension'], wma?.['refused'], wma?.['present']],
    ['ffmpeg', 'wma', null, true],
  );
  assert.match(String(wma?.['version']), /\d/);
  assert.deepEqual(wma?.['options'], { bitrate: null, quality: null });
  const refusals = (await library.run(['codecs'])).stdout.split('\n').filter((line) => {
    return /^ffmpeg:|^ {20}/.test(line);
  });
  assert.ok(refusals.some((line) => line.includes('cannot be used: ')));
  assert.deepEqual(
    refusals.filter((line) => line.length > 80),
    [],
  );
  const bare = new Library(context, { PATH: pathWith(context, 'flac') });
  const text = await bare.run(['codecs']);
  assertExit(text, 0);
  assert.match(text.stdout, /opusenc +missing/);
  assert.match(text.stdout, /There is no ffmpeg here/);
});
