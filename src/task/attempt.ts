import type { Inspection } from './inspect-source.js';
import type { ExecuteContext, Task } from './task.js';

/** One try of a task, under way: its source was looked at, its part file exists and is empty. */
export interface Attempt extends ExecuteContext {
  readonly task: Task;
  readonly inspection: Inspection;
}

/** What an attempt's way of making the part file came to. */
export interface Product {
  /** Sample frames of the source that are in the part. */
  readonly samples: number;
  readonly encoder: string;
  readonly warnings: readonly string[];
}

const BASE_LIMIT_MS = 15 * 60 * 1000;
/** No encoder in use is so slow, on no machine in use: who needs longer hangs. */
const SLOWEST = 4;
/** Of compressed audio, for sources that do not state a length; rather too few. */
const BYTES_PER_SECOND = 10_000;

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How long the programs of an attempt may run before they count as hung. */
export function timeLimitMs(inspection: Inspection, sizeBytes: number): number {
  const { samples, sampleRate } = inspection.flac.streamInfo;
  const seconds = Math.max(samples / sampleRate, sizeBytes / BYTES_PER_SECOND);
  return Math.min(Math.ceil(BASE_LIMIT_MS + seconds * SLOWEST * 1000), LONGEST_TIMER_MS);
}
