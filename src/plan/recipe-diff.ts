import type { Json, JsonObject } from '../lib/json.js';
import { canonicalJson, sharedJson } from '../lib/json.js';
import type { Recipe } from '../manifest/manifest.js';
import type { Reason } from './action.js';

/** Whether two recipes, or the same parts of two, ask for the same. */
export function sameRecipe(a: object, b: object): boolean {
  return a === b || sharedJson(a) === sharedJson(b);
}

/** What differs in the audio recipe, one reason a value: `option changed: bitrate 128 -> 160`. */
export function audioRecipeReasons(old: Recipe, wanted: Recipe): readonly Reason[] {
  return difference('', old.audio, wanted.audio).map(({ key, before, after }) => ({
    code: 'option-changed' as const,
    text: `option changed: ${key.replace(/^options\./, '')} ${before} -> ${after}`,
    old: before,
    new: after,
  }));
}

/** What differs in the tag recipe. */
export function tagRecipeReasons(old: Recipe, wanted: Recipe): readonly Reason[] {
  if (sameRecipe(old.tags, wanted.tags)) return [];
  return difference('tags.', old.tags, wanted.tags).map(({ key, before, after }) => ({
    code: 'tags-changed' as const,
    text: `tag option changed: ${key.replace(/^tags\.pictures\./, 'pictures.')} ${before} -> ${after}`,
    old: before,
    new: after,
  }));
}

interface Difference {
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

function difference(prefix: string, old: JsonObject, wanted: JsonObject): Difference[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(wanted)])].toSorted();
  return keys.flatMap((key) => {
    const before = old[key];
    const after = wanted[key];
    if (isObject(before ?? {}) && isObject(after ?? {})) {
      return difference(
        `${prefix}${key}.`,
        (before ?? {}) as JsonObject,
        (after ?? {}) as JsonObject,
      );
    }
    if (show(before) === show(after)) return [];
    return [{ key: `${prefix}${key}`, before: show(before), after: show(after) }];
  });
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: Json | undefined): string {
  if (value === undefined) return 'default';
  return typeof value === 'string' ? value : canonicalJson(value);
}
