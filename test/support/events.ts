import type { RunEvent, Summary, TaskDone, TaskFailed } from '#src/report/event.js';
import type { RunState } from '#src/report/event-line.gen.js';
import { Progress } from '#src/report/progress.js';
import type { AbsolutePath } from '#src/lib/brand.js';
import type { Action, Change, Reason } from '#src/plan/action.js';
import { noCounts } from '#src/plan/make-plan.js';
import type { ActionCounts } from '#src/report/plan-summary.js';
import { FakeClock } from './fake-clock.js';

export function counts(some: Partial<Record<Action, number>> = {}): ActionCounts {
  return { ...noCounts(), ...some };
}

export function change(action: Action, output: string, ...reasons: readonly Reason[]): Change {
  const source = '/music/in/a.flac' as AbsolutePath;
  return { action, output: output as AbsolutePath, set: 'phone', source, reasons };
}

export function taskStarted(worker: string, name: string): RunEvent {
  return { type: 'task-started', ...paths(name), worker };
}

export function taskDone(name: string, some: Partial<TaskDone> = {}): TaskDone {
  return {
    type: 'task-done',
    action: 'create',
    ...paths(name),
    worker: 'nas/1',
    ms: 4321,
    audioSeconds: 250,
    sizeBytes: 4_200_000,
    sha256: 'ab'.repeat(32),
    warnings: [],
    ...some,
  };
}

export function taskFailed(name: string, some: Partial<TaskFailed> = {}): TaskFailed {
  return {
    type: 'task-failed',
    action: 'create',
    ...paths(name),
    worker: 'nas/1',
    ms: 1234,
    code: 'DECODE_FAILED',
    text: 'flac found a frame with a wrong CRC',
    stderrTail: '',
    ...some,
  };
}

/** An output whose source could not be taken, as a summary tells it. */
export function unreadable(name: string, text: string): TaskFailed {
  return taskFailed(name, { action: 'error', worker: '', ms: 0, code: 'NOT_FLAC', text });
}

export function summary(some: Partial<Summary> = {}): Summary {
  return {
    type: 'summary',
    run: 'r1',
    ms: 600_000,
    sources: 12_340,
    tasks: 340,
    done: 340,
    failed: 0,
    deleted: 0,
    interrupted: false,
    sets: [],
    failures: [],
    ...some,
  };
}

/** One event of every kind, in the order of a run. */
export function everyEvent(): readonly RunEvent[] {
  const reasons: readonly Reason[] = [{ code: 'source-removed', text: 'source removed' }];
  const changed: Reason = {
    code: 'option-changed',
    text: 'option changed: bitrate',
    old: '128',
    new: '160',
  };
  const failed = taskFailed('bad');
  return [
    { type: 'scan-progress', stage: 'sources', done: 12, total: undefined },
    {
      type: 'scan-problem',
      path: '/music/in/x.flac',
      code: 'SOURCE_UNREADABLE',
      text: 'EACCES: permission denied',
    },
    { type: 'plan-ready', counts: counts({ create: 2, delete: 1, noop: 240 }), sources: 240 },
    {
      type: 'plan',
      counts: counts({ update: 1, noop: 240 }),
      changes: [
        change('update', '/music/out/a.opus', changed),
        change('noop', '/music/out/b.opus'),
      ],
    },
    { type: 'apply-started', run: 'r1', tasks: 2, audioSeconds: 500 },
    { type: 'agent-joined', agent: 'nas', slots: 2 },
    taskStarted('nas/1', 'good'),
    taskDone('good', { warnings: ['ID3v1 tag after the audio'] }),
    {
      type: 'task-requeued',
      output: '/music/out/bad.opus',
      worker: 'nas/2',
      reason: 'no heartbeat for 9s',
    },
    { type: 'agent-left', agent: 'nas', reason: 'connection lost' },
    failed,
    { type: 'file-deleted', output: '/music/out/old.opus', set: 'phone', reasons },
    {
      type: 'file-kept',
      output: '/music/out/mine.opus',
      set: 'phone',
      text: 'changed since the plan was made',
    },
    {
      type: 'notice',
      level: 'warning',
      code: 'LEDGER_LOCK_BROKEN',
      text: 'the lock of a dead process was broken',
    },
    { type: 'interrupted', how: 'graceful' },
    {
      type: 'file-moved',
      from: '/music/old.opus',
      output: '/music/new.opus',
      set: 'phone',
      reasons: [{ code: 'source-renamed', text: 'source renamed from /in/old.flac' }],
    },
    runState({ stage: 'converting', tasks: 2, done: 1 }),
    { type: 'answer', kind: 'status', text: '3 sources\n', data: { sources: 3 } },
    summary({ tasks: 2, done: 1, failed: 1, failures: [failed], sets: [setSummary()] }),
    {
      type: 'failure',
      failure: {
        code: 'E',
        message: 'no',
        hint: 'yes',
        cause: new Error('x'),
        location: { file: '/f', line: 1, column: 2, length: 3, text: 'abcdef' },
      },
    },
  ];
}

/** A run of another process, as it can be watched. */
export function runState(some: Partial<RunState> = {}): RunState {
  return { ...new Progress(new FakeClock()).state(), ...some };
}

export function setSummary(): Summary['sets'][number] {
  return {
    set: 'phone',
    count: 337,
    failed: 3,
    totalMs: 6_720_000,
    meanMs: 4321,
    medianMs: 3987,
    audioSeconds: 83_520,
    bytes: 1_932_735_283,
  };
}

function paths(name: string): {
  readonly output: string;
  readonly source: string;
  readonly set: string;
} {
  return { output: `/music/out/${name}.opus`, source: `/music/in/${name}.flac`, set: 'phone' };
}
