import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { findCodec } from '#src/codecs/codecs.js';
import { measureFile } from '#src/task/measure.js';
import type { Outcome } from '#src/task/task.js';
import { corpus, corpusMissing } from '../support/corpus.js';
import type { CorpusFile } from '../support/corpus.js';
import { run, taskOf } from '../support/task-rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Output durations may differ from the source's by so many seconds. */
const TOLERANCE = 0.05;

interface NamedFile extends CorpusFile {
  readonly name: string;
  readonly path: string;
}

describe('real files', { skip: corpusMissing, concurrency: 2 }, () => {
  // The lossy ones are held to all of this as whole commands, by e2e/corpus.test.ts.
  for (const codec of ['flac', 'copy', 'test']) {
    it(codec, async (context) => {
      const folder = temporaryFolder(context);
      const { root = '', files = {} } = corpus ?? {};
      for (const [index, [name, expected]] of Object.entries(files).entries()) {
        const part = join(folder, `${index}.part`);
        const file = { ...expected, name, path: join(root, name) };
        const outcome = await run(taskOf(file.path, { codec, part }));
        assert.equal(existsSync(part), outcome.status === 'made', name);
        assertVerdict(file, outcome);
        if (outcome.status === 'made') await assertWhole(file, { codec, part, outcome });
      }
    });
  }
});

function assertVerdict(file: NamedFile, outcome: Outcome): void {
  const text = outcome.status === 'failed' ? outcome.text : outcome.status;
  if (file.verdict === 'convert') assert.equal(outcome.status, 'made', `${file.name}: ${text}`);
  if (outcome.status === 'made') {
    assert.ok(!['fail', 'not-flac'].includes(file.verdict), file.name);
    return;
  }
  assert.equal(outcome.class, 'input', `${file.name}: ${text}`);
  assert.ok(outcome.text.includes(file.path), `${file.name}: ${text}`);
}

async function assertWhole(
  file: NamedFile,
  made: { codec: string; part: string; outcome: Outcome & { status: 'made' } },
): Promise<void> {
  if (file.expected_samples !== null) {
    assert.equal(made.outcome.samples, file.expected_samples, file.name);
  }
  const codec = findCodec(made.codec);
  if (codec?.kind !== 'encode') return;
  const measured = await measureFile(made.part, codec.container);
  assert.ok(measured.ok, file.name);
  const seconds = measured.value.samples / measured.value.sampleRate;
  const wanted = made.outcome.samples / made.outcome.sampleRate;
  assert.ok(Math.abs(seconds - wanted) < TOLERANCE, `${file.name}: ${seconds} s, not ${wanted} s`);
}
