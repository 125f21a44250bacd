import { isModeList } from './modes.js';
import { CLASSIC_OPTIONS } from './options.js';
import type { ArgumentSpan } from './command-text.js';
import type { Option } from '../command.js';

const OPTIONS: readonly (readonly [string, Option])[] = Object.entries(CLASSIC_OPTIONS);

/**
 * Brings a classic command line into the form that the reader of arguments takes: a value may begin
 * with a dash, a long name may be cut short, and `-n` may stand alone, as in the older versions.
 */
export function normalArguments(argv: readonly string[]): readonly string[] {
  const normal: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    if (argument === '--') return [...normal, ...argv.slice(index)];
    const name = fullName(argument);
    const next = argv[index + 1];
    if (name === 'nodirs' && next !== 'd' && next !== 'm') {
      normal.push('--nodirs=d');
    } else if (name !== undefined && takesValue(name) && next !== undefined) {
      normal.push(`--${name}=${next}`);
      index += 1;
    } else {
      normal.push(name === undefined ? withFullName(argument) : `--${name}`);
    }
  }
  return normal;
}

/** Whether the first argument that is no option lists modes. */
export function isClassic(argv: readonly string[]): boolean {
  const first = normalArguments(argv).find((argument) => !argument.startsWith('-'));
  return first !== undefined && isModeList(first);
}

/** Where the value of an option stands, the last one of several; `undefined`: it was not given. */
export function placeOfValue(
  argv: readonly string[],
  name: keyof typeof CLASSIC_OPTIONS,
): ArgumentSpan | undefined {
  for (let index = argv.length - 1; index >= 0; index -= 1) {
    const argument = argv[index] ?? '';
    const next = argv[index + 1];
    if (fullName(argument) === name && next !== undefined) {
      return { argument: index + 1, offset: 0, length: next.length };
    }
    const joined = withFullName(argument);
    const lead = `--${name}=`;
    if (joined.startsWith(lead)) {
      const length = joined.length - lead.length;
      return { argument: index, offset: argument.length - length, length };
    }
  }
  return undefined;
}

/** Where a positional argument stands: the first, the second, ... */
export function placeOfPositional(
  argv: readonly string[],
  value: string,
): ArgumentSpan | undefined {
  const argument = argv.indexOf(value);
  return argument === -1 ? undefined : { argument, offset: 0, length: value.length };
}

/** The long name of an option that stands alone: `-o`, `--outdir`, `--out`. */
function fullName(argument: string): string | undefined {
  const [, short] = /^-([A-Za-z])$/u.exec(argument) ?? [];
  if (short !== undefined) return OPTIONS.find(([, option]) => option.short === short)?.[0];
  const [, long] = /^--([a-z-]+)$/u.exec(argument) ?? [];
  return long === undefined ? undefined : completed(long);
}

/** `--vorbis=quality=9` as `--vorbis-options=quality=9`, `-l...` as `--lame-options=...`. */
function withFullName(argument: string): string {
  const [, long, value] = /^--([a-z-]+)=(.*)$/su.exec(argument) ?? [];
  if (long !== undefined) return `--${completed(long) ?? long}=${value}`;
  const [, short, joined] = /^-([A-Za-z])(.+)$/su.exec(argument) ?? [];
  const name = OPTIONS.find(([, option]) => option.short === short)?.[0];
  return name !== undefined && takesValue(name) ? `--${name}=${joined}` : argument;
}

/** The only option that begins so; all are lower case. */
function completed(start: string): string | undefined {
  if (Object.hasOwn(CLASSIC_OPTIONS, start)) return start;
  const found = OPTIONS.filter(([name]) => name.startsWith(start));
  return found.length === 1 ? found[0]?.[0] : undefined;
}

function takesValue(name: string): boolean {
  return OPTIONS.some(([one, { type }]) => one === name && type !== 'boolean');
}
