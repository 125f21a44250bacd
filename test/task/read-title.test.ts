import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { findCodec } from '#src/codecs/codecs.js';
import { flacTitle, readTitle } from '#src/task/read-title.js';
import { run, taskOf } from '../support/task-rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTone } from '../support/tone.js';

describe('the title of an output', () => {
  for (const name of ['opus', 'vorbis', 'mp3', 'aac', 'flac']) {
    it(`${name}: is read as it was written`, async (context) => {
      const folder = temporaryFolder(context);
      const source = join(folder, 'a.flac');
      const part = join(folder, 'part');
      const title = 'Żółć & Søn: 3';
      writeTone(source, { args: [`--tag=TITLE=${title}`, '--tag=ALBUM=x'] });
      assert.equal((await run(taskOf(source, { codec: name, part }))).status, 'made');
      const codec = findCodec(name);
      assert.equal(codec?.kind, 'encode');
      assert.equal(await readTitle(part, codec.container), title);
      assert.equal(await flacTitle(source), title);
      truncateSync(part, 20);
      assert.equal(await readTitle(part, codec.container), undefined);
    });
  }
});
