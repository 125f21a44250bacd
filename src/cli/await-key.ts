import type { ClusterKey } from '../cluster/key-file.js';
import type { Clock } from '../lib/clock.js';
import type { Failure } from '../lib/failure.js';
import { ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';

/** How long until it is looked again. */
const LOOK_MS = 2000;

export interface KeyWait {
  readonly clock: Clock;
  /** How long a worker waits for a master at all; `undefined`: as long as it takes. */
  readonly patienceMs: number | undefined;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/**
 * The key that `look` finds. Where there is none yet says so and waits for it: the first master of the
 * same home folder makes it, and workers may be there before. `undefined`: the wait was ended.
 */
export async function awaitKey(
  look: () => Result<ClusterKey, Failure>,
  { clock, patienceMs = Infinity, signal, say }: KeyWait,
): Promise<Result<ClusterKey | undefined, Failure>> {
  let found = look();
  if (found.ok || found.error.code !== 'KEY_MISSING') return found;
  say(found.error.message);
  if (found.error.hint !== undefined) say(found.error.hint);
  say('waiting for it: the first master of this home folder makes one by itself');
  const started = clock.monotonic();
  while (!found.ok && clock.monotonic() - started < patienceMs) {
    const wasMissing: boolean = found.error.code === 'KEY_MISSING';
    try {
      await clock.sleep(LOOK_MS, signal);
    } catch {
      return ok(undefined);
    }
    found = look();
    // What was missing a moment ago may be half written now.
    if (!found.ok && found.error.code !== 'KEY_MISSING' && !wasMissing) return found;
  }
  if (found.ok) say('found the key');
  return found;
}
