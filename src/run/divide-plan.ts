import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { randomBytes } from 'node:crypto';
import { errorCode } from '../lib/failure.js';
import type { Failure } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { StatKey } from '../lib/stat-key.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Change, Desired } from '../plan/action.js';
import { divide } from '../plan/divide.js';
import { audioSeconds } from '../plan/audio-length.js';
import type { Plan } from '../plan/make-plan.js';
import type { PlanFileShards } from '../plan/plan-file.gen.js';
import type { ShardFile, ShardTask } from '../plan/shard-file.gen.js';
import { shardFolder, shardsFolder, tasksFile } from '../plan/shard-file.js';
import type { Task } from '../task/task.js';
import { needsWorker } from './encode-stage.js';
import { folderOf } from './manifest-folder.js';
import type { Planned } from './plan.js';
import { taskOf } from './task-of.js';
import { VERSION } from './version.js';

/** A task as a shard is given it. */
export type DividedTask = Omit<ShardTask, 'task'> & { readonly task: Task };

/** What the shards of a plan have to make; moves, deletes and rows of the ledger are not among it. */
export function shardTasks({ plan, input }: Planned): readonly DividedTask[] {
  const vacated = vacatedPaths(plan);
  return plan.changes.flatMap((change) => {
    if (!isForShards(change, vacated)) return [];
    const { action, set, output, desired } = change;
    const there = input.disk.get(output);
    const before: StatKey | null = there?.kind === 'file' ? there.stat : null;
    const task = taskOf(change, desired);
    return [{ action, set, before, audioSeconds: audioSeconds(desired.source), task }];
  });
}

type ForShards = Change & {
  readonly action: ShardTask['action'];
  readonly desired: Desired;
};

/** Where another output stands that is to be moved away, that has to happen first. */
function isForShards(change: Change, vacated: ReadonlySet<string>): change is ForShards {
  const { action, desired, output } = change;
  if (action === 'move' || desired === undefined) return false;
  return needsWorker(change) && !vacated.has(output);
}

function vacatedPaths({ changes }: Plan): ReadonlySet<string> {
  return new Set(
    changes.flatMap(({ action, entry }) => (action === 'move' && entry ? [entry.path] : [])),
  );
}

export interface DivideOptions {
  /** Path of the plan's file. */
  readonly file: string;
  readonly count: number;
  readonly manifest: Manifest;
}

/** Divides the plan's work and writes a folder for each shard beside the plan's file. */
export function writeShards(
  planned: Planned,
  { file, count, manifest }: DivideOptions,
): Result<PlanFileShards, Failure> {
  if (hasJournals(file)) return err(uncollected(file));
  const id = randomBytes(6).toString('hex');
  const tasks = shardTasks(planned);
  const { lineage, serial } = planned.plan;
  const common = {
    format: 'flac2all-shard',
    version: 1,
    program: VERSION,
    plan: id,
    stateDirectory: manifest.stateDirectory,
    base: folderOf(manifest),
    lineage: lineage ?? null,
    serial,
  } as const;
  const weighed = tasks.map((one) => ({ one, cost: one.task.cost, source: one.task.source.path }));
  rmSync(shardsFolder(file), { recursive: true, force: true });
  for (const [at, share] of divide(weighed, count).entries()) {
    const shard = { ...common, index: at + 1, tasks: share.map(({ one }) => asJson(one)) };
    writeShard(file, shard);
  }
  return ok({ id, count, tasks: tasks.length });
}

function asJson({ task, ...rest }: DividedTask): ShardTask {
  const { part: _, ...given } = task;
  return { ...rest, task: given };
}

function writeShard(file: string, shard: ShardFile): void {
  const path = tasksFile(shardFolder(file, shard.index));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(shard)}\n`);
}

function hasJournals(file: string): boolean {
  try {
    const names = readdirSync(shardsFolder(file), { recursive: true, encoding: 'utf8' });
    return names.some((name) => name.endsWith('.jsonl'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function uncollected(file: string): Failure {
  return {
    code: 'SHARDS_PENDING',
    message: `${shardsFolder(file)} holds what shards of an earlier plan made, and it is not collected`,
    hint: `flac2all collect ${file}; to give it up: flac2all collect --discard ${file}`,
  };
}
