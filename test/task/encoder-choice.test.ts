import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { measureFile } from '#src/task/measure.js';
import { run, taskOf } from '../support/task-rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTone } from '../support/tone.js';

const PATH = process.env['PATH'] ?? '';
const FFMPEG = execFileSync('which', ['ffmpeg'], { encoding: 'utf8' }).trim();

afterEach(() => {
  process.env['PATH'] = PATH;
});

function rigOf(
  context: TestContext,
  programs: Readonly<Record<string, string>> = {},
): { root: string; source: string; part: string; said: () => string } {
  const root = temporaryFolder(context);
  const source = join(root, 'source.flac');
  writeTone(source, { frames: 100_000, sampleRate: 96_000, channels: 6, bits: 24 });
  const bin = join(root, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "$@" >>${root}/said\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  process.env['PATH'] = `${bin}:${PATH}`;
  return {
    root,
    source,
    part: join(root, 'part'),
    said: () => readFileSync(`${root}/said`, 'utf8'),
  };
}

describe('another program for the same kind of file', () => {
  for (const [codec, container, encoders] of [
    ['opus', 'ogg-opus', ['opusenc', 'ffmpeg']],
    ['vorbis', 'ogg-vorbis', ['oggenc', 'ffmpeg']],
    ['mp3', 'mp3', ['lame', 'ffmpeg']],
  ] as const) {
    it(`${codec}: each makes a whole file of its own, and says who made it`, async (context) => {
      const { source, part } = rigOf(context);
      const found = new Set<string>();
      for (const encoder of encoders) {
        const path = `${part}-${encoder}`;
        const outcome = await run(taskOf(source, { codec, part: path }, { options: { encoder } }));
        assert.ok(outcome.status === 'made', JSON.stringify(outcome));
        assert.ok(outcome.encoder.startsWith(encoder), outcome.encoder);
        assert.ok((await measureFile(path, container)).ok);
        const again = taskOf(source, { codec, part: `${path}2` }, { options: { encoder } });
        const second = await run(again);
        assert.ok(second.status === 'made' && second.part.sha256 === outcome.part.sha256);
        found.add(outcome.part.sha256);
      }
      assert.equal(found.size, encoders.length);
    });
  }

  it('an encoder that this ffmpeg was built without is named', async (context) => {
    const { source, part } = rigOf(context);
    const outcome = await run(taskOf(source, { codec: 'ffmpeg:no_such_encoder', part }));
    assert.ok(outcome.status === 'failed');
    assert.deepEqual([outcome.class, outcome.code], ['environment', 'ENCODER_MISSING']);
    assert.match(outcome.text, /has no audio encoder "no_such_encoder"/);
  });
});

/** None of the programs for HE-AAC is common: these make AAC in their place, and say how they were called. */
describe('aacplus', () => {
  const encode = (format: string, output: string): string =>
    `${FFMPEG} -nostdin -v error -f wav -i pipe:0 -c:a aac -b:a 64k -fflags +bitexact ${format} -y ${output}`;

  it('by fdkaac', async (context) => {
    const script = `[ "$1" = --help ] && { echo "fdkaac 1.0.5"; exit 1; }\nfor a; do [ "$p" = -o ] && out=$a; p=$a; done\n${encode('-movflags +faststart -f ipod', '"$out"')}`;
    const { source, part, said } = rigOf(context, { fdkaac: script });
    const outcome = await run(
      taskOf(source, { codec: 'aacplus', part }, { options: { encoder: 'fdkaac' } }),
    );
    assert.ok(outcome.status === 'made', JSON.stringify(outcome));
    assert.equal(outcome.encoder, 'fdkaac 1.0.5');
    const options = '--silent --profile 5 --bitrate 64000 --gapless-mode 1 --moov-before-mdat';
    assert.ok(said().includes(`${options} --no-timestamp --ignorelength -o ${part} -\n`), said());
  });

  it('by aac-enc, into files without tags', async (context) => {
    const script = `[ $# = 0 ] && exit 1\nfor out; do :; done\n${encode('-f adts', '"$out"')}`;
    const { source, part, said } = rigOf(context, { 'aac-enc': script });
    writeTone(source, { frames: 100_000, args: ['--tag=TITLE=x'] });
    const options = { encoder: 'aac-enc', bitrate: 48 };
    const outcome = await run(taskOf(source, { codec: 'aacplus', part }, { options }));
    assert.ok(outcome.status === 'made', JSON.stringify(outcome));
    assert.ok(said().includes(`-r 48000 -t 5 - ${part}\n`), said());
    assert.match(outcome.warnings.join(), /no place for them/);
  });

  it('by an ffmpeg that has libfdk_aac', async (context) => {
    const script = `case "$*" in\n*encoder=libfdk_aac*) echo "Encoder libfdk_aac [FDK]:";;\n*libfdk_aac*) for out; do :; done; ${encode('-movflags +faststart -f ipod', '"$out"')};;\n*) exec ${FFMPEG} "$@";;\nesac`;
    const { source, part, said } = rigOf(context, { ffmpeg: script });
    const outcome = await run(
      taskOf(source, { codec: 'aacplus', part }, { options: { encoder: 'ffmpeg' } }),
    );
    assert.ok(outcome.status === 'made', JSON.stringify(outcome));
    assert.match(said(), /-c:a libfdk_aac -profile:a aac_he -b:a 64000 /);
  });

  it('a program that stops early makes nothing', async (context) => {
    const script = `head -c 100000 | ${encode('-movflags +faststart -f ipod', '"$out"')}`;
    const { source, part } = rigOf(context, {
      fdkaac: `[ "$1" = --help ] && exit 1\nfor a; do [ "$p" = -o ] && out=$a; p=$a; done\n${script}\ncat >/dev/null`,
    });
    const outcome = await run(
      taskOf(source, { codec: 'aacplus', part }, { options: { encoder: 'fdkaac' } }),
    );
    assert.ok(outcome.status === 'failed');
    assert.equal(outcome.code, 'LENGTH_MISMATCH');
  });
});
