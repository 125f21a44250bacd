import { unreachable } from '../lib/unreachable.js';
import type { Row, RowCodec } from './row.js';
import type { LedgerState } from './state.js';

/** Takes a row of a shard into the state; `false`: it cannot be understood. */
export function loadRow(
  state: LedgerState,
  codec: RowCodec,
  { row, mark }: { readonly row: Row; readonly mark: { readonly unverified?: true } },
): boolean {
  switch (row[0]) {
    case 'entry': {
      const entry = codec.entry(row);
      if (entry === undefined) return false;
      state.entries.set(entry.path, mark.unverified === true ? { ...entry, ...mark } : entry);
      return true;
    }
    case 'failure': {
      const failure = codec.failure(row);
      if (failure !== undefined) state.failures.set(failure.path, failure);
      return failure !== undefined;
    }
    case 'directory':
      state.directories.add(codec.path(row));
      return true;
    case 'gone':
      state.remove(row[2], codec.path(row));
      return true;
    default:
      return unreachable(row);
  }
}
