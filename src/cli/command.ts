import type { Timing } from '../cluster/timing.js';
import type { Clock } from '../lib/clock.js';
import type { Environment, TerminalStream } from '../report/terminal.js';
import type { ExitCode } from './exit-code.js';

interface OptionBase {
  /** One letter: `-j`. */
  readonly short?: string;
  /** A sentence part without a full stop, for `--help`. */
  readonly description: string;
}

interface ValueOption extends OptionBase {
  /** Stands for the value in help: `FILE`. */
  readonly placeholder: string;
  /** May be given several times; the value is then a list. */
  readonly repeatable?: boolean;
}

export interface BooleanOption extends OptionBase {
  readonly type: 'boolean';
}

export interface StringOption extends ValueOption {
  readonly type: 'string';
  readonly default?: string;
  /** The only values that are taken. */
  readonly choices?: readonly string[];
}

export interface IntegerOption extends ValueOption {
  readonly type: 'integer';
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

export type Option = BooleanOption | StringOption | IntegerOption;

/** Options by their long name, without the dashes. */
export type OptionTable = Readonly<Record<string, Option>>;

type Single<T extends Option> = T extends { readonly type: 'integer' }
  ? number
  : T extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : string;

/** The value of an option; `undefined` only where it may be left out and has no default. */
export type OptionValue<T extends Option> = T extends { readonly type: 'boolean' }
  ? boolean
  : T extends { readonly repeatable: true }
    ? readonly Single<T>[]
    : T extends { readonly default: string | number }
      ? Single<T>
      : Single<T> | undefined;

/** The values that a table of options gives, by long name. */
export type OptionValues<T extends OptionTable> = {
  readonly [Name in keyof T]: OptionValue<T[Name]>;
};

/** What may follow the options, and how many of it. */
export interface Positionals {
  /** For help: `PATH`. */
  readonly name: string;
  readonly description: string;
  readonly min: number;
  /** `Infinity` where there is no limit. */
  readonly max: number;
}

/** A command line that was found right. */
export interface Arguments<T extends OptionTable> {
  readonly values: OptionValues<T>;
  readonly positionals: readonly string[];
}

/** What a command gets besides its arguments. */
export interface CommandContext {
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  readonly env: Environment;
  /** Relative paths of the command line start here. */
  readonly cwd: string;
  readonly clock: Clock;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Waiting times of the cluster other than the usual ones. */
  readonly timing?: Partial<Timing>;
}

export interface Example {
  readonly command: string;
  readonly what: string;
}

/** What the list of commands shows of one. */
export interface CommandTitle {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** Heading under which it stands. */
  readonly group: string;
}

/** All of a command but its title, as one declaration: parsing, help and completion are made from it. */
export interface CommandBody<T extends OptionTable = OptionTable> {
  /** Synopses without the program's name: `plan [options]`. */
  readonly usage: readonly string[];
  /** Paragraphs. */
  readonly description: readonly string[];
  readonly options: T;
  readonly positionals?: Positionals;
  readonly examples: readonly Example[];
  run(args: Arguments<T>, context: CommandContext): Promise<ExitCode>;
}

export type Command = CommandTitle & CommandBody;

/**
 * Types `run` by the command's own table of options. The caller of a command knows its table only by
 * parsing with it, so to the outside all commands are of one type.
 */
export function defineCommand<const T extends OptionTable>(body: CommandBody<T>): CommandBody {
  return body;
}
