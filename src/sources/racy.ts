import { statParts } from '../lib/stat-key.js';
import type { StatKey } from '../lib/stat-key.js';

/** File systems and network clocks are this coarse: an edit within it may leave the stat as it was. */
export const CLOCK_GRANULARITY_NS: bigint = 2_000_000_000n;

/**
 * Whether a write just after this stat could leave an equal stat behind: the last change is within
 * one tick of "now" as that file system's own clock tells it. Times in the future are racy too.
 */
export function isRacy(stat: StatKey, fsNowNs: bigint, granularityNs: bigint): boolean {
  const { mtimeNs, ctimeNs } = statParts(stat);
  const newest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  return newest >= fsNowNs - granularityNs;
}
