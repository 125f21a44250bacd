import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

/** What a program took. */
export interface Cost {
  readonly wallMs: number;
  /** User and system time of the program and of all that it started and waited for. */
  readonly cpuMs: number;
  /** Largest resident set of a single Node process among them; 0: there was none. */
  readonly peakMb: number;
}

export interface RunOptions {
  readonly cwd: string;
  /** Keep standard output; otherwise it goes to /dev/null. */
  readonly capture?: boolean;
}

export interface Run extends Cost {
  readonly stdout: string;
}

const PEAK = new URL('./record-peak.js', import.meta.url).href;
const CPU_TIME = /(\d+)m([\d.]+)s/g;

/**
 * Runs a program to its end; throws when its exit code is not 0. The shell counts the CPU time. It runs
 * in a session of its own, as the workers of `apply` do: Linux shares a busy machine out by sessions.
 */
export async function runProgram(
  argv: readonly string[],
  { cwd, capture }: RunOptions,
): Promise<Run> {
  const peaks = join(cwd, '.bench-peaks');
  const script = '"$@"; code=$?; times >&3; exit $code';
  const begin = performance.now();
  const child = spawn('sh', ['-c', script, 'sh', ...argv], {
    cwd,
    detached: true,
    stdio: ['ignore', capture === true ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: `--import=${PEAK}`, BENCH_PEAKS: peaks },
  });
  const stop = (): boolean => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
  process.once('exit', stop);
  const [, out, errors, times] = child.stdio.map(collect);
  const [code] = (await once(child, 'close')) as [number | null];
  process.off('exit', stop);
  const wallMs = performance.now() - begin;
  if (code !== 0) throw new Error(`${argv.join(' ')}: exit code ${code}\n${errors?.()}`);
  return {
    wallMs,
    cpuMs: cpuOfChildren(times?.() ?? ''),
    peakMb: takePeak(peaks),
    stdout: out?.() ?? '',
  };
}

function collect(stream: unknown): () => string {
  const chunks: Buffer[] = [];
  if (stream instanceof Readable) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

/** `times` prints two lines, user and system each: the shell's own, and that of its children. */
function cpuOfChildren(text: string): number {
  const values = [...text.matchAll(CPU_TIME)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  const [, , user = 0, system = 0] = values;
  return (user + system) * 1000;
}

function takePeak(file: string): number {
  try {
    const kilobytes = readFileSync(file, 'utf8').trim().split('\n').map(Number);
    return Math.max(...kilobytes) / 1024;
  } catch {
    return 0;
  } finally {
    rmSync(file, { force: true });
  }
}
