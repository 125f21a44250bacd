import { createInterface } from 'node:readline/promises';
import type { CommandContext } from './command.js';
import type { UsageFailure } from './failure.js';

/** Whether there is somebody to ask: a terminal on both sides, and no program that reads. */
export function isInteractive(
  { json }: { readonly json: boolean },
  { stderr }: Pick<CommandContext, 'stderr'>,
): boolean {
  return process.stdin.isTTY && stderr.isTTY === true && !json;
}

/** Asks; anything but yes, and an aborted question, is no. */
export async function askYes(
  question: string,
  { stderr }: Pick<CommandContext, 'stderr'>,
  signal: AbortSignal,
): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: stderr });
  try {
    const answer = await terminal.question(`\n${question} [y/N] `, { signal });
    return /^y(?:es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}

/** Why a command that asks cannot run here; `undefined`: it can, or need not ask. */
export function cannotAsk(
  command: string,
  values: { readonly yes: boolean; readonly json: boolean },
  context: Pick<CommandContext, 'stderr'>,
): UsageFailure | undefined {
  if (values.yes || isInteractive(values, context)) return undefined;
  return {
    code: 'USAGE',
    message: `${command} asks before it changes anything, and there is no terminal to ask on`,
    hint: `"${command} --yes" does not ask`,
  };
}
