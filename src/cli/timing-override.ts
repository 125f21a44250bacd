import { DEFAULT_TIMING } from '../cluster/timing.js';
import type { Timing } from '../cluster/timing.js';
import type { Failure } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';

const VARIABLE = 'FLAC2ALL_TIMING';

/** Waiting times of the cluster for tests that cannot wait: `FLAC2ALL_TIMING="leaseMs=900 graceMs=100"`. */
export function timingOverride(
  env: Readonly<Record<string, string | undefined>>,
): Result<Partial<Timing>, Failure> {
  const timing: Record<string, number> = {};
  for (const part of (env[VARIABLE] ?? '').split(' ').filter(Boolean)) {
    const [, name = '', ms] = /^(\w+)=(\d+)$/.exec(part) ?? [];
    if (!Object.hasOwn(DEFAULT_TIMING, name)) {
      const message = `${VARIABLE}: "${part}" is not one of ${Object.keys(DEFAULT_TIMING).join(', ')} with milliseconds`;
      return err({ code: 'USAGE', message });
    }
    timing[name] = Number(ms);
  }
  return ok(timing);
}
