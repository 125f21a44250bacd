import type { Failure } from '../lib/failure.js';
import { errorMessage } from '../lib/failure.js';
import { LedgerError } from '../ledger/failure.js';
import { makePalette, terminalColumns, wantsColour } from '../report/terminal.js';
import type { Palette } from '../report/terminal.js';
import { VERSION } from '../run/version.js';
import { asksFor, parseArguments, selectCommand } from './args.js';
import type { CommandContext } from './command.js';
import { COMMANDS } from './commands/commands.js';
import { EXIT } from './exit-code.js';
import type { ExitCode } from './exit-code.js';
import { exitOfFailure } from './failure-exit.js';
import type { HelpView, Program } from './help.js';

/** The world of a command line; tests bring their own. */
export type ProgramContext = CommandContext;

const PROGRAM: Program = {
  name: 'flac2all',
  summary: 'keeps converted mirrors of a FLAC library true to a manifest',
  usage: ['COMMAND [options]', 'COMMAND --help', 'MODE[,MODE...] [options] -o OUT IN'],
  commands: COMMANDS,
  options: {
    help: { type: 'boolean', short: 'h', description: 'this text, or that of a command' },
    version: { type: 'boolean', description: 'the version' },
  },
  notes: [
    'First steps: flac2all init, flac2all plan, flac2all apply.',
    'The classic form needs no manifest: flac2all vorbis -o OUT IN. See flac2all vorbis --help.',
    'Exit codes: 0 done, 1 error, 2 changes pending, 3 and 4 a person is needed, 5 plan stale, 6 manifest invalid, 10 ledger unusable, 11 locked, 12 stopped by a guard, 64 usage, 130 and 143 interrupted.',
  ],
};

/** Runs a command line; resolves with the exit code and never rejects. */
export async function runProgram(
  argv: readonly string[],
  context: ProgramContext,
): Promise<ExitCode> {
  const palette = makePalette(wantsColour(context.stderr, context.env));
  try {
    return await route(argv, context, palette);
  } catch (error) {
    if (context.signal.aborted && isAbort(error, context.signal)) {
      return context.signal.reason === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
    }
    if (error instanceof LedgerError) {
      await tell(error.failure, context, palette);
      return exitOfFailure(error.failure.code);
    }
    const stack = error instanceof Error ? error.stack : undefined;
    context.stderr.write(`flac2all: internal error: ${stack ?? errorMessage(error)}\n`);
    return EXIT.error;
  }
}

/** Whether something was given up because of a signal, and did not go wrong by itself. */
function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}

async function route(
  argv: readonly string[],
  context: ProgramContext,
  palette: Palette,
): Promise<ExitCode> {
  const [name, ...rest] = argv;
  const view = {
    columns: terminalColumns(context.stdout),
    palette: makePalette(wantsColour(context.stdout, context.env)),
  };
  if (name === undefined || name === '--help' || name === '-h') {
    return help(undefined, context, view);
  }
  if (name === 'help') {
    const asked = rest[0] === undefined ? undefined : selectCommand(rest[0], COMMANDS);
    if (asked?.ok === false) return usage(asked.error, context, palette);
    return help(rest[0], context, view);
  }
  if (name === '--version' || name === '-V' || name === 'version') {
    context.stdout.write(`flac2all ${VERSION}\n`);
    return EXIT.ok;
  }
  const entry = selectCommand(name, COMMANDS);
  if (!entry.ok) {
    return classic(argv, context, palette);
  }
  if (asksFor(rest, 'help', 'h')) return help(name, context, view);
  const command = await entry.value.load();
  const parsed = parseArguments(rest, { name, ...command });
  if (!parsed.ok) return usage(parsed.error, context, palette);
  return command.run(parsed.value, context);
}

/** Modes where a command would stand are the classic form; what is neither is told so. */
async function classic(
  argv: readonly string[],
  context: ProgramContext,
  palette: Palette,
): Promise<ExitCode> {
  const { isClassic } = await import('./classic/arguments.js');
  if (isClassic(argv)) {
    const { runClassic } = await import('./classic/classic.js');
    return runClassic(argv, context);
  }
  const { modeNames } = await import('./classic/modes.js');
  const words = [...COMMANDS, ...modeNames().map((name) => ({ name }))];
  const unknown = selectCommand(argv[0] ?? '', words);
  return unknown.ok ? EXIT.usage : usage(unknown.error, context, palette);
}

async function help(
  name: string | undefined,
  context: ProgramContext,
  view: HelpView,
): Promise<ExitCode> {
  const { renderCommandHelp, renderProgramHelp } = await import('./help.js');
  const entry = COMMANDS.find((one) => one.name === name);
  const text =
    entry === undefined
      ? renderProgramHelp(PROGRAM, view)
      : renderCommandHelp({ ...entry, ...(await entry.load()) }, PROGRAM.name, view);
  context.stdout.write(text);
  return EXIT.ok;
}

async function usage(
  failure: Failure,
  context: ProgramContext,
  palette: Palette,
): Promise<ExitCode> {
  await tell(failure, context, palette);
  return EXIT.usage;
}

async function tell(failure: Failure, { stderr }: ProgramContext, palette: Palette): Promise<void> {
  const { renderFailure } = await import('../report/failure-text.js');
  stderr.write(renderFailure(failure, palette));
}
