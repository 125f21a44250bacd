import { COLUMN } from './row-scan.js';
import type { RowScan } from './row-scan.js';

/** What the last column of an entry's row says. */
interface Flags {
  readonly isRacy: boolean;
  readonly isUnverified: boolean;
}

const NO_FLAGS: Flags = { isRacy: false, isUnverified: false };
const FLAGS: ReadonlyMap<string, Flags> = new Map([
  ['r', { isRacy: true, isUnverified: false }],
  ['u', { isRacy: false, isUnverified: true }],
  ['ru', { isRacy: true, isUnverified: true }],
]);

/** `undefined`: nothing that this program writes. */
export function flagsOf(scan: RowScan): Flags | undefined {
  if (scan.length(COLUMN.flags) === 0) return NO_FLAGS;
  const [from, to] = [scan.start(COLUMN.flags), scan.end(COLUMN.flags)];
  return FLAGS.get(scan.bytes.toString('latin1', from, to));
}
