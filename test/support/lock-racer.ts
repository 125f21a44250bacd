/* A process that takes the lock at argv[2]; argv[3] says what it does then. */
import { systemClock } from '#src/lib/clock.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import { acquireLock } from '#src/ledger/lock.js';
import type { Lock } from '#src/ledger/lock.js';
import { systemProcesses } from '#src/ledger/process-identity.js';

const [, , path = '', role = ''] = process.argv;

async function take(): Promise<Lock> {
  const taken = await acquireLock(path, {
    disk: nodeDisk,
    clock: systemClock,
    processes: systemProcesses(),
    command: `racer ${role}`,
    timeoutMs: 120_000,
    onNotice: ({ code }) => process.send?.(code),
  });
  if (!taken.ok) throw new Error(taken.error.message);
  return taken.value;
}

if (role === 'hold') {
  await take();
  process.send?.('held');
  // Lives until it is killed: the channel to the parent keeps it.
  process.on('message', () => undefined);
} else {
  const lock = await take();
  // Fails when anybody else is in here.
  await nodeDisk.writeNew(`${path}-critical`, ['x']);
  for (let checks = 0; checks < 20; checks += 1) await lock.check();
  await nodeDisk.remove(`${path}-critical`);
  await lock.release();
  process.send?.('done', () => process.disconnect());
}
