import type { Failure, TextLocation } from '../lib/failure.js';

/** What can be wrong with a manifest. */
export type ManifestFailureCode =
  | 'MANIFEST_MISSING'
  | 'MANIFEST_NOT_A_FILE'
  | 'MANIFEST_UNREADABLE'
  | 'MANIFEST_TOO_LARGE'
  | 'MANIFEST_EMPTY'
  | 'MANIFEST_NOT_TEXT'
  | 'MANIFEST_SYNTAX'
  | 'MANIFEST_VERSION'
  | 'MANIFEST_UNKNOWN_KEY'
  | 'MANIFEST_MISSING_KEY'
  | 'MANIFEST_BAD_VALUE'
  | 'MANIFEST_UNKNOWN_NAME'
  | 'MANIFEST_USELESS_KEY'
  | 'MANIFEST_EXTENDS'
  | 'MANIFEST_BAD_PATH'
  | 'MANIFEST_BAD_PATTERN'
  | 'MANIFEST_BAD_LAYOUT'
  | 'MANIFEST_OVERLAP'
  | 'MANIFEST_ENCODER_MISSING';

/** One thing that is wrong with a manifest, with its place where it has one. */
export type ManifestFailure = Failure<ManifestFailureCode>;

/** What is wrong and the way out, before anybody knows where. */
export interface Problem {
  readonly code: ManifestFailureCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Puts a place to a problem. */
export function failureAt(location: TextLocation | undefined, problem: Problem): ManifestFailure {
  const { code, message, hint } = problem;
  return {
    code,
    message,
    ...(location === undefined ? {} : { location }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** The hint for a mistyped word, or `otherwise` when nothing known is near. */
export function didYouMean(found: string | undefined, otherwise: string): string {
  return found === undefined ? otherwise : `did you mean "${found}"?`;
}

/** Orders failures as a reader meets them; those without a place come first. */
export function byPlace(a: ManifestFailure, b: ManifestFailure): number {
  const [left, right] = [a.location, b.location];
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined);
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return left.line - right.line || left.column - right.column;
}
