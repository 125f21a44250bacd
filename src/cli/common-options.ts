import type { IntegerOption } from './command.js';
import type { UsageFailure } from './failure.js';

/** Options of every command that reads a manifest. */
export const MANIFEST_OPTIONS = {
  file: {
    type: 'string',
    short: 'f',
    placeholder: 'FILE',
    description:
      'the manifest, or its folder, or the output folder of the classic form; otherwise the current folder',
  },
} as const;

/** Options that decide how a command speaks. */
export const OUTPUT_OPTIONS = {
  json: { type: 'boolean', description: 'NDJSON on standard output and nothing else' },
  quiet: { type: 'boolean', short: 'q', description: 'only failures' },
  verbose: { type: 'boolean', short: 'v', description: 'a line for each file' },
  'no-color': {
    type: 'boolean',
    description: 'no colours; NO_COLOR in the environment says the same',
  },
} as const;

/** Options that decide what is planned. */
export const PLAN_OPTIONS = {
  target: {
    type: 'string',
    placeholder: 'GLOB',
    repeatable: true,
    description:
      'only sources and outputs that match, or are in a folder of that name; below their root, or absolute',
  },
  'retry-failed': {
    type: 'boolean',
    description: 'try outputs again that failed before with the same source and options',
  },
  'overwrite-unmanaged': {
    type: 'boolean',
    description: 'replace files in the way that flac2all did not make',
  },
  'max-delete': {
    type: 'integer',
    placeholder: 'N',
    min: 0,
    description: 'let at most N files be deleted, whatever the manifest says',
  },
  full: { type: 'boolean', description: 'show every row of the plan' },
} as const;

/** How a plan is written. */
export type PlanFormat = 'text' | 'markdown';

/** The option of commands that do several things at the same time; `description` says which. */
export function jobsOption(description: string): IntegerOption {
  return { type: 'integer', short: 'j', placeholder: 'N', min: 1, max: 1024, description };
}

/** The option of commands that only print a plan. */
export const FORMAT_OPTION = {
  format: {
    type: 'string',
    placeholder: 'FORMAT',
    choices: ['text', 'markdown'],
    default: 'text',
    description: 'text, or markdown for a comment on a pull request',
  },
} as const;

/** What is wrong with a format, if anything: JSON has none. */
export function formatProblem(values: {
  readonly json: boolean;
  readonly format: PlanFormat;
  readonly full: boolean;
}): UsageFailure | undefined {
  if (values.format === 'text') return undefined;
  const other = values.json ? '--json' : values.full ? '--full' : undefined;
  if (other === undefined) return undefined;
  const message = `--format markdown and ${other} exclude each other`;
  return { code: 'USAGE', message, hint: 'leave one of them out' };
}
