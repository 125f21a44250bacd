import { statParts } from '../lib/stat-key.js';
import type { StatKey } from '../lib/stat-key.js';

/** File systems and network clocks are this coarse: an edit within it may leave the stat as it was. */
const CLOCK_GRANULARITY_NS = 2_000_000_000n;

/**
 * Whether a write just after this stat could leave an equal stat behind: the last change is within
 * one tick of now. A ctime in the future comes from a server whose clock is ahead, where any tick may
 * be now; an mtime far in the future was set by somebody, and the next write gives it another value.
 */
export function isRacy(stat: StatKey, nowNs: bigint): boolean {
  const { mtimeNs, ctimeNs } = statParts(stat);
  if (ctimeNs >= nowNs - CLOCK_GRANULARITY_NS) return true;
  const distanceNs = mtimeNs > nowNs ? mtimeNs - nowNs : nowNs - mtimeNs;
  return distanceNs <= CLOCK_GRANULARITY_NS;
}
