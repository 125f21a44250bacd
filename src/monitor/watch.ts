import { request } from 'node:http';
import { hostname } from 'node:os';
import type { Readable } from 'node:stream';
import { errorCode } from '../lib/failure.js';
import type { Failure } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { RunState } from '../report/event-line.gen.js';
import type { MonitorFailureCode } from './failure.js';
import { readAddress } from './live-address.js';

/** A run that can be watched, or why there is none. */
export type Watched =
  | { readonly kind: 'none' }
  /** It is at work on another machine, or belongs to another user. */
  | { readonly kind: 'unreachable'; readonly why: string }
  | { readonly kind: 'run'; readonly stream: Readable };

/** Connects to the run that is at work on the ledger in `directory`. Writes nothing, takes no lock. */
export async function findRun(directory: string): Promise<Watched> {
  const address = readAddress(directory);
  if (address === undefined) return { kind: 'none' };
  if (address.host !== hostname()) {
    const why = `a run was at work on ${address.host}: \`flac2all status --live\` shows it there`;
    return { kind: 'unreachable', why };
  }
  try {
    return { kind: 'run', stream: await connect(address.socket) };
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (code !== 'EACCES' && code !== 'EPERM') return { kind: 'none' };
    const why = `process ${address.pid} of another user is at work; only that user can watch it`;
    return { kind: 'unreachable', why };
  }
}

/** Tells each state as it comes; resolves with the last one, when the run has ended. */
export async function watchRun(
  stream: Readable,
  onState: (state: RunState) => void,
  signal: AbortSignal,
): Promise<Result<RunState, Failure<MonitorFailureCode>>> {
  let last: RunState | undefined;
  const stop = (): void => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const line of linesOf(stream)) {
      last = JSON.parse(line) as RunState;
      onState(last);
    }
  } catch (error) {
    if (errorCode(error) === undefined && !(error instanceof SyntaxError)) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return last === undefined || last.exitCode === null ? err(lost()) : ok(last);
}

function connect(socketPath: string): Promise<Readable> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: '/live', method: 'GET', agent: false }, resolve);
    asked.once('error', reject);
    asked.end();
  });
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let pending = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (pending + chunk).split('\n');
    pending = lines.pop() ?? '';
    yield* lines;
  }
}

function lost(): Failure<MonitorFailureCode> {
  return {
    code: 'RUN_LOST',
    message: 'the run that was watched is gone without saying how it ended',
    hint: 'it was killed, or its machine: `flac2all apply` goes on where it stopped',
  };
}
