import { spawn } from 'node:child_process';
import { TextTail } from '../lib/text-tail.js';

/** A program to run to its end; arguments go to it as they are: no shell. */
export interface EngineCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** For its standard input; secrets go this way, never into `args`. */
  readonly input?: string | undefined;
  readonly timeoutMs: number;
}

/** How a program ended. */
export interface CommandEnd {
  /** `undefined`: it did not end by itself, or never began. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly trouble?: 'missing' | 'late';
}

/** A program that lives as long as its standard input is held open. */
export interface Channel {
  readonly pid: number | undefined;
  /** Resolves when it and its pipes are closed. Never rejects. */
  readonly ended: Promise<ChannelEnd>;
  write(text: string): void;
  /** Ends its standard input, which it takes for the end of its master. */
  close(): void;
  /** SIGKILL to it and everything it started. */
  kill(): void;
}

/** How a channel's program ended, and what it said last. */
export interface ChannelEnd {
  /** `undefined`: well. */
  readonly death: string | undefined;
  readonly stderrTail: string;
}

/** What is started behind a channel. */
export interface ChannelCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** Runs the programs of engines; tests put an engine of their own in its place. */
export interface CommandRunner {
  run(command: EngineCommand): Promise<CommandEnd>;
  open(command: ChannelCommand): Channel;
}

const STDERR_TAIL = 4096;

/** Real programs of this machine. */
export const systemRunner: CommandRunner = { run: runCommand, open: openChannel };

async function runCommand({ program, args, input, timeoutMs }: EngineCommand): Promise<CommandEnd> {
  // Agents of this machine alone need no such program.
  const { execa } = await import('execa');
  const done = await execa(program, args, {
    reject: false,
    timeout: timeoutMs,
    forceKillAfterDelay: 1000,
    env: { LC_ALL: 'C' },
    stripFinalNewline: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  const end = { code: done.exitCode, stdout: done.stdout, stderr: done.stderr };
  if (done.timedOut) return { ...end, code: undefined, trouble: 'late' };
  return done.code === 'ENOENT' ? { ...end, trouble: 'missing' } : end;
}

function openChannel({ program, args, env }: ChannelCommand): Channel {
  const child = spawn(program, args, {
    // A session of its own: Ctrl-C in a terminal reaches the master alone, who tells the agent.
    detached: true,
    // Standard input is the death signal: it ends with this process, however that ends.
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  const tail = new TextTail(STDERR_TAIL);
  child.stderr.on('data', (chunk: Buffer) => tail.add(chunk));
  child.stdin.on('error', () => undefined);
  child.once('exit', () => killGroup(child.pid));
  const death = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`)),
    );
  });
  return {
    pid: child.pid,
    ended: death.then((how) => ({ death: how, stderrTail: tail.text() })),
    write: (text) => void child.stdin.write(text),
    close: () => void child.stdin.end(),
    kill: () => killGroup(child.pid),
  };
}

/** The program leads a process group: encoders that outlived it go with it. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

/** The words of a command as program and arguments. */
export function toCommand(words: readonly string[]): ChannelCommand {
  const [program, ...args] = words;
  if (program === undefined) throw new Error('a command has a program');
  return { program, args };
}
