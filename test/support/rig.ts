import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { validatorFor } from '#src/lib/schema-validator.js';
import type { EventLine } from '#src/report/event-line.gen.js';
import { childrenOf, endOf, kill, sessionOf } from './processes.js';

/** The program as it ships. */
export const PROGRAM: string = fileURLToPath(import.meta.resolve('#src/bin/main.js'));

/** The classic `flac2all_worker`. */
export const WORKER_PROGRAM: string = fileURLToPath(import.meta.resolve('#src/bin/worker-main.js'));

/** For commands about which nothing else is said. */
const TIMEOUT_MS = 180_000;
/** How long the kernel may take to end what was killed. */
const END_MS = 10_000;

export type LineOf<T extends EventLine['type']> = Extract<EventLine, { readonly type: T }>;

export interface StartOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The program as this user. */
  readonly uid?: number;
  /** In place of `flac2all`. */
  readonly program?: string;
  /** A command that runs the program in other surroundings, and becomes it. */
  readonly inside?: readonly string[];
  /** When it takes longer it hangs, and is killed. */
  readonly timeoutMs?: number;
}

/** How a command ended. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of `--json`. */
  readonly lines: readonly EventLine[];
}

/** The lines of one type. */
export function linesOf<T extends EventLine['type']>(
  { lines }: Pick<Finished, 'lines'>,
  type: T,
): readonly LineOf<T>[] {
  return lines.filter((line): line is LineOf<T> => line.type === type);
}

/** The exit code, with all that the program said when it is another one. */
export function assertExit(finished: Finished, code: number): void {
  const { stdout, stderr } = finished;
  const ended = finished.code ?? finished.signal;
  assert.equal(ended, code, `exit ${ended}, not ${code}:\n${stderr}\n${stdout.slice(-3000)}`);
}

const isEvent = validatorFor('event');

/** Each line of `--json` is what its schema says, whatever a test is about. */
function assertEvents(lines: readonly EventLine[]): void {
  for (const line of lines) {
    if (isEvent(line)) continue;
    const known = isEvent.errors?.filter(({ keyword }) => !['oneOf', 'const'].includes(keyword));
    assert.fail(`not in the schema of events: ${JSON.stringify(line)}: ${JSON.stringify(known)}`);
  }
}

interface TextWaiter {
  readonly pattern: RegExp;
  readonly resolve: (match: RegExpExecArray) => void;
  readonly reject: (error: Error) => void;
}

interface Waiter {
  readonly type: EventLine['type'];
  readonly count: number;
  readonly resolve: (line: EventLine) => void;
  readonly reject: (error: Error) => void;
}

/** The real program at work, remote-controlled by its own events. */
export class Run {
  readonly finished: Promise<Finished>;
  readonly lines: EventLine[] = [];
  readonly #child: ChildProcess;
  readonly #waiters = new Set<Waiter>();
  readonly #textWaiters = new Set<TextWaiter>();
  #stdout = '';
  #pending = '';
  #stderr = '';

  constructor(args: readonly string[], options: StartOptions) {
    const { cwd, env, uid, program, inside = [], timeoutMs = TIMEOUT_MS } = options;
    const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
    const command = [...inside, process.execPath, program ?? PROGRAM, ...args];
    this.#child = spawn(command[0] ?? '', command.slice(1), {
      cwd,
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, to be killed as one.
      detached: true,
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#tell();
    });
    this.finished = this.#end(`flac2all ${args.join(' ')}`, timeoutMs);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the program did not start');
    return this.#child.pid;
  }

  /** The line of this type, the `count`-th of the run; rejects when the program ends before. */
  line<T extends EventLine['type']>(type: T, count = 1): Promise<LineOf<T>> {
    const seen = linesOf(this, type)[count - 1];
    if (seen !== undefined) return Promise.resolve(seen);
    return new Promise((resolve, reject) => {
      this.#waiters.add({ type, count, resolve: resolve as Waiter['resolve'], reject });
    });
  }

  /** The first text like this on either stream; rejects when the program ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      this.#textWaiters.add({ pattern, resolve, reject });
      this.#tell();
    });
  }

  signal(name: NodeJS.Signals): void {
    kill(this.pid, name);
  }

  /** SIGKILL to master, agents and encoders at once; resolves when they are gone. */
  async killAll(): Promise<void> {
    const agents = childrenOf(this.pid);
    const all = agents.flatMap(sessionOf);
    for (const leader of [...agents, this.pid]) kill(-leader, 'SIGKILL');
    await this.finished;
    await endOf(all, END_MS);
  }

  #tell(): void {
    for (const waiter of this.#textWaiters) {
      const match = waiter.pattern.exec(`${this.#stderr}\n${this.#stdout}`);
      if (match === null) continue;
      this.#textWaiters.delete(waiter);
      waiter.resolve(match);
    }
  }

  #read(text: string): void {
    this.#stdout += text;
    this.#tell();
    const lines = (this.#pending + text).split('\n');
    this.#pending = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{"')) this.#take(JSON.parse(line) as EventLine);
  }

  #take(line: EventLine): void {
    this.lines.push(line);
    for (const waiter of this.#waiters) {
      if (waiter.type !== line.type || linesOf(this, line.type).length < waiter.count) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(line);
    }
  }

  async #end(name: string, timeoutMs: number): Promise<Finished> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      void this.killAll();
    }, timeoutMs);
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      this.#child.once('close', (...how) => resolve(how));
    });
    clearTimeout(timer);
    const said = `${this.#stderr}\n${this.#stdout.slice(-2000)}`;
    for (const { type, reject } of this.#waiters) {
      reject(new Error(`${name} ended with ${code ?? signal} before a line ${type}:\n${said}`));
    }
    for (const { pattern, reject } of this.#textWaiters) {
      reject(new Error(`${name} ended before it said ${pattern}:\n${said}`));
    }
    assertEvents(this.lines);
    if (late) throw new Error(`${name} took more than ${timeoutMs} ms:\n${said}`);
    return { code, signal, stdout: this.#stdout, stderr: this.#stderr, lines: this.lines };
  }
}
