import { resolve } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import { nearest } from '../lib/nearest.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { didYouMean } from './failure.js';
import type { Problem } from './failure.js';
import { parseTemplate } from './template.js';

/** What paths of a manifest are relative to. */
export interface PathBase {
  /** Where relative paths begin. */
  readonly directory: string;
  /** What `~` stands for. */
  readonly home: string;
}

const MISTAKES: readonly {
  readonly start: RegExp;
  readonly what: string;
  readonly hint: string;
}[] = [
  {
    start: /^~[^/]/,
    what: 'begins with the home folder of another user',
    hint: 'only "~/" is expanded; write the whole path, or "./~..." for a folder of that name',
  },
  {
    start: /^\$(?:\w+|\{\w+\})(?:\/|$)/,
    what: 'begins with an environment variable',
    hint: 'variables are not expanded; "~/" is',
  },
  {
    start: /^[A-Za-z][A-Za-z0-9+.-]*:\/\//,
    what: 'is an address, not a path',
    hint: 'mount it, and write the path of the mounted folder',
  },
  {
    start: /^[A-Za-z]:[\\/]/,
    what: 'is a Windows path',
    hint: 'write the path as this system knows it, with "/" between the parts',
  },
];

/** Makes a path of the manifest absolute and normal; does not look at the disk. */
export function expandPath(text: string, base: PathBase): Result<AbsolutePath, Problem> {
  const mistake = pathMistake(text);
  if (mistake !== undefined) return err(mistake);
  const inHome = text === '~' || text.startsWith('~/');
  const path = inHome ? resolve(base.home, `.${text.slice(1)}`) : resolve(base.directory, text);
  return ok(path as AbsolutePath);
}

/** Puts values in the place of `{profile}` and the like. */
export function fillPlaceholders(
  text: string,
  values: Readonly<Record<string, string>>,
): Result<string, Problem> {
  const mistake = pathMistake(text);
  if (mistake !== undefined) return err(mistake);
  const parsed = parseTemplate(text);
  if (!parsed.ok) return err(badPath(`in the path "${text}" ${parsed.error}`));
  let filled = '';
  for (const piece of parsed.value) {
    if ('text' in piece) {
      filled += piece.text;
      continue;
    }
    const { placeholder } = piece;
    const value = Object.hasOwn(values, placeholder) ? values[placeholder] : undefined;
    if (value === undefined) {
      const known = Object.keys(values);
      const list = `placeholders: ${known.map((name) => `{${name}}`).join(', ')}`;
      const hint = didYouMean(nearest(placeholder, known), list);
      return err({
        ...badPath(`unknown placeholder "{${placeholder}}" in the path "${text}"`),
        hint,
      });
    }
    filled += value;
  }
  return ok(filled);
}

/** What is wrong with a path or pattern that must stay below a source, or `undefined`. */
export function relativeProblem(text: string): string | undefined {
  if (text.startsWith('/') || text.startsWith('~')) return 'is not relative to the source';
  return text.split('/').includes('..') ? 'leads out of the source' : undefined;
}

function pathMistake(text: string): Problem | undefined {
  const mistake = MISTAKES.find(({ start }) => start.test(text));
  return mistake && { ...badPath(`the path "${text}" ${mistake.what}`), hint: mistake.hint };
}

function badPath(message: string): Problem {
  return { code: 'MANIFEST_BAD_PATH', message };
}
