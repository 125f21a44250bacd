import { familyMember } from '../codecs/codecs.js';
import { nearest } from '../lib/nearest.js';
import type { SchemaError } from '../lib/schema-validator.js';
import { didYouMean, failureAt } from './failure.js';
import type { ManifestFailure, Problem } from './failure.js';
import type { JsonPath, ParsedDocument } from './parse.js';
import { pointerPath } from './json-pointer.js';
import { holderName, placeName, valueAt } from './place-name.js';
import { badForm, examples, notInList, otherRule, wrongConst, wrongType } from './value-problem.js';
import type { Finding, Schema } from './value-problem.js';

/** Says what is wrong in words of the manifest, and where. */
export function explainSchemaError(
  error: SchemaError,
  document: ParsedDocument,
  schema: Schema,
): ManifestFailure {
  const path = pointerPath(document.value, error.instancePath);
  const rule = (error.parentSchema ?? {}) as Schema;
  const finding = { error, root: document.value, path, found: error.data, rule };
  const problem = explain(finding, schema);
  const key = keyOf(error);
  const location =
    key === undefined ? document.locate(path) : document.locate([...path, key], 'key');
  return failureAt(location, problem);
}

function explain(finding: Finding, schema: Schema): Problem {
  const { error, root, path } = finding;
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(finding, String(params['additionalProperty']), schema);
    case 'required':
      return missingKey(finding, String(params['missingProperty']));
    case 'pattern':
      return error.propertyName === undefined ? badForm(finding) : badName(finding);
    case 'type':
      return wrongType(finding);
    case 'enum':
      return notInList(finding);
    case 'const':
      return wrongConst(finding);
    case 'oneOf':
      return eitherOr(finding);
    case 'dependencies':
      if (params['missingProperty'] === 'passthrough') return needsPassthrough();
      return needsCodec(root, path, String(params['property']));
    default:
      return otherRule(finding);
  }
}

function needsPassthrough(): Problem {
  return {
    code: 'MANIFEST_USELESS_KEY',
    message: '"passthroughFiles" stands without "passthrough"',
    hint: 'add "passthrough: copy" or "passthrough: link"',
  };
}

function unknownKey(finding: Finding, key: string, schema: Schema): Problem {
  const { root, path, rule } = finding;
  const known = Object.keys(rule['properties'] ?? {});
  const codec = valueAt(root, [...path, 'codec']);
  const isOption = Object.hasOwn(optionRules(schema, codec), key);
  const list = known.length === 0 ? 'there are none here' : `known keys: ${known.join(', ')}`;
  return {
    code: 'MANIFEST_UNKNOWN_KEY',
    message: `unknown key "${key}" in ${holderName(root, path)}`,
    hint: isOption
      ? `"${key}" is an option of codec ${String(codec)}: put it under "options"`
      : didYouMean(nearest(key, known), list),
  };
}

function optionRules(schema: Schema, codec: unknown): Schema {
  const name = familyMember(String(codec))?.family.name ?? String(codec);
  const rules = valueAt(schema, ['definitions', `${name}Options`, 'properties']);
  return (rules ?? {}) as Schema;
}

function missingKey({ root, path, rule }: Finding, key: string): Problem {
  return {
    code: 'MANIFEST_MISSING_KEY',
    message: `${holderName(root, path)} has no "${key}"`,
    hint: examples(valueAt(rule, ['properties', key]) as Schema | undefined, `${key}: `),
  };
}

function badName({ error, path }: Finding): Problem {
  if (path.at(-1) === 'set') {
    return {
      code: 'MANIFEST_BAD_VALUE',
      message: `"${error.propertyName ?? ''}" cannot be the name of a field`,
      hint: 'the name of a field is plain ASCII without "="',
    };
  }
  const kind = path[0] === 'profiles' ? 'profile' : 'source';
  return {
    code: 'MANIFEST_BAD_VALUE',
    message: `"${error.propertyName ?? ''}" cannot be the name of a ${kind}`,
    hint: 'a name is made of letters, digits, dots, hyphens and underscores, and begins with a letter or digit',
  };
}

/** `oneOf` whose branches each require one key: an output's profile or codec, source or sources. */
function eitherOr({ error, root, path, rule }: Finding): Problem {
  const keys = branchKeys(rule).map((key) => `"${key}"`);
  const none = error.params['passingSchemas'] === null;
  const holder = holderName(root, path);
  return none
    ? { code: 'MANIFEST_MISSING_KEY', message: `${holder} has neither ${keys.join(' nor ')}` }
    : {
        code: 'MANIFEST_BAD_VALUE',
        message: `${holder} has both ${keys.join(' and ')}`,
        hint: 'keep one of them',
      };
}

function needsCodec(root: unknown, path: JsonPath, key: string): Problem {
  const profile = valueAt(root, [...path, 'profile']);
  return {
    code: 'MANIFEST_USELESS_KEY',
    message: `"${key}" in ${placeName(root, path)} stands without "codec"`,
    hint:
      typeof profile === 'string'
        ? `put it into profile "${profile}", or give the output a "codec" in place of the profile`
        : 'name the codec',
  };
}

/** The key that an error is about, where the value it stands in is not the point. */
function keyOf({ keyword, params, propertyName, parentSchema }: SchemaError): string | undefined {
  if (keyword === 'additionalProperties') return String(params['additionalProperty']);
  if (keyword === 'dependencies') return String(params['property']);
  if (keyword === 'oneOf' && params['passingSchemas'] !== null) {
    return branchKeys(parentSchema ?? {}).at(-1);
  }
  return propertyName;
}

function branchKeys(rule: Schema): readonly string[] {
  return (rule['oneOf'] as readonly { readonly required: readonly string[] }[]).flatMap(
    (branch) => branch.required,
  );
}
