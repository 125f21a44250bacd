import type { ClusterKey } from './key-file.js';

/** Says why a master's socket did not let a worker in, and what that means. */
export function refusalText(
  why: 'unknown-key' | 'other-security',
  { endpoint, key }: { readonly endpoint: string; readonly key?: ClusterKey | undefined },
): string {
  if (why === 'unknown-key') return `the master at ${endpoint} does not know this worker's key`;
  return key === undefined
    ? `the master at ${endpoint} asks for a key, or is no master`
    : `the master at ${endpoint} has another key, or listens without one`;
}
