import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { codecs } from '#src/codecs/registry.gen.js';
import { optionDefaults } from '#src/codecs/codecs.js';
import type { AbsolutePath } from '#src/lib/brand.js';
import type { JsonObject } from '#src/lib/json.js';
import { parseAllowedRoot, whereLinksLeadOut } from '#src/cluster/allowed-root.js';
import type { AllowedRoot } from '#src/cluster/allowed-root.js';
import { admitTask } from '#src/cluster/task-guard.js';
import type { PlacedRules } from '#src/cluster/task-guard.js';
import type { Task } from '#src/task/task.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { fakeTask } from './rig.js';

const rules: PlacedRules = { maps: [], roots: undefined, rawArgs: false };
const path = (text: string): AbsolutePath => text as AbsolutePath;

function audio(changes: Partial<Task['recipe']['audio']>): Task {
  const task = fakeTask(1);
  return { ...task, recipe: { ...task.recipe, audio: { ...task.recipe.audio, ...changes } } };
}

function why(task: Task, more: Partial<PlacedRules> = {}): string {
  const admitted = admitTask(task, { ...rules, ...more });
  return admitted.ok ? '' : `${admitted.error.code} ${admitted.error.text}`;
}

describe('an agent takes', () => {
  test('every codec with its own options', () => {
    for (const codec of codecs) {
      assert.equal(why(audio({ codec: codec.name, options: optionDefaults(codec) })), '');
    }
  });

  test('no options that are none, whatever they would do to a command line', () => {
    const hostile: readonly JsonObject[] = [
      { bitrate: '128 --serial 1' },
      { bitrate: 128, tune: '--comment=x' },
      { bitrate: 128, output: '/etc/passwd' },
      { bitrate: 1e9 },
      JSON.parse('{"__proto__": {"bitrate": 1}, "constructor": 1}') as JsonObject,
    ];
    for (const options of hostile) {
      assert.match(why(audio({ options })), /^NOT_ALLOWED the options for opus/);
    }
  });

  test('raw arguments only where they are allowed', () => {
    const task = audio({ args: ['--comment', 'x'] });
    assert.match(why(task), /--allow-raw-args/);
    assert.equal(why(task, { rawArgs: true }), '');
  });

  test('no part file that is not beside its output', () => {
    const task = { ...fakeTask(1), part: path('/etc/.cron.f2a-part') };
    assert.match(why(task), /is not beside/);
  });
});

describe('--root', () => {
  const roots = (...texts: readonly string[]): readonly AllowedRoot[] =>
    texts.map((text) => {
      const parsed = parseAllowedRoot(text);
      assert.ok(parsed.ok);
      return parsed.value;
    });

  test('reads its ending', () => {
    assert.deepEqual(roots('/a/b/:ro', '/a/b:rw', '/a:b'), [
      { path: '/a/b', writable: false },
      { path: '/a/b', writable: true },
      { path: '/a:b', writable: true },
    ]);
    assert.equal(parseAllowedRoot('music').ok, false);
  });

  test('holds for the paths of this machine, and for reading and writing apart', () => {
    const maps = [{ from: path('/music'), to: path('/mnt/music') }];
    assert.equal(why(fakeTask(1), { maps, roots: roots('/mnt') }), '');
    assert.match(why(fakeTask(1), { maps, roots: roots('/music') }), /may not read \/mnt\/music/);
    assert.match(why(fakeTask(1), { maps, roots: roots('/mnt:ro') }), /may not write \/mnt\/music/);
    assert.match(why(fakeTask(1), { roots: roots('/mus') }), /may not read \/music/);
  });

  test('holds where links lead', async (t) => {
    const folder = temporaryFolder(t);
    const at = (name: string): AbsolutePath => path(join(folder, name));
    mkdirSync(at('in'));
    mkdirSync(at('secret'));
    writeFileSync(at('secret/a.flac'), '');
    writeFileSync(at('in/b.flac'), '');
    symlinkSync(at('secret'), at('in/out'));
    symlinkSync(at('secret/a.flac'), at('in/a.flac'));
    symlinkSync(at('in'), at('alias'));
    const task = (source: string, part: string): Task => ({
      ...fakeTask(1),
      source: { ...fakeTask(1).source, path: at(source) },
      part: at(part),
    });
    const allowed = roots(at('alias'));
    const lead = (one: Task): Promise<string | undefined> => whereLinksLeadOut(one, allowed);
    assert.equal(await lead(task('in/b.flac', 'in/.x.f2a-part')), undefined);
    assert.match((await lead(task('in/a.flac', 'in/.x.f2a-part'))) ?? '', /secret\/a.flac/);
    assert.match((await lead(task('in/b.flac', 'in/out/.x.f2a-part'))) ?? '', /may not write/);
    assert.equal(
      await whereLinksLeadOut(task('in/a.flac', 'in/.x.f2a-part'), undefined),
      undefined,
    );
  });
});
