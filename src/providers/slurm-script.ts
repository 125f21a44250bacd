import { join } from 'node:path';
import { shellQuote } from '../lib/shell-quote.js';
import type { SlurmSettings } from '../manifest/provider-settings.js';
import type { PilotContext } from './provider.js';
import { workerCommand } from './worker-command.js';

export interface SlurmScript {
  readonly settings: SlurmSettings;
  readonly context: PilotContext;
  readonly program: readonly string[];
  readonly jobName: string;
  /** Tasks of the array. */
  readonly count: number;
}

/** A pilot that has ended its life still finishes what it runs. */
const MARGIN_MINUTES = 10;

/**
 * The batch script of an array of pilots. `exec` makes the agent the batch process itself, so that the
 * signals of Slurm reach it: SIGTERM 90 seconds before the time limit (B: is needed, else only steps
 * get it), at preemption and at `scancel`.
 */
export function slurmScript({ settings, context, program, jobName, count }: SlurmScript): string {
  const { slots, partition, account, memory, lifetimeMs, options } = settings;
  const { key, folder } = context;
  const keyFile = key.kind === 'key' ? key.file : '';
  const words = workerCommand({ context, settings, program, keyFile });
  const directives = [
    `--job-name=${jobName}`,
    `--array=0-${count - 1}`,
    '--ntasks=1',
    `--cpus-per-task=${slots}`,
    ...(memory === undefined ? [] : [`--mem=${memory}`]),
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(account === undefined ? [] : [`--account=${account}`]),
    ...(lifetimeMs === undefined
      ? []
      : [`--time=${Math.ceil(lifetimeMs / 60_000) + MARGIN_MINUTES}`]),
    '--signal=B:TERM@90',
    '--requeue',
    '--open-mode=append',
    '--chdir=/',
    '--output=/dev/null',
    `--error=${join(folder.replaceAll('%', '%%'), '%A_%a.err')}`,
    ...options,
  ];
  return [
    '#!/bin/sh',
    ...directives.map((directive) => `#SBATCH ${directiveWord(directive)}`),
    `exec ${words.map(shellQuote).join(' ')} --pilot "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}"`,
    '',
  ].join('\n');
}

/** sbatch splits its directives at blanks, and knows double quotes. */
function directiveWord(word: string): string {
  return /[\s"'\\#]/.test(word) ? `"${word.replaceAll(/["\\]/g, '\\$&')}"` : word;
}
