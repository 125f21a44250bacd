import type { Entry } from '../ledger/entry.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import type { CommitContext } from './commit.js';
import { linkInTheWay } from './link-in-the-way.js';
import { sourceStat } from './source-stat.js';
import { lookAt } from './survey.js';

/**
 * Whether the file of a row may be removed at this moment: `ok(false)` when it is gone already. It has
 * to be a regular file, reached through no symbolic link, that no source is, with the checksum of the
 * row, and the same file before and after it was read. Rejects when the lock is ours no more.
 */
export async function mayRemove(
  { path, source, output }: Entry,
  manifest: Pick<Manifest, 'outputs'>,
  { disk, ledger }: CommitContext,
): Promise<Result<boolean, string>> {
  const there = lookAt(path);
  if (there.kind === 'missing') return ok(false);
  if (there.kind === 'other') return err('no longer a regular file');
  if (there.stat === sourceStat(source.path)) return err('it is the source itself');
  const link = linkInTheWay(path, manifest, ledger.view);
  if (link !== undefined) return err(`the symbolic link ${link} leads to it`);
  if ((await disk.sha256(path)) !== output.sha256) return err('changed since it was made');
  await ledger.check();
  const now = lookAt(path);
  if (now.kind !== 'file' || now.stat !== there.stat) return err('changed while it was read');
  return ok(true);
}
