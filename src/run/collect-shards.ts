import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import type { Ledger } from '../ledger/ledger.js';
import type { Lock } from '../ledger/lock.js';
import { readLock } from '../ledger/lock-file.js';
import { livenessOf, systemProcesses } from '../ledger/process-identity.js';
import { readSideJournals } from '../ledger/side-journal.js';
import { errorCode } from '../lib/failure.js';
import type { Failure } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import type { PlanFile, PlanFileShards } from '../plan/plan-file.gen.js';
import { parseShardFile, shardFolder, shardsFolder, tasksFile } from '../plan/shard-file.js';
import { collectOutputs, discardOutputs } from './collect-outputs.js';
import type { CollectedShard } from './collect-outputs.js';
import { folderOf } from './manifest-folder.js';
import { withLedger } from './open-ledger.js';
import type { LedgerOptions } from './open-ledger.js';
import { dropClaim, lockShard } from './shard-claim.js';
import { VERSION } from './version.js';

/** A lock of another machine stands still for a minute before it counts as a dead process's. */
const ELSEWHERE_MS = 75_000;

export interface CollectShardsOptions extends LedgerOptions {
  /** Path of the saved plan. */
  readonly file: string;
  readonly plan: PlanFile;
  /** Gives up what the shards made: their part files are removed, and nothing is put into place. */
  readonly discard: boolean;
}

/** What the shards of a plan came to. Each task is counted once. */
export interface CollectReport extends CollectedShard {
  /** Tasks of the plan. */
  readonly tasks: number;
  /** Shards that a live process works on; they are left for another `collect`. */
  readonly atWork: readonly number[];
}

/**
 * Puts what the shards made into place and into the ledger, under the ledger's lock. Exact whatever
 * became of the shards: those that were killed give what they had finished, those that ran twice
 * give it once, the others nothing. May itself be killed and run again.
 */
export async function collectShards(
  manifest: Manifest,
  options: CollectShardsOptions,
): Promise<Result<CollectReport, Failure>> {
  const { plan, file, disk } = options;
  const { shards } = plan;
  if (shards === undefined) {
    const message = `${file} has no shards`;
    return err({ code: 'SHARD_UNKNOWN', message, hint: 'flac2all apply carries it out' });
  }
  if ((await disk.lstat(shardsFolder(file))) === undefined) return err(collectedAlready(file));
  const run = randomBytes(6).toString('hex');
  return withLedger(manifest, { ...options, run }, async (ledger) => {
    const { lineage } = ledger.view;
    if (plan.lineage !== null && plan.lineage !== lineage) return err(otherLedger(file));
    const collecting = new Collecting(manifest, { ...options, ledger, shards });
    return ok(await collecting.run());
  });
}

type Context = CollectShardsOptions & {
  readonly ledger: Ledger;
  readonly shards: PlanFileShards;
};

class Collecting {
  readonly #manifest: Manifest;
  readonly #context: Context;
  readonly #atWork: number[] = [];

  constructor(manifest: Manifest, context: Context) {
    this.#manifest = manifest;
    this.#context = context;
  }

  async run(): Promise<CollectReport> {
    const { shards, file, disk } = this.#context;
    const all = Array.from({ length: shards.count }, (_, at) => at + 1);
    const locks = await Promise.all(all.map((index) => this.#lock(index)));
    const found: CollectedShard[] = [];
    try {
      for (const index of all) {
        const lock = locks[index - 1];
        if (lock !== undefined) found.push(await this.#collect(index));
      }
    } finally {
      for (const lock of locks) await lock?.release();
    }
    const sum = added(found);
    if (this.#atWork.length === 0 && sum.kept.length === 0) {
      rmSync(shardsFolder(file), { recursive: true, force: true });
      await dropClaim(this.#manifest.stateDirectory, shards.id, disk);
    }
    return { ...sum, tasks: shards.tasks, atWork: this.#atWork };
  }

  /** `undefined`: somebody works on it, or it is not there any more. */
  async #lock(index: number): Promise<Lock | undefined> {
    const folder = shardFolder(this.#context.file, index);
    const { disk } = this.#context;
    if ((await disk.lstat(folder)) === undefined) return undefined;
    const seen = await readLock(disk, `${folder}/lock`);
    const alive =
      seen?.holder !== undefined && livenessOf(seen.holder, systemProcesses()) === 'alive';
    const timeoutMs = seen === undefined || alive ? 0 : ELSEWHERE_MS;
    const taken = await lockShard(folder, { ...this.#context, timeoutMs });
    if (taken.ok) return taken.value;
    this.#atWork.push(index);
    return undefined;
  }

  /** The shard's folder goes when nothing in it is needed any more. */
  async #collect(index: number): Promise<CollectedShard> {
    const { file, disk, ledger, plan, discard } = this.#context;
    const folder = shardFolder(file, index);
    const tasks = outputsOf(folder);
    const state = await readSideJournals({ folder, base: folderOf(this.#manifest), disk });
    const overwrite = plan.options.overwriteUnmanaged;
    const collected = discard
      ? await discardOutputs({ tasks, state })
      : await collectOutputs({ tasks, state, overwrite }, { ledger, disk });
    if (collected.kept.length === 0) rmSync(tasksFile(folder), { force: true });
    return collected;
  }
}

/** The outputs that a shard is to make; none where it was collected before. */
function outputsOf(folder: string): ReadonlySet<string> {
  try {
    const file = tasksFile(folder);
    const shard = parseShardFile(readFileSync(file, 'utf8'), { file, program: VERSION });
    if (!shard.ok) throw new Error(shard.error.message);
    return new Set(shard.value.tasks.map(({ task }) => String(task['output'])));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return new Set();
    throw error;
  }
}

function added(shards: readonly CollectedShard[]): CollectedShard {
  const sum = (of: (shard: CollectedShard) => number): number =>
    shards.reduce((total, shard) => total + of(shard), 0);
  return {
    done: sum(({ done }) => done),
    already: sum(({ already }) => already),
    failed: sum(({ failed }) => failed),
    missing: sum(({ missing }) => missing),
    left: shards.flatMap(({ left }) => left),
    kept: shards.flatMap(({ kept }) => kept),
  };
}

function collectedAlready(file: string): Failure {
  return {
    code: 'PLAN_STALE',
    message: `${shardsFolder(file)} is gone: the plan was collected, or its shards were given up`,
    hint: 'what is still to do is in the next plan',
  };
}

function otherLedger(file: string): Failure {
  return {
    code: 'PLAN_STALE',
    message: `${file} was made for another ledger`,
    hint: `restore that ledger, or remove ${shardsFolder(file)} and make a new plan`,
  };
}
