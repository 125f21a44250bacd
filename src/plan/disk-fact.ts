import type { AbsolutePath, Sha256 } from '../lib/brand.js';
import type { StatKey } from '../lib/stat-key.js';

/** What stands at an output path. */
export type DiskFact =
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'file';
      readonly stat: StatKey;
      /** Only where the stat differs from the ledger's and somebody had to look. */
      readonly sha256?: Sha256;
      /**
       * The recorded path whose file this is: the file system does not tell apart names that differ
       * in case or Unicode form only, and the file goes by this one.
       */
      readonly alias?: AbsolutePath;
    }
  /** A folder, a symbolic link, a device; or it cannot be looked at: `text` says which. */
  | { readonly kind: 'other'; readonly text: string };

/** What stands at wanted and recorded paths; `undefined`: nothing. */
export interface DiskView {
  get(path: AbsolutePath): DiskFact | undefined;
  /** Whether that is all that a row of the path says, its stat included; where it is known without a look. */
  isAsRecorded?(path: AbsolutePath): boolean;
}

/** Nothing there; shared, because most new outputs are missing. */
export const MISSING: DiskFact = { kind: 'missing' };

/** Whether the same file stands there, as far as stats can tell. */
export function sameFact(now: DiskFact, expected: DiskFact): boolean {
  if (now.kind === 'file' && expected.kind === 'file') return now.stat === expected.stat;
  return now.kind === expected.kind;
}
