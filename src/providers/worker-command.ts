import { shellQuote } from '../lib/shell-quote.js';
import type { PilotSettings } from '../manifest/provider-settings.js';
import type { PilotContext } from './provider.js';

/** What a pilot is started with. */
export interface WorkerCommand {
  readonly context: Pick<PilotContext, 'endpoint' | 'key'>;
  readonly settings: Pick<PilotSettings, 'slots' | 'lifetimeMs' | 'orphanMs' | 'command'>;
  /** Where the engine's default finds flac2all. */
  readonly program: readonly string[];
  /** Where the pilot finds its key: a path, or `-` for its standard input. */
  readonly keyFile: string;
}

/** The words that start a pilot; the secret is not among them. */
export function workerCommand(worker: WorkerCommand): readonly string[] {
  const { context, settings, program, keyFile } = worker;
  const { slots, lifetimeMs, orphanMs, command = program } = settings;
  return [
    ...command,
    'worker',
    // The master's user started it: what that one may run, it may.
    '--allow-raw-args',
    '--connect',
    context.endpoint,
    ...keyArguments(context, keyFile),
    ...(slots === 'auto' ? [] : ['--jobs', String(slots)]),
    ...(lifetimeMs === undefined ? [] : ['--lifetime', seconds(lifetimeMs)]),
    '--orphan-after',
    seconds(orphanMs),
  ];
}

function keyArguments({ key }: Pick<PilotContext, 'key'>, keyFile: string): readonly string[] {
  if (key.kind === 'none') return [];
  return key.kind === 'insecure' ? ['--insecure'] : ['--key', keyFile];
}

/** A time in whole seconds, as command lines and engines take it; never less than one. */
export function seconds(ms: number): string {
  return `${Math.max(1, Math.ceil(ms / 1000))}s`;
}

/** A command as a line for people and shells, as often as it is started. */
export function renderCommand(words: readonly string[], count: number): string {
  const line = words.map(shellQuote).join(' ');
  return `${line}\n`.repeat(count);
}
