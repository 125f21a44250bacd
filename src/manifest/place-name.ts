import type { JsonPath } from './parse.js';

/** Names the value at `path` of a manifest for people: `"bitrate" in options of codec opus`. */
export function placeName(root: unknown, path: JsonPath): string {
  const last = path.at(-1);
  if (last === undefined) return 'the manifest';
  const parent = path.slice(0, -1);
  if (typeof last === 'number') {
    if (parent.length === 1 && parent[0] === 'outputs') return `output ${last + 1}`;
    return `item ${last + 1} of ${placeName(root, parent)}`;
  }
  const known = mappingName(path);
  return known ?? (parent.length === 0 ? `"${last}"` : `"${last}" in ${holderName(root, parent)}`);
}

/** Names the mapping at `path` for a message about one of its keys: `options of codec opus`. */
export function holderName(root: unknown, path: JsonPath): string {
  const last = path.at(-1);
  if (last === 'options') {
    const codec = valueAt(root, [...path.slice(0, -1), 'codec']);
    if (typeof codec === 'string') return `options of codec ${codec}`;
  }
  if (last === 'tags' || last === 'pictures' || last === 'limits' || last === 'options') {
    return `${last} of ${placeName(root, path.slice(0, -1))}`;
  }
  if (path.length === 1 && typeof last === 'string') return last;
  return placeName(root, path);
}

function mappingName(path: JsonPath): string | undefined {
  if (path.length !== 2) return undefined;
  if (path[0] === 'profiles') return `profile "${path[1]}"`;
  if (path[0] === 'sources') return `source "${path[1]}"`;
  return undefined;
}

/** The value at `path`, or `undefined` where there is none. */
export function valueAt(root: unknown, path: JsonPath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

/** What a value is, for a message: `text "x"`, `number 3`, `a list`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return `text ${JSON.stringify(shorten(value))}`;
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a mapping';
  return typeof value === 'number' ? `number ${value}` : JSON.stringify(value);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
