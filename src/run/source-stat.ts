import { statSync } from 'node:fs';
import type { AbsolutePath } from '../lib/brand.js';
import { errorCode } from '../lib/failure.js';
import type { StatKey } from '../lib/stat-key.js';
import { statKey } from '../lib/stat-key.js';

/** The stat of a source now, links followed as the scan does; `undefined` when it cannot be looked at. */
export function sourceStat(path: AbsolutePath): StatKey | undefined {
  try {
    return statKey(statSync(path, { bigint: true }));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
