import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

/** For `node:test`: why tests that look into processes are skipped, or `false`. */
export const processesHidden: string | false =
  process.platform === 'linux' ? false : 'needs /proc of Linux';

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  readonly zombie: boolean;
}

/** Process ids of the children that a process has now. */
export function childrenOf(pid: number): readonly number[] {
  return listProcesses()
    .filter(({ parent, zombie }) => parent === pid && !zombie)
    .map((row) => row.pid);
}

/** Process ids of the session that a process leads: an agent with its encoders. */
export function sessionOf(pid: number): readonly number[] {
  return listProcesses()
    .filter(({ session, zombie }) => session === pid && !zombie)
    .map((row) => row.pid);
}

/** Sends a signal to a process, or to a group when negative; those that are gone do not mind. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Resolves when all these processes have ended; rejects when that takes more than `limitMs`. */
export async function endOf(pids: readonly number[], limitMs: number): Promise<void> {
  if (pids.length === 0) return;
  const waits = pids.map((pid) => `--pid=${pid}`);
  for (const wait of waits) {
    const signal = AbortSignal.timeout(limitMs);
    const tail = spawn('tail', ['-f', '-s', '0.02', wait, '/dev/null'], {
      stdio: 'ignore',
      signal,
    });
    await once(tail, 'exit');
  }
}

function listProcesses(): readonly ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(name);
    if (stat === undefined) continue;
    const [state, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    rows.push({
      pid: Number(name),
      parent: Number(parent),
      session: Number(session),
      zombie: state === 'Z',
    });
  }
  return rows;
}

function statOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
}
