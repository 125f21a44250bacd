import type { Entry, LedgerView } from '../ledger/entry.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import { errorMessage } from '../lib/failure.js';
import type { Proposal, Refusal, RowEdit } from './edit-ledger.js';
import { sortedRows } from './forget-rows.js';
import { lookAt } from './survey.js';

/**
 * Proposes to trust again those rows, unverified since the ledger was damaged, whose file is byte for
 * byte what they say. The others stay unverified: such files are never overwritten or deleted.
 */
export async function proposeRepair(view: LedgerView, disk: Disk): Promise<Proposal> {
  const edits: RowEdit[] = [];
  const refused: Refusal[] = [];
  const isUnverified = (path: AbsolutePath): boolean =>
    view.entries.glance(path)?.unverified === true;
  for (const entry of sortedRows(view, isUnverified)) {
    const verified = await verify(entry, disk);
    if ('now' in verified) edits.push(verified);
    else refused.push(verified);
  }
  return { edits, refused };
}

async function verify(entry: Entry, disk: Disk): Promise<RowEdit | Refusal> {
  const { unverified: _, ...row } = entry;
  const refuse = (text: string): Refusal => ({ output: entry.path, text });
  const there = lookAt(entry.path);
  if (there.kind === 'missing') return refuse('stays unverified: the file is missing');
  if (there.kind === 'other') return refuse(`stays unverified: now ${there.text}`);
  try {
    if ((await disk.sha256(entry.path)) !== entry.output.sha256) {
      return refuse('stays unverified: its checksum is not the recorded one');
    }
  } catch (error) {
    return refuse(`stays unverified: ${errorMessage(error)}`);
  }
  const now = { ...row, output: { ...entry.output, stat: there.stat } };
  return { entry, now, text: 'verified by its checksum' };
}
