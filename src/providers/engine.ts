import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { CommandEnd, CommandRunner, EngineCommand } from './command-runner.js';
import type { PilotId, PilotStatus, ProviderFailure } from './provider.js';

/** How long a program of an engine may take to answer. */
export const ANSWER_MS = 30_000;

/** What an engine's program was asked for, and how to say that it did not work. */
export interface Question extends Omit<EngineCommand, 'timeoutMs'> {
  /** For people: `submit pilots to Slurm`. */
  readonly purpose: string;
  readonly timeoutMs?: number;
}

/** Runs a program of an engine; what it printed, or why that did not work in words of the engine. */
export async function askEngine(
  runner: CommandRunner,
  { purpose, ...command }: Question,
): Promise<Result<string, ProviderFailure>> {
  const end = await runner.run({ timeoutMs: ANSWER_MS, ...command });
  if (end.code === 0) return ok(end.stdout);
  return err(engineFailure(purpose, command.program, end));
}

function engineFailure(purpose: string, program: string, end: CommandEnd): ProviderFailure {
  const said = end.stderr.trim() === '' ? end.stdout.trim() : end.stderr.trim();
  if (end.trouble === 'missing') {
    return {
      code: 'PROVIDER_MISSING',
      message: `cannot ${purpose}: there is no program ${program} on PATH`,
      hint: `install it, or run this where ${program} works`,
    };
  }
  if (end.trouble === 'late') {
    return {
      code: 'PROVIDER_TIMEOUT',
      message: `cannot ${purpose}: ${program} did not answer in time${said === '' ? '' : `: ${said}`}`,
    };
  }
  return {
    code: 'PROVIDER_FAILED',
    message: `cannot ${purpose}: ${said === '' ? `${program} ended with ${end.code ?? 'a signal'}` : said}`,
  };
}

/** For questions whose answer says nothing but that it worked. */
export function withoutValue(
  told: Result<unknown, ProviderFailure>,
): Result<void, ProviderFailure> {
  return told.ok ? ok(undefined) : told;
}

/** Picks the pilots that are asked for; one that the engine does not know has ended. */
export function statusesOf(
  ids: readonly PilotId[],
  listed: Result<readonly PilotStatus[], ProviderFailure>,
  run: string,
): Result<ReadonlyMap<PilotId, PilotStatus>, ProviderFailure> {
  if (!listed.ok) return listed;
  const known = new Map(listed.value.map((status) => [status.id, status]));
  const gone = { run, phase: 'ended', text: 'gone' } as const;
  return ok(new Map(ids.map((id) => [id, known.get(id) ?? { id, ...gone }])));
}
