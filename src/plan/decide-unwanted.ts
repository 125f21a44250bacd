import type { Entry } from '../ledger/entry.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Action, Change, Reason } from './action.js';
import type { DiskFact } from './disk-fact.js';

/** All that a decision about a row that nothing wants rests on. */
export interface UnwantedCase {
  readonly entry: Entry;
  readonly disk: DiskFact;
  /** A symbolic link leads to the file: it stands where flac2all did not put it. */
  readonly link: AbsolutePath | undefined;
  readonly why: Reason;
  readonly prune: boolean;
  /** The scan could not look at the source: nothing may be concluded from its absence. */
  readonly unseen: boolean;
}

/** DESIGN section 6, the rows with `wanted: no`. */
export function decideUnwanted(at: UnwantedCase): Change {
  const { entry, disk, why } = at;
  if (at.unseen) {
    const text = 'its source could not be looked at; kept';
    return change(entry, 'skip', [{ code: 'source-unreadable', text }]);
  }
  if (disk.kind === 'missing') {
    return change(entry, 'forget', [{ code: 'already-gone', text: 'already gone' }, why]);
  }
  if (entry.unverified) {
    const text = 'its ledger row was damaged; kept';
    return change(entry, 'orphan', [{ code: 'ledger-row-unverified', text }, why]);
  }
  if (at.link !== undefined) {
    const text = `the symbolic link ${at.link} leads to it; kept, no longer managed`;
    return change(entry, 'forget', [{ code: 'modified-outside', text }, why]);
  }
  if (!isOurs(entry, disk)) {
    const text = 'modified outside; kept, no longer managed';
    return change(entry, 'forget', [{ code: 'modified-outside', text }, why]);
  }
  if (at.prune) return change(entry, 'delete', [why]);
  return change(entry, 'orphan', [why, { code: 'prune-off', text: 'kept: prune is off' }]);
}

/** Whether the file on disk is, byte for byte, the one that the row tells of. */
export function isOurs(entry: Entry, disk: DiskFact): boolean {
  if (disk.kind !== 'file') return false;
  return disk.stat === entry.output.stat || disk.sha256 === entry.output.sha256;
}

function change(entry: Entry, action: Action, reasons: readonly Reason[]): Change {
  return { action, output: entry.path, set: entry.set, source: entry.source.path, reasons, entry };
}
