import { failureAt } from './failure.js';
import type { ManifestFailure, Problem } from './failure.js';
import type { JsonPath, ParsedDocument } from './parse.js';

/** A value in a file of the manifest. */
export interface Place {
  readonly document: ParsedDocument;
  readonly path: JsonPath;
}

/** The place of something inside what stands at `place`. */
export function below(place: Place, ...steps: JsonPath): Place {
  return { document: place.document, path: [...place.path, ...steps] };
}

/** A problem with the value at `place`, or with its key. */
export function failureIn(
  place: Place,
  problem: Problem,
  part: 'key' | 'value' = 'value',
): ManifestFailure {
  return failureAt(place.document.locate(place.path, part), problem);
}
