import type { Refusal } from './agent-socket.js';
import type { ClusterKey } from './key-file.js';

/** Says why a master's socket did not let a worker in, and what that means. */
export function refusalText(
  why: Refusal,
  { endpoint, key }: { readonly endpoint: string; readonly key?: ClusterKey | undefined },
): string {
  const add = '`flac2all keys add NAME` on its machine makes one to be copied here';
  if (why === 'unknown-key') {
    return `the master at ${endpoint} does not know this worker's key; ${add}`;
  }
  return key === undefined
    ? `the master at ${endpoint} asks for a key, or is no master; ${add}`
    : `the master at ${endpoint} has another key, or listens without one (--insecure); ${add}`;
}
