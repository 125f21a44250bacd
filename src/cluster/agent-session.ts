import type { Clock } from '../lib/clock.js';
import { helloOf } from './agent-hello.js';
import { AgentReports } from './agent-reports.js';
import { AgentSocket } from './agent-socket.js';
import type { Refusal } from './agent-socket.js';
import { AgentStorage } from './agent-storage.js';
import { AgentWork } from './agent-work.js';
import type { Capabilities, Execute, LentTask } from './contract.js';
import type { ClusterKey } from './key-file.js';
import type { Probe } from './message.gen.js';
import { decode, encode } from './protocol.js';
import type { Message } from './protocol.js';
import { refusalText } from './refusal-text.js';
import { Silence } from './silence.js';
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
  readonly orphanMs?: number;
  readonly rules: AgentRules;
  readonly onNotice: (text: string) => void;
}

/** Why an agent ended. Nothing of it runs any more. */
export interface AgentExit {
  readonly reason: 'shutdown' | 'drained' | 'aborted' | 'orphaned' | 'rejected';
  /** For people. */
  readonly text: string;
  /** It came without a key, and there is none but with one. */
  readonly asksForKey?: boolean;
}

/** Until WELCOME says otherwise, in milliseconds. */
const FIRST_HEARTBEAT_MS = 1000;
const ORPHAN_MS = 10 * 60 * 1000;
/** Between a refusal and the next try. */
const RECONNECT_MS = 1000;
/** A result that was not answered for so many heartbeats is said again. */
const RESEND_BEATS = 5;

/** The agent's side of the protocol: one session, through however many connections. */
export class AgentSession {
  #heartbeatMs = FIRST_HEARTBEAT_MS;
  #orphanMs: number;
  /** Resolves when the session is to end; `leave` has to follow. */
  readonly ended: Promise<AgentExit>;
  readonly #options: AgentSessionOptions;
  readonly #socket: AgentSocket;
  readonly #reports: AgentReports;
  readonly #work: AgentWork;
  readonly #storage: AgentStorage;
  /** Of the longest task so far. */
  longestMs = 0;
  #end: (exit: AgentExit) => void = () => undefined;
  #ending = false;
  /** A master took this agent in, now or before. */
  #met = false;
  #draining: string | undefined;
  #resting: string | undefined;
  /** Given back, and not said yet. */
  #returned: string[] = [];
  readonly #silence: Silence;
  #beats = 0;
  #wake = new AbortController();

  constructor(options: AgentSessionOptions) {
    this.#options = options;
    this.#orphanMs = options.orphanMs ?? Infinity;
    this.#socket = new AgentSocket(options.endpoint, options.key, {
      onFrames: (frames) => this.#take(frames),
      // Whoever was there before is expected back soon.
      onConnected: () => {
        this.#silence.connected(options.clock.monotonic());
        if (this.#met && !this.#ending) this.#hello();
      },
      onRefused: (why) => this.#refused(why),
    });
    this.#reports = new AgentReports(this.#socket);
    this.#silence = new Silence(options.clock.monotonic());
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#storage = new AgentStorage(options.rules);
    this.#work = new AgentWork({
      ...options,
      execute: this.#storage.guarded(options.execute),
      admit: (task) => this.#storage.admit(task),
      onStart: (attempt, slot) => this.#reports.started(attempt, slot),
      onEncoded: (attempt) => this.#reports.encoded(attempt),
      onFinish: (finished) => {
        this.longestMs = Math.max(this.longestMs, finished.outcome.ms);
        this.#reports.finished(finished);
      },
      onEmpty: () => this.#checkDrained(),
    });
    this.#socket.connect();
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
    if (this.#met) this.#sayHeld();
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

  /**
   * Whoever was never welcome goes and says why. Whoever was waits: the master may have been started again
   * with keys that are not there yet, and what is held is worth something for as long as an orphan waits.
   */
  #refused(why: Refusal): void {
    const text = refusalText(why, this.#options);
    const asksForKey = why === 'other-security' && this.#options.key === undefined;
    if (this.#met) void this.#connectLater();
    else this.end({ reason: 'rejected', text, asksForKey });
  }

  async #connectLater(): Promise<void> {
    await this.#options.clock.sleep(RECONNECT_MS);
    if (!this.#ending) this.#socket.connect();
  }

  /** Says that it lives, repeats what was not answered, and notices when no master is left. */
  #beat(): void {
    if (this.#bearSilence()) return;
    this.#beats += 1;
    if (this.#socket.backlog > 0) return;
    if (!this.#met) this.#hello();
    else this.#sayHeld();
    if (this.#met && this.#beats % RESEND_BEATS === 0) this.#reports.again(this.#work.unanswered());
  }

  /** Ends the session when no master is to be expected; says whether it did. */
  #bearSilence(): boolean {
    const { clock, endpoint } = this.#options;
    const isLeaving = this.#draining !== undefined && this.#work.unfinished().length === 0;
    const rules = { heartbeatMs: this.#heartbeatMs, orphanMs: this.#orphanMs, isLeaving };
    const consequence = this.#silence.beat(clock.monotonic(), rules);
    if (consequence === 'redial' && this.#met) this.#socket.connect();
    if (consequence !== 'orphaned' && consequence !== 'give-up') return false;
    const why = consequence === 'give-up' ? `${this.#draining}, and there is ` : '';
    this.end({ reason: 'orphaned', text: `${why}no master at ${endpoint}` });
    return true;
  }

  /**
   * Stops what runs, says BYE and closes the connection. What was reported and not answered yet is
   * the master's to commit, unless the run is over or there is no master: then its part file goes.
   */
  async leave(exit: AgentExit): Promise<void> {
    const everything = exit.reason === 'shutdown' || exit.reason === 'orphaned';
    const returned = everything ? this.#work.held() : this.#work.unfinished();
    await this.#work.discard(returned);
    this.#reports.flush();
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
    this.#silence.heard(this.#options.clock.monotonic());
    this.#obey(decoded.value);
  }

  #obey(message: Message): void {
    switch (message.type) {
      case 'WELCOME':
        this.#met = true;
        this.#heartbeatMs = message.header.heartbeatMs;
        this.#orphanMs = this.#options.orphanMs ?? message.header.orphanMs ?? ORPHAN_MS;
        this.#work.stallMs = message.header.stallMs;
        for (const note of message.header.notes ?? []) this.#options.onNotice(note);
        this.#wake.abort();
        this.#reports.again(this.#work.unanswered());
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
      case 'HBACK':
        this.#heartbeatMs = message.header.heartbeatMs ?? this.#heartbeatMs;
        return;
      default:
        // The rest has nothing to say to an agent.
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
    const now = { resting: this.#resting, held: [...this.#work.claims()] };
    this.#socket.send(encode('HELLO', helloOf(this.#options, now)));
  }

  #giveBack(returned: readonly string[]): void {
    const reason = this.#draining ?? '';
    this.#socket.send(encode('BYE', { reason, returned: [...returned], running: this.#work.size }));
  }

  #checkDrained(): void {
    if (this.#draining === undefined || this.#work.size > 0) return;
    this.end({ reason: 'drained', text: this.#draining });
  }
}
