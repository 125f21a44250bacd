import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { ErrorObject, SchemaObject, ValidateFunction } from 'ajv';

/** The schemas that are shipped. */
export type SchemaName = 'manifest' | 'ledger' | 'plan' | 'shard' | 'event' | 'message';
/** One rule that a value breaks. */
export type SchemaError = ErrorObject;

/** Checks values against one schema; afterwards `errors` holds what was wrong with the last one. */
export type Validator = ValidateFunction;

/** Reads `schemas/<name>.schema.json` as it is shipped with the package. */
export function readSchema(name: SchemaName): SchemaObject {
  const url = new URL(`../../schemas/${name}.schema.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as SchemaObject;
}

/**
 * Compiles a JSON Schema (draft-07) that is valid itself. Reports all errors, each with its value and
 * rule (`data`, `parentSchema`); fills no defaults; coerces nothing. Most programs check one value
 * and end: what takes longer to compile than it saves is left out.
 */
export function compileSchema(schema: SchemaObject): Validator {
  return new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    discriminator: true,
    validateSchema: false,
    code: { optimize: false },
  }).compile(schema);
}
