import type { Clock } from '../lib/clock.js';
import { AgentSocket } from './agent-socket.js';
import { AgentStorage } from './agent-storage.js';
import { AgentWork } from './agent-work.js';
import type { Capabilities, Execute, FinishedTask, LentTask } from './contract.js';
import type { ClusterKey } from './key-file.js';
import { oncePerTurn } from './once-per-turn.js';
import type { Probe } from './message.gen.js';
import { decode, encode, encodeBatches, PROTOCOL } from './protocol.js';
import type { Message } from './protocol.js';
import { refusalText } from './refusal-text.js';
import type { AgentRules } from './task-guard.js';

/** What an agent is and where its master listens; see `AgentOptions`. */
export interface AgentSessionOptions {
  readonly endpoint: string;
  readonly key?: ClusterKey | undefined;
  readonly session: string;
  readonly slots: number;
  readonly execute: Execute;
  readonly capabilities: Capabilities;
  readonly name: string;
  readonly pilot?: string | undefined;
  readonly version: string;
  readonly clock: Clock;
  readonly orphanMs: number;
  readonly rules: AgentRules;
  readonly onNotice: (text: string) => void;
}

/** Why an agent ended. Nothing of it runs any more. */
export interface AgentExit {
  readonly reason: 'shutdown' | 'drained' | 'aborted' | 'orphaned' | 'rejected';
  /** For people. */
  readonly text: string;
}

/** Until WELCOME says otherwise, in milliseconds. */
const FIRST_HEARTBEAT_MS = 1000;
/** A result that was not answered for so many heartbeats is said again. */
const RESEND_BEATS = 5;

/** The agent's side of the protocol: one session, through however many connections. */
export class AgentSession {
  #heartbeatMs = FIRST_HEARTBEAT_MS;
  /** Resolves when the session is to end; `leave` has to follow. */
  readonly ended: Promise<AgentExit>;
  readonly #options: AgentSessionOptions;
  readonly #socket: AgentSocket;
  readonly #work: AgentWork;
  readonly #storage: AgentStorage;
  /** Of the longest task so far. */
  longestMs = 0;
  #end: (exit: AgentExit) => void = () => undefined;
  #ending = false;
  #welcomed = false;
  #draining: string | undefined;
  #resting: string | undefined;
  /** Given back, and not said yet. */
  #returned: string[] = [];
  #heardMs: number;
  #beatMs: number;
  #beats = 0;
  #starts: { readonly attempt: string; readonly slot: number }[] = [];
  #encoded: string[] = [];
  #results: FinishedTask[] = [];
  #wake = new AbortController();
  readonly #flushSoon = oncePerTurn(() => this.#flush());

  constructor(options: AgentSessionOptions) {
    this.#options = options;
    this.#socket = new AgentSocket(options.key);
    this.#heardMs = options.clock.monotonic();
    this.#beatMs = this.#heardMs;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#storage = new AgentStorage(options.rules);
    this.#work = new AgentWork({
      ...options,
      execute: this.#storage.guarded(options.execute),
      admit: (task) => this.#storage.admit(task),
      onStart: (attempt, slot) => {
        this.#starts.push({ attempt, slot });
        this.#flushSoon();
      },
      onEncoded: (attempt) => {
        this.#encoded.push(attempt);
        this.#flushSoon();
      },
      onFinish: (finished) => {
        this.longestMs = Math.max(this.longestMs, finished.outcome.ms);
        this.#results.push(finished);
        this.#flushSoon();
      },
      onEmpty: () => this.#checkDrained(),
    });
    this.#socket.connect(options.endpoint, {
      onFrames: (frames) => this.#take(frames),
      onRefused: (why) => this.end({ reason: 'rejected', text: refusalText(why, options) }),
    });
  }

  /** Ends the session with what `exit` says; the first call counts. */
  end(exit: AgentExit): void {
    this.#ending = true;
    this.#end(exit);
  }

  /** Gives back what was not started and ends when the rest is done and answered. */
  drain(reason: string): void {
    this.#draining ??= reason;
    this.#giveBack(this.#work.giveBackWaiting());
    this.#checkDrained();
  }

  /** Whether it has anything to do. */
  get isBusy(): boolean {
    return this.#work.size > 0;
  }

  /** Takes nothing for now, with the reason in words, or again; what was not started goes back. */
  rest(reason: string | undefined): void {
    if (this.#resting === reason || this.#draining !== undefined) return;
    this.#resting = reason;
    this.#options.onNotice(reason === undefined ? 'takes work again' : `takes no work: ${reason}`);
    if (reason !== undefined) this.#returned.push(...this.#work.giveBackWaiting());
    if (this.#welcomed) this.#sayHeld();
  }

  /** Beats until `ended`, in the rhythm that the master wants. */
  async live(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      this.#beat();
      this.#wake = new AbortController();
      const until = AbortSignal.any([ended, this.#wake.signal]);
      await this.#options.clock.sleep(this.#heartbeatMs, until).catch(() => undefined);
    }
  }

  /** Says that it lives, repeats what was not answered, and notices when no master is left. */
  #beat(): void {
    const nowMs = this.#options.clock.monotonic();
    // Whoever stood still himself has not heard anybody either.
    const lateMs = nowMs - this.#beatMs - this.#heartbeatMs;
    if (lateMs > this.#heartbeatMs) this.#heardMs += lateMs;
    this.#beatMs = nowMs;
    if (nowMs - this.#heardMs >= this.#options.orphanMs) {
      this.end({ reason: 'orphaned', text: `no master at ${this.#options.endpoint}` });
      return;
    }
    this.#beats += 1;
    if (this.#socket.backlog > 0) return;
    if (!this.#welcomed) this.#hello();
    else this.#sayHeld();
    if (this.#welcomed && this.#beats % RESEND_BEATS === 0)
      this.#sendResults(this.#work.unanswered());
  }

  /**
   * Stops what runs, says BYE and closes the connection. What was reported and not answered yet is
   * the master's to commit, unless the run is over or there is no master: then its part file goes.
   */
  async leave(exit: AgentExit): Promise<void> {
    const everything = exit.reason === 'shutdown' || exit.reason === 'orphaned';
    const returned = everything ? this.#work.held() : this.#work.unfinished();
    await this.#work.discard(returned);
    this.#flush();
    if (exit.reason !== 'rejected') {
      const bye = { reason: exit.text, returned: [...returned], running: 0 };
      this.#socket.send(encode('BYE', bye));
    }
    await this.#socket.close();
  }

  #sayHeld(): void {
    const returned = this.#returned;
    this.#returned = [];
    const rest = this.#resting === undefined ? {} : { resting: this.#resting };
    const back = returned.length === 0 ? {} : { returned };
    this.#socket.send(encode('HB', { held: [...this.#work.held()], ...rest, ...back }));
  }

  #take(frames: readonly Buffer[]): void {
    if (this.#ending) return;
    const decoded = decode(frames);
    if (!decoded.ok) {
      const { code, text } = decoded.error;
      this.#socket.send(encode('ERR', { code, text }));
      return;
    }
    this.#heardMs = this.#options.clock.monotonic();
    this.#obey(decoded.value);
  }

  #obey(message: Message): void {
    switch (message.type) {
      case 'WELCOME':
        this.#welcomed = true;
        this.#heartbeatMs = message.header.heartbeatMs;
        for (const note of message.header.notes ?? []) this.#options.onNotice(note);
        this.#wake.abort();
        this.#sendResults(this.#work.unanswered());
        return;
      case 'PROBE':
        void this.#look(message.header);
        return;
      case 'WHO':
        this.#hello();
        return;
      case 'REJECT':
        this.end({ reason: 'rejected', text: message.header.text });
        return;
      case 'TASKS':
        this.#accept(message.header.tasks);
        return;
      case 'ACK':
        this.#work.forget(message.header.attempts);
        return;
      case 'STALE':
        void this.#work.discard(message.header.attempts);
        return;
      case 'CANCEL':
        this.#work.cancel(message.header.attempts);
        return;
      case 'DRAIN':
        this.drain('told to finish by the master');
        return;
      case 'SHUTDOWN':
        this.end({ reason: 'shutdown', text: 'the run is over' });
        return;
      default:
        // HBACK is a sign of life and no more; the rest has nothing to say to an agent.
        return;
    }
  }

  #accept(tasks: readonly LentTask[]): void {
    const attempts = tasks.map(({ attempt }) => attempt);
    if (this.#draining !== undefined) {
      this.#giveBack(attempts);
    } else if (this.#resting !== undefined) {
      this.#returned.push(...attempts);
      this.#sayHeld();
    } else {
      this.#work.take(tasks);
    }
  }

  async #look(probe: Probe): Promise<void> {
    const answer = await this.#storage.look(probe, this.#options.clock);
    if (!this.#ending) this.#socket.send(encode('PROBED', answer));
  }

  #hello(): void {
    const { session, name, pilot, slots, capabilities, version, rules } = this.#options;
    const header = { session, name, slots, capabilities, version, pid: process.pid };
    const engine = pilot === undefined ? {} : { pilot };
    const rest = this.#resting === undefined ? {} : { resting: this.#resting };
    const more = { protocol: PROTOCOL, rawArgs: rules.rawArgs, ...rest, ...engine };
    this.#socket.send(encode('HELLO', { ...header, ...more, held: [...this.#work.held()] }));
  }

  #giveBack(returned: readonly string[]): void {
    const reason = this.#draining ?? '';
    this.#socket.send(encode('BYE', { reason, returned: [...returned], running: this.#work.size }));
  }

  #checkDrained(): void {
    if (this.#draining === undefined || this.#work.size > 0) return;
    this.end({ reason: 'drained', text: this.#draining });
  }

  #flush(): void {
    const [started, encoded, results] = [this.#starts, this.#encoded, this.#results];
    this.#starts = [];
    this.#encoded = [];
    this.#results = [];
    if (started.length + encoded.length > 0) {
      this.#socket.send(encode('START', { started, encoded }));
    }
    this.#sendResults(results);
  }

  #sendResults(results: readonly FinishedTask[]): void {
    for (const { frames } of encodeBatches('RESULT', results).batches) this.#socket.send(frames);
  }
}
