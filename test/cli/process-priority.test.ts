import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';

const MODULE = import.meta.resolve('#src/cli/process-priority.js');
const noIonice = spawnSync('ionice', ['--version']).status === 0 ? false : 'needs ionice';

/** What a process that was made so nice says of itself and of a child. */
function asked(wanted: object, path = process.env['PATH']): string {
  const script = `
    import { setProcessPriority } from ${JSON.stringify(MODULE)};
    import { spawnSync } from 'node:child_process';
    import { getPriority } from 'node:os';
    const problems = await setProcessPriority(${JSON.stringify(wanted)});
    const child = spawnSync('/bin/sh', ['-c', 'ionice; nice'], { encoding: 'utf8' });
    console.log(JSON.stringify({ problems, nice: getPriority(), child: child.stdout.split('\\n') }));`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { PATH: path },
  });
}

test('a process and its children are as nice as is asked', { skip: noIonice }, () => {
  const { problems, nice, child } = JSON.parse(asked({ nice: 15, ionice: 'idle' })) as Said;
  assert.deepEqual([problems, nice, child.slice(0, 2)], [[], 15, ['idle', '15']]);
});

test('without ionice disks are used as usual, and that is said', () => {
  const { problems } = JSON.parse(asked({ ionice: 'idle' }, '/nowhere')) as Said;
  assert.match(problems[0] ?? '', /^ionice is not on PATH .*: disks are used as usual$/);
});

interface Said {
  readonly problems: readonly string[];
  readonly nice: number;
  readonly child: readonly string[];
}
