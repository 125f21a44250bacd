import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { TextTail } from '../lib/text-tail.js';

const TAIL_BYTES = 4096;
const KILL_AFTER_MS = 3000;

/** A program to run; `path` is absolute, `args` go to it as they are: no shell. */
export interface Command {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
}

/** How a program ended: with an exit code, by a signal, or (neither) it never started. */
export interface Exit {
  readonly name: string;
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly stderrTail: string;
}

/** A program under way. */
export interface Child {
  /** Only with stdin `pipe`. */
  readonly stdin: Writable | undefined;
  /** Only with stdout `pipe`. */
  readonly stdout: Readable | undefined;
  /** Never rejects. */
  readonly exit: Promise<Exit>;
}

/** Where a child reads from and writes to; a stream is handed over by its file descriptor. */
export interface Wiring {
  readonly stdin: 'ignore' | 'pipe';
  readonly stdout: 'ignore' | 'pipe' | Writable;
  readonly signal: AbortSignal;
}

let isApart = false;

/**
 * From now on children are in sessions of their own: what is typed at this process's terminal (Ctrl-C)
 * reaches this process alone, which decides what it means to them.
 */
export function keepChildrenApart(): void {
  isApart = true;
}

/** Starts a program. Aborting the signal ends it: SIGTERM, and SIGKILL when that does not help. */
export function startChild(command: Command, wiring: Wiring): Child {
  const program = execa(command.path, command.args, {
    stdin: wiring.stdin,
    stdout: wiring.stdout,
    stderr: 'pipe',
    buffer: false,
    reject: false,
    stripFinalNewline: false,
    cancelSignal: wiring.signal,
    forceKillAfterDelay: KILL_AFTER_MS,
    env: { LC_ALL: 'C' },
    detached: isApart,
  });
  const tail = new TextTail(TAIL_BYTES);
  program.stderr.on('data', (chunk: Buffer) => tail.add(chunk));
  return {
    stdin: program.stdin ?? undefined,
    stdout: program.stdout ?? undefined,
    exit: program.then((result) => ({
      name: command.name,
      code: result.exitCode,
      signal: result.signal,
      stderrTail: tail.text(),
    })),
  };
}
