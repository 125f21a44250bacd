/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; order of keys and missing keys as in JavaScript. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * The one text of a value: keys sorted by code unit, no white space, no `undefined`. Equal values
 * have equal texts, so the text (or its digest) can stand for the value.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value as JsonObject)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

const texts = new WeakMap<object, string>();

/** `canonicalJson` of an object that many share and nobody changes: worked out once for each. */
export function sharedJson(value: object): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = canonicalJson(value as JsonObject);
  texts.set(value, text);
  return text;
}
