import type { Result } from '../../lib/result.js';
import { err, ok } from '../../lib/result.js';
import { nearest } from '../../lib/nearest.js';

/** A part of an option string. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** What is wrong in an option string, where, and the way out. */
export interface OptionProblem extends Span {
  readonly message: string;
  readonly hint: string;
}

/** One argument as the encoder's own command line has it: `--quality=9`, `-q 0`, `-V2`. */
export interface EncoderArgument extends Span {
  /** With its dashes. */
  readonly name: string;
  /** Empty where there is none. */
  readonly value: string;
}

type Limit = 'sampleRate' | 'channels';

/** What an option string asks for, in the words of a manifest. */
export class EncoderWish {
  readonly options: Record<string, string | number | boolean> = {};
  readonly args: string[] = [];
  readonly limits: Partial<Record<Limit, number>> = {};
  /** What stands where in the string: `options.quality`, `args`, `limits.channels`. */
  readonly places: Map<string, Span> = new Map();
  #at: Span = { offset: 0, length: 0 };

  /** What is wished from now on stands here. */
  goTo(at: Span): void {
    this.#at = at;
  }

  option(name: string, value: string | number | boolean): undefined {
    this.options[name] = value;
    this.places.set(`options.${name}`, this.#at);
  }

  limit(name: Limit, value: number): undefined {
    this.limits[name] = value;
    this.places.set(`limits.${name}`, this.#at);
  }

  arg(...words: readonly string[]): undefined {
    this.args.push(...words);
    this.places.set('args', this.#at);
  }
}

/** What an argument of an encoder means here. Words that are returned say what is wrong with its value. */
export interface Rule {
  readonly takes: 'nothing' | 'number' | 'text';
  readonly apply: (wish: EncoderWish, value: string) => string | undefined;
}

export type Rules = Readonly<Record<string, Rule>>;

/** It changes nothing: flac2all does so anyway, or it is about what is said on the way. */
export const heeded: Rule = { takes: 'nothing', apply: () => undefined };

/** A number that becomes an option. */
export function numberOption(name: string): Rule {
  return { takes: 'number', apply: (wish, value) => wish.option(name, Number(value)) };
}

/** A flag that becomes an option's value. */
export function flagOption(name: string, to: string | number | boolean): Rule {
  return { takes: 'nothing', apply: (wish) => wish.option(name, to) };
}

/** A flag that brings the channels down. */
export function channelLimit(channels: number): Rule {
  return { takes: 'nothing', apply: (wish) => wish.limit('channels', channels) };
}

/** Handed to the encoder as it is. */
export function passed(name: string, takes: Rule['takes']): Rule {
  return {
    takes,
    apply: (wish, value) => wish.arg(...(takes === 'nothing' ? [name] : [name, value])),
  };
}

/** Not to be had here, with the reason. */
export function refused(why: string): Rule {
  return { takes: 'text', apply: () => why };
}

/** The grammar of an option string: how its parts become arguments, and what these mean. */
export interface Grammar {
  /** Of the encoder, for messages. */
  readonly program: string;
  /** What stands before a part that has no dash of its own: `--` or `-`. */
  readonly prefix: '-' | '--';
  readonly rules: Rules;
  /** Shown where something cannot be understood. */
  readonly example: string;
}

/**
 * Reads a string with colons; parts may also be written as arguments are, with dashes and spaces.
 * `spell` brings a part into the form that the rules have.
 */
export function readColonOptions(
  text: string,
  grammar: Grammar,
  spell: (part: string) => string = (part) => part,
): Result<EncoderWish, OptionProblem> {
  return readArguments(splitArguments(text, grammar.prefix, spell), grammar);
}

/** Gives each argument its meaning. */
export function readArguments(
  given: readonly EncoderArgument[],
  grammar: Grammar,
): Result<EncoderWish, OptionProblem> {
  const wish = new EncoderWish();
  for (const argument of given) {
    const { name, offset, length } = argument;
    const rule = Object.hasOwn(grammar.rules, name) ? grammar.rules[name] : undefined;
    wish.goTo({ offset, length });
    const wrong =
      rule === undefined
        ? unknown(argument, grammar)
        : applyRule(rule, argument, { wish, grammar });
    if (wrong !== undefined) return err({ offset, length, ...wrong });
  }
  return ok(wish);
}

type Wrong = Pick<OptionProblem, 'message' | 'hint'>;

function applyRule(
  rule: Rule,
  { name, value }: EncoderArgument,
  { wish, grammar }: { readonly wish: EncoderWish; readonly grammar: Grammar },
): Wrong | undefined {
  const hint = grammar.example;
  if (rule.takes === 'nothing' && value !== '') {
    return { message: `${name} takes no value, but got "${value}"`, hint };
  }
  const isNumber = value !== '' && Number.isFinite(Number(value));
  if (rule.takes === 'number' && !isNumber) {
    return { message: `${name} needs a number${value === '' ? '' : `, not "${value}"`}`, hint };
  }
  const why = rule.apply(wish, value);
  return why === undefined ? undefined : { message: `${name} cannot be used here`, hint: why };
}

function unknown({ name }: EncoderArgument, { program, rules, example }: Grammar): Wrong {
  const near = name.startsWith('--') ? nearest(name, Object.keys(rules)) : undefined;
  const hint = near === undefined ? example : `did you mean "${near.replace(/^--/, '')}"?`;
  return { message: `${name} is no option of ${program} that flac2all knows`, hint };
}

function splitArguments(
  text: string,
  prefix: Grammar['prefix'],
  spell: (part: string) => string,
): readonly EncoderArgument[] {
  const found: EncoderArgument[] = [];
  for (const [start, part] of piecesOf(text, /:/gu)) {
    for (const [at, piece] of piecesOf(part, /\s+(?=--?[A-Za-z])/gu)) {
      const written = piece.trim();
      if (written === '') continue;
      const offset = start + at + piece.indexOf(written);
      const spelled = spell(written);
      // lame's long options have one dash in the string, and get the other from its prefix.
      const isWhole =
        spelled.startsWith('--') || (spelled.startsWith('-') && (at > 0 || prefix === '--'));
      const argument = isWhole ? spelled : prefix + spelled;
      found.push({ ...nameAndValue(argument), offset, length: written.length });
    }
  }
  return found;
}

/** The pieces between separators, each with where it begins. */
export function* piecesOf(text: string, separator: RegExp): Generator<readonly [number, string]> {
  let start = 0;
  for (const { index, 0: match } of text.matchAll(separator)) {
    yield [start, text.slice(start, index)];
    start = index + match.length;
  }
  yield [start, text.slice(start)];
}

/** `--quality=9`, `--quality 9`, `-V2`, `-V 2`. */
function nameAndValue(argument: string): Pick<EncoderArgument, 'name' | 'value'> {
  const [, name = argument, value = ''] =
    /^(--[^\s=]+|-[^\s-])(?:[\s=]*)(.*)$/su.exec(argument) ?? [];
  return { name, value: value.trim() };
}
