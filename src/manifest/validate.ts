import type { SchemaError, SchemaObject, ValidatorName } from '../lib/schema-validator.js';
import { readSchema, validatorFor } from '../lib/schema-validator.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { byPlace, failureAt } from './failure.js';
import type { ManifestFailure } from './failure.js';
import type { ManifestFile, Profiles } from './manifest-file.gen.js';
import type { ParsedDocument } from './parse.js';
import { explainSchemaError } from './schema-error.js';

/** A manifest whose form is right; its names and paths are not yet resolved. */
export interface ValidManifest {
  readonly document: ParsedDocument;
  readonly content: ManifestFile;
}

/** A file that a manifest `extends`. */
export interface SharedProfiles {
  readonly document: ParsedDocument;
  readonly content: { readonly version: 1; readonly profiles: Profiles };
}

/** More would not be read, and each costs a walk over the text. */
const MAX_SHOWN = 50;

/** The schema of a file of shared profiles: the part of the manifest's that may stand in it. */
export function sharedSchema(): SchemaObject {
  const { properties, definitions } = readSchema('manifest');
  const { version, profiles } = properties;
  return {
    type: 'object',
    additionalProperties: false,
    required: ['version', 'profiles'],
    properties: { version, profiles },
    definitions,
  };
}

/** Checks the form of a manifest: every key known, every value of its type and in its range. */
export function validateManifest(
  document: ParsedDocument,
): Result<ValidManifest, readonly ManifestFailure[]> {
  const failures = check(document, 'manifest');
  if (failures.length > 0) return err(failures);
  return ok({ document, content: document.value as ManifestFile });
}

/** Checks the form of a file of shared profiles. */
export function validateShared(
  document: ParsedDocument,
): Result<SharedProfiles, readonly ManifestFailure[]> {
  const foreign = foreignKeys(document);
  const failures = foreign.length > 0 ? foreign : check(document, 'shared');
  if (failures.length > 0) return err(failures);
  return ok({ document, content: document.value as SharedProfiles['content'] });
}

/** Keys that belong into a manifest, but not into a file that manifests extend. */
function foreignKeys(document: ParsedDocument): readonly ManifestFailure[] {
  if (typeof document.value !== 'object' || document.value === null) return [];
  const [all, shared] = [readSchema('manifest')['properties'], sharedSchema()['properties']];
  return Object.keys(document.value)
    .filter((key) => Object.hasOwn(all, key) && !Object.hasOwn(shared, key))
    .map((key) =>
      failureAt(document.locate([key], 'key'), {
        code: 'MANIFEST_EXTENDS',
        message: `"${key}" cannot stand in a file that a manifest extends`,
        hint: 'such a file holds "version" and "profiles", nothing else',
      }),
    );
}

function check(
  document: ParsedDocument,
  name: Extract<ValidatorName, 'manifest' | 'shared'>,
): readonly ManifestFailure[] {
  const validate = validatorFor(name);
  if (validate(document.value)) return [];
  const schema = name === 'manifest' ? readSchema('manifest') : sharedSchema();
  return (validate.errors ?? [])
    .filter((error) => !isRepetition(error))
    .slice(0, MAX_SHOWN)
    .map((error) => explainSchemaError(error, document, schema))
    .toSorted(byPlace);
}

/** Errors of single branches, and of a condition as a whole, only repeat what others say better. */
function isRepetition({ keyword, schemaPath, data }: SchemaError): boolean {
  if (keyword === 'if' || keyword === 'propertyNames') return true;
  if (keyword === 'oneOf') return typeof data !== 'object' || Array.isArray(data);
  return /\/(?:anyOf|oneOf|not)\/./.test(schemaPath);
}
