import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

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
const MAX_OUTPUT = 1 << 30;
const CPU_TIME = /(\d+)m([\d.]+)s/g;

/** Runs a program to its end; throws when its exit code is not 0. The shell counts the CPU time. */
export function runProgram(argv: readonly string[], { cwd, capture }: RunOptions): Run {
  const peaks = join(cwd, '.bench-peaks');
  const script = '"$@"; code=$?; times >&3; exit $code';
  const begin = performance.now();
  const result = spawnSync('sh', ['-c', script, 'sh', ...argv], {
    cwd,
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT,
    stdio: ['ignore', capture === true ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: `--import=${PEAK}`, BENCH_PEAKS: peaks },
  });
  const wallMs = performance.now() - begin;
  if (result.status !== 0) {
    throw new Error(`${argv.join(' ')}: exit code ${result.status}\n${result.stderr}`);
  }
  const cpuMs = cpuOfChildren(result.output[3] ?? '');
  return { wallMs, cpuMs, peakMb: takePeak(peaks), stdout: result.stdout ?? '' };
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
