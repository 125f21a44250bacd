import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { promisify } from 'node:util';
import { errorCode, errorMessage } from '../lib/failure.js';

const run = promisify(execFile);

/** What ionice(1) calls the classes. */
const CLASSES: Readonly<Record<string, string>> = { realtime: '1', 'best-effort': '2', idle: '3' };

/**
 * Makes this process, and all that it starts from here on, as nice as is asked. Resolves to what could
 * not be done, in words.
 */
export async function setProcessPriority(wanted: {
  readonly nice: number | undefined;
  readonly ionice: string | undefined;
}): Promise<readonly string[]> {
  const { nice, ionice } = wanted;
  const problems: string[] = [];
  if (nice !== undefined) {
    try {
      setPriority(nice);
    } catch (error) {
      problems.push(`cannot run with niceness ${nice}: ${errorMessage(error)}`);
    }
  }
  const failed = ionice === undefined ? undefined : await setDiskClass(ionice);
  return failed === undefined ? problems : [...problems, failed];
}

/** The kernel keeps the class by thread; those of this process are there already. */
async function setDiskClass(name: string): Promise<string | undefined> {
  const asUsual = 'disks are used as usual';
  try {
    const threads = readdirSync('/proc/self/task');
    await run('ionice', ['-c', CLASSES[name] ?? '2', '-p', ...threads]);
    return undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT')
      return `ionice is not on PATH (package util-linux): ${asUsual}`;
    return `ionice failed: ${errorMessage(error).split('\n').join(' ')}; ${asUsual}`;
  }
}
