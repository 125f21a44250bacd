import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from '#src/cli/args.js';
import { WORKER_OPTIONS, workerSettings } from '#src/cli/worker-options.js';
import type { WorkerSettings } from '#src/cli/worker-options.js';

function read(...argv: readonly string[]): WorkerSettings | string {
  const managed = { type: 'boolean', description: '' } as const;
  const options = { ...WORKER_OPTIONS, 'started-by-master': managed };
  const parsed = parseArguments(argv, { name: 'worker', options });
  if (!parsed.ok) return parsed.error.message;
  const settings = workerSettings(parsed.value.values);
  return settings.ok ? settings.value : settings.error.message;
}

function complaint(read: WorkerSettings | string): string {
  assert.ok(typeof read === 'string', 'it was taken');
  return read;
}

test('a worker as it is does what its master names, but takes no raw arguments', () => {
  const unlimited = {
    maxLoad: undefined,
    hours: undefined,
    lifetimeMs: undefined,
    idleMs: undefined,
  };
  assert.deepEqual(read(), {
    rules: { maps: [], roots: undefined, rawArgs: false },
    limits: unlimited,
    orphanMs: undefined,
  });
});

test('every option counts', () => {
  const settings = read(
    ...['--map', '/srv=/mnt', '--map', 'phone=/p', '--root', '/mnt:ro', '--root', '/p'],
    ...['--allow-raw-args', '--max-load', '3.5', '--hours', '22-07', '--lifetime', '4h'],
    ...['--idle', '90s'],
  );
  assert.deepEqual(settings, {
    rules: {
      maps: [
        { from: '/srv', to: '/mnt' },
        { from: 'phone', to: '/p' },
      ],
      roots: [
        { path: '/mnt', writable: false },
        { path: '/p', writable: true },
      ],
      rawArgs: true,
    },
    limits: {
      maxLoad: 3.5,
      hours: [{ from: 22 * 60, to: 7 * 60 }],
      lifetimeMs: 4 * 3_600_000,
      idleMs: 90_000,
    },
    orphanMs: undefined,
  });
});

test('the folders of a worker hold for a master that started it, too', () => {
  const settings = read('--started-by-master', '--root', '/mnt');
  assert.ok(typeof settings !== 'string');
  assert.deepEqual(settings.rules.roots, [{ path: '/mnt', writable: true }]);
  assert.equal(settings.rules.rawArgs, true);
});

test('what is wrong is named', () => {
  assert.match(complaint(read('--map', 'x')), /--map: "x" is not FROM=TO/);
  assert.match(complaint(read('--root', 'music:ro')), /--root: "music" is no absolute path/);
  assert.match(
    complaint(read('--max-load', '0')),
    /--max-load takes a number above 0, but got "0"/,
  );
  assert.match(complaint(read('--hours', '7')), /--hours: "7" is not like 22-07/);
  assert.match(complaint(read('--lifetime', '4')), /--lifetime takes a time like 90s/);
  assert.match(complaint(read('--idle', '0s')), /--idle takes a time/);
  assert.match(complaint(read('--ionice', 'slow')), /--ionice/);
  assert.match(complaint(read('--nice', '20')), /--nice/);
});
