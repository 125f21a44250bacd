import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codecs, families } from '#src/codecs/registry.gen.js';
import { readSchema } from '#src/lib/schema-validator.js';
import { compileSchema } from '../support/compile-schema.js';

type Schema = Readonly<Record<string, unknown>>;

const schema = readSchema('manifest');
const definitions = schema['definitions'] as Readonly<Record<string, Schema>>;

/** Every key that a manifest may have: where it is, its rule, and whether it may be left out. */
function* keys(rule: Schema, at: string): Generator<readonly [string, Schema, boolean]> {
  const required = (rule['required'] ?? []) as readonly string[];
  const properties = (rule['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  for (const [name, property] of Object.entries(properties)) {
    yield [`${at}.${name}`, follow(property), !required.includes(name)];
    if (property['$ref'] === undefined) yield* keys(property, `${at}.${name}`);
  }
}

function follow(rule: Schema): Schema {
  const name = /^#\/definitions\/(.+)$/.exec(String(rule['$ref']))?.[1];
  return name === undefined ? rule : (definitions[name] ?? {});
}

const all = [
  ...keys(schema, 'manifest'),
  ...Object.entries(definitions).flatMap(([name, rule]) => [...keys(rule, name)]),
];

test('every key says what it is and shows its default or an example', () => {
  assert.ok(all.length > 50);
  for (const [at, rule, optional] of all) {
    assert.match(String(rule['description']), /^[A-Za-z0-9].*\.$/, `${at}: description`);
    assert.doesNotMatch(String(rule['description']), /[`*_#]{2}|`|\]\(/, `${at}: plain text`);
    const shown = rule['default'] !== undefined || Array.isArray(rule['examples']);
    assert.ok(!optional || shown, `${at}: default or examples`);
  }
});

test('every default and every example is right by its own rule', () => {
  let checked = 0;
  for (const [at, rule] of all) {
    const { default: standard, examples = [] } = rule as {
      default?: unknown;
      examples?: unknown[];
    };
    const validate = compileSchema({ ...rule, definitions });
    for (const value of standard === undefined ? examples : [standard, ...examples]) {
      assert.ok(validate(value), `${at}: ${JSON.stringify(value)}`);
      checked++;
    }
  }
  assert.ok(checked > 80);
});

test('holds the options of every codec', () => {
  assert.deepEqual(
    (definitions['codecName']?.['anyOf'] as readonly Schema[] | undefined)?.[0]?.['enum'],
    codecs.map(({ name }) => name),
  );
  for (const { name, options } of [...codecs, ...families]) {
    const rules = definitions[`${name}Options`]?.['properties'] as Schema;
    assert.deepEqual(Object.keys(rules), Object.keys(options['properties'] as Schema));
  }
});
