import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Outcome } from '#src/task/task.js';
import { corpus, corpusMissing } from '../support/corpus.js';
import type { CorpusFile } from '../support/corpus.js';
import { run, taskOf } from '../support/task-rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';

interface NamedFile extends CorpusFile {
  readonly name: string;
  readonly path: string;
}

describe('real files', { skip: corpusMissing, concurrency: 2 }, () => {
  // Those that encode are held to all of this as whole commands, by e2e/corpus.test.ts.
  for (const codec of ['copy', 'test']) {
    it(codec, async (context) => {
      const folder = temporaryFolder(context);
      const { root = '', files = {} } = corpus ?? {};
      for (const [index, [name, expected]] of Object.entries(files).entries()) {
        const part = join(folder, `${index}.part`);
        const file = { ...expected, name, path: join(root, name) };
        const outcome = await run(taskOf(file.path, { codec, part }));
        assert.equal(existsSync(part), outcome.status === 'made', name);
        assertVerdict(file, outcome);
        if (outcome.status === 'made' && file.expected_samples !== null) {
          assert.equal(outcome.samples, file.expected_samples, name);
        }
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
