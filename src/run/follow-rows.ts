import { join, relative } from 'node:path';
import type { Entry, LedgerView } from '../ledger/entry.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import type { Failure } from '../lib/failure.js';
import { errorMessage } from '../lib/failure.js';
import { isWithin } from '../lib/path-within.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { Proposal, Refusal, RowEdit } from './edit-ledger.js';
import { sortedRows } from './forget-rows.js';
import { lookAt } from './survey.js';

/** A file or a folder that somebody moved by hand. */
export interface Moved {
  readonly from: AbsolutePath;
  readonly to: AbsolutePath;
}

/**
 * Proposes that the rows at `from`, or below it, follow their files to `to`: only where the old path is
 * free now, and the file at the new one is byte for byte that of the row.
 */
export async function proposeFollow(
  view: LedgerView,
  { from, to }: Moved,
  disk: Disk,
): Promise<Result<Proposal, Failure>> {
  const entries = [...sortedRows(view, (path) => isWithin(path, from))];
  if (entries.length === 0) {
    return err({
      code: 'NO_SUCH_PATH',
      message: `the ledger has no row at ${from} or below it`,
      hint: '`flac2all ledger list` prints the rows; the old path comes first',
    });
  }
  const edits: RowEdit[] = [];
  const refused: Refusal[] = [];
  for (const entry of entries) {
    const path = join(to, relative(from, entry.path)) as AbsolutePath;
    const followed = await follow(entry, path, { view, disk });
    if ('now' in followed) edits.push(followed);
    else refused.push(followed);
  }
  return ok({ edits, refused, folders: movedFolders(view, { from, to }) });
}

async function follow(
  entry: Entry,
  path: AbsolutePath,
  { view, disk }: { readonly view: LedgerView; readonly disk: Disk },
): Promise<RowEdit | Refusal> {
  const refuse = (text: string): Refusal => ({ output: entry.path, text });
  if (lookAt(entry.path).kind !== 'missing') return refuse('it still stands there');
  const there = lookAt(path);
  if (there.kind !== 'file') return refuse(`there is no file ${path}`);
  const other = view.entries.get(path);
  if (other !== undefined && other.output.sha256 !== entry.output.sha256) {
    return refuse(`the ledger knows ${path} as another output`);
  }
  try {
    if ((await disk.sha256(path)) !== entry.output.sha256) {
      return refuse(`${path} is another file: its checksum is not the recorded one`);
    }
  } catch (error) {
    return refuse(`${path} cannot be read: ${errorMessage(error)}`);
  }
  const { unverified: _, ...row } = entry;
  const now = { ...row, path, output: { ...entry.output, stat: there.stat } };
  return { entry, now, text: `follows its file to ${path}` };
}

/** Folders of ours that went along. */
function movedFolders({ directories }: LedgerView, { from, to }: Moved): Proposal['folders'] & {} {
  const moved = new Map<AbsolutePath, AbsolutePath>();
  for (const folder of directories) {
    if (!isWithin(folder, from) || lookAt(folder).kind !== 'missing') continue;
    const now = join(to, relative(from, folder)) as AbsolutePath;
    const there = lookAt(now);
    if (there.kind === 'other' && there.text === 'a folder') moved.set(folder, now);
  }
  return moved;
}
