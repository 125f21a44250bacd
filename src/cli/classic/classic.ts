import { join } from 'node:path';
import { lookAtMachine } from '../../codecs/machine.js';
import type { Failure } from '../../lib/failure.js';
import { nodeDisk } from '../../lib/node-disk.js';
import type { Result } from '../../lib/result.js';
import { err, ok } from '../../lib/result.js';
import { shellQuote } from '../../lib/shell-quote.js';
import type { Manifest } from '../../manifest/manifest.js';
import type { Change } from '../../plan/action.js';
import type { RunEvent } from '../../report/event.js';
import { shownPath } from '../../report/plan-text.js';
import { makePalette, terminalColumns, wantsColour } from '../../report/terminal.js';
import { applyManifest } from '../../run/apply.js';
import type { ApplyReport, Offered } from '../../run/apply.js';
import { asksFor, parseArguments } from '../args.js';
import type { CommandContext } from '../command.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { handOutTo } from '../hand-out.js';
import { renderCommandHelp } from '../help.js';
import { masterSettings, refuseNobody } from '../master-options.js';
import { openMonitor } from '../open-monitor.js';
import { Session } from '../session.js';
import { stopSignals } from '../stop-signals.js';
import type { StopSignals } from '../stop-signals.js';
import { normalArguments, placeOfPositional } from './arguments.js';
import { CLASSIC_TITLE } from './about.js';
import { CommandText } from './command-text.js';
import { ConversionLog } from './conversion-log.js';
import { allModes, readModes } from './modes.js';
import type { Mode } from './modes.js';
import { CLASSIC_OPTIONS } from './options.js';
import type { ClassicValues } from './options.js';
import { keepManifest } from './kept-manifest.js';
import { toManifest } from './to-manifest.js';
import type { ClassicManifest } from './to-manifest.js';

/** Runs `flac2all MODE[,MODE...] [options] -o OUT IN`, as the classic program has it. */
export async function runClassic(
  argv: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  if (asksFor(argv, 'help', 'h')) return showHelp(context);
  const parsed = parseArguments(normalArguments(argv), {
    ...CLASSIC_TITLE,
    options: CLASSIC_OPTIONS,
  });
  if (!parsed.ok) {
    const plain = { json: false, quiet: false, verbose: false, 'no-color': false };
    return (await Session.begin(plain, context)).fail(usageOf(parsed.error));
  }
  const { values, positionals } = parsed.value;
  const session = await Session.begin(
    { ...values, verbose: false, classic: values.curses ? 'screen' : 'lines' },
    context,
  );
  if (values.curses && context.stderr.isTTY !== true && !values.json) {
    const text = '--curses needs a terminal: the run is told in lines';
    session.emit({ type: 'notice', level: 'warning', code: 'NO_TERMINAL', text });
  }
  const [list = '', input = ''] = positionals;
  const modes = await modesOf(list, argv);
  if (!modes.ok) return session.fail(modes.error);
  const request = { argv, list, modes: modes.value, values, input, cwd: context.cwd };
  const meant = await toManifest(request);
  if (!meant.ok) return session.fail(...meant.error);
  const stop = stopSignals(session.emit);
  try {
    return await convert(meant.value, values, { argv, context, session, stop });
  } finally {
    stop.release();
  }
}

interface Running {
  readonly argv: readonly string[];
  readonly context: CommandContext;
  readonly session: Session;
  readonly stop: StopSignals;
}

async function convert(
  { manifest, content }: ClassicManifest,
  values: ClassicValues,
  { argv, context, session, stop }: Running,
): Promise<ExitCode> {
  const log = new ConversionLog();
  const cluster = masterSettings(values, values.threads, manifest.cluster);
  const idle = refuseNobody('threads', values.threads, cluster);
  if (idle !== undefined) return session.fail(idle);
  const { clock } = context;
  const monitor = await openMonitor(cluster.metrics, { clock, emit: session.emit });
  if (!monitor.ok) return session.fail(monitor.error);
  const emit = (event: RunEvent): void => {
    log.take(event);
    monitor.value.take(event);
    session.emit(event);
  };
  const applied = await applyManifest(manifest, {
    disk: nodeDisk,
    clock,
    command: ['flac2all', ...argv].join(' '),
    emit,
    // What failed is tried again, as a file that is not there always was.
    retryFailed: true,
    force: values.force,
    overwriteUnmanaged: values.force,
    adoptUnmanaged: !values.force,
    drain: stop.drain,
    onLocked: () => {
      keepManifest({ manifest, content, argv, emit });
      return monitor.value.publish(manifest.stateDirectory);
    },
    confirm: async (offered) => {
      const changes = offered.plan.changes.map((change) => inClassicWords(change, offered));
      log.plan(offered, changes);
      session.emit({ type: 'plan', changes, counts: offered.plan.counts });
      return true;
    },
    handOut: handOutTo({ ...manifest, cluster }, context, stop),
  });
  const exit = endOf(applied, { manifest, log, context, session, stop });
  await monitor.value.close(exit);
  return exit;
}

interface Ending extends Pick<Running, 'context' | 'session' | 'stop'> {
  readonly manifest: Manifest;
  readonly log: ConversionLog;
}

function endOf(
  applied: Result<ApplyReport, Failure>,
  { manifest, log, context, session, stop }: Ending,
): ExitCode {
  if (!applied.ok) return session.fail(applied.error);
  const file = join(manifest.stateDirectory, '..', 'conversion_results.log');
  const unwritten = log.write(file);
  if (unwritten !== undefined) return session.fail(unwritten);
  const exit = stop.drain.aborted ? stop.exitCode : exitOf(applied.value);
  if (exit === EXIT.someFailed) {
    const shown = shellQuote(shownPath(file, context.cwd));
    const text = `some files were not converted: grep ERROR ${shown}`;
    session.emit({ type: 'notice', level: 'warning', code: 'CONVERSION_ERRORS', text });
  }
  return session.end(exit);
}

/** Each task has to have a result; and what was not converted is never a success. */
function exitOf({ summary, unresolved }: ApplyReport): ExitCode {
  const { tasks, done, failed } = summary;
  if (tasks !== done + failed) return EXIT.error;
  return failed + unresolved > 0 ? EXIT.someFailed : EXIT.ok;
}

/** What stands in the way, and that `-f` helps. */
function inClassicWords(change: Change, { adoption }: Offered): Change {
  const [first, ...others] = change.reasons;
  if (change.action !== 'conflict' || first?.code !== 'not-managed') return change;
  const why = adoption?.refused.find(({ output }) => output === change.output)?.text;
  const text = `it exists and stays${why === undefined ? '' : `: ${why}`}; -f makes it again`;
  return { ...change, reasons: [{ ...first, text }, ...others] };
}

async function modesOf(
  list: string,
  argv: readonly string[],
): Promise<Result<readonly Mode[], Failure>> {
  const modes = readModes(list);
  if (modes.ok) {
    if (modes.value !== 'all') return ok(modes.value);
    return ok(allModes(await lookAtMachine(process.env['PATH'])));
  }
  const { message, hint, offset, length } = modes.error;
  const place = placeOfPositional(argv, list);
  const location = new CommandText(argv).locate(place && { ...place, offset, length });
  return err({ code: 'USAGE', message, hint, location });
}

/** The help of the classic form is found under its modes. */
function usageOf(failure: Failure): Failure {
  const hint = failure.hint?.replace(`flac2all ${CLASSIC_TITLE.name}`, 'flac2all vorbis');
  return { ...failure, ...(hint === undefined ? {} : { hint }) };
}

async function showHelp({ stdout, env }: CommandContext): Promise<ExitCode> {
  const { classicHelp } = await import('./about.js');
  const view = {
    columns: terminalColumns(stdout),
    palette: makePalette(wantsColour(stdout, env)),
  };
  stdout.write(renderCommandHelp(classicHelp, 'flac2all', view));
  return EXIT.ok;
}
