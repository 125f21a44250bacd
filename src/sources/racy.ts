import { lastChangeNs } from '../lib/stat-key.js';
import type { StatKey } from '../lib/stat-key.js';

/** File systems and network clocks are this coarse: an edit within it may leave the stat as it was. */
const CLOCK_GRANULARITY_NS = 2_000_000_000n;

/**
 * Whether a write just after this stat could leave an equal stat behind: the last change is within
 * one tick of now. Times in the future are racy too.
 */
export function isRacy(stat: StatKey, nowNs: bigint): boolean {
  return lastChangeNs(stat) >= nowNs - CLOCK_GRANULARITY_NS;
}
