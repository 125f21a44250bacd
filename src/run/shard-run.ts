import { hostname } from 'node:os';
import type { LedgerView, StagedRecord } from '../ledger/entry.js';
import type { SideJournal } from '../ledger/side-journal.js';
import type { StatKey } from '../lib/stat-key.js';
import { statSize } from '../lib/stat-key.js';
import { partPath } from '../task/part-name.js';
import type { Failed, Made, Task } from '../task/task.js';
import { entryOf } from './commit.js';
import type { DividedTask } from './divide-plan.js';
import { failureRecord } from './failure-record.js';
import { prepareFolders } from './folders.js';
import type { RunShardOptions, ShardReport } from './run-shard.js';
import { removeParts, workAlone } from './shard-work.js';
import { lookAt } from './survey.js';
import { Tally } from './tally.js';

export interface ShardContext extends RunShardOptions {
  readonly journal: SideJournal;
  readonly run: string;
  /** Of the ledger; part files' names are made from it. */
  readonly lineage: string;
  /** What the ledger remembers of failures. */
  readonly failures: LedgerView['failures'];
}

/** One run of a shard, under its lock. */
export class ShardRun {
  readonly #tasks: ReadonlyMap<string, DividedTask>;
  readonly #context: ShardContext;
  readonly #tally: Tally;
  #attempts = 0;

  constructor(tasks: readonly DividedTask[], context: ShardContext) {
    this.#tasks = new Map(tasks.map((one) => [one.task.id, one]));
    this.#context = context;
    this.#tally = new Tally([...new Set(tasks.map(({ set }) => set))]);
  }

  /** Makes what is not made yet. */
  async work(): Promise<ShardReport> {
    const { clock, emit, run, journal, drain } = this.#context;
    const started = clock.monotonic();
    const open = await this.#openTasks();
    const seconds = open.reduce((sum, { audioSeconds }) => sum + audioSeconds, 0);
    if (open.length > 0) {
      emit({ type: 'apply-started', run, tasks: open.length, audioSeconds: seconds });
      emit({ type: 'agent-joined', agent: hostname(), slots: this.#context.slots });
      await this.#make(open);
    }
    this.#tally.interrupted = drain.aborted;
    const facts = { run, ms: clock.monotonic() - started, sources: 0, tasks: open.length };
    const summary = this.#tally.summary(facts);
    return { summary, made: journal.state.staged.size, tasks: this.#tasks.size };
  }

  /** Clears up after runs that were killed, and says what they left to do. */
  async #openTasks(): Promise<readonly DividedTask[]> {
    const { journal } = this.#context;
    const { staged, leases, failures } = journal.state;
    const open: DividedTask[] = [];
    for (const one of this.#tasks.values()) {
      const { output, source } = one.task;
      const done = staged.get(output);
      const whole = done !== undefined && isThere(done);
      const left = [...(leases.get(output) ?? [])].filter((part) => !whole || part !== done.part);
      const cleared = await removeParts(left);
      if (whole) continue;
      if ((done !== undefined || left.length > 0) && cleared) await journal.released(output);
      if (failures.get(output)?.source.stat !== source.stat) open.push(one);
    }
    return open;
  }

  async #make(open: readonly DividedTask[]): Promise<void> {
    const { disk, journal, slots, execute, emit, drain, abort } = this.#context;
    const outputs = open.map(({ task }) => task.output);
    const refused = await prepareFolders(outputs, { disk, ledger: journal });
    for (const { task } of open) {
      const failed = refused.get(task.output);
      if (failed !== undefined) await this.#fail({ task, failed, slot: 0 });
    }
    const ready = open.filter(({ task }) => !refused.has(task.output)).map(({ task }) => task);
    await workAlone(ready, {
      slots,
      clock: this.#context.clock,
      execute,
      drain,
      abort,
      lease: (task) => this.#lease(task),
      onStart: (task, slot) => {
        const { set } = this.#of(task);
        const { output, source } = task;
        emit({ type: 'task-started', output, source: source.path, set, worker: workerAt(slot) });
      },
      onMade: (done) => this.#made(done),
      onFailed: (done) => this.#fail(done),
    });
  }

  async #lease(task: Task): Promise<Task> {
    const { journal, lineage, run } = this.#context;
    this.#attempts += 1;
    const part = partPath(task.output, `${run}.${this.#attempts}`, lineage);
    await journal.leased(task.output, part);
    return { ...task, part };
  }

  async #made({ task, made, slot }: { task: Task; made: Made; slot: number }): Promise<void> {
    const { journal, emit } = this.#context;
    const { set, before, action, audioSeconds } = this.#of(task);
    const worker = workerAt(slot);
    const entry = entryOf({ task, made, worker, set }, this.#context);
    await journal.staged(entry, task.part, (before ?? undefined) as StatKey | undefined);
    const event = {
      type: 'task-done',
      action,
      output: task.output,
      source: task.source.path,
      set,
      worker,
      ms: made.ms,
      audioSeconds: made.sampleRate > 0 ? made.samples / made.sampleRate : audioSeconds,
      sizeBytes: statSize(made.part.stat),
      sha256: made.part.sha256,
      warnings: made.warnings,
    } as const;
    this.#tally.done(event);
    emit(event);
  }

  async #fail({ task, failed, slot }: { task: Task; failed: Failed; slot: number }): Promise<void> {
    const { journal, emit, failures, clock } = this.#context;
    await journal.released(task.output);
    if (failed.class === 'cancelled') return;
    const { set, action } = this.#of(task);
    const { output, source, recipe } = task;
    const change = { output, set, desired: { source } };
    const record = failureRecord(
      { change, failed, recipe },
      { ledger: { view: { failures } }, clock },
    );
    if (record !== undefined) await journal.failed(record);
    const { code, text, stderrTail, ms } = failed;
    const worker = workerAt(slot);
    const event = {
      type: 'task-failed',
      action,
      output,
      source: source.path,
      set,
      worker,
      ms,
      code,
      text,
      stderrTail,
    } as const;
    this.#tally.failed(event);
    emit(event);
  }

  #of({ id }: Pick<Task, 'id'>): DividedTask {
    const known = this.#tasks.get(id);
    if (known === undefined) throw new Error(`unknown task ${id}`);
    return known;
  }
}

/** Whether the part file is still what it was when it was done. */
function isThere({ part, entry }: StagedRecord): boolean {
  const now = lookAt(part);
  return now.kind === 'file' && now.stat === entry.output.stat;
}

function workerAt(slot: number): string {
  return `${hostname()}/${slot}`;
}
