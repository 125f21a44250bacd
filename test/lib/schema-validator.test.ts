import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { compileSchema, readSchema } from '#src/lib/schema-validator.js';
import type { SchemaName } from '#src/lib/schema-validator.js';

const FOLDER = fileURLToPath(new URL('../../../schemas', import.meta.url));
const names = readdirSync(FOLDER).map((file) => file.replace('.schema.json', '') as SchemaName);

test('every schema that is shipped is a valid schema, which the program does not check', () => {
  assert.ok(names.length > 0);
  for (const name of names) {
    const ajv = new Ajv({ strictTypes: false, strictRequired: false });
    assert.equal(ajv.validateSchema(readSchema(name)), true, `${name}: ${ajv.errorsText()}`);
  }
});

test('all that is wrong with a value is reported, with the value and the rule', () => {
  const validate = compileSchema({
    type: 'object',
    properties: { a: { type: 'number' }, b: { enum: ['x'] } },
  });
  assert.equal(validate({ a: 'one', b: 2 }), false);
  assert.deepEqual(
    validate.errors?.map(({ instancePath, data, parentSchema }) => [
      instancePath,
      data,
      parentSchema,
    ]),
    [
      ['/a', 'one', { type: 'number' }],
      ['/b', 2, { enum: ['x'] }],
    ],
  );
  assert.equal(validate({ a: 1, b: 'x' }), true);
});
