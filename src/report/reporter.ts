import type { Clock } from '../lib/clock.js';
import type { Reporter } from './event.js';
import type { Lifecycle } from './alternate-screen.js';
import { ClassicReporter } from './classic.js';
import { JsonReporter } from './json.js';
import { Output } from './output.js';
import { PlainReporter } from './plain.js';
import { makePalette, wantsColour } from './terminal.js';
import type { Environment, TerminalStream } from './terminal.js';

export interface ReporterOptions {
  /** Takes the result: text of plan and summary, or NDJSON. */
  readonly stdout: TerminalStream;
  /** Takes progress and diagnostics. */
  readonly stderr: TerminalStream;
  readonly env: Environment;
  readonly clock: Clock;
  /** Of the program; the first line of NDJSON tells it. */
  readonly version: string;
  /** Paths inside this folder are shown relative to it. */
  readonly base: string;
  readonly json?: boolean;
  /** Failures and nothing else. */
  readonly quiet?: boolean;
  /** A line for each task. */
  readonly verbose?: boolean;
  /** Shows every row of a plan. */
  readonly full?: boolean;
  /** A plan is written as Markdown, for a comment on a pull request. */
  readonly markdown?: boolean;
  /** As the classic program tells it: in lines, or on the whole screen where there is a terminal. */
  readonly classic?: 'lines' | 'screen' | undefined;
  /** Where the screen learns that the process ends or is suspended; that of the program unless given. */
  readonly lifecycle?: Lifecycle;
  /** What the user asked for; otherwise each stream and the environment decide. */
  readonly colour?: boolean | undefined;
  /** Standard output is gone (EPIPE: the reader of a pipe left); nothing more is written to it. */
  readonly onStdoutClosed?: (error: Error) => void;
}

/** Chooses how a run is told: NDJSON, a live screen where standard error is a terminal, or lines. */
export async function makeReporter(options: ReporterOptions): Promise<Reporter> {
  const { env, clock, base, quiet = false, verbose = false } = options;
  const { full = false, markdown = false } = options;
  const stdout = new Output(options.stdout, {
    palette: makePalette(options.colour ?? wantsColour(options.stdout, env)),
    ...(options.onStdoutClosed && { onClosed: options.onStdoutClosed }),
  });
  if (options.json === true) return new JsonReporter(stdout, clock, options.version);
  const stderr = new Output(options.stderr, {
    palette: makePalette(options.colour ?? wantsColour(options.stderr, env)),
  });
  const text = { stdout, stderr, clock, base, full, markdown };
  if (quiet) return new PlainReporter('failures', text);
  const live = options.stderr.isTTY === true && env['TERM'] !== 'dumb';
  if (options.classic === 'screen' && live) {
    const { FullScreenReporter } = await import('./full-screen.js');
    return new FullScreenReporter(text, options.lifecycle ?? process);
  }
  if (options.classic !== undefined) return new ClassicReporter(text);
  if (verbose) return new PlainReporter('all', text);
  if (!live) return new PlainReporter('normal', text);
  const { TreeReporter } = await import('./tree.js');
  return new TreeReporter(text);
}
