import picomatch from 'picomatch';

/** Tells whether a relative path is selected. */
export type Matcher = (rel: string) => boolean;

/**
 * Compiles patterns with the meaning that they have in a scan: case does not count, `*` also
 * matches leading dots, a pattern with `!` in front takes away. No patterns select nothing.
 */
export function matcher(patterns: readonly string[]): Matcher {
  const { wanted, unwanted } = splitPatterns(patterns);
  if (wanted.length === 0) return () => false;
  const isWanted = compile(wanted);
  if (unwanted.length === 0) return isWanted;
  const isUnwanted = compile(unwanted);
  return (rel) => isWanted(rel) && !isUnwanted(rel);
}

/** Flag `s`: `**` passes through folders with line breaks in their names. */
function compile(patterns: readonly string[]): Matcher {
  const matches = picomatch(patterns as string[], {
    dot: true,
    posix: true,
    flags: 'is',
    expandRange,
  });
  return (rel) => matches(rel);
}

/** Patterns by what they do. */
export interface SplitPatterns {
  readonly wanted: readonly string[];
  /** Those with a `!` in front, without it. */
  readonly unwanted: readonly string[];
}

/** Sorts patterns by what they do and brings them to one spelling: no leading `./`, no `//`. */
export function splitPatterns(patterns: readonly string[]): SplitPatterns {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  for (const pattern of patterns) {
    const negative = pattern.startsWith('!') && pattern[1] !== '(';
    const spelled = (negative ? pattern.slice(1) : pattern).replace(/^(\.\/+)+/, '');
    (negative ? unwanted : wanted).push(spelled.replace(/\/{2,}/g, '/'));
  }
  return { wanted, unwanted };
}

/** `{1..12}` as a group of alternatives, `{01..12}` with the zeros kept. */
function expandRange(first: string, last: string): string {
  const [low, high] = [Number(first), Number(last)];
  if (!Number.isInteger(low) || !Number.isInteger(high)) return `[${first}-${last}]`;
  const padded = /^-?0\d/.test(first) || /^-?0\d/.test(last);
  const width = padded ? Math.max(first.length, last.length) : 0;
  const from = Math.min(low, high);
  const count = Math.min(Math.abs(high - low) + 1, MAX_RANGE);
  const numbers = Array.from({ length: count }, (_, index) =>
    String(from + index).padStart(width, '0'),
  );
  return `(?:${numbers.join('|')})`;
}

const MAX_RANGE = 10_000;

/** A pattern that selects exactly this path. */
export function literalPattern(path: string): string {
  return path.replaceAll(/[\\*?[\]{}()!+@|]/gu, String.raw`\$&`);
}
