import { statSync } from 'node:fs';

/** A file that is being written, watched. */
export interface GrowthWatch {
  /** Aborts when the file has stayed as it is for too long. */
  readonly stalled: AbortSignal;
  readonly dispose: () => void;
}

/** Looks so often within the time that a file may stay as it is. */
const LOOKS = 10;

/** Watches a file: whoever writes it and adds nothing for `stallMs` hangs, or waits for a disk that does. */
export function watchGrowth(path: string, stallMs: number): GrowthWatch {
  const stalled = new AbortController();
  let size = sizeOf(path);
  let quiet = 0;
  const timer = setInterval(() => {
    const now = sizeOf(path);
    quiet = now === size ? quiet + 1 : 0;
    size = now;
    if (quiet >= LOOKS) stalled.abort();
  }, stallMs / LOOKS);
  return { stalled: stalled.signal, dispose: () => clearInterval(timer) };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
