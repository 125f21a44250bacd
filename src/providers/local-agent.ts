import type { Clock } from '../lib/clock.js';
import type { Failure } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { systemRunner } from './command-runner.js';
import type { Channel } from './command-runner.js';
import type { ProviderFailureCode } from './failure.js';

/** Deaths in a row, without a finished task between them, that are one too many. */
const MAX_DEATHS = 5;
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5000;
/** How long an agent may take to end after its master let go of it. */
const STOP_MS = 5000;

/** What to start, and how. */
export interface LocalAgentOptions {
  /** The JavaScript file that runs an agent. */
  readonly entry: string;
  /** Its arguments. It has to take the end of its standard input as the end of its master. */
  readonly args: readonly string[];
  readonly clock: Clock;
  readonly env?: Readonly<Record<string, string>>;
}

/** The agent process of this machine, kept alive. */
export interface LocalAgent {
  /** Ends well after exit code 0 or `stop`; with a failure when the agent keeps dying. */
  readonly ended: Promise<Result<void, Failure<ProviderFailureCode>>>;
  /** Process id of the one that runs now. */
  readonly pid: () => number | undefined;
  /** A task was finished: deaths are counted from here. */
  readonly progressed: () => void;
  /** Ends the agent and all that it started; resolves when they are gone. */
  readonly stop: () => Promise<void>;
}

/** Starts the agent, and starts it again when it dies. */
export function startLocalAgent(options: LocalAgentOptions): LocalAgent {
  const keeper = new Keeper(options);
  const ended = keeper.run();
  return {
    ended,
    pid: () => keeper.pid,
    progressed: () => keeper.progressed(),
    stop: async () => {
      keeper.stop();
      await ended;
    },
  };
}

class Keeper {
  pid: number | undefined;
  readonly #options: LocalAgentOptions;
  readonly #stopped = new AbortController();
  #deaths = 0;

  constructor(options: LocalAgentOptions) {
    this.#options = options;
  }

  progressed(): void {
    this.#deaths = 0;
  }

  stop(): void {
    this.#stopped.abort();
  }

  async run(): Promise<Result<void, Failure<ProviderFailureCode>>> {
    while (!this.#stopped.signal.aborted) {
      const death = await this.#runOnce();
      if (death === undefined || this.#stopped.signal.aborted) break;
      this.#deaths += 1;
      if (this.#deaths >= MAX_DEATHS) return err(lost(death, this.#deaths));
      const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** (this.#deaths - 1), MAX_BACKOFF_MS);
      await this.#options.clock.sleep(backoffMs, this.#stopped.signal).catch(() => undefined);
    }
    return ok(undefined);
  }

  /** Resolves to how it died; `undefined`: it ended well. */
  async #runOnce(): Promise<string | undefined> {
    const { entry, args, env } = this.#options;
    const channel = systemRunner.open({
      program: process.execPath,
      args: [entry, ...args],
      env,
    });
    this.pid = channel.pid;
    const finished = new AbortController();
    const stopped = this.#stopWhenTold(channel, finished.signal);
    const { death, stderrTail } = await channel.ended;
    finished.abort();
    await stopped;
    this.pid = undefined;
    return death === undefined ? undefined : [death, stderrTail].filter(Boolean).join('\n');
  }

  /** Lets go of the agent, and kills it when it does not take the hint. */
  async #stopWhenTold(channel: Channel, finished: AbortSignal): Promise<void> {
    await aborted(this.#stopped.signal, finished);
    if (finished.aborted) return;
    channel.close();
    await this.#options.clock.sleep(STOP_MS, finished).catch(() => undefined);
    if (!finished.aborted) channel.kill();
  }
}

function aborted(...signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals]);
  if (any.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    any.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** How it died, and what it said last, which is mostly why. */
function inOneLine(death: string): string {
  const [how, ...said] = death.trimEnd().split('\n');
  return [how, said.at(-1)].filter(Boolean).join(': ');
}

function lost(death: string, deaths: number): Failure<ProviderFailureCode> {
  return {
    code: 'AGENT_LOST',
    message: `the worker process of this machine died ${deaths} times in a row: ${inOneLine(death)}`,
    hint: 'is there enough memory? run `flac2all doctor` to check the programs',
  };
}
