import { nearest } from '../lib/nearest.js';
import type { SchemaError } from '../lib/schema-validator.js';
import { didYouMean } from './failure.js';
import type { Problem } from './failure.js';
import type { JsonPath } from './parse.js';
import { describe, holderName, placeName, valueAt } from './place-name.js';

/** A JSON Schema or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

/** One error of the schema validator, with all that a message may need. */
export interface Finding {
  readonly error: SchemaError;
  readonly root: unknown;
  readonly path: JsonPath;
  readonly found: unknown;
  /** The schema that the value did not satisfy. */
  readonly rule: Schema;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
};

/** A value of another JSON type. */
export function wrongType(finding: Finding): Problem {
  const { found, rule } = finding;
  const types = [rule['type']].flat().map(String);
  const wanted = types.map((type) => TYPE_NAMES[type] ?? type).join(' or ');
  if (types.includes('boolean') && typeof found === 'string') {
    return badValue(finding, wanted, 'write true or false');
  }
  const number = types.includes('number') || types.includes('integer');
  if (number && typeof found === 'string' && found.trim() !== '' && !Number.isNaN(Number(found))) {
    return badValue(finding, wanted, 'write it without quotes');
  }
  return badValue(finding, wanted);
}

/** A value that is none of those listed. */
export function notInList(finding: Finding): Problem {
  const { found, rule } = finding;
  const allowed = rule['enum'] as readonly (string | number)[];
  const words = allowed.map(String);
  const list = `one of ${allowed.map((value) => JSON.stringify(value)).join(', ')}`;
  if (typeof found === 'number' && allowed.includes(String(found))) {
    return badValue(finding, list, `write it in quotes: "${found}"`);
  }
  const near = typeof found === 'string' ? nearest(found, words) : undefined;
  return badValue(finding, list, near === undefined ? undefined : didYouMean(near, ''));
}

/** A value that is not the only one allowed. */
export function wrongConst({ found, rule, root, path }: Finding): Problem {
  if (path.at(-1) === 'version' && typeof found === 'number') {
    return {
      code: 'MANIFEST_VERSION',
      message: `this flac2all reads manifests of version 1, not of version ${found}`,
      hint: 'a newer flac2all may read it',
    };
  }
  return {
    code: 'MANIFEST_BAD_VALUE',
    message: `${placeName(root, path)} must be ${JSON.stringify(rule['const'])}, found ${describe(found)}`,
  };
}

/** A codec that is neither one of the list nor a member of a family. */
function unknownCodec({ found, rule, root, path }: Finding): Problem {
  const lists = rule['anyOf'] as readonly Schema[];
  const words = lists.flatMap((list) => (list['enum'] as readonly string[] | undefined) ?? []);
  return {
    code: 'MANIFEST_UNKNOWN_NAME',
    message: `unknown codec ${typeof found === 'string' ? JSON.stringify(found) : describe(found)} in ${holderName(root, path.slice(0, -1))}`,
    hint: didYouMean(
      nearest(String(found), words),
      `codecs: ${words.join(', ')}, and ffmpeg:NAME for each audio encoder of ffmpeg`,
    ),
  };
}

/** Ranges, lengths and whatever a codec's option schema may say. */
export function otherRule(finding: Finding): Problem {
  const { error, rule } = finding;
  const limit = (error.params as Readonly<Record<string, unknown>>)['limit'];
  switch (error.keyword) {
    case 'minimum':
    case 'maximum':
      return badValue(finding, range(rule, String(limit)));
    case 'minLength':
      return badValue(finding, 'text that is not empty');
    case 'minItems':
    case 'minProperties':
      return badValue(finding, 'at least one entry');
    case 'uniqueItems':
      return badValue(finding, 'a list without repetitions');
    case 'not':
    case 'anyOf':
      return finding.path.at(-1) === 'codec' ? unknownCodec(finding) : clash(finding);
    default:
      return badValue(finding, error.message ?? 'something else');
  }
}

function range({ minimum, maximum }: Schema, limit: string): string {
  if (minimum !== undefined && maximum !== undefined) {
    return `a number from ${JSON.stringify(minimum)} to ${JSON.stringify(maximum)}`;
  }
  return minimum === undefined ? `at most ${limit}` : `at least ${limit}`;
}

/** Options that do not go together: names those that are set and quotes what their schema says. */
function clash({ error, root, path, found, rule }: Finding): Problem {
  const condition = JSON.stringify(rule[error.keyword]);
  const involved = Object.keys(found as Schema).filter((key) => condition.includes(`"${key}"`));
  const texts = involved.map((key) => {
    const text: unknown = valueAt(rule, ['properties', key, 'description']);
    return `${key}: ${String(text)}`;
  });
  return {
    code: 'MANIFEST_BAD_VALUE',
    message: `${involved.map((key) => `"${key}"`).join(' and ')} ${error.keyword === 'not' ? 'exclude each other' : 'cannot stand like this'} in ${holderName(root, path)}`,
    hint: texts.join(' '),
  };
}

/** Text that does not match its pattern; the examples say more than the pattern would. */
export function badForm({ root, path, found, rule }: Finding): Problem {
  return {
    code: 'MANIFEST_BAD_VALUE',
    message: `${placeName(root, path)} cannot be ${describe(found)}`,
    hint: examples(rule, ''),
  };
}

/** A value that breaks a rule which `wanted` words. */
function badValue(finding: Finding, wanted: string, hint?: string): Problem {
  const { root, path, found, rule } = finding;
  const what = found === null ? 'is empty' : `is ${describe(found)}`;
  return {
    code: 'MANIFEST_BAD_VALUE',
    message: `${placeName(root, path)} ${what}, expected ${wanted}`,
    hint: hint ?? examples(rule, ''),
  };
}

/** The examples of a rule as a hint, each after `prefix`. */
export function examples(rule: Schema | undefined, prefix: string): string | undefined {
  const list = rule?.['examples'];
  if (!Array.isArray(list)) return undefined;
  const texts = list.map((example) => `${prefix}${JSON.stringify(example)}`);
  return `for example ${texts.join(' or ')}`;
}
