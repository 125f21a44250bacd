import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Execute } from '#src/cluster/contract.js';
import { LedgerError } from '#src/ledger/failure.js';
import { readLedger } from '#src/ledger/read.js';
import { systemClock } from '#src/lib/clock.js';
import type { Disk } from '#src/lib/disk.js';
import type { Failure } from '#src/lib/failure.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import type { Result } from '#src/lib/result.js';
import { loadManifest } from '#src/manifest/load.js';
import type { Manifest } from '#src/manifest/manifest.js';
import { toPlanFile } from '#src/plan/plan-file.js';
import type { PlanFile } from '#src/plan/plan-file.gen.js';
import type { RunEvent } from '#src/report/event.js';
import { collectShards } from '#src/run/collect-shards.js';
import type { CollectReport } from '#src/run/collect-shards.js';
import { shardTasks, writeShards } from '#src/run/divide-plan.js';
import { planManifest } from '#src/run/plan.js';
import type { Planned } from '#src/run/plan.js';
import { runShard } from '#src/run/run-shard.js';
import type { ShardReport } from '#src/run/run-shard.js';
import { folderOf } from '#src/run/manifest-folder.js';
import { failedOutcome } from '#src/task/problem.js';
import { Library, partsIn } from '../support/library.js';
import { makePart } from '../support/fake-worker.js';
import { crashingDisk } from '../support/crashing-disk.js';

const never = new AbortController().signal;
const make: Execute = (task) => Promise.resolve(makePart(task));

function valueOf<T>(result: Result<T, Failure | readonly Failure[]>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** A library, its plan in shards, and the two commands. */
class Sharded {
  readonly library: Library;
  readonly events: RunEvent[] = [];
  #manifest: Manifest | undefined;
  #plan: PlanFile | undefined;

  constructor(context: TestContext, ...tracks: readonly string[]) {
    this.library = new Library(context);
    for (const name of tracks) this.library.track(name);
    this.library.manifest({ outputs: [{ codec: 'opus', to: './out', prune: true }] });
  }

  get file(): string {
    return this.library.path('P');
  }

  readonly #emit = (event: RunEvent): void => void this.events.push(event);

  async planned(): Promise<Planned> {
    this.#manifest = valueOf(await loadManifest(this.library.path('flac2all.yaml')));
    return valueOf(await planManifest(this.#manifest, { disk: nodeDisk, emit: this.#emit }));
  }

  async plan(count: number): Promise<Planned> {
    const planned = await this.planned();
    const manifest = this.#loaded;
    const shards = valueOf(writeShards(planned, { file: this.file, count, manifest }));
    const options = { targets: [], retryFailed: false, overwriteUnmanaged: false };
    const facts = { createdAt: '', manifest: manifest.file, options, shards };
    this.#plan = toPlanFile(planned.plan, facts);
    return planned;
  }

  run(index: number, execute = make, disk: Disk = nodeDisk): Promise<Result<ShardReport, Failure>> {
    const common = { ...this.#common(disk), execute, index, slots: 2 };
    return runShard({ ...common, lockTimeoutMs: 0, drain: never, abort: never });
  }

  collect(disk: Disk = nodeDisk, discard = false): Promise<Result<CollectReport, Failure>> {
    return collectShards(this.#loaded, { ...this.#common(disk), discard });
  }

  async outputs(): Promise<readonly string[]> {
    const { stateDirectory } = this.#loaded;
    const view = valueOf(await readLedger(stateDirectory, folderOf(this.#loaded), nodeDisk));
    assert.equal(view.staged.size, 0);
    const rows = [...view.entries.keys()].map((path) => path.slice(this.library.root.length + 1));
    return rows.sort();
  }

  get #loaded(): Manifest {
    if (this.#manifest === undefined) throw new Error('there is no plan yet');
    return this.#manifest;
  }

  #common(disk: Disk) {
    if (this.#plan === undefined) throw new Error('there is no plan yet');
    const { file } = this;
    return { file, plan: this.#plan, disk, clock: systemClock, command: 'test', emit: this.#emit };
  }
}

test('collect that is killed at any step and called again puts each output into place once', async (context) => {
  for (let step = 1; ; step += 1) {
    const sharded = new Sharded(context, 'a.flac', 'b.flac');
    await sharded.plan(2);
    for (const index of [1, 2]) valueOf(await sharded.run(index));
    const crash = crashingDisk(step);
    const first = await sharded.collect(crash.port).catch((error: unknown) => error);
    await crash.closeFiles();
    if (!crash.crashed()) {
      assert.equal(valueOf(first as Result<CollectReport, Failure>).done, 2);
      assert.ok(step > 20, `${step} steps`);
      break;
    }
    // The lock of a process that is gone is broken; here the process lives.
    rmSync(sharded.library.path('.flac2all/lock'), { force: true });
    for (const index of [1, 2]) rmSync(`${sharded.file}.shards/${index}/lock`, { force: true });
    const second = await sharded.collect();
    if (second.ok) assert.equal(second.value.done + second.value.already, 2, `step ${step}`);
    else assert.equal(second.error.code, 'PLAN_STALE');
    assert.deepEqual(await sharded.outputs(), ['out/a.opus', 'out/b.opus'], `step ${step}`);
    assert.deepEqual(partsIn(sharded.library), [], `step ${step}`);
    assert.deepEqual((await sharded.planned()).plan.changes, [], `step ${step}`);
    sharded.library.remove('.');
  }
});

test('a shard that is killed at any step and run again makes what is left', async (context) => {
  for (let step = 1; ; step += 1) {
    const sharded = new Sharded(context, 'a.flac', 'b.flac');
    await sharded.plan(1);
    const crash = crashingDisk(step);
    const first = await sharded.run(1, make, crash.port).catch((error: unknown) => error);
    await crash.closeFiles();
    rmSync(`${sharded.file}.shards/1/lock`, { force: true });
    if (!crash.crashed()) {
      assert.equal(valueOf(first as Result<ShardReport, Failure>).made, 2);
      assert.ok(step > 8, `${step} steps`);
      break;
    }
    assert.equal(valueOf(await sharded.run(1)).made, 2, `step ${step}`);
    assert.equal(partsIn(sharded.library).length, 2, `step ${step}`);
    assert.equal(valueOf(await sharded.collect()).done, 2, `step ${step}`);
    assert.deepEqual((await sharded.planned()).plan.changes, [], `step ${step}`);
    sharded.library.remove('.');
  }
});

test('what changed since is given up: sources, outputs, rows', async (context) => {
  const sharded = new Sharded(context, 'a.flac', 'b.flac', 'c.flac', 'd.flac');
  const { library } = sharded;
  await sharded.plan(1);
  valueOf(await sharded.run(1));
  library.track('a.flac', { seed: 77 });
  library.plant('out/b.opus', 'of somebody else');
  const part = partsIn(library).find((name) => name.includes('c.opus'));
  rmSync(library.path(part ?? ''));
  const { done, left, missing, kept } = valueOf(await sharded.collect());
  assert.deepEqual([done, missing, kept], [1, 1, []]);
  assert.deepEqual(
    Object.fromEntries(left.map(({ output, text }) => [output.slice(library.root.length), text])),
    {
      '/out/a.opus': 'its source changed since it was made',
      '/out/b.opus': 'something else stands there since the plan was made',
    },
  );
  assert.deepEqual(await sharded.outputs(), ['out/d.opus']);
  assert.equal(library.read('out/b.opus'), 'of somebody else');
  assert.deepEqual(partsIn(library), []);
});

test("where the outputs' disk is not mounted, what was made waits for another collect", async (context) => {
  const sharded = new Sharded(context, 'a.flac');
  const { library } = sharded;
  await sharded.plan(1);
  valueOf(await sharded.run(1));
  const away = library.path('away');
  renameSync(library.path('out'), away);
  const first = valueOf(await sharded.collect());
  assert.deepEqual([first.done, first.kept.length], [0, 1]);
  renameSync(away, library.path('out'));
  assert.equal(valueOf(await sharded.collect()).done, 1);
  assert.deepEqual((await sharded.planned()).plan.changes, []);
});

test('what is given up leaves no part file, and stays pending', async (context) => {
  const sharded = new Sharded(context, 'a.flac', 'b.flac');
  await sharded.plan(2);
  for (const index of [1, 2]) valueOf(await sharded.run(index));
  assert.equal(partsIn(sharded.library).length, 2);
  const { done, missing } = valueOf(await sharded.collect(nodeDisk, true));
  assert.deepEqual([done, missing], [0, 2]);
  assert.deepEqual(partsIn(sharded.library), []);
  assert.deepEqual(await sharded.outputs(), []);
  const actions = (await sharded.planned()).plan.changes.map(({ action }) => action);
  assert.deepEqual(actions, ['create', 'create']);
});

test('a failure goes into the ledger; what the machine is at fault for is tried again', async (context) => {
  const sharded = new Sharded(context, 'bad.flac', 'full.flac');
  await sharded.plan(1);
  const execute: Execute = (task) => {
    const isBad = task.source.path.endsWith('bad.flac');
    const how = isBad
      ? ({ class: 'input', code: 'DECODE_FAILED' } as const)
      : ({ class: 'environment', code: 'NO_SPACE' } as const);
    return Promise.resolve(failedOutcome({ ...how, text: 'no' }));
  };
  assert.equal(valueOf(await sharded.run(1, execute)).summary.failed, 2);
  const again = valueOf(await sharded.run(1));
  assert.deepEqual([again.made, again.summary.tasks], [1, 1]);
  const { done, failed, missing } = valueOf(await sharded.collect());
  assert.deepEqual([done, failed, missing], [1, 1, 0]);
  const actions = (await sharded.planned()).plan.changes.map(({ action }) => action);
  assert.deepEqual(actions, ['skip']);
});

test('a shard that lost its lock writes nothing that counts', async (context) => {
  const sharded = new Sharded(context, 'a.flac');
  await sharded.plan(1);
  const folder = join(`${sharded.file}.shards`, '1');
  const slow: Execute = async (task) => {
    // Somebody took it for dead.
    rmSync(join(folder, 'lock'));
    return make(task, {
      signal: never,
      onStart: () => undefined,
      onEncoded: () => Promise.resolve(),
    });
  };
  await assert.rejects(sharded.run(1, slow), LedgerError);
  assert.equal(valueOf(await sharded.run(1)).made, 1);
  assert.equal(valueOf(await sharded.collect()).done, 1);
  assert.deepEqual(partsIn(sharded.library), []);
});

test('moves and deletes are in no shard, nor what stands where another output is to leave', async (context) => {
  const sharded = new Sharded(context, 'a.flac', 'b.flac');
  const { library } = sharded;
  await sharded.plan(1);
  valueOf(await sharded.run(1));
  valueOf(await sharded.collect());
  renameSync(library.path('in/a.flac'), library.path('in/z.flac'));
  library.track('a.flac', { seed: 5 });
  library.remove('in/b.flac');
  library.track('c.flac');
  const planned = await sharded.plan(1);
  const actions = planned.plan.changes.map(({ action }) => action).sort();
  assert.ok(actions.includes('move'));
  const outputs = shardTasks(planned).map(({ task }) => task.output.slice(library.root.length + 1));
  assert.deepEqual(outputs, ['out/c.opus']);
});

test('names that make no sense are refused', async (context) => {
  const sharded = new Sharded(context, 'a.flac');
  await sharded.plan(2);
  const codeOf = async (result: Promise<Result<unknown, Failure>>): Promise<string> => {
    const found = await result;
    return found.ok ? 'ok' : found.error.code;
  };
  assert.equal(await codeOf(sharded.run(3)), 'SHARD_UNKNOWN');
  writeFileSync(join(`${sharded.file}.shards`, '2', 'tasks.json'), '{');
  assert.equal(await codeOf(sharded.run(2)), 'PLAN_FILE_INVALID');
  rmSync(`${sharded.file}.shards`, { recursive: true });
  assert.equal(await codeOf(sharded.run(1)), 'PLAN_STALE');
  assert.equal(await codeOf(sharded.collect()), 'PLAN_STALE');
});
