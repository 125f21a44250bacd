import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ErrorObject, SchemaObject, ValidateFunction } from 'ajv';

/** The schemas that are shipped. */
export type SchemaName = 'manifest' | 'ledger' | 'plan' | 'shard' | 'event' | 'message';

/** What the build compiles: schemas, single messages, and the options of codecs and their families. */
export type ValidatorName =
  'manifest' | 'shared' | 'plan' | 'shard' | 'event' | `message-${string}` | `options-${string}`;

export type { SchemaObject };

/** One rule that a value breaks. */
export type SchemaError = ErrorObject;

/** Checks values against one schema; afterwards `errors` holds what was wrong with the last one. */
export type Validator = ValidateFunction;

/** Reads `schemas/<name>.schema.json` (draft-07) as it is shipped with the package. */
export function readSchema(name: SchemaName): SchemaObject {
  return JSON.parse(readFileSync(schemaFile(name), 'utf8')) as SchemaObject;
}

/** Where it is. */
export function schemaFile(name: SchemaName): string {
  return fileURLToPath(new URL(`../../schemas/${name}.schema.json`, import.meta.url));
}

const load = createRequire(import.meta.url);
const loaded = new Map<ValidatorName, Validator>();

/**
 * The schema as code, which the build makes: to compile one at each start takes longer than all else
 * that most commands do. Fills no defaults, coerces nothing. Of messages and options the first error
 * is reported; of the others all, each with its value and rule (`data`, `parentSchema`).
 */
export function validatorFor(name: ValidatorName): Validator {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const validator = load(`../validators/${name}.cjs`) as Validator;
  loaded.set(name, validator);
  return validator;
}
