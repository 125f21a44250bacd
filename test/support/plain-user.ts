import { spawnSync } from 'node:child_process';
import { PROGRAM } from './rig.js';

const NOBODY = 65_534;

/** Whom permissions bind: this user, or nobody when the tests run as root. */
export const plainUser: number | undefined = process.getuid?.() === 0 ? NOBODY : process.getuid?.();

/** For `node:test`: why tests that need permissions to count are skipped, or `false`. */
export const noPlainUser: string | false = reachable() ? false : 'nobody cannot read the program';

function reachable(): boolean {
  if (plainUser === undefined) return false;
  const done = spawnSync(process.execPath, [PROGRAM, '--version'], {
    uid: plainUser,
    gid: plainUser,
    cwd: '/',
  });
  return done.status === 0;
}
