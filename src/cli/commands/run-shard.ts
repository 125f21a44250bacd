import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { nodeDisk } from '../../lib/node-disk.js';
import { formatCount, formatCounted } from '../../report/format.js';
import type { ShardReport } from '../../run/run-shard.js';
import { runShard } from '../../run/run-shard.js';
import { executeTask } from '../../task/execute.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { jobsOption, OUTPUT_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { readSavedPlan } from '../saved-plan.js';
import { Session } from '../session.js';
import { stopSignals } from '../stop-signals.js';

export const runShardCommand: CommandBody = defineCommand({
  usage: ['run-shard [options] PLAN INDEX'],
  description: [
    'Makes what is in one shard of a plan from `flac2all plan --out PLAN --shards N`; INDEX is from 1 to N. It needs no network and no master, only the same paths: plan, ledger, sources and outputs. What it makes stands beside its output as a part file and in the journal of the shard; nothing is renamed and the ledger is not written before `flac2all collect PLAN`. `task-done` of --json means made, not in place.',
    'It can be killed and run again, on another machine too: what is made is not made again. A shard is worked on by one process at a time; a second one waits for --lock-timeout, or goes on where a dead one stopped. While shards are at work or not collected, `flac2all apply` refuses to begin (exit code 11); while apply is at work, or when the ledger has changed since the plan (exit code 5), no shard begins.',
    'One SIGINT or SIGTERM: finish what runs; two: stop at once.',
  ],
  options: {
    jobs: jobsOption('outputs made at the same time; otherwise one per CPU that the job has'),
    'lock-timeout': {
      type: 'integer',
      placeholder: 'SECONDS',
      min: 0,
      default: 90,
      description:
        'how long to wait for another process at the same shard; a dead one of another machine counts as alive for a minute',
    },
    ...OUTPUT_OPTIONS,
  },
  positionals: {
    name: 'PLAN INDEX',
    description: 'the saved plan and the number of the shard',
    min: 2,
    max: 2,
  },
  examples: [
    { command: 'flac2all run-shard tonight.plan 3', what: 'the third shard' },
    {
      command: 'flac2all run-shard tonight.plan "$SLURM_ARRAY_TASK_ID"',
      what: 'in sbatch --array=1-8',
    },
  ],
  async run({ values, positionals }, context) {
    const session = await Session.begin(values, context);
    const [name = '', asked = ''] = positionals;
    if (!/^[1-9]\d{0,5}$/.test(asked)) {
      const message = `the number of a shard is 1 or more, but is "${asked}"`;
      return session.fail({ code: 'USAGE', message, hint: 'flac2all run-shard PLAN INDEX' });
    }
    const plan = readSavedPlan(name, context.cwd);
    if (!plan.ok) return session.fail(plan.error);
    const stop = stopSignals(session.emit);
    try {
      const done = await runShard({
        file: resolve(context.cwd, name),
        index: Number(asked),
        plan: plan.value,
        disk: nodeDisk,
        clock: context.clock,
        command: `flac2all run-shard ${positionals.join(' ')}`,
        slots: values.jobs ?? availableParallelism(),
        execute: executeTask,
        emit: session.emit,
        lockTimeoutMs: values['lock-timeout'] * 1000,
        drain: stop.drain,
        abort: stop.abort,
      });
      if (!done.ok) return session.fail(done.error);
      const { summary, made, tasks } = done.value;
      session.emit({
        type: 'answer',
        kind: 'run-shard',
        text: reportText(done.value, asked),
        data: {
          index: Number(asked),
          tasks,
          made,
          now: summary.done,
          failed: summary.failed,
          ms: summary.ms,
        },
        isBad: summary.failed > 0,
      });
      if (stop.drain.aborted) return session.end(stop.exitCode);
      return session.end(made < tasks ? EXIT.someFailed : EXIT.ok);
    } finally {
      stop.release();
    }
  },
});

/** `Shard 3: 12 of 12 outputs made, 4 of them now.` */
function reportText({ summary, made, tasks }: ShardReport, index: string): string {
  const { done, failed } = summary;
  const now = done < made ? `, ${formatCount(done)} of them now` : '';
  const failures = failed > 0 ? `, ${formatCount(failed)} failed` : '';
  return `Shard ${index}: ${formatCount(made)} of ${formatCounted(tasks, 'output')} made${now}${failures}.\n`;
}
