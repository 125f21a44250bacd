import { relative, resolve } from 'node:path';
import type { Entry, LedgerView } from '../ledger/entry.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Failure } from '../lib/failure.js';
import { matcher } from '../lib/glob.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { isWithin } from '../lib/path-within.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Proposal } from './edit-ledger.js';
import { targetMatcher } from './target.js';

/** Proposes to forget the rows of these names; their files stay and belong to nobody then. */
export function proposeForget(
  view: LedgerView,
  select: (path: AbsolutePath) => boolean,
): Result<Proposal, Failure> {
  const entries = [...sortedRows(view, select)];
  if (entries.length === 0) {
    return err({
      code: 'NO_SUCH_PATH',
      message: 'no row of the ledger has that path or matches that pattern',
      hint: '`flac2all ledger list` prints the rows',
    });
  }
  const text = 'is forgotten; the file stays';
  return ok({ edits: entries.map((entry) => ({ entry, now: undefined, text })), refused: [] });
}

/**
 * Selects rows by names as people write them: a path (also of a folder) from the current folder, or a
 * pattern over absolute paths and paths below the current folder or an output's root.
 */
export function rowSelector(
  manifest: Manifest,
  names: readonly string[],
  cwd: string,
): (path: AbsolutePath) => boolean {
  const paths = names.map((name) => resolve(cwd, name));
  const matches = targetMatcher(manifest, names);
  const matchesHere = matcher(names);
  return (path) =>
    paths.some((one) => isWithin(path, one)) || matches(path) || matchesHere(relative(cwd, path));
}

/** The rows that are selected, by path; one after the other, so that not all of them are held. */
export function* sortedRows(
  { entries }: Pick<LedgerView, 'entries'>,
  select: (path: AbsolutePath) => boolean,
): Generator<Entry, void> {
  const paths = [...entries.keys()].filter(select);
  for (const path of paths.toSorted((a, b) => (a < b ? -1 : 1))) {
    const entry = entries.get(path);
    if (entry !== undefined) yield entry;
  }
}
