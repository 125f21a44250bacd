import { resolve } from 'node:path';
import { nodeDisk } from '../../lib/node-disk.js';
import { formatCount, formatCounted } from '../../report/format.js';
import type { LeftOutput } from '../../run/collect-outputs.js';
import type { CollectReport } from '../../run/collect-shards.js';
import { collectShards } from '../../run/collect-shards.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { MANIFEST_OPTIONS, OUTPUT_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { readSavedPlan } from '../saved-plan.js';
import { openManifest, Session } from '../session.js';

export const collect: CommandBody = defineCommand({
  usage: ['collect [options] PLAN'],
  description: [
    'Puts into place what `flac2all run-shard` made for a plan, and writes it into the ledger, under its lock: each output once, after the same checks as in `apply`. Call it when the shards have ended. Those that were killed or interrupted give what they had finished; what is missing stays pending for the next plan or apply, which also does what shards cannot: moves and deletes.',
    'A shard that is still at work is left alone and named: call collect again when it has ended. A plan is collected once; a shard that begins after that is told so (exit code 5). collect itself can be killed and called again.',
    'Exit code 0: every output that the shards were to make is in place; 3: some failed, are missing, or could not be taken.',
  ],
  options: {
    ...MANIFEST_OPTIONS,
    discard: {
      type: 'boolean',
      description: 'give up what the shards made: remove their part files, put nothing into place',
    },
    'lock-timeout': {
      type: 'integer',
      placeholder: 'SECONDS',
      min: 0,
      default: 0,
      description: 'how long to wait for another run on the ledger to end',
    },
    ...OUTPUT_OPTIONS,
  },
  positionals: {
    name: 'PLAN',
    description: 'the plan saved by `plan --out PLAN --shards N`',
    min: 1,
    max: 1,
  },
  examples: [{ command: 'flac2all collect tonight.plan', what: 'after the array of jobs' }],
  async run({ values, positionals }, context) {
    const session = await Session.begin(values, context);
    const [name = ''] = positionals;
    const plan = readSavedPlan(name, context.cwd);
    if (!plan.ok) return session.fail(plan.error);
    const file = values.file ?? plan.value.manifest;
    const manifest = await openManifest({ ...values, file }, context);
    if (!manifest.ok) return session.fail(...manifest.error);
    const collected = await collectShards(manifest.value, {
      file: resolve(context.cwd, name),
      plan: plan.value,
      discard: values.discard,
      disk: nodeDisk,
      clock: context.clock,
      command: `flac2all collect ${name}`,
      lockTimeoutMs: values['lock-timeout'] * 1000,
      emit: session.emit,
    });
    if (!collected.ok) return session.fail(collected.error);
    const { left, kept, atWork, ...counts } = collected.value;
    const told = (what: string, outputs: readonly LeftOutput[]): void => {
      for (const { output, text } of outputs) {
        const code = 'SHARD_OUTPUT_LEFT';
        session.emit({
          type: 'notice',
          level: 'warning',
          code,
          text: `${what} ${output}: ${text}`,
        });
      }
    };
    told('gave up', left);
    told('could not put into place', kept);
    const isWhole = counts.done + counts.already >= counts.tasks;
    session.emit({
      type: 'answer',
      kind: 'collect',
      text: values.discard ? discardText(collected.value) : reportText(collected.value),
      data: { ...counts, atWork: [...atWork], left: asJson(left), kept: asJson(kept) },
      isBad: !isWhole && !values.discard,
    });
    if (values.discard && atWork.length === 0) return session.end(EXIT.ok);
    return session.end(isWhole ? EXIT.ok : EXIT.someFailed);
  },
});

function asJson(outputs: readonly LeftOutput[]): { output: string; text: string }[] {
  return outputs.map((one) => ({ ...one }));
}

function discardText({ missing, atWork }: CollectReport): string {
  return `Gave up the shards; ${formatCounted(missing, 'output')} to make again.\n${busyText(atWork)}`;
}

/** `Collected 120 of 128 outputs; 2 failed, 6 were not made.` */
function reportText(report: CollectReport): string {
  const { done, already, tasks, failed, missing, left, kept, atWork } = report;
  const parts = [
    ...(already > 0 ? [`${formatCount(already)} were in place before`] : []),
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(missing > 0 ? [`${formatCount(missing)} were not made`] : []),
    ...(left.length > 0 ? [`${formatCount(left.length)} given up`] : []),
    ...(kept.length > 0 ? [`${formatCount(kept.length)} left for another collect`] : []),
  ];
  const rest = parts.length === 0 ? '' : `; ${parts.join(', ')}`;
  return `Collected ${formatCount(done)} of ${formatCounted(tasks, 'output')}${rest}.\n${busyText(atWork)}`;
}

function busyText(atWork: readonly number[]): string {
  if (atWork.length === 0) return '';
  return `At work still: shard ${atWork.join(', ')}; collect again when that has ended.\n`;
}
