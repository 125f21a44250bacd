import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { readSchema, validatorFor } from '#src/lib/schema-validator.js';
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

test('all that is wrong with a manifest is reported, with the value and the rule', () => {
  const validate = validatorFor('manifest');
  assert.equal(
    validate({ version: 2, sources: 3, outputs: [{ codec: 'opus', to: 'out' }] }),
    false,
  );
  const found = validate.errors?.map(({ instancePath, keyword, data, parentSchema }) => {
    return [instancePath, keyword, data, (parentSchema ?? {})[keyword]];
  });
  assert.deepEqual(found?.slice(0, 1), [['/version', 'const', 2, 1]]);
  assert.ok(found.some(([path, keyword]) => path === '/sources' && keyword === 'type'));
  assert.equal(
    validate({ version: 1, source: 'in', outputs: [{ codec: 'opus', to: 'out' }] }),
    true,
  );
});

test('of a message the first error is reported, and nothing of the value', () => {
  const validate = validatorFor('message-ACK');
  assert.equal(validate({ attempts: [1, 2] }), false);
  assert.equal(validate.errors?.length, 1);
  assert.equal(validate.errors[0]?.data, undefined);
  assert.equal(validate({ attempts: [] }), true);
});
