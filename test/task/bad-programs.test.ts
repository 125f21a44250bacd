import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { executeTask } from '#src/task/execute.js';
import type { Failed, Outcome } from '#src/task/task.js';
import { namesIn, run, taskOf } from '../support/task-rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTone } from '../support/tone.js';

const PATH = process.env['PATH'];

afterEach(() => {
  process.env['PATH'] = PATH;
});

/** Puts shell scripts in front of PATH; returns a source, long enough to fill any pipe, and a part. */
function withPrograms(
  context: TestContext,
  programs: Readonly<Record<string, string>>,
): { folder: string; source: string; part: string } {
  const root = temporaryFolder(context);
  const source = join(root, 'source.flac');
  writeTone(source, { frames: 200_000 });
  const [bin, folder] = [join(root, 'bin'), join(root, 'out')];
  mkdirSync(bin);
  mkdirSync(folder);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  process.env['PATH'] = `${bin}:${PATH}`;
  return { folder, source, part: join(folder, 'part') };
}

async function fail(
  context: TestContext,
  programs: Readonly<Record<string, string>>,
  codec = 'opus',
): Promise<Failed> {
  const { folder, source, part } = withPrograms(context, programs);
  const outcome: Outcome = await run(taskOf(source, { codec, part }));
  assert.ok(outcome.status === 'failed');
  assert.deepEqual(namesIn(folder), []);
  return outcome;
}

describe('programs that fail', () => {
  it('an encoder that is missing is named, with its package', async (context) => {
    const { folder, source, part } = withPrograms(context, {});
    process.env['PATH'] = '';
    for (const [codec, program] of [
      ['opus', 'opusenc'],
      ['aac', 'ffmpeg'],
      ['copy', 'flac'],
    ] as const) {
      const outcome = await run(taskOf(source, { codec, part }));
      assert.ok(outcome.status === 'failed');
      assert.deepEqual([outcome.class, outcome.code], ['environment', 'ENCODER_MISSING']);
      assert.match(outcome.text, new RegExp(`${program} is not on PATH`));
    }
    assert.deepEqual(namesIn(folder), []);
  });

  it('an encoder that complains: its words count, the decoder is only a victim', async (context) => {
    const outcome = await fail(context, { opusenc: 'echo "ERROR: no idea" >&2; exit 3' });
    assert.deepEqual([outcome.class, outcome.code], ['input', 'ENCODE_FAILED']);
    assert.match(outcome.text, /opusenc ended with exit code 3: ERROR: no idea/);
    assert.equal(outcome.stderrTail, 'ERROR: no idea');
  });

  it('an encoder that is killed half-way', async (context) => {
    const outcome = await fail(context, { opusenc: 'head -c 100000 >/dev/null; kill -KILL $$' });
    assert.deepEqual([outcome.class, outcome.code], ['crash', 'ENCODER_KILLED']);
    assert.match(outcome.text, /opusenc was killed by SIGKILL/);
  });

  it('an encoder that stops reading and calls it done', async (context) => {
    const outcome = await fail(context, { opusenc: 'head -c 100000 >/dev/null; exit 0' });
    assert.deepEqual([outcome.class, outcome.code], ['input', 'LENGTH_MISMATCH']);
  });

  it('an encoder that reads all and writes half', async (context) => {
    const lame = execFileSync('which', ['lame'], { encoding: 'utf8' }).trim();
    const script = `[ "$1" = --version ] && exit; for last; do :; done; ${lame} "$@"; head -c 50000 "$last" >"$last.x"; mv "$last.x" "$last"`;
    const outcome = await fail(context, { lame: script }, 'mp3');
    assert.deepEqual([outcome.class, outcome.code], ['input', 'LENGTH_MISMATCH']);
  });

  it('an encoder that reads all and writes nothing', async (context) => {
    for (const [codec, name] of [
      ['opus', 'opusenc'],
      ['vorbis', 'oggenc'],
      ['mp3', 'lame'],
      ['aac', 'ffmpeg'],
    ] as const) {
      const outcome = await fail(context, { [name]: 'cat >/dev/null' }, codec);
      assert.deepEqual([outcome.class, outcome.code], ['input', 'LENGTH_MISMATCH'], codec);
    }
  });

  it('a decoder that is killed', async (context) => {
    const outcome = await fail(context, { flac: 'kill -KILL $$' });
    assert.deepEqual([outcome.class, outcome.code], ['crash', 'ENCODER_KILLED']);
    assert.match(outcome.text, /flac was killed by SIGKILL/);
  });

  it('a decoder that gives up half-way, with an encoder that is content', async (context) => {
    const outcome = await fail(context, {
      flac: 'head -c 100000 /dev/zero; echo "x: ERROR bad frame" >&2; exit 1',
      opusenc: 'cat >/dev/null',
    });
    assert.deepEqual([outcome.class, outcome.code], ['input', 'DECODE_FAILED']);
    assert.match(outcome.text, /ERROR bad frame/);
  });
});

/** Six channels, which lame does not know. */
function withSixChannels(
  context: TestContext,
  programs: Readonly<Record<string, string>>,
): ReturnType<typeof withPrograms> {
  const rig = withPrograms(context, programs);
  writeTone(rig.source, { channels: 6, frames: 200_000 });
  return rig;
}

describe('a source that the encoder does not take', () => {
  it('needs ffmpeg, and says what for when it is missing', async (context) => {
    const { folder, source, part } = withSixChannels(context, {});
    const bin = join(folder, '..', 'bin');
    for (const name of ['flac', 'lame', 'opusenc']) {
      const path = execFileSync('which', [name], { encoding: 'utf8', env: { PATH } }).trim();
      symlinkSync(path, join(bin, name));
    }
    process.env['PATH'] = bin;
    for (const [codec, limits, why] of [
      ['mp3', {}, 'its 6 channels must be mixed down to 2 for lame'],
      ['opus', { channels: 2 }, "its 6 channels must be mixed down to 2 for its profile's limits"],
      ['flac', { bits: 8 }, "its 16 bits must be cut to 8 for its profile's limits"],
      [
        'opus',
        { sampleRate: 32_000 },
        "its 44100 Hz must be resampled to 32000 Hz for its profile's limits",
      ],
    ] as const) {
      const outcome = await run(taskOf(source, { codec, part }, { limits }));
      assert.ok(outcome.status === 'failed');
      assert.deepEqual([outcome.class, outcome.code], ['environment', 'ENCODER_MISSING']);
      assert.equal(
        outcome.text,
        `${source}: ${why}, and ffmpeg is not on PATH (Debian package ffmpeg)`,
      );
    }
    assert.deepEqual(namesIn(folder), []);
  });

  it('fails when ffmpeg dies in the middle, whatever lame makes of it', async (context) => {
    const { folder, source, part } = withSixChannels(context, {
      ffmpeg: 'head -c 200000 >/dev/null; kill -KILL $$',
    });
    const outcome = await run(taskOf(source, { codec: 'mp3', part }));
    assert.ok(outcome.status === 'failed');
    assert.notEqual(outcome.code, 'DECODE_FAILED');
    assert.deepEqual(namesIn(folder), []);
  });

  it('is mixed down and converted whole', async (context) => {
    const { source, part } = withSixChannels(context, {});
    const outcome = await run(taskOf(source, { codec: 'mp3', part }));
    assert.equal(outcome.status, 'made', JSON.stringify(outcome));
  });
});

describe('being told to stop', () => {
  it('ends all programs, also one that ignores SIGTERM, and takes the part away', async (context) => {
    const { folder, source, part } = withPrograms(context, {
      opusenc: `[ "$1" = --version ] && exit; trap '' TERM; echo $$ >"$0.pid"; head -c 1000 >/dev/null; while :; do read -r line <"$0.fifo"; done`,
    });
    const bin = join(folder, '..', 'bin');
    execFileSync('mkfifo', [join(bin, 'opusenc.fifo')]);
    const controller = new AbortController();
    const ready = new Promise<void>((resolve) => {
      const watcher = watch(bin, () => {
        if (!existsSync(join(bin, 'opusenc.pid'))) return;
        watcher.close();
        resolve();
      });
    });
    const running = executeTask(taskOf(source, { codec: 'opus', part }), {
      signal: controller.signal,
      onStart: () => undefined,
      onEncoded: () => assert.fail('encoded'),
    });
    await ready;
    controller.abort();
    const outcome = await running;
    assert.ok(outcome.status === 'failed');
    assert.deepEqual([outcome.class, outcome.code], ['cancelled', 'CANCELLED']);
    assert.deepEqual(namesIn(folder), []);
    const pid = Number(readFileSync(join(bin, 'opusenc.pid'), 'utf8'));
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });

  it('starts nothing when it came before', async (context) => {
    const { folder, source, part } = withPrograms(context, {});
    const outcome = await executeTask(taskOf(source, { codec: 'opus', part }), {
      signal: AbortSignal.abort(),
      onStart: () => assert.fail('started'),
      onEncoded: () => assert.fail('encoded'),
    });
    assert.ok(outcome.status === 'failed');
    assert.equal(outcome.code, 'CANCELLED');
    assert.deepEqual(namesIn(folder), []);
  });
});
