import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { codecs } from '#src/codecs/registry.gen.js';
import { statKey } from '#src/lib/stat-key.js';
import { executeTask } from '#src/task/execute.js';
import { namesIn, run, taskOf } from '../support/task-rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTone } from '../support/tone.js';

const HOSTILE_NAMES: readonly string[] = [
  `-dash\n'"$(touch x)\\*?[a]`,
  ' ',
  'ž'.repeat(120),
  'x'.repeat(245),
];

/** What every codec of the registry promises, whatever it is made by. */
for (const { name: codec } of codecs) {
  describe(codec, () => {
    it('makes the same bytes of the same source and recipe, whatever the names are', async (context) => {
      const { folder, source, part } = withTone(context);
      if (await isMissing(context, { codec, source, part: `${part}0` })) return;
      const other = join(folder, 'other name.flac');
      writeFileSync(other, readFileSync(source));
      const one = await run(taskOf(source, { codec, part }));
      const two = await run(taskOf(other, { codec, part: `${part}2` }));
      assert.ok(one.status === 'made' && two.status === 'made');
      assert.equal(one.part.sha256, two.part.sha256);
      assert.equal(one.part.stat, statKey(statSync(part, { bigint: true })));
      assert.equal(one.samples, 44_100);
      assert.equal(one.source.audioId, two.source.audioId);
    });

    it('takes hostile names', async (context) => {
      const { folder, source, part } = withTone(context);
      if (await isMissing(context, { codec, source, part })) return;
      const before = namesIn(folder).length;
      for (const [index, name] of HOSTILE_NAMES.entries()) {
        const hostile = join(folder, `${name}.flac`);
        writeFileSync(hostile, readFileSync(source));
        const outcome = await run(
          taskOf(hostile, { codec, part: join(folder, `${index}${name}`) }),
        );
        assert.equal(outcome.status, 'made', JSON.stringify(outcome));
      }
      assert.equal(namesIn(folder).length, 2 * HOSTILE_NAMES.length + before);
    });

    it('leaves nothing of a source that breaks off', async (context) => {
      const { folder, source, part } = withTone(context);
      const bytes = readFileSync(source);
      writeFileSync(source, bytes.subarray(0, bytes.length >> 1));
      const outcome = await run(taskOf(source, { codec, part }));
      assert.equal(outcome.status, 'failed');
      assert.deepEqual(namesIn(folder), ['source.flac']);
    });

    it('leaves nothing when it is stopped at work', async (context) => {
      const { folder, source, part } = withTone(context);
      if (await isMissing(context, { codec, source, part: `${part}0` })) return;
      const before = namesIn(folder);
      const stop = new AbortController();
      const outcome = await executeTask(taskOf(source, { codec, part }), {
        signal: stop.signal,
        onStart: () => stop.abort(),
        onEncoded: () => Promise.resolve(),
      });
      assert.ok(outcome.status === 'failed', JSON.stringify(outcome));
      assert.equal(outcome.class, 'cancelled');
      assert.deepEqual(namesIn(folder), before);
    });
  });
}

function withTone(context: TestContext): { folder: string; source: string; part: string } {
  const folder = temporaryFolder(context);
  const source = join(folder, 'source.flac');
  writeTone(source);
  return { folder, source, part: join(folder, '.x.f2a-part') };
}

const missing = new Map<string, Promise<string | undefined>>();

/** Left out where the codec's programs are not installed, and only then. */
async function isMissing(
  context: TestContext,
  { codec, source, part }: { codec: string; source: string; part: string },
): Promise<boolean> {
  const looking = missing.get(codec) ?? lookFor(codec, { source, part });
  missing.set(codec, looking);
  const text = await looking;
  if (text !== undefined) context.skip(text);
  return text !== undefined;
}

/** What is said where the programs are missing. */
async function lookFor(
  codec: string,
  { source, part }: { source: string; part: string },
): Promise<string | undefined> {
  const outcome = await run(taskOf(source, { codec, part }));
  rmSync(part, { force: true });
  return outcome.status === 'failed' && outcome.code === 'ENCODER_MISSING'
    ? outcome.text
    : undefined;
}
