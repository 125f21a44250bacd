import assert from 'node:assert/strict';
import { it } from 'node:test';
import { codecs } from '#src/codecs/registry.gen.js';
import { encoderName, probePrograms } from '#src/task/probe.js';

it('says what the programs say of themselves, and leaves out what is not there', async () => {
  // Programs for HE-AAC are seldom there.
  const programs = codecs
    .filter(({ name }) => name !== 'aacplus')
    .flatMap((codec) => codec.programs);
  const [first] = programs;
  assert.ok(first);
  const found = await probePrograms([...programs, { ...first, name: 'no-such-program' }]);
  assert.deepEqual([...found.keys()].toSorted(), ['ffmpeg', 'flac', 'lame', 'oggenc', 'opusenc']);
  for (const program of programs) {
    const probed = found.get(program.name);
    assert.ok(probed);
    assert.match(encoderName(program, probed), /^[a-z]+ \d+\.\d\S*( \(lib[a-z]+ [^)]+\))?$/);
  }
});
