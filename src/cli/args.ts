import { parseArgs } from 'node:util';
import { nearest } from '../lib/nearest.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type {
  Arguments,
  Command,
  Option,
  OptionTable,
  OptionValues,
  Positionals,
} from './command.js';
import type { UsageFailure } from './failure.js';

type Value = boolean | string | number;

/** The part of a command that says what its command line may hold. */
export interface Shape<T extends OptionTable> {
  readonly name: string;
  readonly options: T;
  readonly positionals?: Positionals;
}

/**
 * Reads the arguments after a command's name: `--opt=value`, `--opt value`, `-j4`, `-j 4`, `-vq`,
 * and `--`, after which nothing is an option. An option that is given twice keeps its last value,
 * or all of them where it is repeatable.
 */
export function parseArguments<const T extends OptionTable>(
  argv: readonly string[],
  shape: Shape<T>,
): Result<Arguments<T>, UsageFailure> {
  const { tokens } = parseArgs({
    args: [...argv],
    options: nodeOptions(shape.options),
    strict: false,
    tokens: true,
  });
  const given = new Map<string, Value[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const value = readOption(token, shape);
    if (!value.ok) return value;
    given.set(token.name, [...(given.get(token.name) ?? []), value.value]);
  }
  const miscount = checkCount(positionals, shape);
  if (miscount !== undefined) return err(miscount);
  return ok({ values: fillValues(shape.options, given), positionals });
}

/** Finds the command that the first argument names. */
export function selectCommand<T extends Pick<Command, 'name'>>(
  name: string,
  commands: readonly T[],
): Result<T, UsageFailure> {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return ok(command);
  if (name.startsWith('-')) {
    const message = `${name} stands where a command is expected`;
    return err({ code: 'USAGE', message, hint: 'options come after it: flac2all plan -f FILE' });
  }
  const near = nearest(
    name,
    commands.map((candidate) => candidate.name),
  );
  return err({
    code: 'USAGE',
    message: `there is no command "${name}"`,
    hint: near === undefined ? 'flac2all --help lists the commands' : `did you mean "${near}"?`,
  });
}

/** Whether a flag stands before `--`, whatever else is wrong with the command line. */
export function asksFor(argv: readonly string[], long: string, short?: string): boolean {
  const end = argv.indexOf('--');
  const options = end === -1 ? argv : argv.slice(0, end);
  return options.some((argument) => argument === `--${long}` || argument === `-${short ?? '-'}`);
}

interface OptionToken {
  readonly name: string;
  /** As it was written: `-j`, `--jobs`. */
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function readOption(token: OptionToken, shape: Shape<OptionTable>): Result<Value, UsageFailure> {
  const option = Object.hasOwn(shape.options, token.name) ? shape.options[token.name] : undefined;
  if (option === undefined) return err(unknownOption(token, shape));
  const { rawName, value } = token;
  if (option.type === 'boolean') {
    if (value === undefined) return ok(true);
    return err(usage(`${rawName} takes no value, but got "${value}"`, shape));
  }
  if (value === undefined || (token.inlineValue !== true && /^-./u.test(value))) {
    return err(usage(`${rawName} needs a value: ${option.placeholder}`, shape, missingHint(token)));
  }
  if (option.type === 'integer') return readInteger(value, { rawName, option, shape });
  const { choices } = option;
  if (choices === undefined || choices.includes(value)) return ok(value);
  const near = nearest(value, choices);
  const hint = near === undefined ? `choose from ${choices.join(', ')}` : `did you mean "${near}"?`;
  return err(usage(`${rawName} does not take "${value}"`, shape, hint));
}

interface IntegerContext {
  readonly rawName: string;
  readonly option: Extract<Option, { readonly type: 'integer' }>;
  readonly shape: Shape<OptionTable>;
}

function readInteger(text: string, context: IntegerContext): Result<number, UsageFailure> {
  const { rawName, option, shape } = context;
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = option;
  const value = /^[+-]?\d+$/u.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return ok(value);
  const range = [
    ...(option.min === undefined ? [] : [`from ${option.min}`]),
    ...(option.max === undefined ? [] : [`up to ${option.max}`]),
  ].join(' ');
  const wanted = range === '' ? 'a whole number' : `a whole number ${range}`;
  return err(usage(`${rawName} must be ${wanted}, but is "${text}"`, shape));
}

function unknownOption({ name, rawName }: OptionToken, shape: Shape<OptionTable>): UsageFailure {
  const near = rawName.startsWith('--') ? nearest(name, Object.keys(shape.options)) : undefined;
  const hint = near === undefined ? undefined : `did you mean "--${near}"?`;
  return usage(`${shape.name} has no option ${rawName}`, shape, hint);
}

function missingHint({ rawName, value }: OptionToken): string | undefined {
  if (value === undefined) return undefined;
  const joined = rawName.startsWith('--') ? `${rawName}=${value}` : `${rawName}${value}`;
  return `for a value that begins with "-" write ${joined}`;
}

function checkCount(given: readonly string[], shape: Shape<OptionTable>): UsageFailure | undefined {
  const { name, min, max } = shape.positionals ?? { name: '', min: 0, max: 0 };
  const surplus = given[max];
  if (surplus !== undefined) {
    const isManifest = Object.hasOwn(shape.options, 'file') && /\.ya?ml$/iu.test(surplus);
    const hint = isManifest ? `name the manifest with --file ${surplus}` : undefined;
    return usage(`unexpected argument "${surplus}"`, shape, hint);
  }
  return given.length < min ? usage(`${shape.name} needs ${name}`, shape) : undefined;
}

function usage(message: string, shape: Shape<OptionTable>, hint?: string): UsageFailure {
  return { code: 'USAGE', message, hint: hint ?? `flac2all ${shape.name} --help tells more` };
}

function fillValues<T extends OptionTable>(
  table: T,
  given: ReadonlyMap<string, readonly Value[]>,
): OptionValues<T> {
  const values = Object.entries(table).map(([name, option]) => {
    const found = given.get(name);
    if (option.type === 'boolean') return [name, found !== undefined];
    if (option.repeatable === true) {
      return [name, found ?? (option.default === undefined ? [] : [option.default])];
    }
    return [name, found?.at(-1) ?? option.default];
  });
  return Object.fromEntries(values) as OptionValues<T>;
}

interface NodeOption {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
}

function nodeOptions(table: OptionTable): Record<string, NodeOption> {
  return Object.fromEntries(
    Object.entries(table).map(([name, { type, short }]) => [
      name,
      {
        type: type === 'boolean' ? 'boolean' : 'string',
        ...(short === undefined ? {} : { short }),
      } satisfies NodeOption,
    ]),
  );
}
