import type { Failed, Task } from '../task/task.js';
import type { Effect } from './dispatch-event.js';
import type { Lacks, Need } from './need.js';
import { ReadyQueue } from './ready-queue.js';
import type { Timing } from './timing.js';
import type { MakeToken } from './token.js';

/** What a run starts from. */
export interface DispatchOptions {
  readonly epoch: number;
  readonly tasks: readonly Task[];
  readonly token: MakeToken;
  readonly timing: Timing;
  /** Tasks that agents of an interrupted run may still hold. */
  readonly awaited?: ReadonlySet<string>;
  /** Whether the ledger still waits for the part file of that attempt; never where it is left out. */
  readonly isOpen?: (task: Task, attempt: string) => boolean;
  /** What an agent must have for a task; nothing where it is left out. */
  readonly needsOf?: (task: Task) => readonly Need[];
  /** Agents that nobody knows of yet may come; else those that are connected are all. */
  readonly mayGrow?: boolean;
}

/** `done` and `failed` are terminal; a `committing` task belongs to the master, not to its agent. */
export type Phase = 'queued' | 'leased' | 'committing' | 'done' | 'failed';

/** A task and where it stands. */
export interface TaskRecord {
  readonly task: Task;
  /** Place in the order of hand-out. */
  readonly rank: number;
  /** Tasks of a kind need the same of an agent: index of `kinds`. */
  readonly kind: number;
  phase: Phase;
  /** The latest attempt and who has it, or had it. */
  attempt: string;
  /** Of that attempt. */
  token: string;
  session: string;
  worker: string;
  started: boolean;
  /** When the agent last mentioned the attempt. */
  renewedMs: number;
  /** How often a worker died on it. */
  blames: number;
  inputFailures: number;
  /** Sessions that are not to try it again. */
  avoid: ReadonlySet<string>;
  lastFailure: Failed | undefined;
}

/** A task as it was lent once. */
export interface Attempt {
  readonly task: Task;
  readonly attempt: string;
}

/** An agent that said HELLO and has not left. Times are monotonic. */
export interface AgentRecord {
  readonly session: string;
  readonly name: string;
  readonly slots: number;
  /** The longest time between two heartbeats that it may believe to be right. */
  heartbeatMs: number;
  /** What it was told last. */
  toldHeartbeatMs: number;
  /** Attempt to task, in the order of hand-out. */
  readonly leases: Map<string, TaskRecord>;
  /** Attempts of `leases` that need no slot any more. */
  readonly encoded: Set<string>;
  /** How many of its results are being committed. */
  committing: number;
  mode: 'active' | 'paused' | 'leaving';
  /** Why it can do some tasks never. */
  readonly lacks: Lacks;
  /** By kind of task: whether it lacks nothing for it. */
  readonly can: readonly boolean[];
  /** Why it takes nothing for now. */
  resting: string | undefined;
  heardMs: number;
  disconnectedMs: number | undefined;
  environmentFailures: number;
}

/** Everything that is known of a run; `dispatch` alone changes it. */
export interface DispatchState {
  readonly options: DispatchOptions;
  readonly tasks: ReadonlyMap<string, TaskRecord>;
  /** Longest first; tasks of one source together, so that its pages are still in memory. */
  readonly byRank: readonly TaskRecord[];
  readonly agents: Map<string, AgentRecord>;
  /** Waiting for any agent. */
  readonly ready: ReadyQueue;
  /** What each kind of task needs. */
  readonly kinds: readonly (readonly Need[])[];
  /** Kinds that no agent here can do, when that was told. */
  readonly untakable: Set<number>;
  /** Since when only such tasks are left. */
  stuckSinceMs: number | undefined;
  /** Waiting for an agent that is not to be avoided. */
  readonly retries: Set<TaskRecord>;
  /** Killed two workers: waiting for an agent that does nothing else. */
  readonly suspects: Set<TaskRecord>;
  /** Not handed out until `awaitedUntilMs`: an agent may come that has them already. */
  readonly awaited: Set<TaskRecord>;
  awaitedUntilMs: number;
  /** Agents that may have them and are being looked at: they get as long as that may take. */
  expecting: number;
  /** By attempt. */
  readonly committing: Map<string, TaskRecord>;
  /** Tasks that were blamed when a session was lost; taken back when it proves to be alive. */
  readonly lost: Map<string, readonly TaskRecord[]>;
  /** What sessions had when they were lost, as long as they do not come back: they may still work on it. */
  readonly vanished: Map<string, readonly Attempt[]>;
  /** Effects of the event in hand. */
  effects: Effect[];
  /** Tasks came back or the fleet changed: look at every agent, not only at the speaker. */
  unsettled: boolean;
  /** Slots of the active agents. */
  activeSlots: number;
  stopping: 'no' | 'drain' | 'abort';
  abortedMs: number;
  /** Why no further agent will come; ends the tasks when the last one is gone. */
  exhausted: Failed | undefined;
  /** What the last paused agent suffered from. */
  environment: Failed | undefined;
  /** Moving average of a task's milliseconds on its worker. */
  meanMs: number | undefined;
  seq: number;
  open: number;
  leased: number;
  lastTickMs: number;
  finished: boolean;
}

/** The state before the first event. */
export function createDispatch(options: DispatchOptions, nowMs: number): DispatchState {
  const kinds = new Kinds(options.needsOf);
  const byRank = rankTasks(options.tasks, kinds);
  const ready = new ReadyQueue(byRank.map(({ kind }) => kind));
  const { adoptionMs, leaseMs } = options.timing;
  const awaited = new Set(byRank.filter(({ task }) => options.awaited?.has(task.id) === true));
  for (const { rank } of awaited) ready.delete(rank);
  return {
    options,
    byRank,
    tasks: new Map(byRank.map((record) => [record.task.id, record])),
    agents: new Map(),
    ready,
    kinds: kinds.needs,
    untakable: new Set(),
    stuckSinceMs: undefined,
    retries: new Set(),
    suspects: new Set(),
    awaited,
    awaitedUntilMs: nowMs + Math.min(adoptionMs, leaseMs),
    expecting: 0,
    committing: new Map(),
    lost: new Map(),
    vanished: new Map(),
    effects: [],
    unsettled: true,
    activeSlots: 0,
    stopping: 'no',
    abortedMs: 0,
    exhausted: undefined,
    environment: undefined,
    meanMs: undefined,
    seq: 0,
    open: byRank.length,
    leased: 0,
    lastTickMs: nowMs,
    finished: false,
  };
}

/** Tasks that wait for an agent. */
export function queuedCount(state: DispatchState): number {
  return state.ready.size + state.retries.size + state.suspects.size + state.awaited.size;
}

/** Attempts whose part files may still come to be: their agents were lost, or never said what became of them. */
export function openAttempts(state: DispatchState): readonly Attempt[] {
  return [
    ...[...state.vanished.values()].flat(),
    ...[...state.agents.values()].flatMap(attemptsOf),
  ];
}

/** What an agent has. */
export function attemptsOf({ leases }: Pick<AgentRecord, 'leases'>): readonly Attempt[] {
  return [...leases].map(([attempt, { task }]) => ({ task, attempt }));
}

/** Numbers the kinds of tasks as they appear. */
class Kinds {
  readonly needs: (readonly Need[])[] = [];
  readonly #known = new Map<string, number>();
  readonly #needsOf: (task: Task) => readonly Need[];

  constructor(needsOf: DispatchOptions['needsOf'] = () => []) {
    this.#needsOf = needsOf;
  }

  of(task: Task): number {
    const needs = this.#needsOf(task);
    const name = needs.join('\0');
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    this.needs.push(needs);
    this.#known.set(name, this.needs.length - 1);
    return this.needs.length - 1;
  }
}

function rankTasks(tasks: readonly Task[], kinds: Kinds): TaskRecord[] {
  const firstSeen = new Map<string, number>();
  for (const [index, task] of tasks.entries()) {
    if (!firstSeen.has(task.source.path)) firstSeen.set(task.source.path, index);
  }
  return tasks
    .map((task) => ({ task, place: firstSeen.get(task.source.path) ?? 0 }))
    .toSorted((a, b) => b.task.cost - a.task.cost || a.place - b.place)
    .map(({ task }, rank) => newRecord(task, rank, kinds.of(task)));
}

function newRecord(task: Task, rank: number, kind: number): TaskRecord {
  return {
    task,
    rank,
    kind,
    phase: 'queued',
    attempt: '',
    token: '',
    session: '',
    worker: '',
    started: false,
    renewedMs: 0,
    blames: 0,
    inputFailures: 0,
    avoid: NOBODY,
    lastFailure: undefined,
  };
}

const NOBODY: ReadonlySet<string> = new Set();
