import type { Failure } from '../../lib/failure.js';
import { nodeDisk } from '../../lib/node-disk.js';
import { ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';
import type { PlanFile } from '../../plan/plan-file.gen.js';
import type { RunEvent } from '../../report/event.js';
import { hasWork } from '../../report/plan-summary.js';
import type { ApplyReport } from '../../run/apply.js';
import { applyManifest } from '../../run/apply.js';
import type { Planned } from '../../run/plan.js';
import { askYes, isInteractive } from '../ask.js';
import type { Arguments, CommandBody, CommandContext } from '../command.js';
import { defineCommand } from '../command.js';
import { MANIFEST_OPTIONS, OUTPUT_OPTIONS, PLAN_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { readSavedPlan } from '../saved-plan.js';
import { openManifest, Session } from '../session.js';
import { stopSignals } from '../stop-signals.js';
import type { StopSignals } from '../stop-signals.js';
import { planOptions } from '../save-plan.js';
import { handOutTo } from '../hand-out.js';
import { MASTER_OPTIONS, masterSettings, refuseNobody } from '../master-options.js';
import { openMonitor } from '../open-monitor.js';
import { resultsFile } from '../results-file.js';

const OPTIONS = {
  ...MANIFEST_OPTIONS,
  ...PLAN_OPTIONS,
  yes: { type: 'boolean', short: 'y', description: 'do not ask' },
  'skip-stale-rows': {
    type: 'boolean',
    description: 'with PLAN: leave the rows that are no longer as planned, and do the others',
  },
  jobs: {
    type: 'integer',
    short: 'j',
    placeholder: 'N',
    min: 0,
    max: 1024,
    description:
      'outputs made here at the same time; otherwise what the manifest says, or one per CPU, with --master none',
  },
  ...MASTER_OPTIONS,
  'lock-timeout': {
    type: 'integer',
    placeholder: 'SECONDS',
    min: 0,
    default: 0,
    description: 'how long to wait for another run to end',
  },
  results: {
    type: 'string',
    placeholder: 'FILE',
    description: 'write a CSV line for each output that was made or failed',
  },
  ...OUTPUT_OPTIONS,
} as const;

export const apply: CommandBody = defineCommand({
  usage: ['apply [options]', 'apply [options] PLAN'],
  description: [
    'Shows the plan, asks, and carries it out: new and changed sources are converted by worker processes, results are verified, checksummed and written into the ledger. What is up to date is not touched. It can be interrupted and killed at any moment; the next apply goes on where it stopped. `flac2all status --live` shows it from another terminal.',
    'With --master (or `cluster.bind` in the manifest) workers of this and other machines join and leave at any time: `flac2all_worker HOST`. With `-j 0` the master encodes nothing itself.',
    'With PLAN, a file from `flac2all plan --out`, it does exactly that and asks no more, or nothing and exit code 5 when something has moved since. With --skip-stale-rows only the rows that have moved are left, and named. A plan is applied once.',
  ],
  options: OPTIONS,
  positionals: { name: 'PLAN', description: 'a plan saved by `plan --out`', min: 0, max: 1 },
  examples: [
    { command: 'flac2all apply', what: 'show the plan, ask, do it' },
    { command: 'flac2all apply --yes --quiet', what: 'for cron: speaks only of failures' },
    { command: 'flac2all apply tonight.plan', what: 'carry out a saved plan' },
    { command: 'flac2all apply -m', what: 'be a master for `flac2all_worker HOST`' },
    { command: 'flac2all apply -y -j2 --results done.csv', what: 'two at a time, results as CSV' },
  ],
  async run(args, context) {
    const session = await Session.begin(args.values, context);
    const stop = stopSignals(session.emit);
    try {
      return await applyAs(args, { context, session, stop });
    } finally {
      stop.release();
    }
  },
});

interface Running {
  readonly context: CommandContext;
  readonly session: Session;
  readonly stop: StopSignals;
}

async function applyAs(args: Arguments<typeof OPTIONS>, running: Running): Promise<ExitCode> {
  const { values } = args;
  const { context, session, stop } = running;
  const [plan] = args.positionals;
  const saved = plan === undefined ? ok(undefined) : readSavedPlan(plan, context.cwd);
  if (!saved.ok) return session.fail(saved.error);
  if (saved.value === undefined && values['skip-stale-rows']) {
    const message = '--skip-stale-rows is about the rows of a saved plan, and none is named';
    const hint = 'name the file from `flac2all plan --out FILE`';
    return session.fail({ code: 'USAGE', message, hint });
  }
  const agreed = values.yes || saved.value !== undefined;
  if (!agreed && !isInteractive(values, context)) {
    const message = 'apply asks before it changes anything, and there is no terminal to ask on';
    const hint = '"apply --yes" does not ask; "flac2all plan" shows what it would do';
    return session.fail({ code: 'USAGE', message, hint });
  }
  const manifest = await openManifest(withSaved(values, saved.value), context);
  if (!manifest.ok) return session.fail(...manifest.error);
  const { clock } = context;
  const cluster = masterSettings(values, values.jobs, manifest.value.cluster);
  const idle = refuseNobody('jobs', values.jobs, cluster);
  if (idle !== undefined) return session.fail(idle);
  const { stateDirectory } = manifest.value;
  const monitor = await openMonitor(cluster.metrics, { clock, emit: session.emit });
  if (!monitor.ok) return session.fail(monitor.error);
  const results = resultsFile(values.results, context.cwd);
  if (!results.ok) return session.fail(results.error);
  const emit = (event: RunEvent): void => {
    results.value.take(event);
    monitor.value.take(event);
    session.emit(event);
  };
  const applied = await applyManifest(manifest.value, {
    disk: nodeDisk,
    clock,
    command: ['flac2all', 'apply', ...args.positionals].join(' '),
    emit,
    lockTimeoutMs: values['lock-timeout'] * 1000,
    ...(saved.value === undefined ? planOptions(values) : saved.value.options),
    ...(saved.value === undefined ? {} : { saved: saved.value }),
    skipStaleRows: values['skip-stale-rows'],
    drain: stop.drain,
    onLocked: () => monitor.value.publish(stateDirectory),
    confirm: (planned) => confirm(planned, { ...running, agreed }),
    handOut: handOutTo({ ...manifest.value, cluster }, context, stop),
  });
  const unwritten = results.value.close();
  const exit = endOf(applied, { session, stop, unwritten });
  await monitor.value.close(exit);
  return exit;
}

function endOf(
  applied: Result<ApplyReport, Failure>,
  end: Pick<Running, 'session' | 'stop'> & { readonly unwritten: Failure | undefined },
): ExitCode {
  const { session, stop, unwritten } = end;
  if (!applied.ok) {
    const { code } = applied.error;
    return code === 'NOT_CONFIRMED' && stop.drain.aborted
      ? session.end(stop.exitCode)
      : session.fail(applied.error);
  }
  const exit = stop.drain.aborted ? stop.exitCode : exitOf(applied.value);
  return unwritten === undefined || exit !== EXIT.ok ? session.end(exit) : session.fail(unwritten);
}

/** Wanted outputs that are not there are never a success, whoever is at fault. */
function exitOf({ summary, unresolved }: ApplyReport): ExitCode {
  return summary.failed + unresolved > 0 ? EXIT.someFailed : EXIT.ok;
}

function withSaved<T extends object>(values: T, saved: PlanFile | undefined): T {
  const limit = saved?.options.maxDelete;
  return limit === undefined ? values : { ...values, 'max-delete': limit };
}

/** Shows the plan and, unless that was agreed before, asks. */
async function confirm(
  { plan }: Planned,
  { session, context, stop, agreed }: Running & { readonly agreed: boolean },
): Promise<boolean> {
  const work = hasWork(plan.counts);
  if (work || !agreed) session.emit({ type: 'plan', changes: plan.changes, counts: plan.counts });
  if (agreed || !work) return true;
  return askYes('Apply this plan?', context, stop.drain);
}
