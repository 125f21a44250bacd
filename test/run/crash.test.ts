import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { nodeDisk } from '#src/lib/node-disk.js';
import { seededRandom } from '../support/seeded-random.js';
import { Story } from '../support/story.js';

const SEED = Number(process.env['CRASH_SEED'] ?? 1);
/** It is crashed at each so-many-th step only: what a seed leaves out, others try. */
const KILLED_EVERY = Number(process.env['CRASH_KILLED_EVERY'] ?? 3);
const EVERY = Number(process.env['CRASH_EVERY'] ?? 5);

const OPUS = { codec: 'opus', to: './out', prune: true } as const;

/** Each way of changing a library that was applied once: what is there is moved, deleted, retagged. */
const CHANGES: Readonly<Record<string, (story: Story) => void>> = {
  'new and changed outputs': (story) => {
    story.track('C/four.flac', { audio: 9 });
    story.track('B/two.flac', { audio: 40 });
  },
  'a retag': (story) => story.track('A/one.flac', { audio: 1, title: 'other' }),
  'a move': (story) => {
    renameSync(story.path('in/A'), story.path('in/Z'));
  },
  'a move with other tags': (story) => {
    rmSync(story.path('in/A'), { recursive: true });
    story.track('Z/one.flac', { audio: 1, title: 'other' });
  },
  'a swap': (story) => rename(story, ['A/one', 'x'], ['B/two', 'A/one'], ['x', 'B/two']),
  'a chain': (story) => {
    rename(story, ['B/two', 'B/three'], ['A/one', 'B/two']);
    story.track('A/one.flac', { audio: 7 });
  },
  'a ring with other tags': (story) => {
    rename(story, ['B/two', 'C/new'], ['A/one', 'B/two']);
    story.track('A/one.flac', { audio: 3, title: 'other' });
    rmSync(story.path('in/C/three.flac'));
    rename(story, ['C/new', 'C/three']);
  },
  'a delete': (story) => rmSync(story.path('in/A'), { recursive: true }),
};

/** What needs no encode undisturbed needs none after a crash. */
const RENAMES = new Set(['a move', 'a swap', 'a delete']);

function rename(story: Story, ...names: readonly (readonly [string, string])[]): void {
  for (const [from, to] of names)
    renameSync(story.path(`in/${from}.flac`), story.path(`in/${to}.flac`));
}

/** Stories whose pruned outputs go into the trash. */
const WITH_TRASH = ['a delete'];

/** The first steps open the ledger, and are the same in every story: the first story is crashed in them. */
interface Opening {
  readonly kill: number;
  readonly power: number;
}

let opening: Opening | undefined;

/** How many steps there are before anything is written down or changed. */
async function openingSteps(
  story: Story,
  restore: () => void,
  options: Parameters<Story['crash']>[1] = {},
): Promise<number> {
  restore();
  const before = story.tree();
  for (let step = 2; ; step += 1) {
    restore();
    assert.ok(await story.crash(step, options), 'something is written down');
    if (isUntouched(story, before)) continue;
    restore();
    return step - 1;
  }
}

function isUntouched(story: Story, before: ReturnType<Story['tree']>): boolean {
  const journals = Object.values(story.tree('.flac2all/journal'));
  return isDeepStrictEqual(story.tree(), before) && !journals.some((text) => /"kind"/.test(text));
}

for (const [name, change] of [
  ...Object.entries(CHANGES),
  ...WITH_TRASH.map((one) => [`${one} into the trash`, CHANGES[one] ?? assert.fail(one)] as const),
]) {
  test(`killed, or without power, at any step of ${name}: the next apply makes the same tree`, async (context) => {
    const story = new Story(context);
    const policy = name.endsWith('trash') ? { policy: { trash: '30d' } } : {};
    story.manifest({ outputs: [OPUS], ...policy });
    story.track('A/one.flac', { audio: 1 });
    story.track('B/two.flac', { audio: 2 });
    story.track('C/three.flac', { audio: 3 });
    await story.apply();
    change(story);
    const restore = story.save(context);
    const before = story.tree();
    await story.apply();
    const wanted = story.tree();
    const skipped = opening ?? { kill: 0, power: 0 };
    opening ??= {
      kill: await openingSteps(story, restore),
      // With a disk of its own each sync of a folder is a step, as it is where the power is lost.
      power: await openingSteps(story, restore, { disk: nodeDisk }),
    };
    const check = async (label: string): Promise<void> => {
      const { made } = await story.apply();
      if (RENAMES.has(name)) assert.deepEqual(made, [], label);
      assert.deepEqual(story.tree(), wanted, label);
      assert.deepEqual(await story.plan(), [], label);
    };
    if (skipped.kill > 0) {
      restore();
      assert.ok(await story.crash(skipped.kill));
      assert.ok(isUntouched(story, before), 'nothing is left out');
      await check(`after a crash at step ${skipped.kill}`);
    }
    let step = skipped.kill + 1 + (SEED % KILLED_EVERY);
    for (; ; step += KILLED_EVERY) {
      restore();
      if (!(await story.crash(step))) break;
      await check(`after a crash at step ${step}`);
    }
    assert.ok(step > skipped.kill + 10, 'it was crashed many times');
    const first = 1 + (SEED % EVERY);
    const left = Math.max(0, Math.floor((skipped.power - first) / EVERY));
    for (let at = first + left * EVERY; ; at += EVERY) {
      const seed = SEED + at;
      restore();
      if (!(await story.losePower(at, { test: context, random: seededRandom(seed) }))) break;
      await check(`after the power was lost at step ${at}, seed ${seed}`);
    }
  });
}
