import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { loadManifest } from '../manifest/load.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Reporter, RunEvent } from '../report/event.js';
import { makeReporter } from '../report/reporter.js';
import { VERSION } from '../run/version.js';
import type { CommandContext, OptionValues } from './command.js';
import type { MANIFEST_OPTIONS, OUTPUT_OPTIONS, PlanFormat } from './common-options.js';
import type { ExitCode } from './exit-code.js';
import { exitOfFailure } from './failure-exit.js';

type OutputValues = OptionValues<typeof OUTPUT_OPTIONS> & {
  readonly full?: boolean;
  readonly format?: PlanFormat;
  readonly classic?: 'lines' | 'screen';
};

/** Where a command's events go, and how it ends. */
export class Session {
  readonly #reporter: Reporter;

  private constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  static async begin(values: OutputValues, context: CommandContext): Promise<Session> {
    const reporter = await makeReporter({
      stdout: context.stdout,
      stderr: context.stderr,
      env: context.env,
      clock: context.clock,
      version: VERSION,
      base: context.cwd,
      json: values.json,
      quiet: values.quiet,
      verbose: values.verbose,
      full: values.full === true,
      classic: values.classic,
      markdown: values.format === 'markdown',
      colour: values['no-color'] ? false : undefined,
    });
    return new Session(reporter);
  }

  readonly emit = (event: RunEvent): void => this.#reporter.report(event);

  /** Ends the command well. */
  end(code: ExitCode): ExitCode {
    this.#reporter.close(code);
    return code;
  }

  /** Ends the command with what went wrong; the first failure gives the exit code. */
  fail(...failures: readonly Failure[]): ExitCode {
    for (const failure of failures) this.emit({ type: 'failure', failure });
    return this.end(exitOfFailure(failures[0]?.code ?? ''));
  }
}

/** Names of a manifest that needs no `--file`. */
export const MANIFEST_NAMES = ['flac2all.yaml', 'flac2all.yml'] as const;

/** What a classic run leaves in its output folder for the commands that read a manifest. */
export const KEPT_MANIFEST = '.flac2all.yaml';

/** The path of the manifest: what `--file` names, or the one in the current folder. */
export function manifestPath(
  values: OptionValues<typeof MANIFEST_OPTIONS>,
  { cwd }: CommandContext,
): string {
  if (values.file !== undefined) return resolve(cwd, values.file);
  const here = MANIFEST_NAMES.map((name) => resolve(cwd, name));
  return here.find((path) => existsSync(path)) ?? resolve(cwd, MANIFEST_NAMES[0]);
}

/** The manifest to read: likewise, also by the name of its folder, or what a classic run left there. */
export function manifestToRead(
  values: OptionValues<typeof MANIFEST_OPTIONS>,
  context: CommandContext,
): string {
  const named = values.file === undefined ? undefined : resolve(context.cwd, values.file);
  // With a slash only a folder is there.
  if (named !== undefined && !existsSync(`${named}/`)) return named;
  const names = [...MANIFEST_NAMES, KEPT_MANIFEST];
  const found = names.map((name) => resolve(named ?? context.cwd, name)).find(existsSync);
  return found ?? manifestPath(values, context);
}

/** Loads the manifest of a command line; `--max-delete` replaces what the policy says. */
export async function openManifest(
  values: OptionValues<typeof MANIFEST_OPTIONS> & { readonly 'max-delete'?: number | undefined },
  context: CommandContext,
): Promise<Result<Manifest, readonly Failure[]>> {
  const loaded = await loadManifest(manifestToRead(values, context));
  if (!loaded.ok) return err(loaded.error);
  const limit = values['max-delete'];
  if (limit === undefined) return loaded;
  return ok({ ...loaded.value, policy: { ...loaded.value.policy, maxDelete: { files: limit } } });
}
