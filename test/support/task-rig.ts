import { readdirSync, statSync } from 'node:fs';
import type { AbsolutePath } from '#src/lib/brand.js';
import type { JsonObject } from '#src/lib/json.js';
import { statKey } from '#src/lib/stat-key.js';
import { findCodec } from '#src/codecs/codecs.js';
import { executeTask } from '#src/task/execute.js';
import type { Limits } from '#src/manifest/manifest.js';
import type { Outcome, Task, TaskId } from '#src/task/task.js';

/** What a test may ask for beyond source, codec and part file. */
export interface TaskWishes {
  readonly options?: JsonObject;
  readonly args?: readonly string[];
  readonly limits?: Limits;
  readonly id3?: '2.3' | '2.4';
  readonly sidecar?: boolean;
  readonly reuse?: Task['reuse'];
}

/** A task with the codec's defaults. */
export function taskOf(
  source: string,
  target: { readonly codec: string; readonly part: string },
  wishes: TaskWishes = {},
): Task {
  const { options = {}, args = [], limits = {}, id3 = '2.4', sidecar = false, reuse } = wishes;
  const path = source as AbsolutePath;
  return {
    id: 'task-1' as TaskId,
    source: { path, stat: statKey(statSync(source, { bigint: true })) },
    output: `${target.part}.done` as AbsolutePath,
    part: target.part as AbsolutePath,
    recipe: {
      audio: {
        codec: target.codec,
        options: { ...defaultOptions(target.codec), ...options },
        args,
        limits,
      },
      tags: { id3 },
    },
    sidecar,
    ...(reuse === undefined ? {} : { reuse }),
    cost: 1,
  };
}

/** The defaults that a codec's schema states. */
export function defaultOptions(codec: string): Record<string, string | number | boolean> {
  const properties = (findCodec(codec)?.options['properties'] ?? {}) as Record<
    string,
    { default?: string | number | boolean }
  >;
  const defaults: Record<string, string | number | boolean> = {};
  for (const [name, property] of Object.entries(properties)) {
    if (property.default !== undefined) defaults[name] = property.default;
  }
  return defaults;
}

/** Runs a task that nobody stops. */
export function run(task: Task): Promise<Outcome> {
  return executeTask(task, {
    signal: new AbortController().signal,
    onStart: () => undefined,
    onEncoded: () => Promise.resolve(),
  });
}

/** Names in a folder, sorted. */
export function namesIn(folder: string): readonly string[] {
  return readdirSync(folder).toSorted();
}
