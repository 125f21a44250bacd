import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { findCodec } from '#src/codecs/codecs.js';
import { measureFile } from '#src/task/measure.js';
import { run, taskOf } from '../support/task-rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTone } from '../support/tone.js';

describe('a file that lacks its end', () => {
  for (const name of ['opus', 'vorbis', 'mp3', 'aac', 'flac']) {
    it(`${name}: is never taken for whole`, async (context) => {
      const folder = temporaryFolder(context);
      const source = join(folder, 'a.flac');
      const part = join(folder, 'part');
      writeTone(source, { args: ['--tag=TITLE=x'] });
      assert.equal((await run(taskOf(source, { codec: name, part }))).status, 'made');
      const codec = findCodec(name);
      assert.equal(codec?.kind, 'encode');
      const whole = readFileSync(part);
      const measured = await measureFile(part, codec.container);
      assert.ok(measured.ok);
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
          writeFileSync(part, whole.subarray(0, length));
          const short = await measureFile(part, codec.container);
          assert.ok(!short.ok, `${length} of ${whole.length} bytes`);
        }),
        { examples: [[0], [1], [whole.length - 1]] },
      );
    });
  }
});
