import type { Clock } from '../lib/clock.js';
import { lastChangeNs } from '../lib/stat-key.js';
import type { Change } from '../plan/action.js';
import type { RunEvent } from '../report/event.js';
import { formatCounted } from '../report/format.js';
import { needsWorker } from './encode-stage.js';

export interface YoungOptions {
  readonly minAgeMs: number;
  readonly clock: Clock;
  readonly drain: AbortSignal;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Waits until the youngest source is `minAgeMs` old: what is still being copied changes again within
 * that time, and its task then finds a source that is not the planned one. Times in the future are
 * a wrong clock and not waited for.
 */
export async function waitForYoung(
  changes: readonly Change[],
  { minAgeMs, clock, drain, emit }: YoungOptions,
): Promise<void> {
  const now = clock.now();
  let waitMs = 0;
  const young = new Set<string>();
  for (const change of changes) {
    if (!needsWorker(change) || change.desired === undefined) continue;
    const { source, folderPicture } = change.desired;
    const changedNs = [source, folderPicture].map((file) => (file ? lastChangeNs(file.stat) : 0n));
    const ages = changedNs.map((ns) => now - Number(ns / 1_000_000n)).filter((ms) => ms >= 0);
    const ageMs = Math.min(...ages);
    if (ageMs >= minAgeMs) continue;
    young.add(source.path);
    waitMs = Math.max(waitMs, minAgeMs - ageMs);
  }
  if (waitMs === 0) return;
  const seconds = (waitMs / 1000).toFixed(1);
  const text = `waiting ${seconds} s: ${formatCounted(young.size, 'source was', 'sources were')} written just now (policy.minAge)`;
  emit({ type: 'notice', level: 'info', code: 'SOURCES_YOUNG', text });
  await clock.sleep(waitMs, drain).catch(() => undefined);
}
