import type { JsonPath } from './parse.js';
import { valueAt } from './place-name.js';

/** The path that a JSON pointer takes through `root`: what leads into a list becomes a number. */
export function pointerPath(root: unknown, pointer: string): JsonPath {
  const path: (string | number)[] = [];
  for (const part of pointer.split('/').slice(1)) {
    const step = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(valueAt(root, path)) ? Number(step) : step);
  }
  return path;
}
