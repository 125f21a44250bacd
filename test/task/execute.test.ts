import assert from 'node:assert/strict';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { executeTask } from '#src/task/execute.js';
import { measureFile } from '#src/task/measure.js';
import { namesIn, run, taskOf } from '../support/task-rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTone } from '../support/tone.js';

function withTone(context: TestContext): { folder: string; source: string; part: string } {
  const folder = temporaryFolder(context);
  const source = join(folder, 'source.flac');
  writeTone(source);
  return { folder, source, part: join(folder, '.x.f2a-part') };
}

describe('a task that works', () => {
  it('tells that it started, that its programs run, that it encoded, and of a young source', async (context) => {
    const { source, part } = withTone(context);
    const told: string[] = [];
    const outcome = await executeTask(taskOf(source, { codec: 'opus', part }), {
      signal: new AbortController().signal,
      onStart: () => told.push('started'),
      onRunning: () => told.push('running'),
      onEncoded: () => {
        told.push('encoded');
        return Promise.resolve();
      },
    });
    assert.deepEqual(told, ['started', 'running', 'encoded']);
    assert.ok(outcome.status === 'made' && outcome.source.racy);
  });

  it('copies sidecars as they are', async (context) => {
    const { folder, part } = withTone(context);
    const cover = join(folder, 'cover.jpg');
    writeFileSync(cover, 'not a picture');
    const outcome = await run(taskOf(cover, { codec: 'opus', part }, { sidecar: true }));
    assert.ok(outcome.status === 'made');
    assert.equal(readFileSync(part, 'utf8'), 'not a picture');
    assert.equal(outcome.part.sha256, outcome.source.sha256);
    assert.equal(outcome.source.audioId, `sha256:${outcome.part.sha256}`);
  });

  it('brings down what is above the limits, and nothing else', async (context) => {
    const { folder, part } = withTone(context);
    const source = join(folder, 'hires.flac');
    writeTone(source, { sampleRate: 88_200, channels: 6, bits: 24 });
    const limits = { sampleRate: 48_000, channels: 2, bits: 16 };
    const outcome = await run(taskOf(source, { codec: 'flac', part }, { limits }));
    assert.equal(outcome.status, 'made', JSON.stringify(outcome));
    const measured = await measureFile(part, 'flac');
    assert.ok(measured.ok);
    assert.equal(measured.value.sampleRate, 44_100);
    assert.equal(measured.value.samples, 22_050);
    const head = readFileSync(part);
    assert.equal((head.readUInt32BE(18) >>> 9) & 7, 2 - 1, 'channels');
    assert.equal((head.readUInt32BE(18) >>> 4) & 31, 16 - 1, 'bits');
  });

  it('counts by itself when the source does not state its length, and knows it by its bytes', async (context) => {
    const { folder, part } = withTone(context);
    const source = join(folder, 'unknown.flac');
    writeTone(source, { frames: 30_001, bits: 8, channels: 1 });
    const bytes = readFileSync(source);
    bytes.fill(0, 22, 26);
    bytes[21] = (bytes[21] ?? 0) & 0xf0;
    writeFileSync(source, bytes);
    // That other codecs count as well: inputs.test.ts.
    const outcome = await run(taskOf(source, { codec: 'opus', part }));
    assert.ok(outcome.status === 'made', JSON.stringify(outcome));
    assert.equal(outcome.samples, 30_001);
    assert.equal(outcome.source.audioId, `sha256:${outcome.source.sha256}`);
  });
});

describe('a source that is not the planned one', () => {
  it('is refused when its stat differs, before anything is made', async (context) => {
    const { folder, source, part } = withTone(context);
    const task = taskOf(source, { codec: 'opus', part });
    utimesSync(source, 1, 1);
    const outcome = await run(task);
    assert.ok(outcome.status === 'failed');
    assert.deepEqual([outcome.class, outcome.code], ['changed', 'SOURCE_CHANGED']);
    assert.deepEqual(namesIn(folder), ['source.flac']);
  });

  it('is refused when it changes while it is read', async (context) => {
    const { folder, source, part } = withTone(context);
    const outcome = await executeTask(taskOf(source, { codec: 'opus', part }), {
      signal: new AbortController().signal,
      onStart: () => utimesSync(source, 1, 1),
      onEncoded: () => Promise.resolve(),
    });
    assert.ok(outcome.status === 'failed');
    assert.deepEqual([outcome.class, outcome.code], ['changed', 'SOURCE_CHANGED']);
    assert.deepEqual(namesIn(folder), ['source.flac']);
  });

  it('is refused when it is gone', async (context) => {
    const { folder, source, part } = withTone(context);
    const task = taskOf(source, { codec: 'copy', part });
    const outcome = await run({
      ...task,
      source: { ...task.source, path: join(folder, 'gone') as typeof task.source.path },
    });
    assert.ok(outcome.status === 'failed');
    assert.deepEqual([outcome.class, outcome.code], ['changed', 'SOURCE_CHANGED']);
  });
});

describe('a part file that cannot be made', () => {
  it('is an error of the environment when its folder is missing', async (context) => {
    const { folder, source } = withTone(context);
    const outcome = await run(taskOf(source, { codec: 'opus', part: join(folder, 'no', 'x') }));
    assert.ok(outcome.status === 'failed');
    assert.deepEqual([outcome.class, outcome.code], ['environment', 'WRITE_FAILED']);
    assert.deepEqual(namesIn(folder), ['source.flac']);
  });

  it('leaves a file of that name alone', async (context) => {
    const { source, part } = withTone(context);
    writeFileSync(part, 'mine');
    const outcome = await run(taskOf(source, { codec: 'opus', part }));
    assert.ok(outcome.status === 'failed');
    assert.equal(outcome.code, 'WRITE_FAILED');
    assert.equal(readFileSync(part, 'utf8'), 'mine');
  });

  it('is an error of the environment when this worker does not know the codec', async (context) => {
    const { folder, source, part } = withTone(context);
    const outcome = await run(taskOf(source, { codec: 'speex', part }));
    assert.ok(outcome.status === 'failed');
    assert.deepEqual([outcome.class, outcome.code], ['environment', 'ENCODER_MISSING']);
    assert.deepEqual(namesIn(folder), ['source.flac']);
  });
});
