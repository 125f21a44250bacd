import { parentPort } from 'node:worker_threads';
import { look } from './look.js';
import type { Links, Look } from './look.js';

/** Paths for a thread to look at. */
export interface LookOrder {
  readonly id: number;
  readonly paths: readonly string[];
  readonly links: Links;
}

/** What it saw, in the order of the paths. */
export interface LookAnswer {
  readonly id: number;
  readonly looks: readonly Look[];
}

parentPort?.on('message', ({ id, paths, links }: LookOrder) => {
  const answer: LookAnswer = { id, looks: paths.map((path) => look(path, links)) };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(answer);
});
