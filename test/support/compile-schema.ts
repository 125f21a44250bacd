import { Ajv } from 'ajv';
import type { SchemaObject } from 'ajv';
import type { Validator } from '#src/lib/schema-validator.js';

/** For parts of a schema, which the build does not compile. */
export function compileSchema(schema: SchemaObject): Validator {
  return new Ajv({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    discriminator: true,
  }).compile(schema);
}
