import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeTools } from '#src/cluster/judge-tools.js';
import { needsOf, programNeed, RAW_ARGS, rootNeed } from '#src/cluster/need.js';
import type { RunRoot } from '#src/cluster/contract.js';
import type { AbsolutePath, Sha256 } from '#src/lib/brand.js';
import type { AudioId } from '#src/sources/identity.js';
import type { Task } from '#src/task/task.js';
import { fakeTask } from './rig.js';

const root = (use: RunRoot['use'], path: string): RunRoot => ({
  name: path,
  path: path as AbsolutePath,
  use,
});

function audio(changes: Partial<Task['recipe']['audio']>): Task {
  const task = fakeTask(1);
  return { ...task, recipe: { ...task.recipe, audio: { ...task.recipe.audio, ...changes } } };
}

describe('a task needs', () => {
  const opus = ['opusenc', 'flac'].map(programNeed);

  test('its encoder and the innermost of the folders', () => {
    const roots = [root('source', '/'), root('source', '/music'), root('output', '/out')];
    assert.deepEqual(needsOf(fakeTask(1), roots), [rootNeed(root('source', '/music')), ...opus]);
  });

  test('the program that the recipe names, and an encoder inside it', () => {
    const needs = needsOf(audio({ options: { encoder: 'ffmpeg' } }), []);
    assert.deepEqual(needs, ['ffmpeg', 'flac', 'ffmpeg:libopus'].map(programNeed));
  });

  test('leave for raw arguments', () => {
    assert.deepEqual(needsOf(audio({ args: ['-x'] }), []), [...opus, RAW_ARGS]);
  });

  test('no encoder for copies and for tags', () => {
    assert.deepEqual(needsOf({ ...fakeTask(1), sidecar: true }, []), []);
    const reuse = {
      path: '/music/1.opus' as AbsolutePath,
      sha256: '' as Sha256,
      audioId: '' as AudioId,
      encoder: 'opusenc 0.2',
    };
    assert.deepEqual(needsOf({ ...fakeTask(1), reuse }, []), []);
  });
});

describe('the programs of an agent', () => {
  const needs = ['opusenc', 'ffmpeg', 'ffmpeg:libopus'].map(programNeed);

  test('are missing, or of another version, or as they should be', () => {
    const reference = { opusenc: '0.2', ffmpeg: '5.1', lame: '3.100' };
    const verdict = judgeTools(needs, { ffmpeg: '6.0', lame: '2' }, reference);
    assert.deepEqual(
      [...verdict.lacks],
      [[programNeed('opusenc'), 'opusenc is not installed (Debian package opus-tools)']],
    );
    assert.deepEqual(verdict.differing, ['ffmpeg 6.0 and not 5.1']);
  });

  test('lack an encoder inside ffmpeg only where they list any', () => {
    const other = judgeTools(needs, { opusenc: '', ffmpeg: '6', 'ffmpeg:aac': '6' }, {});
    assert.deepEqual([...other.lacks.keys()], [programNeed('ffmpeg:libopus')]);
  });

  test('named like members of every object are none', () => {
    const odd = ['constructor', '__proto__'].map(programNeed);
    assert.equal(judgeTools(odd, {}, {}).lacks.size, 2);
  });
});
