import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { describe, test } from 'node:test';
import type { AbsolutePath } from '#src/lib/brand.js';
import { readLedger } from '#src/ledger/read.js';
import type { LedgerView } from '#src/ledger/entry.js';
import type { Ledger } from '#src/ledger/ledger.js';
import {
  BASE,
  OUT,
  STATE,
  failureOf,
  make,
  open,
  path,
  sha256Of,
  tryOpen,
} from '../support/ledger-rig.js';
import { CrashError, MemoryDisk } from '../support/memory-disk.js';
import { seededRandom } from '../support/seeded-random.js';

const A = `${OUT}/a.opus`;
const B = `${OUT}/b.opus`;
const C = `${OUT}/c.opus`;
const OLD = `${OUT}/old.opus`;

/** What an output may hold after a crash: what was promised last, or what was begun since. */
class Promises {
  readonly allowed = new Map<string, readonly (string | undefined)[]>();
  failure: 'maybe' | 'sure' | undefined;

  async keep(
    output: string,
    content: string | undefined,
    work: () => Promise<void>,
  ): Promise<void> {
    const before = this.allowed.get(output) ?? [undefined];
    this.allowed.set(output, [...before, content]);
    await work();
    this.allowed.set(output, [content]);
  }
}

async function prepared(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  for (const made of await disk.makeDirectory(OUT)) await disk.syncDirectory(dirname(made));
  disk.restart();
  return disk;
}

async function remove(ledger: Ledger, disk: MemoryDisk, output: AbsolutePath): Promise<void> {
  await disk.remove(output);
  await disk.syncDirectory(OUT);
  await ledger.dropped(output, 'deleted');
}

/** Two runs: three outputs at once, a failure; then an update, a delete, a fourth, a release. */
async function story(disk: MemoryDisk, promises: Promises): Promise<void> {
  const make1 = (ledger: Ledger, output: string, content: string): Promise<void> =>
    promises.keep(output, content, () => make(ledger, disk, { output, content }));
  const first = await openOrThrow(disk);
  await Promise.all([make1(first, A, 'a1'), make1(first, B, 'b1'), make1(first, OLD, 'old')]);
  promises.failure = 'maybe';
  await first.failed(failureOf(C));
  promises.failure = 'sure';
  await first.madeDirectories([path(OUT)]);
  await first.close();
  const second = await openOrThrow(disk);
  await Promise.all([
    make1(second, A, 'a2 longer'),
    promises.keep(OLD, undefined, () => remove(second, disk, path(OLD))),
  ]);
  promises.failure = 'maybe';
  await make1(second, C, 'c1');
  await second.leased(path(B), path(`${OUT}/.b.opus.2.f2a-part`));
  await disk.writeNew(`${OUT}/.b.opus.2.f2a-part`, ['half']);
  await second.close();
}

async function openOrThrow(disk: MemoryDisk): Promise<Ledger> {
  return (await open(disk)).ledger;
}

async function crashed(disk: MemoryDisk, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (!disk.isCrashed) throw error;
    return true;
  }
}

async function checkAll(disk: MemoryDisk, promises: Promises, label: string): Promise<void> {
  const { ledger } = await open(disk);
  await checkOutputs(disk, ledger.view, { promises, label });
  const { serial } = ledger.view;
  await ledger.close();
  const again = await open(disk);
  assert.deepEqual(again.notices, [], `${label}: nothing is left to recover`);
  assert.equal(again.ledger.view.serial, serial, label);
  await again.ledger.close();
  const strays = disk.files.filter((file) => /f2a-part|lock|ledger\.json\./.test(file));
  assert.deepEqual(strays, [], label);
  const view = await readLedger(STATE, BASE, disk);
  assert.ok(view.ok);
  assert.equal(view.value.serial, serial, label);
}

async function checkOutputs(
  disk: MemoryDisk,
  view: LedgerView,
  { promises, label }: { readonly promises: Promises; readonly label: string },
): Promise<void> {
  for (const [output, allowed] of promises.allowed) {
    const entry = view.entries.get(path(output));
    const there = await disk.lstat(output);
    const content = there && (await disk.readFile(output)).toString();
    assert.ok(allowed.includes(content), `${label}: ${output} holds ${content}`);
    if (there === undefined) continue;
    assert.ok(entry, `${label}: the ledger knows nothing of ${output}`);
    assert.equal(
      entry.output.sha256,
      sha256Of(content ?? ''),
      `${label}: wrong claim on ${output}`,
    );
    assert.equal(entry.output.stat, there.stat, `${label}: stat of ${output}`);
    assert.equal(entry.unverified, undefined, label);
  }
  const failed = view.failures.has(path(C));
  if (promises.failure === 'sure') assert.ok(failed, `${label}: the failure is lost`);
}

async function stepsOfStory(): Promise<number> {
  const disk = await prepared();
  await story(disk, new Promises());
  return disk.steps;
}

describe('a crash at every step loses nothing', () => {
  for (const mode of ['kill', 'power'] as const) {
    test(mode, async () => {
      const steps = await stepsOfStory();
      assert.ok(steps > 60, `${steps} steps`);
      for (let at = 1; at <= steps; at += 1) {
        for (let seed = 1; seed <= (mode === 'kill' ? 1 : 3); seed += 1) {
          const disk = await prepared();
          const promises = new Promises();
          disk.crashAt = at;
          assert.ok(await crashed(disk, () => story(disk, promises)));
          disk.restart(mode === 'kill' ? undefined : seededRandom(at * 100 + seed));
          await checkAll(disk, promises, `${mode} at step ${at}, seed ${seed}`);
        }
      }
    });
  }

  test('also when the recovery crashes', async () => {
    const steps = await stepsOfStory();
    const random = seededRandom(7);
    for (let at = 1; at <= steps; at += 4) {
      for (let again = 1; again < 200; again += 3) {
        const disk = await prepared();
        const promises = new Promises();
        disk.crashAt = at;
        await crashed(disk, () => story(disk, promises));
        disk.restart(again % 2 === 0 ? undefined : random);
        disk.crashAt = again;
        const interrupted = await crashed(disk, async () => {
          const { result } = await tryOpen(disk);
          if (result.ok) await result.value.close();
        });
        disk.restart(random);
        await checkAll(disk, promises, `step ${at}, then ${again}`);
        if (!interrupted) break;
      }
    }
  });

  test('a crashed disk says so', async () => {
    const disk = await prepared();
    disk.crashAt = 1;
    await assert.rejects(disk.makeDirectory('/x'), CrashError);
    await assert.rejects(disk.lstat('/'), CrashError);
  });
});
