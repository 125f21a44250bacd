import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { nodeDisk } from '#src/lib/node-disk.js';
import { reusedBy } from '../support/fake-worker.js';
import { Story } from '../support/story.js';
import { systemError } from '../support/system-error.js';

const OPUS = { codec: 'opus' as const, to: './out', prune: true, copy: ['**/*.jpg'] };

/** Each way of giving sources other names, from tracks 1 to 4 and two covers. */
const RENAMES: Readonly<Record<string, (story: Story) => void>> = {
  'a shift: 3 to 4, 2 to 3, 1 to 2': (story) => {
    rmSync(story.path('in/A/4.flac'));
    for (const track of [3, 2, 1]) swapName(story, `A/${track}.flac`, `A/${track + 1}.flac`);
  },
  'a shift the other way': (story) => {
    rmSync(story.path('in/A/1.flac'));
    for (const track of [2, 3, 4]) swapName(story, `A/${track}.flac`, `A/${track - 1}.flac`);
  },
  'a swap': (story) => {
    swapName(story, 'A/1.flac', 'A/x');
    swapName(story, 'A/2.flac', 'A/1.flac');
    swapName(story, 'A/x', 'A/2.flac');
  },
  'a ring of three': (story) => {
    swapName(story, 'A/1.flac', 'A/x');
    for (const track of [2, 3]) swapName(story, `A/${track}.flac`, `A/${track - 1}.flac`);
    swapName(story, 'A/x', 'A/3.flac');
  },
  'two folders swapped, with their covers': (story) => {
    swapName(story, 'A', 'x');
    swapName(story, 'B', 'A');
    swapName(story, 'x', 'B');
  },
  'a name in another case': (story) => swapName(story, 'A/1.flac', 'a/1.FLAC'),
  'a folder': (story) => swapName(story, 'A', 'Z/A'),
  'a folder in which the same audio stands twice': (story) => swapName(story, 'B', 'Z'),
};

function swapName(story: Story, from: string, to: string): void {
  story.makeFolder(`in/${to}/..`);
  renameSync(story.path(`in/${from}`), story.path(`in/${to}`));
}

function plantAlbums(story: Story): void {
  story.manifest({ outputs: [OPUS] });
  for (const track of [1, 2, 3, 4]) story.track(`A/${track}.flac`, { audio: track });
  for (const track of [1, 2]) story.track(`B/${track}.flac`, { audio: 9 });
  story.plant('in/A/cover.jpg', 'cover of A');
  story.plant('in/B/cover.jpg', 'cover of B');
}

for (const [name, rename] of Object.entries(RENAMES)) {
  test(`${name}: renames, no encode`, async (context) => {
    const story = new Story(context);
    plantAlbums(story);
    await story.apply();
    rename(story);
    const { made } = await story.apply();
    assert.deepEqual(made, []);
    assert.deepEqual(await story.plan(), []);
    const tree = story.tree();
    for (const folder of ['out', '.flac2all']) rmSync(story.path(folder), { recursive: true });
    await story.apply();
    assert.deepEqual(tree, story.tree());
  });
}

test('between two disks a move is a copy, and nothing is left behind', async (context) => {
  const story = new Story(context);
  plantAlbums(story);
  await story.apply();
  for (const [from, to] of [
    ['A/1.flac', 'A/x'],
    ['B/1.flac', 'A/1.flac'],
    ['A/x', 'B/1.flac'],
    ['A/2.flac', 'C/2.flac'],
  ] as const)
    swapName(story, from, to);
  const rename = async (from: string, to: string): Promise<void> => {
    if (from.includes('/out/') && dirname(from) !== dirname(to)) throw systemError('EXDEV', to);
    return nodeDisk.rename(from, to);
  };
  const encodes: string[] = [];
  const { made, events } = await story.apply({
    disk: { ...nodeDisk, rename },
    work: (task) => {
      if (!reusedBy(task)) encodes.push(task.output);
      return undefined;
    },
  });
  assert.deepEqual(made, ['move out/A/1.opus', 'move out/B/1.opus', 'move out/C/2.opus']);
  assert.deepEqual(encodes, []);
  assert.equal(events.filter((one) => one.type === 'notice').length, 3);
  assert.deepEqual(await story.plan(), []);
  const names = Object.keys(story.tree()).filter((name) => name.includes('.'));
  assert.deepEqual(names.toSorted(), [
    'A/1.opus',
    'A/3.opus',
    'A/4.opus',
    'A/cover.jpg',
    'B/1.opus',
    'B/2.opus',
    'B/cover.jpg',
    'C/2.opus',
  ]);
});

test('SIGINT in the middle of a ring: the ring is ended, nothing is lost', async (context) => {
  const story = new Story(context);
  plantAlbums(story);
  await story.apply();
  RENAMES['a ring of three']?.(story);
  const drain = new AbortController();
  await story.apply({
    drain: drain.signal,
    emit: ({ type }) => {
      if (type === 'file-moved') drain.abort();
    },
  });
  assert.deepEqual(await story.plan(), []);
});

test('renames while a file that nobody manages stands in the way leave that file alone', async (context) => {
  const story = new Story(context);
  plantAlbums(story);
  await story.apply();
  swapName(story, 'A/1.flac', 'A/9.flac');
  story.plant('out/A/9.opus', 'mine');
  assert.deepEqual(await story.plan(), ['conflict out/A/9.opus', 'delete out/A/1.opus']);
  rmSync(story.path('out/A/9.opus'));
  await story.apply({
    confirm: async () => {
      story.plant('out/A/9.opus', 'mine, planted while it asks');
      return Promise.resolve(true);
    },
  });
  assert.equal(story.tree()['A/9.opus'], 'mine, planted while it asks');
});
